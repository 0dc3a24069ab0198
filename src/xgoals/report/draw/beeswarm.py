"""Forty thousand points as a picture of a few kilobytes: points are counted into pixels.

A beeswarm that draws every point takes seconds and, as SVG, tens of megabytes, to show what no eye can tell
apart. Here each strip is an image of its own: a column of pixels is a narrow range of attributions, its height
grows with the square root of the number of shots there, and its pixels run through the feature's values of
just these shots, low below, high above.
"""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from xgoals.analysis.shots import FloatArray

WIDTH_PX = 620
HEIGHT_PX = 44
_SHADES = 48
_MISSING = _SHADES
_PLAIN = _SHADES + 1
_EMPTY = _SHADES + 2

LOW_RGB, MIDDLE_RGB, HIGH_RGB = (38, 118, 188), (150, 120, 160), (224, 106, 34)
"""Blue to orange: told apart by every kind of colour vision, and readable on white and on black."""
_MISSING_RGB = (128, 134, 140)
_PLAIN_RGB = (122, 118, 168)


def shades(values: FloatArray) -> FloatArray:
    """Where each value lies between the feature's 5th and 95th percentile, 0 to 1; NaN stays NaN.

    A feature with a single value, or with nearly all of its mass on one, is scaled by its range.
    """
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return values
    low, high = np.percentile(known, [5, 95])
    if low == high:
        low, high = known.min(), known.max()
    return np.asarray(np.clip((values - low) / (high - low if high > low else 1.0), 0.0, 1.0))


def strip_pixels(
    attributions: FloatArray,
    shade: FloatArray | None,
    *,
    low: float,
    high: float,
    width: int = WIDTH_PX,
    height: int = HEIGHT_PX,
) -> npt.NDArray[np.uint8]:
    """Palette indices of one strip.

    Parameters
    ----------
    attributions
        Shape (n,), all within [low, high].
    shade
        Shape (n,), 0 to 1 or NaN (missing: grey); None paints all points alike (categories have no order).
    low, high
        Attributions at the left and the right edge.

    Returns
    -------
    array (height, width)
        0 to 47 shades of low to high, 48 missing, 49 plain, 50 empty.
    """
    span = high - low if high > low else 1.0
    column = np.rint((attributions - low) / span * (width - 1)).astype(np.intp)
    code = np.full(len(column), _PLAIN) if shade is None else _codes(shade)
    order = np.lexsort((code, column))
    code = code[order]
    counts = np.bincount(column, minlength=width)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    heights = _lit(counts, height)
    image = np.full((height, width), _EMPTY, dtype=np.uint8)
    for x in np.flatnonzero(counts):
        lit = heights[x]
        picks = starts[x] + ((np.arange(lit) + 0.5) * counts[x] / lit).astype(np.intp)
        bottom = (height + lit) // 2
        image[bottom - lit : bottom, x] = code[picks][::-1]
    return image


def _lit(counts: npt.NDArray[np.intp], height: int) -> npt.NDArray[np.intp]:
    """Pixels lit per column: by the square root of the count, full at the 97th percentile, at least two."""
    full = np.percentile(counts[counts > 0], 97)
    lit = np.ceil(height * np.sqrt(counts / full)).astype(np.intp)
    return np.asarray(np.clip(lit, 2, height))


def _codes(shade: FloatArray) -> npt.NDArray[np.intp]:
    missing = np.isnan(shade)
    known = np.rint(np.where(missing, 0.0, shade) * (_SHADES - 1)).astype(np.intp)
    return np.where(missing, _MISSING, known)


def palette() -> list[int]:
    """Red, green and blue of every palette index, one after the other."""
    t = np.linspace(0, 2, _SHADES)[:, None]
    first, second, third = (np.array(rgb, dtype=float) for rgb in (LOW_RGB, MIDDLE_RGB, HIGH_RGB))
    ramp = np.where(t <= 1, first + (second - first) * t, second + (third - second) * (t - 1))
    colours = [*ramp.round().astype(int).tolist(), list(_MISSING_RGB), list(_PLAIN_RGB), [0, 0, 0]]
    return [int(part) for colour in colours for part in colour]


def png(pixels: npt.NDArray[np.uint8]) -> str:
    """The strip as a ``data:`` address of a PNG, transparent where it is empty."""
    rows, columns = pixels.shape
    image = Image.frombytes("P", (columns, rows), pixels.tobytes())
    image.putpalette(palette())
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True, transparency=_EMPTY)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def ticks(low: float, high: float, most: int = 7) -> list[tuple[float, float]]:
    """Round values between low and high with their place in per cent of the width, 0 among them."""
    span = high - low
    if span <= 0:
        return [(low, 50.0)]
    raw = span / most
    magnitude = 10.0 ** np.floor(np.log10(raw))
    step = next(size * magnitude for size in (1, 2, 5, 10) if size * magnitude >= raw)
    first, last = int(np.ceil(low / step)), int(np.floor(high / step))
    return [(n * step, 100 * (n * step - low) / span) for n in range(first, last + 1)]
