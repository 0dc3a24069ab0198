"""The gate that all feeds go through: both sides of every bound of shots and frames, worked out by hand."""

from dataclasses import replace
from typing import Any

import pytest
from one_shot import KEEPER, SCENE, SHOT, record, through

from xgoals.domain.plausible import plausible
from xgoals.domain.scene import Person, Scene


def test_what_can_be_passes_untouched() -> None:
    assert plausible(record(), "events.xml") == (record(), [])


@pytest.mark.parametrize(
    ("x_m", "y_m", "is_kept"),
    [
        (52.5, 34.0, True),  # the corner flag
        (54.5, 36.0, True),  # two metres outside of both lines
        (54.6, 0.0, False),
        (0.0, -36.1, False),
        (-59.5, 0.0, False),  # 112 m from the goal
        (97.5, 0.0, False),  # 45 m behind the goal line
        (400.0, 0.0, False),
        (float("inf"), 0.0, False),
    ],
)
def test_a_shot_is_on_the_pitch_or_two_metres_outside(x_m: float, y_m: float, is_kept: bool) -> None:
    checked, problems = through(shot=replace(SHOT, x_m=x_m, y_m=y_m), scene=Scene("s1"))
    assert (checked.shots[0].x_m, checked.shots[0].y_m) == ((x_m, y_m) if is_kept else (None, None))
    assert [(p.match_id, p.shot_id, p.field, p.severity) for p in problems] == (
        [] if is_kept else [("M1", "s1", "place", "value")]
    )
    if problems:
        assert problems[0].provider == "dfl"
        assert problems[0].value == f"({x_m:.6g}, {y_m:.6g})"
        assert f"x_m = {x_m:.6g}" in problems[0].reason


@pytest.mark.parametrize("missing", [(None, 1.0), (1.0, None), (float("nan"), 1.0), (None, None)])
def test_half_a_place_is_none_and_no_error(missing: tuple[float | None, float | None]) -> None:
    checked, problems = through(shot=replace(SHOT, x_m=missing[0], y_m=missing[1]))
    assert (checked.shots[0].x_m, checked.shots[0].y_m, problems) == (None, None, [])


@pytest.mark.parametrize(
    ("x_m", "y_m", "is_kept"),
    [
        (57.5, 0.0, True),
        (57.6, 0.0, False),
        (0.0, 39.0, True),
        (-77.5, 0.0, False),
        (float("nan"), 0.0, False),
    ],
)  # -77.5 is a keeper 130 m from his goal
def test_people_are_on_the_pitch_or_five_metres_outside(x_m: float, y_m: float, is_kept: bool) -> None:
    far = Person(x_m, y_m, True, False, "P5")
    checked, problems = through(scene=replace(SCENE, people=(KEEPER, far)))
    assert checked.scenes[0].people == ((KEEPER, far) if is_kept else (KEEPER,))
    assert [p.field for p in problems] == ([] if is_kept else ["people"])
    if problems:
        assert "player P5 at" in problems[0].reason


@pytest.mark.parametrize(
    ("vx", "vy", "is_kept"), [(7.5, 10.0, True), (7.5, 10.01, False), (13.9, 0.0, False)]
)
def test_nobody_runs_faster_than_45_km_h(vx: float, vy: float, is_kept: bool) -> None:
    """7.5 and 10 m/s are 12.5 m/s together, 45 km/h."""
    runner = replace(KEEPER, vx_ms=vx, vy_ms=vy)
    checked, problems = through(scene=replace(SCENE, people=(runner,), shooter_vx_ms=vx, shooter_vy_ms=vy))
    scene = checked.scenes[0]
    kept = (vx, vy) if is_kept else (None, None)
    assert (scene.shooter_vx_ms, scene.shooter_vy_ms) == kept
    assert (scene.people[0].vx_ms, scene.people[0].vy_ms) == kept
    assert [p.field for p in problems] == ([] if is_kept else ["shooter's speed", "people"])


def test_the_speed_of_an_identity_swap_is_named_with_its_value() -> None:
    _, (problem,) = through(scene=replace(SCENE, shooter_vx_ms=13.4, shooter_vy_ms=0.0))
    assert problem.place == "shot s1, shooter's speed"
    assert problem.reason == "shooter's speed = 48.24 km/h cannot be (0 to 45 km/h can)"


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("ball_z_m", 40.0, 61.0), ("ball_z_m", -0.5, -1.5), ("confidence", 1.0, 1.01),
        ("clock_offset_s", 599.0, -601.0),
        ("frame_n", 250_000, 10**10), ("frame_n", 0, -1),
    ],
)  # fmt: skip
def test_other_numbers_of_a_scene(field: str, good: float, bad: float) -> None:
    assert getattr(through(scene=replace(SCENE, **{field: good}))[0].scenes[0], field) == good
    checked, (problem,) = through(scene=replace(SCENE, **{field: bad}))
    assert getattr(checked.scenes[0], field) is None
    assert problem.field == field


def test_a_ball_far_from_the_stadium_is_no_ball() -> None:
    checked, (problem,) = through(scene=replace(SCENE, ball_x_m=400.0, ball_y_m=1.0))
    assert (checked.scenes[0].ball_x_m, checked.scenes[0].ball_y_m) == (None, None)
    assert problem.value == "(400, 1)"
    assert (
        through(scene=replace(SCENE, ball_x_m=80.0, ball_y_m=1.0))[1] == []
    )  # in the stands behind the goal


@pytest.mark.parametrize(
    ("changes", "minute", "second"),
    [
        ({"minute": 45, "second": 0}, 45, 0),
        ({"minute": 165, "second": 59}, 165, 59),
        ({"minute": 10**10}, 54, 11),  # the half's clock says 551 s, which is 45 + 9 min 11 s
        ({"minute": 40_000}, 54, 11),
        ({"minute": 2887}, 54, 11),
        ({"minute": 44}, 54, 11),  # before the second half
        ({"second": -3}, 54, 11),
        ({"second": 60}, 54, 11),
        ({"minute": 10**400}, 54, 11),
        ({"minute": -5, "period_time_s": None}, 45, 0),
    ],
)
def test_a_minute_that_cannot_be_is_taken_from_the_clock_of_the_half(
    changes: dict[str, Any], minute: int, second: int
) -> None:
    checked, problems = through(shot=replace(SHOT, **changes))
    assert (checked.shots[0].minute, checked.shots[0].second) == (minute, second)
    is_noted = (changes.get("minute", 54), changes.get("second", 11)) != (minute, second)
    assert [p.field for p in problems] == (
        ["minute" if "minute" in changes else "second"] if is_noted else []
    )
    if problems:
        assert f"Taken as {minute}:{second:02d}" in problems[0].advice


@pytest.mark.parametrize("period", [0, 5, 6, -1, 10**12])
def test_a_shot_of_no_period_is_left_out_with_its_scene(period: int) -> None:
    checked, (problem,) = through(shot=replace(SHOT, period=period))
    assert (checked.shots, checked.scenes, problem.severity) == ((), (), "shot")


def crowd_of(mates: int, opponents: int) -> tuple[Person, ...]:
    return tuple(
        Person(20.0 + n % 11, float(n), is_teammate, False, f"{'M' if is_teammate else 'O'}{n}")
        for is_teammate, count in ((True, mates), (False, opponents))
        for n in range(count)
    )


@pytest.mark.parametrize(("mates", "opponents"), [(10, 11), (0, 11), (10, 0)])
def test_a_full_frame_stays(mates: int, opponents: int) -> None:
    people = crowd_of(mates, opponents)
    checked, problems = through(scene=replace(SCENE, people=people))
    assert (checked.scenes[0].people, problems) == (people, [])


@pytest.mark.parametrize(
    ("mates", "opponents", "told"),
    [(10, 12, "12 opponents"), (11, 11, "11 team-mates beside the shooter"), (3, 15, "15 opponents")],
)
def test_with_more_people_than_a_side_has_nobodys_place_is_known(
    mates: int, opponents: int, told: str
) -> None:
    checked, (problem,) = through(scene=replace(SCENE, people=crowd_of(mates, opponents)))
    assert checked.scenes[0].people == ()
    assert problem.reason == f"{told} in one frame"
    assert problem.shot_id == "s1"


def test_somebody_twice_in_a_frame_counts_once() -> None:
    again = Person(41.0, 4.0, False, False, "P4")
    checked, (problem,) = through(scene=replace(SCENE, people=(*SCENE.people, again, again)))
    assert checked.scenes[0].people == SCENE.people
    assert "P4" in problem.reason


def test_the_shooter_is_not_one_of_the_others() -> None:
    himself = Person(40.0, 4.0, True, False, "P9")
    assert through(scene=replace(SCENE, people=(*SCENE.people, himself)))[0].scenes[0].people == SCENE.people


def test_of_eleven_team_mates_the_one_in_the_shooters_place_is_the_shooter() -> None:
    others = crowd_of(10, 0)
    himself = Person(40.5, 4.0, True, False, "X1")
    checked, (problem,) = through(scene=replace(SCENE, people=(*others, himself)))
    assert checked.scenes[0].people == others
    assert "X1" in problem.reason


class TestEnds:
    """Shots and frames that lie at opposite goals; the frame has the keeper and three more people near the shot."""

    FRAME = (KEEPER, *(Person(42.0 + n, 3.0 * n, n % 2 == 0, False, f"F{n}") for n in range(3)))

    def test_at_one_end_nothing_is_turned(self) -> None:
        assert through(scene=replace(SCENE, people=self.FRAME))[0].scenes[0].people == self.FRAME

    def test_a_turned_frame_is_turned_back(self) -> None:
        turned = tuple(replace(p, x_m=-p.x_m, y_m=-p.y_m, vx_ms=0.0, vy_ms=-1.0) for p in self.FRAME)
        checked, (problem,) = through(scene=replace(SCENE, people=turned))
        assert [(p.x_m, p.y_m, p.vy_ms) for p in checked.scenes[0].people] == [
            (p.x_m, p.y_m, 1.0) for p in self.FRAME
        ]
        assert "other end than the shot" in problem.reason

    def test_a_turned_shot_is_turned_back(self) -> None:
        checked, (problem,) = through(
            shot=replace(SHOT, x_m=-40.0, y_m=-4.0), scene=replace(SCENE, people=self.FRAME)
        )
        assert (checked.shots[0].x_m, checked.shots[0].y_m) == (40.0, 4.0)
        assert checked.scenes[0].people == self.FRAME
        assert problem.field == "place"

    def test_a_keeper_at_the_wrong_end_is_left_out_alone(self) -> None:
        wrong = (replace(KEEPER, x_m=-50.0), *self.FRAME[1:])
        checked, (problem,) = through(scene=replace(SCENE, people=wrong))
        assert checked.scenes[0].people == self.FRAME[1:]
        assert "keeper stands at the wrong end" in problem.reason

    def test_a_keeper_who_has_gone_up_for_a_corner_stays(self) -> None:
        """55 m behind the shooter, who counters into the empty goal."""
        up = (replace(KEEPER, x_m=-15.0), *self.FRAME[1:])
        assert through(scene=replace(SCENE, people=up))[0].scenes[0].people == up

    def test_in_doubt_nobodys_place_is_known(self) -> None:
        """A shot from the own box, nobody near it, and only the keeper at the place opposite."""
        checked, (problem,) = through(
            shot=replace(SHOT, x_m=-45.0, y_m=0.0), scene=replace(SCENE, people=(KEEPER,))
        )
        assert (checked.scenes[0].people, checked.shots[0].x_m) == ((), -45.0)
        assert problem.reason == "shot and frame lie at different ends"

    def test_a_shot_from_the_own_half_with_people_around_is_a_long_shot(self) -> None:
        people = (KEEPER, Person(-20.0, 5.0, False, False, "O1"))
        checked, problems = through(
            shot=replace(SHOT, x_m=-30.0, y_m=0.0), scene=replace(SCENE, people=people)
        )
        assert (checked.scenes[0].people, problems) == (people, [])

    def test_a_shot_from_the_corner_has_nobody_near(self) -> None:
        """The nearest person at a real corner that became a goal was 31 m away."""
        checked, problems = through(
            shot=replace(SHOT, x_m=52.5, y_m=34.0), scene=replace(SCENE, people=(KEEPER,))
        )
        assert (checked.scenes[0].people, problems) == ((KEEPER,), [])
