"""Where things stand in the pictures of a match page."""

import math

import pandas as pd
import pytest

from xgoals.domain.geometry import keeper_coverage_share, pressure
from xgoals.features.catalogue import KEEPER_HALF_REACH_M
from xgoals.report.layout import decision_plot, race_layout, waterfall
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
    return {"base_value": base, "groups": groups, "is_goal": goal}


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
    plot = decision_plot([shot(0.1, place=0.6, keeper=-0.2), shot(0.1, place=-0.3, keeper=0.1)])
    assert [row["name"] for row in plot["rows"]] == ["keeper", "place"]
    (start, after_keeper, end), _ = (line["points"] for line in plot["lines"])
    zero = plot["bounds"][0]
    assert after_keeper[0] < zero < start[0] < end[0]  # 0.1 - 0.2 lies left of 0
    assert start[1] > after_keeper[1] > end[1]
    assert len(plot["bounds"]) == 1  # 1 is not reached
    assert decision_plot([]) is None


def goal(minute, xg, **more):
    return {"at_min": minute, "before": 0.0, "after": xg, "shot": {"is_goal": True, **more}}


def boxes(layout):
    return [
        (g["label_x"] - 15, g["label_y"] - 10, g["label_x"] + 15, g["label_y"] + 3) for g in layout["goals"]
    ]


@pytest.mark.parametrize("width", [380, 980])
def test_labels_of_goals_never_touch(width):
    steps = {
        "home": [goal(50 + i, 0.4 + 0.02 * i) for i in range(4)],
        "away": [goal(51 + i, 0.4 + 0.02 * i) for i in range(4)],
        "half_time_min": 45,
        "end_min": 95,
        "top": 1.2,
    }
    layout = race_layout(steps, width=width, height=300)
    taken = boxes(layout)
    for i, a in enumerate(taken):
        for b in taken[i + 1 :]:
            assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_totals_at_the_end_stay_apart():
    steps = {
        "home": [goal(10, 1.0)],
        "away": [goal(20, 1.01)],
        "half_time_min": 45,
        "end_min": 90,
        "top": 1.01,
    }
    layout = race_layout(steps, width=400, height=200)
    assert abs(layout["home"]["label_y"] - layout["away"]["label_y"]) == pytest.approx(15)
    assert layout["away"]["label_y"] < layout["home"]["label_y"]
    assert layout["home"]["total"] == 1.0


def test_ticks_of_the_second_half_start_after_stoppage_time():
    steps = {"home": [], "away": [], "half_time_min": 48, "end_min": 96, "top": 0.5}
    layout = race_layout(steps, width=426, height=200)
    ticks = {tick["value"]: tick["at"] for tick in layout["xticks"]}
    assert list(ticks) == [0, 15, 30, 45, 60, 75, 90]
    per_minute = (layout["right"] - layout["left"]) / 96
    assert ticks[60] - ticks[45] == pytest.approx(18 * per_minute)
    assert layout["half_time_x"] == pytest.approx(layout["left"] + 48 * per_minute)
