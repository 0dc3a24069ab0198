"""How far our values are from the provider's own: a table, quantity by quantity.

The DFL's events carry some inputs of the provider's model. They are never features; they tell whether frames,
places and definitions of ours are right.
"""

import pandas as pd

QUANTITIES = {
    "distance_m": "distance to goal, m",
    "angle_deg": "angle to goal, deg",
    "pressure": "pressure, sum",
    "defenders": "defenders",
    "keeper_distance_m": "keeper to goal line, m",
    "speed_kmh": "shooter's speed, km/h",
    "xg": "xG",
}
"""Column -> what to call it; the provider's value is in ``official_<column>``."""
ENOUGH_FOR_CORRELATION = 3


def compare_with_official(shots: pd.DataFrame) -> pd.DataFrame:
    """How our values compare with the provider's.

    Parameters
    ----------
    shots
        One row a shot: the columns of `QUANTITIES`, each with its ``official_`` twin, and ``is_penalty``.
        NaN where a value is missing. Penalties are left out: their features are fixed values.

    Returns
    -------
    DataFrame
        One row a quantity: ``quantity, label, n`` (shots with both values), ``median`` and ``official_median``,
        ``median_abs_difference``, ``max_abs_difference`` and ``correlation`` (Pearson; NaN below three shots or
        where one side is constant).
    """
    counted = shots[~shots["is_penalty"].astype(bool)]
    rows = [_compare(counted, column, label) for column, label in QUANTITIES.items()]
    return pd.DataFrame(rows)


def _compare(shots: pd.DataFrame, column: str, label: str) -> dict[str, object]:
    both = shots[[column, f"official_{column}"]].astype(float).dropna()
    ours, theirs = both[column], both[f"official_{column}"]
    difference = (ours - theirs).abs()
    is_comparable = len(both) >= ENOUGH_FOR_CORRELATION and min(ours.std(), theirs.std()) > 0
    return {
        "quantity": column,
        "label": label,
        "n": len(both),
        "median": ours.median(),
        "official_median": theirs.median(),
        "median_abs_difference": difference.median(),
        "max_abs_difference": difference.max(),
        "correlation": ours.corr(theirs) if is_comparable else float("nan"),
    }
