"""Why a player's chances are as good as they are, in football's order, against the mean shot of all players."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.player.shots import PlayerShot, Shots, open_play
from xgoals.analysis.takers import Interval, interval_over_matches
from xgoals.domain.reason import Part

MIN_SHOTS = 20
"""Of fewer shots with reasons no means are told."""

PARTS = tuple(Part)
BARE = (Part.PLACE, Part.STRIKE)
"""What is known of a shot even where nobody's position is."""


@dataclass(frozen=True, slots=True)
class MeanShot:
    """The mean shot of all players: its xG, and what each part that is known gives."""

    xg: float
    parts: Mapping[Part, float]


@dataclass(frozen=True, slots=True)
class MeanShots:
    """Of all shots of which every part is known, and of those whose people are not; None where there are none."""

    whole: MeanShot | None
    bare: MeanShot | None


@dataclass(frozen=True, slots=True)
class PartDifference:
    """What a part gives a player's mean shot beyond that of all.

    Attributes
    ----------
    part
        Which.
    more
        In xG a shot; below 0: less.
    interval
        The middle 95 % over resampled matches; NaN with too few matches.
    """

    part: Part
    more: float
    interval: Interval

    @property
    def holds(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.interval.low > 0 or self.interval.high < 0


@dataclass(frozen=True, slots=True)
class ReasonsAgainstAll:
    """A player's mean shot against that of all; the parts add up to ``xg - xg_of_all``.

    Attributes
    ----------
    n_shots
        Shots with reasons, penalties apart.
    xg, xg_of_all
        Mean xG of them, and of all such shots.
    parts
        In football's order; without keeper and opponents where positions are not known.
    """

    n_shots: int
    xg: float
    xg_of_all: float
    parts: tuple[PartDifference, ...]


def mean_shots(shots: Shots) -> MeanShots:
    """The mean shots of all players, penalties apart."""
    cut = open_play(shots)
    return MeanShots(_mean(_with(cut, PARTS), PARTS), _mean(_with(cut, BARE), BARE))


def reasons_against_all(shots: Shots, usual: MeanShots) -> ReasonsAgainstAll | None:
    """One player's mean shot against that of all; None with fewer than :data:`MIN_SHOTS` that have reasons."""
    cut = open_play(shots)
    for parts, of_all in ((PARTS, usual.whole), (BARE, usual.bare)):
        own = _with(cut, parts)
        if of_all is not None and len(own) >= MIN_SHOTS:
            return _against(own, of_all)
    return None


def _against(own: Shots, of_all: MeanShot) -> ReasonsAgainstAll:
    matches = pd.Series([shot.match for shot in own])
    parts = []
    for part, usual in of_all.parts.items():
        more = np.array([shot.reasons[part] - usual for shot in own])
        parts.append(PartDifference(part, float(more.mean()), interval_over_matches(more, matches)))
    return ReasonsAgainstAll(len(own), _mean_xg(own), of_all.xg, tuple(parts))


def _mean(shots: Shots, parts: Sequence[Part]) -> MeanShot | None:
    if not shots:
        return None
    return MeanShot(
        _mean_xg(shots), {part: float(np.mean([shot.reasons[part] for shot in shots])) for part in parts}
    )


def _mean_xg(shots: Shots) -> float:
    return float(np.mean([shot.xg for shot in shots]))


def _with(shots: Shots, parts: Sequence[Part]) -> list[PlayerShot]:
    """Those of which exactly these parts are known."""
    return [shot for shot in shots if shot.reasons.keys() == set(parts)]
