"""The moment of a shot as it is drawn: where everybody stands, and how large the file is."""

import io

import numpy as np
import pytest
from PIL import Image

from xgoals.mail.content.pictures import moment_of_shot

ORANGE, WHITE = (234, 111, 71), (233, 236, 239)


def drawn(**changes):
    view = {
        "shooter": (-10.0, 15.0),
        "people": [{"x": 12.0, "y": 4.0, "kind": "mate"}],
        "shadow": None,
        "half_width_m": 24.0,
        "depth_m": 21.0,
        **changes,
    }
    return moment_of_shot(view)


def place_of(png, colour):
    """Where a colour lies, as shares of width and height from the upper left."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    y, x = np.nonzero(np.abs(pixels - colour).max(axis=2) < 12)
    return x.mean() / pixels.shape[1], y.mean() / pixels.shape[0]


def test_left_is_left_and_the_goal_is_on_top():
    png = drawn()
    x, y = place_of(png, ORANGE)
    assert (x, y) == (pytest.approx((24 - 10) / 48, abs=0.02), pytest.approx((15 + 3) / 24, abs=0.03))
    x, y = place_of(png, WHITE)
    assert x == pytest.approx((24 + 12) / 48, abs=0.02)


def test_it_is_sharp_on_a_phone_and_small_in_the_mail():
    png = drawn(shadow=[(-5, 3), (-4, 3), (0, 0), (-1, 0)])
    assert Image.open(io.BytesIO(png)).width == 1120
    assert len(png) < 60_000


def test_what_the_keeper_hides_is_drawn():
    assert drawn(shadow=[(-5, 3), (-4, 3), (0, 0), (-1, 0)]) != drawn()
