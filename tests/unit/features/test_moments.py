"""A clip frame by frame: the features of a moment are those of a shot taken there and then."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xgoals.domain.motion import velocity_ms
from xgoals.domain.scene import Clip
from xgoals.features.build import build_features
from xgoals.features.catalogue import ARTICLE_17, BEST_17
from xgoals.features.moments import frame_scenes, joined, rate_hz

HELD = {
    "pitch_length_m": 100.0, "body_part": "head", "shot_type": "open_play", "ball_control": "volley",
    "set_up": "cross", "technique": "volley", "frame_source": "official", "is_rebound": False,
}  # fmt: skip
KEEPER_X_M, BACK_X_M = 48.0, 45.0


@pytest.fixture
def clip() -> Clip:
    """One second up to a shot from the spot of a 100 m pitch: the shooter comes straight on at 5 m/s."""
    n = np.arange(26)
    shooter = np.c_[34.0 + 0.2 * n, np.zeros(26)]
    keeper, back = np.full((26, 2), [KEEPER_X_M, 0.0]), np.full((26, 2), [BACK_X_M, 1.0])
    return Clip(
        shot_id="s",
        frame_n=n,
        time_s=(n - 25) / 25,
        xy_m=np.stack([back, shooter, keeper], axis=1).astype(np.float32),
        ball_xyz_m=np.c_[shooter, np.zeros(26)].astype(np.float32),
        player_ids=("back", "nine", "keeper"),
        is_teammate=(False, True, False),
        is_keeper=(False, False, True),
    )


def features(clip, *frames, catalogue=ARTICLE_17, **held):
    return build_features(frame_scenes(clip, "nine", {**HELD, **held}, np.array(frames)), catalogue)


def test_what_moves_is_taken_from_the_frame(clip):
    told = features(clip, 0, 25)
    assert told["DistanceToGoal"].tolist() == pytest.approx([16.0, 11.0])
    assert told["AngleToGoal"].tolist() == pytest.approx(np.degrees(2 * np.arctan(3.66 / np.array([16, 11]))))
    assert told["GoalDistanceGoalkeeper"].tolist() == pytest.approx([2.0, 2.0])
    assert told["PlayerSpeed"].tolist() == pytest.approx([18.0, 18.0])  # 5 m/s, also at the edges of the clip
    assert told["PressureSum"].is_monotonic_increasing  # the back waits, the shooter comes closer


def test_what_is_known_of_the_shot_only_is_held(clip):
    told = features(clip, 0, 12, 25, is_rebound=True)
    assert told["Header"].tolist() == [1, 1, 1]
    assert told["TakerSetup"].tolist() == [10, 10, 10]
    assert features(clip, 0, 12, 25)["TakerSetup"].tolist() == [7, 7, 7]  # a cross


@pytest.mark.parametrize("catalogue", [ARTICLE_17, BEST_17], ids=lambda c: c.name)
def test_the_last_moment_is_the_shot_itself(clip, scenes, catalogue):
    people = [
        ({"is_teammate": False, "is_keeper": True}, KEEPER_X_M, 0.0),
        ({"is_teammate": False, "is_keeper": False}, BACK_X_M, 1.0),
    ]
    shot = {**HELD, "x_m": 39.0, "y_m": 0.0, "shooter_vx_ms": 5.0, "shooter_vy_ms": 0.0, "people": people}
    expected = build_features(scenes(shot), catalogue)
    pd.testing.assert_frame_equal(features(clip, 25, catalogue=catalogue), expected, rtol=1e-12)


def test_who_is_not_seen_does_not_count_and_an_unseen_shooter_has_no_place(clip):
    clip.xy_m[3, 0] = np.nan
    clip.xy_m[4, 1] = np.nan
    told = features(clip, 2, 3, 4)
    assert told["AmountOfDefenders"].tolist()[:2] == [1, 0]
    assert told["DistanceToGoal"].isna().tolist() == [False, False, True]
    assert told["AngleToGoal"].isna().tolist() == [False, False, True]


def test_scenes_of_several_clips_can_be_built_in_one_go(clip):
    parts = [frame_scenes(clip, "nine", HELD, np.array(frames)) for frames in ([0, 5], [25])]
    together = build_features(joined(parts), BEST_17)
    apart = pd.concat([build_features(part, BEST_17) for part in parts], ignore_index=True)
    pd.testing.assert_frame_equal(together, apart)


def test_a_shooter_whom_the_clip_does_not_show_is_refused(clip):
    with pytest.raises(ValueError, match="does not show its shooter ten"):
        frame_scenes(clip, "ten", HELD, np.array([0]))


def test_the_rate_is_the_clips_own(clip):
    assert rate_hz(clip) == pytest.approx(25)
    assert rate_hz(replace(clip, time_s=clip.time_s * 2.5)) == pytest.approx(10)


def test_a_velocity_is_the_slope_of_the_places_that_are_seen():
    xy = np.c_[0.1 * np.arange(20.0), -0.2 * np.arange(20.0)]
    assert velocity_ms(xy, 10, 25) == pytest.approx((2.5, -5.0))
    assert velocity_ms(xy, 10, 10) == pytest.approx((1.0, -2.0))
    xy[8:10] = np.nan
    assert velocity_ms(xy, 10, 25) == pytest.approx((2.5, -5.0))
    xy[6:12] = np.nan
    assert np.isnan(velocity_ms(xy, 10, 25)).all()  # three of nine places are too few
