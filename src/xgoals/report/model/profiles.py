"""The profile of each feature under its dependence: partial dependence with single shots, and the glass-box peer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from xgoals.analysis.profiles.feature_profile import FeatureProfile
from xgoals.analysis.profiles.glass_box import TwoShapes
from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.profiles.manifold import MAX_SHARE
from xgoals.language import Language
from xgoals.report.draw.figures import Missing, attempt
from xgoals.report.draw.profile_chart import Curve, LineChart, RowChart, line_chart, row_chart
from xgoals.report.words.feature_values import feature_value
from xgoals.report.words.profile import axis_of, change_in_words


@dataclass(frozen=True, slots=True)
class DrawnProfile:
    """A feature's profile, ready to be shown.

    Attributes
    ----------
    chart, alt
        Mean xG along the feature.
    shapes, shapes_alt
        In log-odds beside the peer; None, and empty, without one.
    axis
        The feature and its unit; empty where each row names its value.
    missing
        What the mean xG would be, were the value missing.
    head, rows
        The table behind both charts.
    """

    chart: LineChart | RowChart
    alt: str
    shapes: LineChart | RowChart | None
    shapes_alt: str
    axis: str
    missing: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def drawn_profiles(
    profiles: Mapping[str, FeatureProfile], words: Language
) -> dict[str, DrawnProfile | Missing]:
    """By feature; a ``Missing`` where it could not be drawn."""
    return {
        name: attempt(f"profile of {name}", partial(_drawn, profile, words))
        for name, profile in profiles.items()
    }


def _drawn(profile: FeatureProfile, words: Language) -> DrawnProfile:
    everybody, shapes = profile.everybody, profile.shapes
    grid, curve = everybody.grid, everybody.curve
    own = Curve("own", curve.mean, curve.low, curve.high)
    return DrawnProfile(
        _chart(profile, (own,), words, with_single=True),
        change_in_words(grid, curve.mean, everybody.worst, everybody.best, words),
        None if shapes is None else _chart(profile, _beside(shapes), words, with_single=False),
        "" if shapes is None else _apart(grid, shapes, words),
        axis_of(grid, words),
        words.text("Were it missing: %(xg)s xG.", xg=words.number(everybody.at_missing, 3)),
        *_table(profile, words),
    )


def _beside(shapes: TwoShapes) -> tuple[Curve, Curve]:
    return Curve("own", shapes.model), Curve("others", shapes.peer)


def _chart(
    profile: FeatureProfile, curves: tuple[Curve, ...], words: Language, *, with_single: bool
) -> LineChart | RowChart:
    grid, is_off = profile.everybody.grid, profile.everybody.off > MAX_SHARE
    if grid.kind == "values":
        labels = [feature_value(grid.feature, value, words) for value in grid.points.tolist()]
        return row_chart(labels, curves, shares=grid.shares, is_off=is_off)
    return line_chart(
        grid.points,
        curves,
        shares=grid.shares,
        is_off=is_off,
        single=profile.single if with_single else None,
        scale="root" if with_single else "linear",
        height=250.0 if with_single else 190.0,
    )


def _apart(grid: Grid, shapes: TwoShapes, words: Language) -> str:
    return words.text(
        "%(label)s: this model and the glass-box peer are %(apart)s apart in log-odds at the mean shot.",
        label=words.text(grid.feature["label"]),
        apart=words.number(shapes.apart, 2),
    )


def _table(profile: FeatureProfile, words: Language) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    grid, curve, shapes = profile.everybody.grid, profile.everybody.curve, profile.shapes
    titles = [words.text("Value"), words.text("share of shots"), words.text("mean xG")]
    titles += [words.text("95 % from"), words.text("95 % to"), words.text("unlike any")]
    if shapes is not None:
        titles += [words.text("log-odds, this model"), words.text("log-odds, glass-box peer")]
    rows = []
    for n, value in enumerate(grid.points.tolist()):
        cells = [feature_value(grid.feature, value, words), words.share(grid.shares[n])]
        cells += [words.number(of[n], 3) for of in (curve.mean, curve.low, curve.high)]
        cells.append(words.share(profile.everybody.off[n]))
        if shapes is not None:
            cells += [words.number(of[n], 2, signed=True) for of in (shapes.model, shapes.peer)]
        rows.append(tuple(cells))
    return tuple(titles), tuple(rows)
