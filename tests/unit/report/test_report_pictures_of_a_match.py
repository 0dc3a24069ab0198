"""Where things stand in the pictures of a match page."""

import math

import pytest

from xgoals.domain.geometry import keeper_coverage_share
from xgoals.features.catalogue import KEEPER_HALF_REACH_M
from xgoals.report.draw.charts import map_depth, map_layout, race_layout
from xgoals.report.draw.labels import place_labels
from xgoals.report.shot.scene import keeper_shadow


@pytest.mark.parametrize(
    ("shooter", "keeper"), [((0.0, 11.0), (0.0, 3.0)), ((8.0, 14.0), (2.0, 2.0)), ((-12.0, 9.0), (-5.0, 1.0))]
)
def test_the_shadow_on_the_open_goal_is_the_share_that_the_feature_measures(shooter, keeper):
    corners = keeper_shadow(shooter, keeper)
    (sx, sy), (right, left) = shooter, (corners[2], corners[3])
    assert right[1] == left[1] == pytest.approx(0.0)
    seen = math.atan2(right[0] - sx, sy) - math.atan2(left[0] - sx, sy)
    whole = math.atan2(3.66 - sx, sy) - math.atan2(-3.66 - sx, sy)
    share = keeper_coverage_share(-sy, -sx, -keeper[1], -keeper[0], 0.0, half_reach_m=KEEPER_HALF_REACH_M)
    assert seen / whole == pytest.approx(float(share))


def test_no_shadow_beside_the_angle_behind_the_shooter_or_on_the_goal_line():
    assert keeper_shadow((0.0, 11.0), (20.0, 5.0)) is None
    assert keeper_shadow((0.0, 11.0), (0.0, 15.0)) is None
    assert keeper_shadow((0.0, 0.0), (0.0, 0.0)) is None


def goal(minute, xg, **more):
    named = {"is_goal": True, "player": "Grimaldo", "clock": f"{minute}′", **more}
    return {"at_min": minute, "before": 0.0, "after": xg, "shot": named}


def box(dot, font=12.5):
    """The ground that a label really covers, a little generously."""
    half = 0.29 * font * len(dot["label"])
    x, y = dot["label_x"], dot["label_y"]
    return x - half, y - 0.75 * font, x + half, y + 0.2 * font


def apart(a, b):
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


@pytest.mark.parametrize("width", [380, 980])
def test_labels_of_goals_never_touch(width):
    steps = {
        "home": [goal(50 + i, 0.4 + 0.02 * i) for i in range(6)],
        "away": [goal(51 + i, 0.4 + 0.02 * i) for i in range(6)],
        "sent_off": [{"at_min": 60, "side": "away", "player": "Xhaka", "clock": "58′"}],
        "own_goals": [{"at_min": 52, "level": 0.4, "side": "home", "player": "Deman", "clock": "53′"}],
        "half_time_min": 45,
        "end_min": 95,
        "top": 1.2,
    }
    layout = race_layout(steps, width=width, height=300)
    dots = [*layout["goals"], *layout["own_goals"]]
    named = [dot for dot in dots if dot["label"]]
    assert len(dots) == 13
    assert len(named) >= 6
    taken = [box(dot) for dot in named]
    taken += [(dot["x"] - 5, dot["y"] - 5, dot["x"] + 5, dot["y"] + 5) for dot in dots]
    for i, a in enumerate(taken[: len(named)]):
        assert all(apart(a, b) for j, b in enumerate(taken) if j != i)
        assert a[0] >= 0
        assert a[2] <= width


def test_a_label_takes_a_shorter_text_before_it_goes():
    dots = [{"x": 30.0, "y": 20.0, "r": 3.0}]
    place_labels(dots, [["A very long name 90+2′", "90+2′"]], font=12.5, bounds=(0, 0, 60, 40))
    assert dots[0]["label"] == "90+2′"
    place_labels(dots, [["A very long name 90+2′"]], font=12.5, bounds=(0, 0, 60, 40))
    assert dots[0]["label"] is None


def test_marks_of_a_map_are_where_the_shots_were_and_only_goals_bear_a_name():
    def at_goal(depth, left, xg, **more):
        plain = {
            "side": "home",
            "depth_m": depth,
            "left_m": left,
            "xg": xg,
            "radius_m": 1.0,
            "is_goal": False,
        }
        return plain | {"player": "Anna", "clock": "9′"} | more

    shots = [
        at_goal(11.0, 3.0, 0.1, is_goal=True),
        at_goal(20.0, -4.0, 0.3),
        at_goal(9.0, 0.0, 0.2, side="away"),
        at_goal(None, None, 0.2),
    ]
    marks = map_layout(shots, "home", map_depth(shots))
    assert [(m["x"], m["y"], m["label"]) for m in marks] == [(4.0, 20.0, None), (-3.0, 11.0, "Anna 9′")]
    assert map_depth(shots) == 30.0
    assert map_depth([at_goal(40.0, 0.0, 0.1)]) == 43.0
    assert map_depth([at_goal(80.0, 0.0, 0.1)]) == 48.0
    (far,) = map_layout([at_goal(80.0, 0.0, 0.1)], "home", 48.0)
    assert far["y"] == 47.0


def test_totals_at_the_end_stay_apart():
    steps = {
        "home": [goal(10, 1.0)],
        "away": [goal(20, 1.01)],
        "own_goals": [],
        "sent_off": [],
        "half_time_min": 45,
        "end_min": 90,
        "top": 1.01,
    }
    layout = race_layout(steps, width=400, height=200)
    assert abs(layout["home"]["label_y"] - layout["away"]["label_y"]) == pytest.approx(15)
    assert layout["away"]["label_y"] < layout["home"]["label_y"]
    assert layout["home"]["total"] == 1.0


def test_ticks_of_the_second_half_start_after_stoppage_time():
    steps = {
        "home": [],
        "away": [],
        "own_goals": [],
        "sent_off": [],
        "half_time_min": 48,
        "end_min": 96,
        "top": 0.5,
    }
    layout = race_layout(steps, width=426, height=200)
    ticks = {tick["value"]: tick["at"] for tick in layout["xticks"]}
    assert list(ticks) == [0, 15, 30, 45, 60, 75, 90]
    per_minute = (layout["right"] - layout["left"]) / 96
    assert ticks[60] - ticks[45] == pytest.approx(18 * per_minute)
    assert layout["half_time_x"] == pytest.approx(layout["left"] + 48 * per_minute)
