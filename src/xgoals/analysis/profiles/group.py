"""How the chances of a group of shots depend on features, beside those of everybody.

Levels differ because groups shoot from other places; what is compared is the swing: how much the mean xG of the shots
rises from the usual value that is worst for everybody to the one that is best.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit  # quantiles of Student's t; scipy.stats takes a second to import

from xgoals.analysis.profiles.curves import Curves
from xgoals.analysis.profiles.everybody import Everybody, EverybodysCurve, swing
from xgoals.analysis.profiles.grid import shares_of
from xgoals.analysis.profiles.manifold import MAX_SHARE
from xgoals.analysis.profiles.mean_curve import MeanCurve, mean_curve
from xgoals.analysis.shots import FloatArray

MIN_SHOTS = 100
MIN_MATCHES = 10
"""With fewer shots or matches a group's curves say more of chance than of the group."""


@dataclass(frozen=True, slots=True)
class Swing:
    """A group's swing beside everybody's.

    Attributes
    ----------
    worst, best
        Its ends, places in the grid.
    own, everybody, more
        In xG, and how much more the group's is.
    low, high
        Of ``more``: an interval that holds for all compared features at once, 95 % (Bonferroni). NaN where one
        match alone tells.
    is_compared
        Whether the ends are on the map, everybody's and the group's.
    """

    worst: int
    best: int
    own: float
    everybody: float
    more: float
    low: float
    high: float
    is_compared: bool

    @property
    def is_beyond_chance(self) -> bool:
        """Whether there is a comparison, and its interval leaves 0 out."""
        return self.is_compared and (self.low > 0 or self.high < 0)


@dataclass(frozen=True, eq=False)
class GroupProfile:
    """One feature of a group.

    Attributes
    ----------
    own
        The mean curve of the group's shots that have a value of it.
    at_missing
        Their mean xG, were the value missing.
    shares
        Which share of the group's shots lies nearest to each value, (g,).
    """

    everybody: EverybodysCurve
    own: MeanCurve
    at_missing: float
    shares: FloatArray
    swing: Swing


def is_enough(n_shots: int, n_matches: int) -> bool:
    """Whether a group has shots and matches enough to speak of its curves."""
    return n_shots >= MIN_SHOTS and n_matches >= MIN_MATCHES


def group_profiles(
    everybody: Everybody, own: Curves, values: Mapping[str, FloatArray], off: Mapping[str, FloatArray]
) -> tuple[GroupProfile, ...]:
    """Features of a group, the one whose swing is furthest from everybody's first.

    Parameters
    ----------
    own
        Of the group's shots, at least one, along everybody's grids: of the features that are compared at once.
    values
        The same shots' features as they are, by name.
    off
        Of the same shots, as :func:`xgoals.analysis.profiles.manifold.off_manifold` finds it.
    """
    found = [_profile(everybody[name], own, name, values[name], off[name]) for name in own.grids]
    return tuple(sorted(found, key=lambda of: -abs(of.swing.more)))


def _profile(
    everybody: EverybodysCurve, own: Curves, name: str, value: FloatArray, off: FloatArray
) -> GroupProfile:
    xg = own.xg(name)
    return GroupProfile(
        everybody,
        mean_curve(xg, own.match_of(name)),
        float(own.xg_at_missing(name).mean()),
        shares_of(everybody.grid.points, value),
        _swing(everybody, xg, own.match_of(name), off, len(own.grids)),
    )


def _swing(
    everybody: EverybodysCurve,
    xg: FloatArray,
    match: npt.NDArray[np.intp],
    off: FloatArray,
    n_compared: int,
) -> Swing:
    on_map = everybody.grid.is_usual & (everybody.off <= MAX_SHARE) & (off <= MAX_SHARE)
    worst, best = everybody.ends(on_map)
    of_own, own_error = swing(xg, match, worst, best)
    of_all, error = swing(everybody.xg, everybody.match, worst, best)
    more, degrees = of_own - of_all, max(len(np.unique(match)) - 1, 1)
    half = float(stdtrit(degrees, 1 - 0.025 / n_compared) * np.hypot(own_error, error))
    return Swing(worst, best, of_own, of_all, more, more - half, more + half, int(on_map.sum()) > 1)
