"""How good a chance is among shots of its kind: its rank in what a model says of the shots that it has not seen."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from xgoals.analysis.shots import text_or_empty
from xgoals.domain.scene import WITHOUT_POSITIONS

Kind = Literal["foot", "head", "free_kick", "all"]
"""Direct free kicks, headers, all other shots with the foot; ``"all"`` of any kind. Penalties have no rank."""

MIN_SHOTS = 200
"""Among fewer shots of a kind nobody ranks; the rank is then among shots of any kind."""


def kind_of(row: Mapping[Any, Any]) -> Kind:
    """The kind of a shot, by ``shot_type`` and ``body_part``."""
    if text_or_empty(row.get("shot_type")) == "free_kick":
        return "free_kick"
    body_part = text_or_empty(row.get("body_part"))
    if body_part == "head":
        return "head"
    return "foot" if body_part in ("right_foot", "left_foot") else "all"


def of_its_like(
    quantiles: Mapping[str, Sequence[float]], *, knows_positions: bool
) -> dict[str, Sequence[float]]:
    """The quantiles, by kind, of those shots whose numbers know as much as this one's."""
    end = "" if knows_positions else WITHOUT_POSITIONS
    plain = {kind: kind.removesuffix(WITHOUT_POSITIONS) for kind in quantiles}
    return {plain[kind]: found for kind, found in quantiles.items() if kind == plain[kind] + end}


def ranked_kind(row: Mapping[Any, Any], quantiles: Mapping[str, Sequence[float]]) -> Kind | None:
    """Among which kind a shot is ranked: its own, else any; None for penalties and where too few shots are known."""
    if row["is_penalty"]:
        return None
    kind = kind_of(row)
    return kind if kind in quantiles else "all" if "all" in quantiles else None


def rank(xg: float, quantiles: Sequence[float]) -> float:
    """The share of shots that are worth less than this, 0 to 1.

    Parameters
    ----------
    quantiles
        The xG below which 0 to 100 % of them are, in even steps.

    Examples
    --------
    >>> rank(0.15, [0.0, 0.1, 0.2, 0.4, 1.0])
    0.375
    """
    return float(np.interp(xg, quantiles, np.linspace(0, 1, len(quantiles))))
