"""What F24 and F7 say of a match and of who plays."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import tzinfo
from xml.etree.ElementTree import Element

from xgoals.domain.match import MatchStatus, Player
from xgoals.feeds.event_files.header import Header, with_odd
from xgoals.feeds.event_files.xml_text import inner, text_of, time_of
from xgoals.feeds.json_values import whole
from xgoals.feeds.simulated import SIMULATED_BY
from xgoals.feeds.synchronise.identities import Member

_PERIODS = {"FullTime": MatchStatus.PLAYED, "Abandoned": MatchStatus.ABANDONED, "Postponed": MatchStatus.UNFINISHED,
            "PreMatch": MatchStatus.UNFINISHED, "FirstHalf": MatchStatus.UNFINISHED,
            "HalfTime": MatchStatus.UNFINISHED, "SecondHalf": MatchStatus.UNFINISHED}  # fmt: skip


def header_of_f24(root: Element, game: Element, zone: tzinfo) -> Header:
    """What the attributes of ``Game`` say."""
    kick_off = time_of(game.get("game_date"), zone)
    header = Header(
        match_id=text_of(game, "id") or "",
        competition_id=text_of(game, "competition_id"),
        competition=text_of(game, "competition_name"),
        season_id=text_of(game, "season_id"),
        season=text_of(game, "season_name"),
        match_date=kick_off.date() if kick_off else None,
        matchday=whole(game.get("matchday")),
        home_team_id=text_of(game, "home_team_id"),
        home_team=text_of(game, "home_team_name"),
        away_team_id=text_of(game, "away_team_id"),
        away_team=text_of(game, "away_team_name"),
        home_score=whole(game.get("home_score")),
        away_score=whole(game.get("away_score")),
        kick_off=kick_off,
        is_simulated=SIMULATED_BY in root.attrib,
    )
    said = {"match_date": text_of(game, "game_date"), "matchday": text_of(game, "matchday"),
            "home_score": text_of(game, "home_score"), "away_score": text_of(game, "away_score")}  # fmt: skip
    return with_odd(header, said)


def header_of_f7(root: Element, zone: tzinfo) -> Header:
    """What line-ups and result say."""
    document = root if root.tag == "SoccerDocument" else root.find(".//SoccerDocument")
    info = root.find(".//MatchInfo")
    sides = {data.get("Side"): data for data in root.iter("TeamData")}
    home, away = sides.get("Home"), sides.get("Away")
    names = {number_in(team.get("uID")): inner(team, "Name") for team in root.iter("Team")}
    home_id, away_id = (None if side is None else number_in(side.get("TeamRef")) for side in (home, away))
    competition = root.find(".//Competition")
    stats = (
        {stat.get("Type"): (stat.text or "").strip() for stat in competition.iter("Stat")}
        if competition is not None
        else {}
    )
    kick_off = time_of(inner(info, "Date"), zone)
    header = Header(
        match_id=number_in(document.get("uID")) or "" if document is not None else "",
        competition_id=number_in(text_of(competition, "uID")),
        competition=inner(competition, "Name"),
        season_id=stats.get("season_id") or None,
        season=stats.get("season_name") or None,
        match_date=kick_off.date() if kick_off else None,
        matchday=whole(stats.get("matchday")),
        home_team_id=home_id,
        home_team=names.get(home_id),
        away_team_id=away_id,
        away_team=names.get(away_id),
        home_score=None if home is None else whole(home.get("Score")),
        away_score=None if away is None else whole(away.get("Score")),
        stage=stats.get("round_name") or None,
        kick_off=kick_off,
        status=_PERIODS.get(text_of(info, "Period") or "", MatchStatus.PLAYED),
        is_simulated=SIMULATED_BY in root.attrib,
    )
    said = {"match_date": inner(info, "Date"), "matchday": stats.get("matchday"),
            "home_score": text_of(home, "Score"), "away_score": text_of(away, "Score"),
            "home_team_id": _unread_side(home, sides), "away_team_id": _unread_side(away, sides)}  # fmt: skip
    return with_odd(header, said)


def _unread_side(side: Element | None, sides: Mapping[str | None, Element]) -> str | None:
    """What there is in place of a team: its reference, or the names of the sides where none is this one's."""
    return text_of(side, "TeamRef") if side is not None else f"Side = {', '.join(map(str, sides))}"


def complete(header: Header, other: Header) -> Header:
    """A header with what another one of the same match adds; of two home teams the other one's stands."""
    if None not in other.team_ids and header.team_ids == other.team_ids[::-1]:
        header = header.turned()
    added = {
        field.name: getattr(other, field.name)
        for field in fields(Header)
        if getattr(header, field.name) in (None, "")
    }
    return replace(header, **added, status=other.status, odd=(*header.odd, *other.odd))


def players_of(root: Element) -> Iterator[Player]:
    """Everybody whom F7 lists."""
    for element in root.iter("Player"):
        player_id = number_in(element.get("uID"))
        if player_id:
            names = (inner(element, f"PersonName/{part}") for part in ("First", "Last"))
            known = inner(element, "PersonName/Known")
            yield Player(player_id, known or " ".join(name for name in names if name) or None)


def members_of(root: Element) -> Iterator[Member]:
    """The line-ups of F7, with shirts and names."""
    names = {player.player_id: player.name for player in players_of(root)}
    for team in root.iter("TeamData"):
        team_id = number_in(team.get("TeamRef"))
        for person in team.iter("MatchPlayer"):
            player_id = number_in(person.get("PlayerRef"))
            if player_id and team_id:
                is_keeper = "Goalkeeper" in (person.get("Position"), person.get("SubPosition"))
                yield Member(
                    player_id, team_id, whole(person.get("ShirtNumber")), names.get(player_id), is_keeper
                )


def number_in(uid: str | None) -> str | None:
    """``t569`` -> 569: F24 has the numbers alone."""
    return re.sub(r"^[A-Za-z]+", "", uid.strip()) or None if uid else None
