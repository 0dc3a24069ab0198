"""Points by the ten thousand as a small image: they are counted into pixels, coloured by what they share."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from xgoals.analysis.shots import FloatArray
from xgoals.report.draw.beeswarm import HIGH_RGB, LOW_RGB, MIDDLE_RGB

Extent = tuple[float, float, float, float]
"""Left, right, bottom, top."""

_PLAIN_RGB = (112, 132, 196)
_MISSING_RGB = (128, 134, 140)
_FAINTEST = 0.45
"""Opacity of a pixel with one shot: seen on white and on black."""

COLUMNS, ROWS = 150, 84


def raster(
    x: FloatArray,
    y: FloatArray,
    shade: FloatArray | None,
    *,
    extent: Extent,
    size: tuple[int, int] | None = None,
) -> npt.NDArray[np.uint8]:
    """Points as an image: opaque where there are many, coloured by the mean shade of the points in a pixel.

    Parameters
    ----------
    x, y
        Shape (n,); points outside ``extent`` (left, right, bottom, top) are left out.
    shade
        Shape (n,), 0 (blue) to 1 (orange), NaN where unknown; None for one colour.
    extent
        What the image shows.
    size
        Columns and rows.

    Returns
    -------
    array (rows, columns, 4)
        RGBA, first row on top; transparent where there is no point.
    """
    columns, rows = size or (COLUMNS, ROWS)
    left, right, bottom, top = extent
    inside = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    column = np.minimum(((x[inside] - left) / (right - left) * columns).astype(np.intp), columns - 1)
    row = np.minimum(((top - y[inside]) / (top - bottom) * rows).astype(np.intp), rows - 1)
    pixel = row * columns + column
    counts = np.bincount(pixel, minlength=rows * columns)
    image = np.zeros((rows * columns, 4))
    image[:, :3] = _PLAIN_RGB if shade is None else _mean_colour(pixel, shade[inside], len(counts))
    share = np.log1p(counts) / np.log1p(max(counts.max(), 1))
    image[:, 3] = np.where(counts > 0, 255 * (_FAINTEST + (1 - _FAINTEST) * share), 0)
    return image.round().astype(np.uint8).reshape(rows, columns, 4)


def _mean_colour(pixel: npt.NDArray[np.intp], shade: FloatArray, n: int) -> FloatArray:
    known = ~np.isnan(shade)
    counts = np.bincount(pixel[known], minlength=n)
    mean = np.bincount(pixel[known], weights=shade[known], minlength=n) / np.maximum(counts, 1)
    t = (2 * mean)[:, None]
    low, middle, high = (np.array(rgb, dtype=float) for rgb in (LOW_RGB, MIDDLE_RGB, HIGH_RGB))
    ramp = np.where(t <= 1, low + (middle - low) * t, middle + (high - middle) * (t - 1))
    return np.asarray(np.where(counts[:, None] > 0, ramp, _MISSING_RGB))


def extent_of(x: FloatArray, y: FloatArray) -> Extent:
    """The middle 99 % of the values, and all of their attributions."""
    known = x[~np.isnan(x)]
    left, right = np.percentile(known, [0.5, 99.5])
    if not right > left:
        left, right = left - 0.5, left + 0.5
    shown = y[(x >= left) & (x <= right)]
    bottom, top = float(shown.min()), float(shown.max())
    pad = 0.04 * ((top - bottom) or 1.0)
    return float(left), float(right), bottom - pad, top + pad


def points(axes: Axes, x: FloatArray, y: FloatArray, shade: FloatArray | None, extent: Extent) -> None:
    """Put the image of the points behind everything else of the axes."""
    image = raster(x, y, shade, extent=extent)
    axes.imshow(image, extent=extent, aspect="auto", interpolation="none", zorder=1)
