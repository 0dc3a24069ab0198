"""Where things stand in the pictures of a match page."""

import math

import pandas as pd
import pytest

from xgoals.domain.geometry import keeper_coverage_share, pressure
from xgoals.features.catalogue import KEEPER_HALF_REACH_M
from xgoals.report.charts import decision_plot, map_depth, map_layout, race_layout, waterfall
from xgoals.report.labels import place_labels
from xgoals.report.scene_view import WORTH_A_LINE, keeper_shadow, scene_view

NAN = float("nan")
COLUMNS = ["x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]


def people(*rows):
    return pd.DataFrame([[*row, *([NAN] * (7 - len(row)))] for row in rows], columns=COLUMNS).assign(
        goal_x_m=52.5
    )


def at(x, y):
    return {"depth_m": 52.5 - x, "left_m": y}


def test_goal_on_top_and_left_stays_left():
    view = scene_view(at(41.5, 3.0), people((50.0, 1.0, False, True, "K"), (40.0, -5.0, True, False, None)))
    assert view["shooter"] == (-3.0, 11.0)
    assert [(p["x"], p["y"], p["kind"], p["name"]) for p in view["people"]] == [
        (-1.0, 2.5, "keeper", "K"),
        (5.0, 12.5, "mate", ""),
    ]


def test_pressure_is_that_of_the_feature_and_keepers_and_mates_press_nobody():
    near = (43.0, 0.5)
    view = scene_view(
        at(41.5, 0.0), people((*near, False, False), (*near, False, True), (*near, True, False))
    )
    expected = float(pressure(41.5, 0.0, *near, 52.5))
    assert expected > WORTH_A_LINE
    assert [p["pressure"] for p in view["people"]] == [pytest.approx(expected), 0.0, 0.0]
    far = scene_view(at(41.5, 0.0), people((20.0, 0.0, False, False)))
    assert [p["pressure"] for p in far["people"]] == []


def test_only_who_moves_has_an_arrow_and_it_points_the_way_he_runs():
    view = scene_view(
        at(41.5, 0.0),
        people(
            (45.0, 0.0, False, False, "a", 5.0, 0.0),
            (45.0, 3.0, False, False, "b", 0.0, 0.5),
            (45.0, 5.0, False, False),
        ),
    )
    assert view["people"][0]["to"] == (pytest.approx(0.0), pytest.approx(7.5 - 2.0))
    assert [p["to"] for p in view["people"][1:]] == [None, None]


def test_no_place_no_picture_and_no_positions_is_said():
    assert scene_view({"depth_m": None, "left_m": None}, people()) is None
    view = scene_view(at(41.5, 0.0), people((NAN, NAN, False, False)))
    assert view["people"] == []
    assert view["shadow"] is None
    assert view["positions_known"] is False


@pytest.mark.parametrize(("x", "y"), [(41.5, 0.0), (30.0, -20.0), (-10.0, 2.0), (50.0, 33.0)])
def test_the_shooter_is_always_inside_the_picture(x, y):
    view = scene_view(at(x, y), people())
    assert 0 <= view["shooter"][1] < view["depth_m"]
    assert abs(view["shooter"][0]) < view["half_width_m"]


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


def shot(base, goal=False, **groups):
    named = {"player": "Anna", "clock": "1′", "xg": 0.2}
    return {"base_value": base, "groups": groups, "is_goal": goal, **named}


def test_a_waterfall_adds_up_and_its_bars_touch():
    fall = waterfall(shot(0.1, place=0.3, keeper=-0.15, opponents=0.0))
    assert [step["name"] for step in fall["steps"]] == ["place", "keeper", "opponents"]
    assert fall["end"] == pytest.approx(0.25)
    place, keeper, _ = fall["steps"]
    assert place["left_pct"] == pytest.approx(fall["start_pct"])
    assert place["left_pct"] + place["width_pct"] == pytest.approx(keeper["left_pct"] + keeper["width_pct"])
    assert keeper["left_pct"] == pytest.approx(fall["end_pct"])
    assert max(step["left_pct"] + step["width_pct"] for step in fall["steps"]) < 80  # room for the number
    assert fall["decimals"] == 2
    assert waterfall(shot(0.1, place=0.03))["decimals"] == 3


def test_a_shot_like_the_baseline_has_a_waterfall_too():
    assert waterfall(shot(0.1, place=0.0))["end"] == pytest.approx(0.1)


def test_the_decision_plot_puts_the_most_important_group_last_and_leaves_0_to_1_honestly():
    plot = decision_plot([shot(0.1, place=0.6, keeper=-0.2), shot(0.1, place=-0.3, keeper=0.1)], width=460)
    assert [row["name"] for row in plot["rows"]] == ["keeper", "place"]
    (start, after_keeper, end), _ = (line["points"] for line in plot["lines"])
    zero = plot["bounds"][0]
    assert after_keeper[0] < zero < start[0] < end[0]  # 0.1 - 0.2 lies left of 0
    assert start[1] > after_keeper[1] > end[1]
    assert len(plot["bounds"]) == 1  # 1 is not reached
    assert plot["outside"] == 2
    assert decision_plot([], width=460) is None


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
