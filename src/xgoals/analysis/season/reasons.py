"""What moves the xG of many shots, in football's order: place, keeper, opponents, strike."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.shots import BoolArray, FloatArray, floats
from xgoals.domain.reason import Part

Z = 1.96
"""Standard errors to either side of a mean: 95 %."""


@dataclass(frozen=True, slots=True)
class PartWeight:
    """How much one part moves these shots.

    Attributes
    ----------
    mean_abs, interval
        Mean of its absolute value in xG, and its 95 % interval, matches taken as units; None for one match.
    n
        Shots of which it is known.
    holds, is_first
        Share of them where it may be told as a reason; share where it is the largest of the four.
    """

    part: Part
    mean_abs: float
    interval: tuple[float, float] | None
    n: int
    holds: float
    is_first: float


@dataclass(frozen=True, slots=True)
class SeasonReasons:
    """The four parts of the shots that have reasons, penalties apart; ``n_shots`` are all of them."""

    parts: tuple[PartWeight, ...]
    n_with_reasons: int
    n_matches: int
    n_shots: int


def season_reasons(shots: pd.DataFrame, reasons: pd.DataFrame) -> SeasonReasons:
    """Weigh the parts.

    Parameters
    ----------
    shots
        ``shot_key, provider, match_id, is_penalty``.
    reasons
        As the store reads them: ``shot_key``, a column a part, ``holds_<part>``.
    """
    plain = shots.loc[~shots["is_penalty"].astype(bool), ["shot_key", "provider", "match_id"]]
    known = plain.merge(reasons, on="shot_key", how="inner")
    known = known[known[list(Part)].notna().any(axis="columns")]
    knows_positions = known[[Part.KEEPER, Part.OPPONENTS]].notna().any(axis="columns")
    if knows_positions.any():  # of the others the place takes what nobody knows of the people
        known = known[knows_positions]
    match = pd.factorize(known["provider"] + "/" + known["match_id"])[0]
    sizes = known[list(Part)].abs()
    first = sizes.fillna(-1.0).to_numpy(dtype=np.float64).argmax(axis=1) if len(known) else np.empty(0)
    return SeasonReasons(
        parts=tuple(
            _weight(part, floats(sizes[part]), match, known[f"holds_{part}"].to_numpy(dtype=bool), first == n)
            for n, part in enumerate(Part)
            if sizes[part].notna().any()
        ),
        n_with_reasons=len(known),
        n_matches=len(np.unique(match)),
        n_shots=len(plain),
    )


def _weight(
    part: Part,
    size: FloatArray,
    match: npt.NDArray[np.intp],
    holds: BoolArray,
    is_first: BoolArray,
) -> PartWeight:
    there = ~np.isnan(size)
    mean = float(size[there].mean())
    error = _standard_error(size[there], match[there])
    interval = None if error is None else (max(0.0, mean - Z * error), mean + Z * error)
    return PartWeight(
        part, mean, interval, int(there.sum()), float(holds[there].mean()), float(is_first[there].mean())
    )


def _standard_error(values: FloatArray, match: npt.NDArray[np.intp]) -> float | None:
    """Of the mean, matches taken as units; None for one match."""
    of_match = np.bincount(match, weights=values - values.mean())
    n = len(np.unique(match))
    if n < 2:
        return None
    return float(np.sqrt(n / (n - 1) * (of_match**2).sum()) / len(values))
