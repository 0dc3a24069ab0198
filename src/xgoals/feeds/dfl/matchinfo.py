"""The match information file: who plays whom, when, where, with which players.

Read directly and not through kloppy, which raises where a coach, a result or a playing position is missing
and keeps neither ``MessageTime``, competition and season nor the planned kick-off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element

from xgoals.domain.errors import FeedError
from xgoals.domain.match import Match, Player, Team
from xgoals.domain.pitch import DFL_EVENT_PITCH, Pitch
from xgoals.feeds.dfl.safe_xml import RESEND, parse_time
from xgoals.feeds.dfl.vocabulary import KEEPER_POSITION

PROVIDER: Final = "dfl"
SIMULATOR_REQUEST: Final = "xgoals-simulator"
"""``RequestId`` of simulated files: nothing simulated may pass for real."""


@dataclass(frozen=True, slots=True)
class Squads:
    """Who belongs to whom. ``starting_keepers``: player ids of the goalkeepers in the starting elevens."""

    players: Mapping[str, Player]
    team_of: Mapping[str, str]
    starting_keepers: frozenset[str]


@dataclass(frozen=True, slots=True)
class MatchInfo:
    """What one match information file says."""

    match: Match
    squads: Squads
    result_text: str | None


def read_match_info(root: Element, message_time: datetime | None, where: str) -> MatchInfo:
    """Match, teams and squads of a match information file.

    Parameters
    ----------
    root
        ``PutDataRequest`` of the file.
    message_time
        Of the whole delivery: the newest of its files.
    where
        The file's name for messages.

    Raises
    ------
    FeedError
        If what identifies the match is missing.
    """
    general = _child(root, ".//MatchInformation/General", where)
    home, away = _teams(root, general, where)
    kick_off = general.get("KickoffTime") or general.get("PlannedKickoffTime")
    if kick_off is None:
        raise FeedError("no kick-off time", where=where, advice=RESEND)
    kick_off_time = parse_time(kick_off, where)
    home_score, away_score = parse_result(general.get("Result"))
    match = Match(
        provider=PROVIDER,
        match_id=_required(general, "MatchId", where),
        competition_id=_required(general, "CompetitionId", where),
        competition=general.get("CompetitionName", general.get("CompetitionId", "")),
        season_id=_required(general, "SeasonId", where),
        season=general.get("Season", general.get("SeasonId", "")),
        match_date=kick_off_time.date(),
        home=home,
        away=away,
        pitch=_pitch(root),
        matchday=_matchday(general.get("MatchDay")),
        kick_off=kick_off_time,
        home_score=home_score,
        away_score=away_score,
        message_time=message_time,
        is_simulated=root.get("RequestId") == SIMULATOR_REQUEST,
    )
    return MatchInfo(match=match, squads=_squads(root, where), result_text=general.get("Result"))


def parse_result(text: str | None) -> tuple[int | None, int | None]:
    """``"1:2"`` -> (1, 2); (None, None) where there is no result yet."""
    home, _, away = (text or "").partition(":")
    if home.strip().isdecimal() and away.strip().isdecimal():
        return int(home), int(away)
    return None, None


def _teams(root: Element, general: Element, where: str) -> tuple[Team, Team]:
    teams = {}
    for role in ("Home", "Guest"):
        team_id = _required(general, f"{role}TeamId", where)
        teams[role] = Team(team_id=team_id, name=general.get(f"{role}TeamName") or team_id)
    listed = {team.get("TeamId") for team in root.iter("Team")}
    for team in teams.values():
        if team.team_id not in listed:
            raise FeedError(f"no line-up of {team.name} ({team.team_id})", where=where, advice=RESEND)
    return teams["Home"], teams["Guest"]


def _squads(root: Element, where: str) -> Squads:
    players: dict[str, Player] = {}
    team_of: dict[str, str] = {}
    keepers: set[str] = set()
    for team in root.iter("Team"):
        for person in team.iter("Player"):
            player_id = _required(person, "PersonId", where)
            names = (person.get("FirstName"), person.get("LastName"))
            full = " ".join(name for name in names if name) or person.get("Shortname")
            players[player_id] = Player(player_id, name=full, short_name=person.get("Shortname"))
            team_of[player_id] = _required(team, "TeamId", where)
            if person.get("PlayingPosition") == KEEPER_POSITION and person.get("Starting") == "true":
                keepers.add(player_id)
    if not players:
        raise FeedError("no players in the line-ups", where=where, advice=RESEND)
    return Squads(players=players, team_of=team_of, starting_keepers=frozenset(keepers))


def _pitch(root: Element) -> Pitch:
    environment = root.find(".//Environment")
    size = environment.attrib if environment is not None else {}
    return plausible_pitch(size.get("PitchX"), size.get("PitchY")) or DFL_EVENT_PITCH


def plausible_pitch(length: str | None, width: str | None) -> Pitch | None:
    """A pitch that the Laws of the Game allow (law 1: 90-120 m by 45-90 m), or None."""
    try:
        pitch = Pitch(length_m=float(length or ""), width_m=float(width or ""))
    except ValueError:
        return None
    return pitch if 90 <= pitch.length_m <= 120 and 45 <= pitch.width_m <= 90 else None


def _matchday(text: str | None) -> int | None:
    return int(text) or None if text and text.isdecimal() else None


def _child(root: Element, path: str, where: str) -> Element:
    child = root.find(path)
    if child is None:
        raise FeedError(f"no <{path.rsplit('/', 1)[-1]}> in the file", where=where, advice=RESEND)
    return child


def _required(element: Element, name: str, where: str) -> str:
    value = element.get(name)
    if not value:
        raise FeedError(f"<{element.tag}> without {name}", where=where, advice=RESEND)
    return value
