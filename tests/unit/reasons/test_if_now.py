"""xG if he shot now: a booster of one split, a shooter who runs past it, and a ball that comes to him."""

import numpy as np
import pytest
from scipy.special import expit

from xgoals.domain.scene import Clip
from xgoals.features.build import build_features
from xgoals.features.catalogue import ARTICLE_17
from xgoals.features.moments import frame_scenes
from xgoals.model.seen.support import FEW, Support
from xgoals.reasons.if_now import Question, xg_if_now

HELD = {
    "pitch_length_m": 100.0, "body_part": "right_foot", "shot_type": "open_play", "ball_control": "direct",
    "set_up": "open_play", "technique": "normal", "frame_source": "official", "is_rebound": False,
}  # fmt: skip
FRAMES = np.arange(0, 11, 2)
NEAR, FAR = 1.0, -2.0
"""Log-odds within 15.2 m, and beyond."""


def a_clip(shot_id: str = "s") -> Clip:
    """Ten frames, the shot at the eighth; the shooter runs from 16 m at 5 m/s, the ball waits 12 m from goal."""
    n = np.arange(11)
    shooter = np.c_[34.0 + 0.2 * n, np.zeros(11)]
    ball = np.tile([36.6, 0.0, 0.0], (11, 1))
    keeper = np.tile([49.0, 0.0], (11, 1))
    return Clip(
        shot_id=shot_id,
        frame_n=n,
        time_s=(n - 8) / 25,
        xy_m=np.stack([shooter, keeper], axis=1).astype(np.float32),
        ball_xyz_m=ball.astype(np.float32),
        player_ids=("nine", "keeper"),
        is_teammate=(True, False),
        is_keeper=(False, True),
    )


@pytest.fixture
def ask(booster_by_hand):
    split = (ARTICLE_17.names.index("DistanceToGoal"), 15.2, NEAR, FAR)
    booster = booster_by_hand([split], list(ARTICLE_17.names))
    close_ones = frame_scenes(a_clip(), "nine", HELD, np.full(FEW, 8))
    support = Support.of(build_features(close_ones, ARTICLE_17), ARTICLE_17)

    def asked(*clips: Clip, frames=FRAMES):
        questions = [Question(clip, "nine", HELD, frames) for clip in clips]
        return xg_if_now(questions, booster, ARTICLE_17, support)

    return asked


def test_the_line_follows_the_model_and_ends_at_the_shot(ask):
    (now,) = ask(a_clip())
    assert now.time_s.tolist() == pytest.approx([-0.32, -0.24, -0.16, -0.08, 0.0])  # nothing after the shot
    # 16.0, 15.6, 15.2 (not below the split), 14.8, 14.4 m
    assert now.xg == pytest.approx(expit([FAR, FAR, FAR, NEAR, NEAR]))


def test_he_has_the_ball_within_two_metres_and_not_above_his_head(ask):
    clip = a_clip()
    assert ask(clip)[0].has_ball.tolist() == [
        False,
        False,
        True,
        True,
        True,
    ]  # 2.6, 2.2, 1.8, 1.4, 1.0 m away
    clip.ball_xyz_m[6, 2], clip.ball_xyz_m[8, 2] = 2.6, 2.4
    assert ask(clip)[0].has_ball.tolist() == [False, False, True, False, True]


def test_what_the_model_has_not_seen_is_told_apart(ask):
    (now,) = ask(a_clip())
    assert now.alike.tolist() == [0, 0, 0, 0, FEW]  # it has seen this very shot ten times, and nothing else
    assert now.is_seen.tolist() == [False, False, False, False, True]
    assert now.n_training == FEW


def test_no_answer_where_the_shooter_is_not_seen(ask):
    clip = a_clip()
    clip.xy_m[2, 0] = np.nan
    assert np.isnan(ask(clip)[0].xg).tolist() == [False, True, False, False, False]


def test_several_clips_are_answered_each_for_itself(ask):
    other = a_clip("t")
    other.xy_m[:, 0, 0] -= 20
    one, two = ask(a_clip(), other)
    assert one.xg.tolist() == ask(a_clip())[0].xg.tolist()
    assert two.xg == pytest.approx(expit([FAR] * 5))


def test_frames_without_the_shot_are_refused(ask):
    with pytest.raises(ValueError, match="do not end at the shot"):
        ask(a_clip(), frames=np.array([0, 2, 4]))
