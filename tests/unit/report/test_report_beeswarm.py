"""Points counted into pixels: nothing lost at the edges, colours by value, empty means transparent."""

import io
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from xgoals.report.draw.beeswarm import palette, png, shades, strip_pixels, ticks

EMPTY, PLAIN, MISSING = 50, 49, 48


def test_three_points_by_hand():
    pixels = strip_pixels(
        np.array([-1.0, 1.0, 1.0]), np.array([0.0, 1.0, np.nan]), low=-1, high=1, width=5, height=8
    )
    assert set(pixels[:, 0]) == {0, EMPTY}  # one low point at the left edge
    assert (pixels[:, 1:4] == EMPTY).all()
    assert set(pixels[:, 4]) == {47, MISSING}  # a high and a missing one at the right edge
    assert (pixels[:, 4] != EMPTY).sum() == 8  # the fullest column is as high as the strip


def test_low_values_lie_below_high_ones():
    pixels = strip_pixels(np.zeros(100), np.linspace(0, 1, 100), low=-1, high=1, width=3, height=10)
    column = pixels[:, 1].astype(int)
    assert (np.diff(column) <= 0).all()  # row 0 is the top
    assert column[0] > 40
    assert column[-1] < 8


def test_height_grows_with_the_square_root_of_the_count():
    values = np.concatenate([np.full(400, 1.0), np.full(100, 0.0)])
    pixels = strip_pixels(values, None, low=0, high=1, width=2, height=40)
    lit = (pixels == PLAIN).sum(axis=0)
    assert lit[1] == 40
    assert lit[0] == pytest.approx(20, abs=2)


def test_all_attributions_equal():
    pixels = strip_pixels(np.zeros(5), None, low=0, high=0, width=4, height=4)
    assert (pixels[:, 0] == PLAIN).all()


def test_shades_are_cut_at_the_5th_and_95th_percentile():
    found = shades(np.concatenate([np.linspace(0, 100, 101), [1e6, np.nan]]))
    assert found[0] == 0.0
    assert found[-2] == 1.0
    assert np.isnan(found[-1])
    assert 0.4 < found[50] < 0.6


def test_shades_of_a_rare_yes_and_of_a_constant():
    rare = shades(np.array([-1.0] * 99 + [1.0]))
    assert (rare[0], rare[-1]) == (0.0, 1.0)
    assert (shades(np.full(4, 7.0)) == 0).all()
    assert np.isnan(shades(np.full(3, np.nan))).all()


def test_the_picture_is_a_png_that_is_transparent_where_empty():
    pixels = np.full((4, 6), EMPTY, dtype=np.uint8)
    pixels[2, 3] = 47
    address = png(pixels)
    assert address.startswith("data:image/png;base64,")
    image = Image.open(io.BytesIO(b64decode(address.split(",")[1]))).convert("RGBA")
    assert image.size == (6, 4)
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((3, 2)) == (224, 106, 34, 255)
    assert len(palette()) == 51 * 3


def test_forty_thousand_points_stay_small():
    rng = np.random.default_rng(1)
    values = rng.normal(size=40_000)
    pixels = strip_pixels(
        values, shades(values + rng.normal(size=40_000)), low=values.min(), high=values.max()
    )
    assert len(png(pixels)) < 12_000


def test_ticks_are_round_and_hold_zero():
    found = ticks(-1.83, 1.77)
    assert [value for value, _ in found] == [-1, 0, 1]
    assert dict(found)[0] == pytest.approx(100 * 1.83 / 3.6)
    assert ticks(0.0, 0.0) == [(0.0, 50.0)]
