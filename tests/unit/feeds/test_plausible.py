"""The gate that all feeds go through: both sides of every bound, worked out by hand."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import Match, OwnGoal, Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique

MATCH = Match(
    "dfl", "M1", "C1", "Liga", "S1", "2023/24", date(2024, 5, 1), Team("H", "Home"), Team("A", "Away"), Pitch(105, 68)
)  # fmt: skip
SHOT = Shot(
    "s1", 0, 2, 54, 11, 551.25, "H", "P9", 40.0, 4.0, BodyPart.HEAD, ShotType.OPEN_PLAY, Outcome.SAVED,
    BallControl.DIRECT, SetUp.CROSS, Technique.NORMAL, provider_xg=0.2,
)  # fmt: skip
KEEPER = Person(50.0, 0.0, False, True, "K1", 0.0, 1.0)
SCENE = Scene(
    "s1", (KEEPER, Person(44.0, 2.0, False, False, "P4")), FrameSource.OFFICIAL, 10_250, 1.2, 1.0, 3.0, 4.0
)


def record(shot: Shot = SHOT, scene: Scene = SCENE, match: Match = MATCH, **more: Any) -> MatchRecord:
    players = more.pop("players", (Player("P9", "Nine"),))
    return replace(
        MatchRecord(
            match, (match.home, match.away), players, (shot,), (replace(scene, shot_id=shot.shot_id),)
        ),
        **more,
    )


def through(**changes: Any) -> tuple[MatchRecord, list[Problem]]:
    return plausible(record(**changes), "events.xml")


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


def two(second: Shot) -> tuple[MatchRecord, list[Problem]]:
    base = record()
    scenes = (*base.scenes, Scene(second.shot_id))
    return plausible(replace(base, shots=(SHOT, second), scenes=scenes), "events.xml")


def test_the_same_shot_under_a_second_id_counts_once_and_is_noted() -> None:
    checked, (problem,) = two(replace(SHOT, shot_id="s2", event_n=1))
    assert [shot.shot_id for shot in checked.shots] == ["s1"]
    assert [scene.shot_id for scene in checked.scenes] == ["s1"]
    assert (problem.severity, problem.shot_id) == ("shot", "s2")
    assert "same player, second (54:11) and place as shot s1" in problem.reason


def test_two_shots_that_differ_in_their_end_both_stay_with_a_note() -> None:
    checked, (problem,) = two(replace(SHOT, shot_id="s2", event_n=1, outcome=Outcome.GOAL))
    assert [shot.shot_id for shot in checked.shots] == ["s1", "s2"]
    assert problem.severity == "value"


@pytest.mark.parametrize(
    "changes",
    [{"second": 12}, {"x_m": 40.1}, {"player_id": "P8"}, {"period": 1, "minute": 44}, {"team_id": "A"}],
)
def test_shots_that_differ_in_player_second_or_place_are_two(changes: dict[str, Any]) -> None:
    checked, problems = two(replace(SHOT, shot_id="s2", event_n=1, **changes))
    assert len(checked.shots) == 2
    assert not any("second id" in problem.reason for problem in problems)


def test_of_two_shots_with_one_id_the_first_stays() -> None:
    checked, (problem,) = two(replace(SHOT, minute=80, event_n=1))
    assert [shot.minute for shot in checked.shots] == [54]
    assert problem.severity == "shot"


def test_a_shot_without_an_id_is_called_after_its_time() -> None:
    shots = (replace(SHOT, shot_id=""), replace(SHOT, shot_id="", x_m=30.0, event_n=1))
    scenes = (replace(SCENE, shot_id=""), Scene(""))
    checked, problems = plausible(replace(record(), shots=shots, scenes=scenes), "events.xml")
    assert [shot.shot_id for shot in checked.shots] == ["no-id-2-54-11", "no-id-2-54-11-2"]
    assert [(scene.shot_id, len(scene.people)) for scene in checked.scenes] == [
        ("no-id-2-54-11", 2), ("no-id-2-54-11-2", 0),
    ]  # fmt: skip
    assert [p.field for p in problems] == ["id", "id"]


def test_a_shooter_and_an_own_goal_of_unknown_players_count_without_a_name() -> None:
    own_goals = (OwnGoal("A", "P77", 12),)
    checked, problems = through(shot=replace(SHOT, player_id="P66"), own_goals=own_goals)
    assert checked.shots[0].player_id == "P66"
    assert checked.own_goals == own_goals
    assert {player.player_id: player.name for player in checked.players} == {
        "P9": "Nine",
        "P66": None,
        "P77": None,
    }
    assert [p.reason for p in problems] == ["player 'P66' is in no line-up", "player 'P77' is in no line-up"]


def test_a_shooter_whose_name_is_empty_is_noted() -> None:
    checked, (problem,) = through(players=(Player("P9", "", " "),))
    assert checked.players == (Player("P9"),)
    assert problem.reason == "player 'P9' has no name"


@pytest.mark.parametrize(
    ("minute", "told"), [(0, []), (120, []), (225, []), (2887, ["minute"]), (-5, ["minute"])]
)
def test_own_goals_have_minutes_of_a_match(minute: int, told: list[str]) -> None:
    checked, problems = through(own_goals=(OwnGoal("A", None, minute),))
    assert checked.own_goals[0].minute == (0 if told else minute)
    assert [(p.field or "").split(", ")[-1] for p in problems] == told


def test_an_own_goal_for_nobody_is_left_out() -> None:
    checked, (problem,) = through(own_goals=(OwnGoal("X", None, 3),))
    assert checked.own_goals == ()
    assert "team 'X'" in problem.reason


@pytest.mark.parametrize("name", ["home", "competition", "season"])
@pytest.mark.parametrize("empty", ["", "  ", "\0", "\u202e"])
def test_an_empty_name_is_shown_by_its_id(name: str, empty: str) -> None:
    match = replace(MATCH, home=Team("H", empty)) if name == "home" else replace(MATCH, **{name: empty})
    checked, (problem,) = through(match=match)
    shown = {
        "home": checked.match.home.name,
        "competition": checked.match.competition,
        "season": checked.match.season,
    }
    assert shown[name] == {"home": "H", "competition": "C1", "season": "S1"}[name]
    assert checked.teams[0].name == checked.match.home.name
    assert "is empty" in problem.reason


def test_texts_lose_what_nothing_can_show() -> None:
    match = replace(MATCH, home=Team("H", "FC A\0B"), stage="Regular\0 Season", competition="Li\ud83dga")
    shot = replace(SHOT, raw={"play\0": "Regu\x07lar\nPlay"})
    checked, problems = through(match=match, shot=shot, players=(Player("P9", "A\0\tB", "\x1b[1mC"),))
    assert problems == []
    assert (checked.match.home.name, checked.match.stage) == ("FC AB", "Regular Season")
    assert checked.match.competition == "Li\ufffdga"
    assert checked.players[0] == Player("P9", "A B", "[1mC")
    assert checked.shots[0].raw == {"play": "Regular Play"}


def test_a_name_of_a_book_is_cut_off_with_a_note() -> None:
    checked, (problem,) = through(match=replace(MATCH, stage="x" * 201))
    assert checked.match.stage == "x" * 199 + "…"
    assert "201 characters" in problem.reason
    assert through(match=replace(MATCH, stage="x" * 200))[1] == []


@pytest.mark.parametrize(
    ("changes", "kept", "fields"),
    [
        ({"home_score": 149, "away_score": 0}, (149, 0), []),
        ({"home_score": 10**12, "away_score": 1}, (None, None), ["home_score"]),
        ({"home_score": 1, "away_score": -1}, (None, None), ["away_score"]),
        ({"home_score": None, "away_score": None}, (None, None), []),
    ],
)
def test_a_result_is_one_value(changes: dict[str, Any], kept: tuple[Any, Any], fields: list[str]) -> None:
    checked, problems = through(match=replace(MATCH, **changes))
    assert (checked.match.home_score, checked.match.away_score) == kept
    assert [p.field for p in problems] == fields


@pytest.mark.parametrize(("matchday", "kept"), [(1, 1), (100, 100), (101, None), (0, None), (10**12, None)])
def test_matchdays_are_few(matchday: int, kept: int | None) -> None:
    checked, problems = through(match=replace(MATCH, matchday=matchday))
    assert checked.match.matchday == kept
    assert bool(problems) == (kept is None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"away": Team("H", "Other")}, "home and away are one team"),
        ({"home": Team(" \0", "Home")}, "the home team has no id"),
        ({"match_id": "../../etc/passwd"}, "is no id of a match"),
        ({"match_id": ""}, "is no id of a match"),
        ({"match_id": "x" * 101}, "is no id of a match"),
        ({"pitch": Pitch(89.9, 68)}, "a pitch of 89.9 m x 68 m cannot be"),
        ({"pitch": Pitch(105, 90.1)}, "a pitch of 105 m x 90.1 m cannot be"),
        ({"pitch": Pitch(float("nan"), 68)}, "a pitch of nan m"),
        ({"match_date": date(1862, 1, 1)}, "a match on 1862-01-01 cannot be"),
    ],
)
def test_a_match_that_makes_no_sense_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(FeedError, match=reason) as caught:
        through(match=replace(MATCH, **changes))
    assert str(caught.value.where).startswith("events.xml, match ")


def test_times_of_other_ages_are_missing() -> None:
    checked, problems = through(
        match=replace(MATCH, kick_off=datetime(9999, 1, 1)),
        shot=replace(SHOT, event_time=datetime(1, 1, 1)),
    )
    assert (checked.match.kick_off, checked.shots[0].event_time) == (None, None)
    assert [p.field for p in problems] == ["kick_off", "event_time"]


def test_a_frame_of_a_shot_that_is_not_there_is_left_out() -> None:
    checked, (problem,) = through(scenes=(SCENE, Scene("other")))
    assert checked.scenes == (SCENE,)
    assert "1 frames" in problem.reason


def test_official_values_that_are_no_numbers_are_missing() -> None:
    official = {"Pressure": 1.2, "PlayerSpeed": float("inf"), "AngleToGoal": 1e300}
    checked, problems = through(shot=replace(SHOT, official=official, provider_xg=1.2))
    assert checked.shots[0].official == {"Pressure": 1.2}
    assert checked.shots[0].provider_xg is None
    assert [p.field for p in problems] == ["provider_xg", "PlayerSpeed", "AngleToGoal"]


def test_problems_of_the_match_name_its_own_file_and_place() -> None:
    match = replace(MATCH, home_score=10**12)
    _, (problem,) = plausible(
        record(match=match), "events/7.json", match_path="listing.json", match_place="entry 3"
    )
    assert (problem.path, problem.place) == ("listing.json", "entry 3, home_score")
