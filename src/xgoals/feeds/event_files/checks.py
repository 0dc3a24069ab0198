"""Whether a record can be true: scores, ends, penalties, numbers of shots."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from xgoals.domain.bounds import Range
from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match
from xgoals.domain.pitch import PENALTY_SPOT_TO_GOAL_M
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Shot

SHOTS_OF_A_MATCH = Range(8, 60)
ATTACKED_SHARE = 0.95
"""So many shots are taken on the half that is attacked; in real matches it is 99.7 %."""
TURNED_SHARE = 0.5
ENOUGH_SHOTS = 3
PENALTY_M = 1.0
"""How far from the spot a penalty can be: operators click whole hundredths of the pitch."""


def refuse_strangers(match: Match, shots: Sequence[Shot], path: str) -> None:
    """Refuse a file of another match.

    Raises
    ------
    FeedError
        If no shot is of a team of the match.
    """
    teams = {match.home.team_id, match.away.team_id}
    if shots and not teams & {shot.team_id for shot in shots}:
        raise FeedError(
            f"team {shots[0].team_id} of shot {shots[0].shot_id} does not play in match {match.match_id}",
            where=path,
            advice="The file seems to belong to another match: replace it",
        )


def refuse_turned(match: Match, shots: Sequence[Shot], path: str) -> None:
    """Refuse a file whose shots go towards the wrong goal.

    Raises
    ------
    FeedError
        If most shots are from the shooters' own half.
    """
    placed = [shot for shot in shots if shot.x_m is not None]
    behind = sum(shot.x_m < 0 for shot in placed if shot.x_m is not None)
    if len(placed) >= ENOUGH_SHOTS and behind > TURNED_SHARE * len(placed):
        raise FeedError(
            f"{behind} of {len(placed)} shots of match {match.match_id} are from the shooters' own half: its places "
            "are turned round",
            where=path,
            advice="Fetch the file as the provider sends it: every team attacks towards x = 100",
        )


def doubts(record: MatchRecord, path: str) -> Iterator[Problem]:
    """What is stored all the same, and should be looked at."""
    yield from _scoreline(record, path)
    yield from _number_of_shots(record, path)
    yield from _ends(record, path)
    yield from _penalties(record, path)


def _scoreline(record: MatchRecord, path: str) -> Iterator[Problem]:
    match = record.match
    if not match.status.counts:
        return
    for team, score in ((match.home, match.home_score), (match.away, match.away_score)):
        goals = sum(shot.is_goal for shot in record.shots if shot.team_id == team.team_id)
        own = sum(goal.team_id == team.team_id for goal in record.own_goals)
        if score is not None and goals + own != score:
            reason = f"{team.name}: {goals} goals and {own} own goals of the opponent in the events, {score} in the result"
            yield _doubt(record, path, "scoreline", reason, "Check both")


def _number_of_shots(record: MatchRecord, path: str) -> Iterator[Problem]:
    n = len(record.shots)
    if n not in SHOTS_OF_A_MATCH and record.match.status.counts:
        reason = f"{n} shots, where matches have {SHOTS_OF_A_MATCH}"
        yield _doubt(record, path, "shots", reason, "Look whether the file is whole")


def _ends(record: MatchRecord, path: str) -> Iterator[Problem]:
    by_half: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    for shot in record.shots:
        if shot.x_m is not None:
            by_half[shot.period, shot.team_id].append(shot.x_m)
    for (period, team_id), places in sorted(by_half.items()):
        if len(places) >= ENOUGH_SHOTS and median(places) < 0:
            reason = f"most shots of team {team_id} in period {period} are from its own half"
            yield _doubt(record, path, "places", reason, "Its places seem turned round: ask the provider")
    every = [x_m for places in by_half.values() for x_m in places]
    behind = sum(x_m < 0 for x_m in every)
    if len(every) in SHOTS_OF_A_MATCH and behind > (1 - ATTACKED_SHARE) * len(every):
        reason = f"{behind} of {len(every)} shots are from the shooters' own half"
        yield _doubt(record, path, "places", reason, "Look at their places")


def _penalties(record: MatchRecord, path: str) -> Iterator[Problem]:
    goal_x_m = record.match.pitch.goal_x_m
    for shot in record.shots:
        if not shot.is_penalty or shot.x_m is None or shot.y_m is None:
            continue
        distance_m = math.hypot(goal_x_m - shot.x_m, shot.y_m)
        if abs(distance_m - PENALTY_SPOT_TO_GOAL_M) > PENALTY_M:
            reason = f"a penalty from {distance_m:.1f} m"
            yield _doubt(record, path, "place", reason, "Check type and place", shot.shot_id)


def _doubt(
    record: MatchRecord, path: str, place: str, reason: str, advice: str, shot_id: str | None = None
) -> Problem:
    match = record.match
    where = place if shot_id is None else f"shot {shot_id}, {place}"
    return Problem(path, reason, advice, match.match_id, where, provider=match.provider, shot_id=shot_id, field=place)
