"""Whether a record can be true: scores, ends, penalties, numbers of shots."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xgoals.domain.bounds import Range
from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match
from xgoals.domain.pitch import PENALTY_SPOT_TO_GOAL_M
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Shot
from xgoals.feeds.event_files.header import UNKNOWN_TEAMS
from xgoals.feeds.event_files.matches_csv import MATCHES_CSV

SHOTS_OF_A_MATCH = Range(8, 60)
ATTACKED_SHARE = 0.95
"""So many shots are taken on the half that is attacked; in real matches it is 99.7 %."""
TURNED_SHARE = 0.8
"""Of the shots of a team in a half: more from its own half, and its places are turned round."""
ENOUGH_SHOTS = 3
PENALTY_M = 1.0
"""How far from the spot a penalty can be: operators click whole hundredths of the pitch."""


def refuse_strangers(match: Match, shots: Sequence[Shot], path: str) -> None:
    """Refuse a file of another match.

    Raises
    ------
    FeedError
        If no shot is of a team of the match, or nobody says which teams these are.
    """
    teams = {match.home.team_id, match.away.team_id}
    if shots and teams == set(UNKNOWN_TEAMS):
        raise FeedError(
            f"the files of match {match.match_id} do not say which teams play",
            where=path,
            advice=f"Add the file with the line-ups, or name both teams in a line of {MATCHES_CSV}",
        )
    if shots and not teams & {shot.team_id for shot in shots}:
        raise FeedError(
            f"team {shots[0].team_id} of shot {shots[0].shot_id} does not play in match {match.match_id}",
            where=path,
            advice="The file seems to belong to another match: replace it",
        )


def at_the_right_end(
    match: Match, shots: Sequence[Shot], path: str
) -> tuple[tuple[Shot, ...], list[Problem]]:
    """The shots with the places of one team's half turned round, where they lie at the wrong end; told in a note.

    Operators forget to change ends: then corners of that half lie at x = 0, too, and goal kicks at x = 100.

    Raises
    ------
    FeedError
        If that is so of more than one half: then the file has other coordinates than it should.
    """
    turned = [half for half, places in _halves(shots).items() if _are_behind(places)]
    if not turned:
        return tuple(shots), []
    if len(turned) > 1:
        n = sum(len(_halves(shots)[half]) for half in turned)
        raise FeedError(
            f"{n} shots of match {match.match_id}, in {len(turned)} halves of its teams, are from the shooters' own "
            "half: its places are turned round",
            where=path,
            advice="Fetch the file as the provider sends it: every team attacks towards x = 100",
        )
    (period, team_id), name = turned[0], {t.team_id: t.name for t in (match.home, match.away)}
    reason = f"all shots of {name.get(team_id, team_id)} in period {period} are from its own half"
    told = Problem(
        path, reason, "Their places are turned round; tell the provider", match.match_id, "places",
        provider=match.provider, field="places",
    )  # fmt: skip
    return tuple(_turned(shot) if (shot.period, shot.team_id) == turned[0] else shot for shot in shots), [
        told
    ]


def _halves(shots: Sequence[Shot]) -> dict[tuple[int, str], list[float]]:
    """How far forward the shots of each team were in each period."""
    by_half: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    for shot in shots:
        if shot.x_m is not None:
            by_half[shot.period, shot.team_id].append(shot.x_m)
    return dict(sorted(by_half.items()))


def _are_behind(places: Sequence[float]) -> bool:
    behind = sum(x_m < 0 for x_m in places)
    return len(places) >= ENOUGH_SHOTS and behind > TURNED_SHARE * len(places)


def _turned(shot: Shot) -> Shot:
    if shot.x_m is None or shot.y_m is None:
        return shot
    return replace(shot, x_m=-shot.x_m, y_m=-shot.y_m)


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
            said = f"{goals} goals and {own} own goals of the opponent in the events"
            reason = f"{team.name}: {said}, {score} in the result"
            yield _doubt(record, path, "scoreline", reason, "Check both")


def _number_of_shots(record: MatchRecord, path: str) -> Iterator[Problem]:
    n = len(record.shots)
    if n not in SHOTS_OF_A_MATCH and record.match.status.counts:
        reason = f"{n} shots, where matches have {SHOTS_OF_A_MATCH}"
        yield _doubt(record, path, "shots", reason, "Look whether the file is whole")


def _ends(record: MatchRecord, path: str) -> Iterator[Problem]:
    every = [x_m for places in _halves(record.shots).values() for x_m in places]
    behind = sum(x_m < 0 for x_m in every)
    if behind > 1 and behind > (1 - ATTACKED_SHARE) * len(every):
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
    return Problem(
        path, reason, advice, match.match_id, where, provider=match.provider, shot_id=shot_id, field=place
    )
