"""What matches together can be: each check on both sides of its limits, on matches made by hand."""

from dataclasses import replace

import pytest

from feed_packages import lay_guide
from xgoals.domain.match import OwnGoal
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.feed_check import Verdict
from xgoals.feed_check.figures import figures
from xgoals.feed_check.records import why_not_valid
from xgoals.feed_check.words import about_the_words
from xgoals.feeds import load_feed


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """The guide's match: nine shots, one of them a penalty, 1:1 by an own goal."""
    folder = lay_guide(tmp_path_factory.mktemp("guide"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder / "src"))
        feed = load_feed("acme")
        return feed.read_match(feed.discover(folder / "samples")[0][0])[0]


def verdict(records, name):
    return next(check for check in (*figures(records), *about_the_words(records)) if check.name == name)


def with_shots(record, **changes):
    """Every shot changed; a function gets the shot and its number."""
    shots = tuple(
        replace(shot, **{k: v(shot, n) if callable(v) else v for k, v in changes.items()})
        for n, shot in enumerate(record.shots)
    )
    return replace(record, shots=shots)


def test_the_good_match_fails_nothing(record):
    assert [
        c.name for c in (*figures([record]), *about_the_words([record])) if c.verdict is Verdict.FAILED
    ] == []


def test_an_own_goal_that_is_lost_is_seen(record):
    lost = verdict([replace(record, own_goals=())], "results")
    assert lost.verdict is Verdict.FAILED
    assert "United: 0 goals and 0 own goals of the opponents, 1 in the result" in lost.examples[0]
    assert "No own goal was read at all" in lost.do
    wrong_side = verdict([replace(record, own_goals=(OwnGoal("Rovers", None, 60),))], "results")
    assert wrong_side.verdict is Verdict.FAILED


def test_one_goal_missing_in_a_hundred_matches_is_the_file_s(record):
    odd = replace(record, match=replace(record.match, home_score=2))
    assert verdict([record] * 99 + [odd], "results").verdict is Verdict.PASSED
    assert verdict([record] * 9 + [odd], "results").verdict is Verdict.FAILED


def test_without_a_result_nothing_is_judged(record):
    unknown = replace(record, match=replace(record.match, home_score=None, away_score=None))
    assert verdict([unknown], "results").verdict is Verdict.NOT_JUDGED


def test_shots_at_the_wrong_end(record):
    turned = with_shots(record, x_m=lambda shot, n: -shot.x_m if shot.period == 2 else shot.x_m)
    assert verdict([turned], "ends").verdict is Verdict.FAILED
    one = with_shots(record, x_m=lambda shot, n: -shot.x_m if n == 0 else shot.x_m)
    assert verdict([record, record, one], "ends").verdict is Verdict.PASSED  # 26 of 27
    assert verdict([record, one], "ends").verdict is Verdict.FAILED  # 17 of 18: 94.4 %


@pytest.mark.parametrize(
    ("distance_m", "is_right"), [(11, True), (11.9, True), (12.1, False), (10.1, True), (9.9, False)]
)
def test_penalties_are_at_the_spot(record, distance_m, is_right):
    moved = with_shots(
        record,
        x_m=lambda shot, n: 52.5 - distance_m if shot.is_penalty else shot.x_m,
        y_m=lambda shot, n: 0.0 if shot.is_penalty else shot.y_m,
    )
    assert (verdict([moved], "penalties").verdict is Verdict.PASSED) is is_right


@pytest.mark.parametrize(("n", "passes"), [(8, True), (7, False), (60, True), (61, False)])
def test_numbers_of_shots(record, n, passes):
    shots = tuple(replace(record.shots[0], shot_id=str(i)) for i in range(n))
    whole = replace(record, shots=shots)
    found = verdict([whole, whole, record], "shots of a match")
    assert (found.verdict is Verdict.PASSED) is passes


def test_excerpts_are_not_judged(record):
    excerpt = replace(record, shots=record.shots[:3])
    assert verdict([excerpt], "shots of a match").verdict is Verdict.NOT_JUDGED
    assert verdict([excerpt], "results").verdict is Verdict.NOT_JUDGED


def test_units_show_in_the_distances(record):
    beyond = with_shots(record, x_m=lambda shot, n: shot.x_m / 0.9144 + 4)
    further = with_shots(record, x_m=lambda shot, n: shot.x_m - 4)
    assert verdict([further] * 4, "distances").verdict is Verdict.PASSED
    assert verdict([beyond] * 4, "distances").verdict is Verdict.FAILED
    aside = with_shots(further, y_m=lambda shot, n: shot.y_m + 10)
    assert verdict([aside] * 4, "distances").verdict is Verdict.FAILED


def test_outcomes_that_nobody_has_translated(record):
    others = with_shots(record, outcome=lambda shot, n: shot.outcome if shot.is_goal else Outcome.OTHER)
    assert verdict([record] * 5, "outcomes").verdict is Verdict.PASSED
    assert verdict([others] * 5, "outcomes").verdict is Verdict.FAILED


def test_other_is_not_unknown(record):
    others = with_shots(record, ball_control=BallControl.OTHER, technique=Technique.OTHER)
    found = verdict([others] * 5, "words")
    assert found.examples == (
        "ball_control is OTHER for 100% of the shots",
        "technique is OTHER for 100% of the shots",
    )
    assert verdict([record] * 5, "words").verdict is Verdict.PASSED
    nothing = with_shots(record, body_part=BodyPart.UNKNOWN, shot_type=ShotType.UNKNOWN, set_up=SetUp.UNKNOWN)
    assert verdict([nothing] * 5, "words").verdict is Verdict.FAILED


def test_a_word_that_is_known_of_goals_alone_is_a_leak(record):
    """DataFactory names headers of goals only."""
    open_play = with_shots(
        record,
        shot_type=ShotType.OPEN_PLAY,
        outcome=lambda shot, n: Outcome.GOAL if n < 2 else Outcome.OFF_TARGET,
        body_part=lambda shot, n: BodyPart.HEAD if n < 2 else BodyPart.UNKNOWN,
    )
    assert verdict([open_play] * 20, "leaks").verdict is Verdict.FAILED
    even = with_shots(open_play, body_part=lambda shot, n: BodyPart.HEAD if n % 2 else BodyPart.UNKNOWN)
    assert verdict([even] * 20, "leaks").verdict is Verdict.PASSED
    assert verdict([open_play] * 2, "leaks").verdict is Verdict.NOT_JUDGED


def test_a_record_that_has_not_been_through_the_gate(record):
    assert why_not_valid(record) is None
    assert "a second shot with the same id" in why_not_valid(
        replace(record, shots=(*record.shots, record.shots[0]))
    )
    stranger = with_shots(record, team_id=lambda shot, n: "X" if n == 0 else shot.team_id)
    assert "a shot of team 'X', which does not play in this match" in why_not_valid(stranger)
    assert "wrong type" in why_not_valid(with_shots(record, x_m="41"))
    assert why_not_valid(replace(record, players=())) is not None
