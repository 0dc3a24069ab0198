"""What a Wyscout file says of its match and of who plays."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from xgoals.domain.match import MatchStatus, Player
from xgoals.feeds.event_files.header import Header, with_odd
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, items, obj, text_of, whole
from xgoals.feeds.simulated import SIMULATED_BY
from xgoals.feeds.wyscout.words import NOBODY

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_SCORE = re.compile(r",\s*(\d{1,3})\s*-\s*(\d{1,3})\b")
_STATUSES = {"Played": MatchStatus.PLAYED, "Suspended": MatchStatus.ABANDONED, "Cancelled": MatchStatus.CANCELLED,
             "Fixture": MatchStatus.UNFINISHED, "Postponed": MatchStatus.UNFINISHED}  # fmt: skip


def header_of(content: Json) -> Header:
    """What the file says of its match; in version 2 that is the teams, in the order of the file.

    A file of events alone has teams without names.
    """
    match = obj(content.get("match"))
    names = {team_id: _name(team) for team_id, team in obj(content.get("teams")).items()}
    names = names or dict.fromkeys(sorted(acting_teams(map(obj, items(content.get("events"))))))
    home, away, are_known = _sides(match, list(names))
    kick_off = _kick_off(match.get("dateutc"))
    home_score, away_score = score_in(match.get("label"))
    header = Header(
        match_id=id_of(match.get("wyId")) or _id_in_events(content) or "",
        competition_id=id_of(match.get("competitionId")),
        season_id=id_of(match.get("seasonId")),
        match_date=_local_date(match.get("date")) or (kick_off.date() if kick_off else None),
        matchday=whole(match.get("gameweek")) or None,
        home_team_id=home,
        home_team=names.get(home or ""),
        away_team_id=away,
        away_team=names.get(away or ""),
        home_score=home_score,
        away_score=away_score,
        kick_off=kick_off,
        status=_STATUSES.get(text_of(match.get("status")) or "Played", MatchStatus.PLAYED),
        is_simulated=SIMULATED_BY in content,
        are_sides_known=are_known,
    )
    said = {"match_date": match.get("date") or match.get("dateutc"), "kick_off": match.get("dateutc"),
            "matchday": _unless_zero(match.get("gameweek"))}  # fmt: skip
    if header.status.counts:
        said["home_score"] = match.get("label")
    return with_odd(header, said)


def players_of(content: Json) -> Iterator[Player]:
    """Everybody in the line-ups."""
    for of_team in obj(content.get("players")).values():
        for entry in map(obj, items(of_team)):
            player = obj(entry.get("player"))
            player_id = id_of(player.get("wyId"))
            if player_id is not None:
                names = (_unescaped(player.get(key)) for key in ("firstName", "lastName"))
                whole_name = " ".join(name for name in names if name)
                yield Player(player_id, whole_name or None, _unescaped(player.get("shortName")) or None)


def acting_teams(events: Iterable[Json]) -> set[str]:
    """The teams whose events these are."""
    ids = (id_of(event.get("teamId", obj(event.get("team")).get("id"))) for event in events)
    return {team_id for team_id in ids if team_id not in (None, NOBODY)}


def score_in(label: object) -> tuple[int, int] | tuple[None, None]:
    """The goals of home and away in a match's label, such as ``Germany - Mexico, 0 - 1``."""
    said = _SCORE.search(text_of(label) or "")
    return (int(said[1]), int(said[2])) if said else (None, None)


def _unless_zero(gameweek: object) -> object:
    """Matches of knock-out rounds are of week 0."""
    return gameweek if whole(gameweek) != 0 else None


def _sides(match: Json, teams: list[str]) -> tuple[str | None, str | None, bool]:
    """Home, away, and whether the file says which is which."""
    sides = {
        text_of(obj(data).get("side")): id_of(obj(data).get("teamId")) or str(team_id)
        for team_id, data in obj(match.get("teamsData")).items()
    }
    if sides.get("home") and sides.get("away"):
        return sides["home"], sides["away"], True
    first, second, *_ = [*teams, None, None]
    return first, second, False


def _name(team: object) -> str | None:
    details = obj(obj(team).get("team")) or obj(team)
    return _unescaped(details.get("name")) or _unescaped(details.get("officialName")) or None


def _unescaped(value: object) -> str:
    r"""A name; the public set writes ``\u00fc`` for ü inside of its texts."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text_of(value) or "")


def _id_in_events(content: Json) -> str | None:
    ids = (id_of(obj(event).get("matchId")) for event in items(content.get("events")))
    return next((match_id for match_id in ids if match_id), None)


def _kick_off(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text_of(value) or "").replace(tzinfo=UTC)
    except ValueError:
        return None


def _local_date(value: object) -> date | None:
    """``September 20, 2020 at 8:45:00 PM GMT+2``: the day where it was played."""
    try:
        return datetime.strptime((text_of(value) or "").split(" at ")[0], "%B %d, %Y").date()
    except ValueError:
        return None
