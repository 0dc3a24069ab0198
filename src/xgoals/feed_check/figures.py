"""Whether all matches together can be football: results, ends, penalties, numbers and distances of shots."""

import math
from collections.abc import Iterator, Sequence
from statistics import median

from xgoals.domain.bounds import Range
from xgoals.domain.pitch import PENALTY_SPOT_TO_GOAL_M
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Outcome, Shot
from xgoals.feed_check.report import Check, failed, judged, not_judged, passed
from xgoals.feeds.event_files.checks import ATTACKED_SHARE, PENALTY_M, SHOTS_OF_A_MATCH

ODD_MATCHES_SHARE = 0.1
"""So many matches may have fewer or more shots than that."""
WRONG_SIDES_SHARE = 0.01
"""So many sides' goals may differ from the result: files miss goals (2 of 992 in Wyscout's public set)."""
ODD_PENALTIES_SHARE = 0.1
"""Operators click whole hundredths of the pitch, and some of them beside the spot."""
MEDIAN_DISTANCE_M = Range(12, 25, "m")
"""Of shots from play; 17 m at StatsBomb, 18 m at Wyscout."""
CONVERSION = Range(0.04, 0.25)
"""Of shots that are no penalties; 0.10 in every league that was looked at."""
ENOUGH_SHOTS, MANY_SHOTS = 30, 200
WITHOUT_PLACE_SHARE = 0.05


def figures(records: Sequence[MatchRecord]) -> Iterator[Check]:
    """The checks; what the files are too few for is not judged."""
    whole = [record for record in records if len(record.shots) >= SHOTS_OF_A_MATCH.low]
    yield _numbers_of_shots(records, whole)
    yield _results(whole)
    shots = [(record, shot) for record in records for shot in record.shots]
    yield _places(shots)
    yield _ends(shots)
    yield _penalties(shots)
    yield _distances(shots)
    yield _goals([shot for _, shot in shots])


def _numbers_of_shots(records: Sequence[MatchRecord], whole: Sequence[MatchRecord]) -> Check:
    name, can = "shots of a match", f"{SHOTS_OF_A_MATCH.low:g} to {SHOTS_OF_A_MATCH.high:g}"
    if not whole:
        return not_judged(
            name, f"every match has fewer than {SHOTS_OF_A_MATCH.low:g} shots: give whole matches"
        )
    counts = [len(record.shots) for record in records]
    wrong = [
        f"match {record.match.match_id}: {n} shots"
        for record, n in zip(records, counts, strict=True)
        if n not in SHOTS_OF_A_MATCH
    ]
    says = f"{min(counts)} to {max(counts)}, {sum(counts) / len(counts):.1f} on average"
    if len(wrong) > ODD_MATCHES_SHARE * len(counts):
        do = "Look which events count as shots: blocked ones do; shoot-outs, passes and deleted events do not"
        return failed(name, f"{len(wrong)} of {len(counts)} matches have other numbers than {can}", do, wrong)
    return passed(name, says)


def _results(whole: Sequence[MatchRecord]) -> Check:
    name = "results"
    n_sides, n_own, wrong = 0, 0, []
    for record in whole:
        match = record.match
        for team, score in ((match.home, match.home_score), (match.away, match.away_score)):
            if score is None or not match.status.counts:
                continue
            goals = sum(shot.is_goal for shot in record.shots if shot.team_id == team.team_id)
            own = sum(goal.team_id == team.team_id for goal in record.own_goals)
            n_sides, n_own = n_sides + 1, n_own + own
            if goals + own != score:
                told = f"{goals} goals and {own} own goals of the opponents, {score} in the result"
                wrong.append(f"match {match.match_id}, {team.name}: {told}")
    if not n_sides:
        return not_judged(name, "no result is known of a whole match (home_score, away_score)")
    if len(wrong) > WRONG_SIDES_SHARE * n_sides:
        do = "Look at own goals (they count for the opponents), goals that were disallowed, and shoot-outs"
        if not n_own:
            do = "No own goal was read at all: they are nobody's shot, and count for the opponents (OwnGoal)"
        return failed(
            name, f"goals and own goals are not the result for {len(wrong)} of {n_sides} sides", do, wrong
        )
    return passed(
        name, f"goals and own goals ({n_own}) are the result for {n_sides - len(wrong)} of {n_sides} sides"
    )


def _places(shots: Sequence[tuple[MatchRecord, Shot]]) -> Check:
    nowhere = [f"shot {shot.shot_id}" for _, shot in shots if shot.x_m is None]
    if not shots:
        return not_judged("places", "there is no shot")
    if len(nowhere) > WITHOUT_PLACE_SHARE * len(shots):
        do = "Look at the conversion to metres: places off the pitch are left missing (see the notes of read_match)"
        return failed("places", f"{len(nowhere)} of {len(shots)} shots have no place", do, nowhere)
    return passed("places", f"of {len(shots) - len(nowhere)} of {len(shots)} shots")


def _ends(shots: Sequence[tuple[MatchRecord, Shot]]) -> Check:
    placed = [(record, shot, shot.x_m) for record, shot in shots if shot.x_m is not None]
    if len(placed) < SHOTS_OF_A_MATCH.low:
        return not_judged("ends", f"{len(placed)} shots with a place are too few")
    behind = [
        f"match {record.match.match_id}, shot {shot.shot_id}: x_m = {x_m:.1f}"
        for record, shot, x_m in placed
        if x_m < 0
    ]
    ahead = 1 - len(behind) / len(placed)
    if ahead <= ATTACKED_SHARE:
        do = "Every team attacks towards +x, in both halves: turn the places of the others round (x and y)"
        return failed("ends", f"only {ahead:.1%} of the shots are on the half that is attacked", do, behind)
    return passed("ends", f"{ahead:.1%} of the shots are on the half that is attacked")


def _penalties(shots: Sequence[tuple[MatchRecord, Shot]]) -> Check:
    distances = [
        (shot, m)
        for record, shot in shots
        if shot.is_penalty and (m := _distance_m(record, shot)) is not None
    ]
    if not distances:
        return not_judged("penalties", "there is none")
    wrong = [
        f"shot {shot.shot_id}: {m:.2f} m"
        for shot, m in distances
        if abs(m - PENALTY_SPOT_TO_GOAL_M) > PENALTY_M
    ]
    middle = median(m for _, m in distances)
    says = f"{len(distances)}, from {middle:.2f} m in the middle; 11 m is right"
    too_many = (
        len(wrong) > ODD_PENALTIES_SHARE * len(distances) or abs(middle - PENALTY_SPOT_TO_GOAL_M) > PENALTY_M
    )
    do = (
        "Look at the conversion to metres (linear, or by Opta's zones), and at what counts as a penalty; where the "
        "provider clicks elsewhere, put penalties on the spot"
    )
    return failed("penalties", says, do, wrong) if too_many else passed("penalties", says)


def _distance_m(record: MatchRecord, shot: Shot) -> float | None:
    if shot.x_m is None or shot.y_m is None:
        return None
    return math.hypot(record.match.pitch.goal_x_m - shot.x_m, shot.y_m)


def _distances(shots: Sequence[tuple[MatchRecord, Shot]]) -> Check:
    name = "distances"
    known = [m for r, shot in shots if not shot.is_penalty and (m := _distance_m(r, shot)) is not None]
    if len(known) < ENOUGH_SHOTS:
        return not_judged(name, f"{len(known)} shots from play are too few")
    of_goals = [
        m for r, s in shots if s.is_goal and not s.is_penalty and (m := _distance_m(r, s)) is not None
    ]
    says = f"{median(known):.1f} m in the middle, goals from {median(of_goals):.1f} m" if of_goals else ""
    says = says or f"{median(known):.1f} m in the middle"
    wrong = []
    if median(known) not in MEDIAN_DISTANCE_M:
        wrong.append(f"in the middle it is {MEDIAN_DISTANCE_M} everywhere")
    if len(known) >= MANY_SHOTS and of_goals and median(of_goals) >= median(known):
        wrong.append("goals are not from nearer than other shots")
    lateral = median(shot.y_m for _, shot in shots if shot.y_m is not None)
    if abs(lateral) > 5:
        wrong.append(f"in the middle shots are {lateral:.1f} m beside the axis")
    do = "Places are metres from the centre of the pitch: look at units, origin and axes"
    return judged(name, wrong, says, says, do)


def _goals(shots: Sequence[Shot]) -> Check:
    from_play = [shot for shot in shots if not shot.is_penalty]
    if len(from_play) < ENOUGH_SHOTS:
        return not_judged("outcomes", f"{len(from_play)} shots from play are too few")
    share = sum(shot.is_goal for shot in from_play) / len(from_play)
    other = sum(shot.outcome is Outcome.OTHER for shot in shots) / len(shots)
    says = (
        f"{share:.1%} of the shots from play are goals, the outcome of {other:.1%} is another one or unknown"
    )
    wrong = []
    if len(from_play) >= MANY_SHOTS and share not in CONVERSION:
        wrong.append(f"{CONVERSION.low:.0%} to {CONVERSION.high:.0%} are goals everywhere")
    if other > 0.05:
        wrong.append("more than 5 % of the outcomes are Outcome.OTHER")
    return judged(
        "outcomes", wrong, says, says, "Look at the words for goal, save, block, woodwork and off target"
    )
