"""The match information file: who plays whom, when, where, with which players.

Read directly and not through kloppy, which raises where a coach, a result or a playing position is missing
and keeps neither ``MessageTime``, competition and season nor the planned kick-off.
"""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element

from xgoals.domain.bounds import PITCH_LENGTH_M, PITCH_WIDTH_M, is_pitch
from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match, Player, Team
from xgoals.domain.pitch import DFL_EVENT_PITCH, Pitch
from xgoals.feeds.dfl.vocabulary import KEEPER_POSITION
from xgoals.feeds.numbers import parse_count, parse_number
from xgoals.feeds.safe_xml import RESEND, parse_time

PROVIDER: Final = "dfl"
SIMULATOR_REQUEST: Final = "xgoals-simulator"
"""``RequestId`` of simulated files: nothing simulated may pass for real."""


@dataclass(frozen=True, slots=True)
class Squads:
    """Who belongs to whom.

    ``starting_keepers``: player ids of the goalkeepers in the starting elevens. ``starters``: the starting eleven of
    each team, as far as it is named.
    """

    players: Mapping[str, Player]
    team_of: Mapping[str, str]
    starting_keepers: frozenset[str]
    starters: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class MatchInfo:
    """What one match information file says, and what is wrong with it."""

    match: Match
    squads: Squads
    result_text: str | None
    problems: tuple[Problem, ...] = ()


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
    match_id = _required(general, "MatchId", where)
    notes = _Notes(where, match_id)
    kick_off_time = _kick_off(general, where)
    home_score, away_score = parse_result(general.get("Result"))
    result_text = general.get("Result", "")
    if home_score is None and any(sign.isdecimal() for sign in result_text):
        notes.add("Result", f"Result '{result_text[:40]}' is no result", "It is left missing")
    matchday = parse_count(general.get("MatchDay"))
    if general.get("MatchDay") and matchday is None:
        notes.add(
            "MatchDay", f"MatchDay '{general.get('MatchDay', '')[:40]}' is no number", "It is left missing"
        )
    match = Match(
        provider=PROVIDER,
        match_id=match_id,
        competition_id=_required(general, "CompetitionId", where),
        competition=general.get("CompetitionName", ""),
        season_id=_required(general, "SeasonId", where),
        season=general.get("Season", ""),
        match_date=kick_off_time.date(),
        home=home,
        away=away,
        pitch=_pitch(root, notes),
        matchday=matchday or None,
        kick_off=kick_off_time,
        home_score=home_score,
        away_score=away_score,
        message_time=message_time,
        is_simulated=root.get("RequestId") == SIMULATOR_REQUEST,
    )
    squads = _squads(root, where, notes)
    return MatchInfo(match, squads, general.get("Result"), tuple(notes.problems))


class _Notes:
    """What is wrong with a match information file."""

    def __init__(self, where: str, match_id: str) -> None:
        self.where = where
        self.match_id = match_id
        self.problems: list[Problem] = []

    def add(self, name: str, reason: str, advice: str) -> None:
        """Note what is wrong with an attribute."""
        self.problems.append(
            Problem(self.where, reason, advice, self.match_id, name, provider=PROVIDER, field=name)
        )


def parse_result(text: str | None) -> tuple[int | None, int | None]:
    """``"1:2"`` -> (1, 2); (None, None) where there is no result yet."""
    home, _, away = (text or "").partition(":")
    scores = parse_count(home), parse_count(away)
    return (None, None) if None in scores else scores


def _kick_off(general: Element, where: str) -> datetime:
    """The real kick-off, else the planned one."""
    texts = [text for name in ("KickoffTime", "PlannedKickoffTime") if (text := general.get(name))]
    if not texts:
        raise FeedError("no kick-off time", where=where, advice=RESEND)
    for text in texts[:-1]:
        with suppress(FeedError):
            return parse_time(text, where)
    return parse_time(texts[-1], where)


def _teams(root: Element, general: Element, where: str) -> tuple[Team, Team]:
    teams = {}
    for role in ("Home", "Guest"):
        team_id = _required(general, f"{role}TeamId", where)
        teams[role] = Team(team_id=team_id, name=general.get(f"{role}TeamName") or "")
    if teams["Home"].team_id == teams["Guest"].team_id:
        raise FeedError(f"home and guests are one team ({teams['Home'].team_id})", where=where, advice=RESEND)
    listed = {team.get("TeamId") for team in root.iter("Team")}
    for team in teams.values():
        if team.team_id not in listed:
            raise FeedError(
                f"no line-up of {team.name or 'team'} ({team.team_id})", where=where, advice=RESEND
            )
    return teams["Home"], teams["Guest"]


def _squads(root: Element, where: str, notes: _Notes) -> Squads:
    players: dict[str, Player] = {}
    team_of: dict[str, str] = {}
    keepers: set[str] = set()
    starters: dict[str, set[str]] = defaultdict(set)
    for team in root.iter("Team"):
        team_id = _required(team, "TeamId", where)
        for person in team.iter("Player"):
            player_id = person.get("PersonId")
            if not player_id:
                notes.add("PersonId", "a player without PersonId", "He is left out of the line-up")
                continue
            players[player_id] = _player(player_id, person)
            team_of[player_id] = team_id
            if person.get("Starting") == "true":
                starters[team_id].add(player_id)
                if person.get("PlayingPosition") == KEEPER_POSITION:
                    keepers.add(player_id)
    if not players:
        raise FeedError("no players in the line-ups", where=where, advice=RESEND)
    elevens = {team_id: frozenset(ids) for team_id, ids in starters.items()}
    return Squads(players, team_of, frozenset(keepers), elevens)


def _player(player_id: str, person: Element) -> Player:
    names = (person.get("FirstName"), person.get("LastName"))
    full = " ".join(name for name in names if name) or person.get("Shortname")
    return Player(player_id, name=full, short_name=person.get("Shortname"))


def _pitch(root: Element, notes: _Notes) -> Pitch:
    """The real pitch, if it is named and can be; else the one that events are given on."""
    environment = root.find(".//Environment")
    length, width = (
        environment.get(name) if environment is not None else None for name in ("PitchX", "PitchY")
    )
    pitch = plausible_pitch(length, width)
    if pitch is None and (length or width):
        notes.add("PitchX", *odd_pitch(length, width))
    return pitch or DFL_EVENT_PITCH


def plausible_pitch(length: str | None, width: str | None) -> Pitch | None:
    """A pitch that the Laws of the Game allow, or None."""
    length_m, width_m = parse_number(length), parse_number(width)
    if length_m is None or width_m is None:
        return None
    pitch = Pitch(length_m, width_m)
    return pitch if is_pitch(pitch) else None


def odd_pitch(length: str | None, width: str | None) -> tuple[str, str]:
    """What to say of a pitch that cannot be, and what is done."""
    reason = (
        f"a pitch of '{length or ''}' x '{width or ''}' m cannot be ({PITCH_LENGTH_M} x {PITCH_WIDTH_M} can)"
    )
    return reason, "Another source is taken, else 105 x 68 m"


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
