"""What must hold for every scene, whatever the numbers."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xgoals.features.build import build_features
from xgoals.features.catalogue import CATALOGUES
from xgoals.features.interception import FITTED
from xgoals.features.scenes import Scenes

PITCH_LENGTH_M, PITCH_WIDTH_M = 105.0, 68.0

places = st.tuples(
    st.floats(-PITCH_LENGTH_M / 2, PITCH_LENGTH_M / 2 - 0.5), st.floats(-PITCH_WIDTH_M / 2, PITCH_WIDTH_M / 2)
)
people = st.lists(st.tuples(places, st.booleans(), st.booleans()), max_size=21)
catalogues = pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=lambda c: c.name)


def scene(place, persons, mirrored=False):
    sign = -1 if mirrored else 1
    shot = {
        "match_id": "m", "team_id": "t", "period": 1, "period_time_s": 0.0, "event_n": 0, "x_m": place[0],
        "y_m": sign * place[1], "pitch_length_m": PITCH_LENGTH_M, "body_part": "head", "shot_type": "open_play",
        "ball_control": "direct", "set_up": "corner", "technique": "normal", "shooter_vx_ms": 1.0,
        "shooter_vy_ms": sign * 2.0, "frame_source": "found",
    }  # fmt: skip
    rows = [
        {"row": 0, "x_m": x, "y_m": sign * y, "is_teammate": mate, "is_keeper": keeper}
        for (x, y), mate, keeper in persons
    ]
    return Scenes(
        pd.DataFrame([shot]), pd.DataFrame(rows, columns=["row", "x_m", "y_m", "is_teammate", "is_keeper"])
    )


@catalogues
@given(place=places, persons=people)
def test_a_mirrored_pitch_has_the_same_features(catalogue, place, persons):
    original = build_features(scene(place, persons), catalogue)
    mirrored = build_features(scene(place, persons, mirrored=True), catalogue)
    pd.testing.assert_frame_equal(original, mirrored, atol=1e-9)


@catalogues
@given(place=places, persons=people, data=st.data())
def test_the_order_of_people_does_not_matter(catalogue, place, persons, data):
    shuffled = data.draw(st.permutations(persons))
    original = build_features(scene(place, persons), catalogue)
    pd.testing.assert_frame_equal(original, build_features(scene(place, shuffled), catalogue), atol=1e-9)


@given(x=st.floats(0.0, 51.0), step=st.floats(0.01, 1.0))
def test_closer_on_the_axis_means_a_wider_angle(x, step):
    catalogue = CATALOGUES["article-17"]
    far, near = (
        build_features(scene((place, 0.0), []), catalogue)["AngleToGoal"].iloc[0] for place in (x, x + step)
    )
    assert near > far


@settings(max_examples=30)
@given(place=places, persons=people, extra=places)
def test_one_more_opponent_never_lowers_the_pressure(place, persons, extra):
    catalogue = CATALOGUES["article-17"]
    before = build_features(scene(place, [*persons, ((0.0, 0.0), True, False)]), catalogue)
    after = build_features(
        scene(place, [*persons, ((0.0, 0.0), True, False), (extra, False, False)]), catalogue
    )
    for feature in ("PressureSum", "PressureMax", "AmountOfDefenders"):
        assert after[feature].iloc[0] >= before[feature].iloc[0]


@settings(max_examples=30)
@given(place=places, persons=people, extra=places)
def test_one_more_opponent_never_opens_a_line(place, persons, extra):
    somebody = [*persons, ((0.0, 0.0), True, False)]
    before = scene(place, somebody).lines
    after = scene(place, [*somebody, (extra, False, False)]).lines
    assert (after.unblocked <= before.unblocked + 1e-12).all()


@settings(max_examples=30)
@given(place=places, keeper=places, slower_s=st.floats(0, 0.5))
def test_a_keeper_who_reacts_later_never_gets_to_more(place, keeper, slower_s):
    scenes = scene(place, [(keeper, False, True)])
    late = replace(FITTED, keeper_reaction_s=FITTED.keeper_reaction_s + slower_s)
    assert (replace(scenes, interception=late).lines.keeper <= scenes.lines.keeper + 1e-12).all()
