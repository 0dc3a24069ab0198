"""Where things stand in the pictures of a match page."""

import math

import pytest
from by_hand import MATCH

from xgoals.domain.geometry import keeper_coverage_share
from xgoals.features.catalogue import KEEPER_HALF_REACH_M
from xgoals.language import language
from xgoals.report.draw.charts import map_depth, map_layout
from xgoals.report.draw.labels import place_labels
from xgoals.report.match.facts import match_facts
from xgoals.report.match.race_chart import race_chart
from xgoals.report.shot.scene import keeper_shadow

EN = language("en")


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


def box(dot, font=12.5):
    """The ground that a label really covers, a little generously."""
    half = 0.29 * font * len(dot.label)
    x, y = dot.label_x, dot.label_y
    return x - half, y - 0.75 * font, x + half, y + 0.2 * font


def apart(a, b):
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def drawn(match, frame, model, width=980, height=300):
    return race_chart(match_facts(match, frame, model), EN, screen="wide", width=width, height=height)


@pytest.mark.parametrize("width", [380, 980])
def test_labels_of_goals_never_touch(shots, model, width):
    named = {"player": "Grimaldo", "period": 2, "is_goal": True}
    home = [{"minute": 50 + i, "xg": 0.1 + 0.02 * i, **named} for i in range(6)]
    away = [{"minute": 51 + i, "xg": 0.1 + 0.02 * i, **named, "team": "Blues"} for i in range(6)]
    own = [{"team": "Reds", "player": "Deman", "minute": 52, "period": 2}]
    layout = drawn({**MATCH, "own_goals": own}, shots(*home, *away), model, width=width)
    labelled = [dot for dot in layout.dots if dot.label]
    assert len(layout.dots) == 13
    assert len(labelled) >= 6
    taken = [box(dot) for dot in labelled]
    taken += [(dot.x - 5, dot.y - 5, dot.x + 5, dot.y + 5) for dot in layout.dots]
    for i, a in enumerate(taken[: len(labelled)]):
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


def test_totals_at_the_end_stay_apart(shots, model):
    frame = shots({"minute": 10, "xg": 0.9}, {"minute": 20, "xg": 0.91, "team": "Blues"})
    lines = drawn(MATCH, frame, model).lines
    assert abs(lines["home"].label_y - lines["away"].label_y) == pytest.approx(15)
    assert lines["away"].label_y < lines["home"].label_y
    assert lines["home"].total == pytest.approx(0.9)


def test_ticks_of_the_second_half_start_after_stoppage_time(shots, model):
    frame = shots({"minute": 48, "xg": 0.1}, {"minute": 92, "period": 2, "xg": 0.1})
    layout = drawn(MATCH, frame, model)
    ticks = {tick.value: tick.at for tick in layout.xticks}
    assert list(ticks) == [0, 15, 30, 45, 60, 75, 90]
    per_minute = (layout.right - layout.left) / 95
    assert ticks[60] - ticks[45] == pytest.approx(18 * per_minute)
    assert layout.half_time_x == pytest.approx(layout.left + 48 * per_minute)


def test_extra_time_starts_after_the_stoppage_time_of_both_halves(shots, model):
    frame = shots({"minute": 47}, {"minute": 93, "period": 2}, {"minute": 100, "period": 3})
    layout = drawn(MATCH, frame, model)
    ticks = {tick.value: tick.at for tick in layout.xticks}
    per_minute = (layout.right - layout.left) / (120 + 2 + 3)
    assert ticks[105] == pytest.approx(layout.left + (105 + 2 + 3) * per_minute)
    assert ticks[120] == pytest.approx(layout.right)


def test_who_leads_is_shaded_and_marks_lead_to_their_cards(shots, model):
    goal = {"is_goal": True, "outcome": "goal", "player": "Anna"}
    frame = shots(
        {"minute": 9, "xg": 0.3, **goal},
        {"minute": 19, "xg": 0.2, "team": "Blues", **goal},
        {"minute": 29, "xg": 0.1, **goal},
        {"minute": 40, "xg": 0.09},
    )
    change = {
        "kind": "substitution",
        "team": "Blues",
        "player": "Off",
        "replacement": "On",
        "period": 2,
        "minute": 60,
    }
    red = {"kind": "red_card", "team": "Reds", "player": "Rot", "period": 2, "minute": 69}
    yellow = {**red, "kind": "yellow_card", "minute": 5, "period": 1}
    layout = drawn(
        {**MATCH, "incidents": [red, change, {**change, "replacement": "Too"}, yellow]}, frame, model
    )
    assert [band.side for band in layout.bands] == ["home", "home"]
    per_minute = (layout.right - layout.left) / 90
    assert [band.width for band in layout.bands] == pytest.approx([10 * per_minute, 61 * per_minute])
    assert [(dot.kind, dot.key) for dot in layout.dots if dot.side == "home"] == [
        ("goal", "shot-1"),
        ("goal", "shot-3"),
    ]
    home, away = layout.lanes
    assert (home.kind, home.side, home.said) == ("red", "home", "70′ Rot sent off")
    assert (away.kind, away.n, away.said) == ("change", 2, "61′ On for Off, Too for Off")
    assert layout.bottom < home.y < away.y < layout.ticks_y
    unknown = drawn({**MATCH, "home_score": 3}, frame, model)
    assert unknown.bands == ()
