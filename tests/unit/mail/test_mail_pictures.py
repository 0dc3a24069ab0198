"""The moment of a shot as it is drawn: where everybody stands, what he takes, and how large the file is."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from xgoals.language import language
from xgoals.mail.content.pictures import moment_of_shot
from xgoals.report.shot.goal_mouth import Cell, GoalMouth
from xgoals.report.shot.positions import positions
from xgoals.report.shot.scene import scene_view
from xgoals.report.shot.takers import Taker

RED, BROWN, DARK, BLUE = (181, 72, 42), (156, 90, 0), (57, 66, 76), (42, 98, 143)
MOUTH = GoalMouth(keeper=(Cell(-1.0, 2.0, 1.0),))


def scene(*, takes=(), end=None):
    """A shot from 15 m, 10 m to the left; an opponent 12 m to the right and 4 m out."""
    row = (48.5, -12.0, False, False, "Bo", None, None)
    columns = ["x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]
    people = pd.DataFrame([row], columns=columns).assign(goal_x_m=52.5)
    shot = {"depth_m": 15.0, "left_m": 10.0, "player": ""}
    around = positions(shot, people)
    takers = [Taker(around.people[0], xg, is_ordinary=True) for xg in takes]
    return scene_view(shot, around, takers, language("en"), end=end)


def place_of(png, colour):
    """Where a colour lies, as shares of width and height from the upper left; None where it is not."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    y, x = np.nonzero(np.abs(pixels - colour).max(axis=2) < 12)
    return (x.mean() / pixels.shape[1], y.mean() / pixels.shape[0], len(x)) if len(x) else None


def test_left_is_left_and_the_goal_is_on_top():
    view = scene(takes=[0.05])
    png = moment_of_shot(view)
    x, y, _ = place_of(png, RED)
    assert x == pytest.approx((-10 - view.left) / view.width, abs=0.02)
    assert y == pytest.approx((15 - view.top) / view.height, abs=0.02)
    x, y, _ = place_of(png, BROWN)
    assert x == pytest.approx((12 - view.left) / view.width, abs=0.02)
    assert y == pytest.approx((4 - view.top) / view.height, abs=0.02)


def test_who_takes_more_has_the_wider_ring_and_who_takes_nothing_none():
    none, little, much = (place_of(moment_of_shot(scene(takes=xg)), BROWN) for xg in ([], [0.02], [0.3]))
    assert none is None
    assert much[2] > 1.5 * little[2]


def test_where_the_keeper_gets_to_the_ball_stands_in_the_goal():
    view = scene()
    x, y, _ = place_of(moment_of_shot(view, MOUTH), BLUE)
    assert x == pytest.approx((0 - view.left) / view.width, abs=0.02)
    assert y == pytest.approx((-1.8 - view.top) / view.height, abs=0.02)
    assert place_of(moment_of_shot(view), BLUE) is None


def test_the_way_of_the_ball_is_drawn_where_it_is_known():
    without, with_end = (place_of(moment_of_shot(scene(end=end)), RED) for end in (None, (0.0, 0.0)))
    assert with_end[2] > without[2]
    assert with_end[1] < without[1], "towards the goal on top"


def test_it_is_sharp_on_a_phone_and_small_in_the_mail():
    png = moment_of_shot(scene(takes=[0.1]), MOUTH)
    assert Image.open(io.BytesIO(png)).width == 1120
    assert len(png) < 60_000
