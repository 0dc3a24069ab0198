"""What moves the model: mean absolute attribution, over all shots, per season, per group of features.

All of it over shots without penalties, in the space of the attributions (xG or log-odds). A feature that no
prediction ever depends on is named as such: a zero would look like a finding.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.model.resampling import clustered_error
from xgoals.report.shot_frame import (
    Facts,
    FloatArray,
    Model,
    attributions,
    feature_names,
    group_columns,
    without_penalties,
)
from xgoals.report.summarise_quality import season_label

NOTHING = 1e-9
"""An attribution below this everywhere is rounding: the model does not use the feature."""

MIN_SHOTS_OF_A_SEASON = 200
"""Below this a season's importance is mostly chance; it is listed, and not compared."""


def importance(shots: pd.DataFrame, model: Model) -> Facts:
    """Global importance, the most important feature first.

    Returns
    -------
    dict
        ``features``: those that move shots without penalties, each with ``name, label, unit, kind, mean_abs,
        share``, and with whole matches as units ``standard_error, low, high`` (95 % interval; None with fewer
        than two matches); ``groups``: the same for groups whose own values are known; ``only_penalties``
        and ``never``: features that move penalties only, and those that move nothing (``reason`` is
        ``"missing"`` when the data never hold a value, else ``"unused"``); ``n_shots``; ``scale``: the largest
        mean, for bars.
    """
    names = feature_names(model)
    cut = without_penalties(shots)
    values = np.abs(attributions(cut, names))
    everywhere = np.abs(attributions(shots, names)).max(axis=0, initial=0.0)
    here = values.max(axis=0, initial=0.0)
    used = [name for name, most in zip(names, here, strict=True) if most > NOTHING]
    by_name = {feature["name"]: feature for feature in model["features"]}
    match = pd.factorize(cut["match_id"].astype(str))[0]
    errors = _errors(values, match)
    rows = [
        {
            **{key: by_name[name][key] for key in ("name", "label", "unit", "kind", "group")},
            **_mean(values[:, i], errors[i]),
        }
        for i, name in enumerate(names)
        if name in used
    ]
    total = sum(row["mean_abs"] for row in rows)
    for row in rows:
        row["share"] = row["mean_abs"] / total
    rows.sort(key=lambda row: -row["mean_abs"])
    return {
        "features": rows,
        "groups": _groups(cut, model),
        "only_penalties": [
            by_name[name]
            for name, most, other in zip(names, everywhere, here, strict=True)
            if most > NOTHING >= other
        ],
        "never": [
            {**by_name[name], "reason": "missing" if bool(shots[name].isna().all()) else "unused"}
            for name, most in zip(names, everywhere, strict=True)
            if most <= NOTHING
        ],
        "n_shots": len(cut),
        "scale": max((row["high"] or row["mean_abs"] for row in rows), default=1.0),
    }


def _errors(values: FloatArray, match: npt.NDArray[np.intp]) -> FloatArray:
    """Standard error of each column's mean, whole matches as units; infinite with fewer than two matches."""
    if len(np.unique(match)) < 2:
        return np.full(values.shape[1], np.inf)
    return clustered_error(values, match)


def _mean(absolute: FloatArray, error: float) -> Facts:
    mean = float(absolute.mean())
    known = bool(np.isfinite(error))
    return {
        "mean_abs": mean,
        "standard_error": float(error) if known else None,
        "low": max(0.0, mean - 1.96 * error) if known else None,
        "high": mean + 1.96 * error if known else None,
    }


def _groups(cut: pd.DataFrame, model: Model) -> list[Facts]:
    names = group_columns(cut)
    values = np.abs(cut[[f"group_{group}" for group in names]].to_numpy(dtype=np.float64))
    if len(cut) == 0 or not names:
        return []
    errors = _errors(values, pd.factorize(cut["match_id"].astype(str))[0])
    rows: list[Facts] = []
    for i, group in enumerate(names):
        members = [feature["label"] for feature in model["features"] if feature["group"] == group]
        rows.append({"name": group, "members": members, **_mean(values[:, i], errors[i])})
    return sorted(rows, key=lambda row: -row["mean_abs"])


def importance_by_season(shots: pd.DataFrame, model: Model, ranked: list[str]) -> Facts:
    """Mean |attribution| of each feature in each season, and how alike the seasons are.

    Parameters
    ----------
    shots, model
        As everywhere.
    ranked
        Names of the features to show, in their order.

    Returns
    -------
    dict
        ``seasons``: one dict each, in order of size (``season, n, enough, values`` in the order of ``ranked``,
        ``agreement``: Spearman's rank correlation with all other shots, and ``ndcg``, None where there are too few);
        ``top``: the largest value, for shading; ``least_agreement``: the smallest correlation, None with fewer
        than two seasons that are large enough.
    """
    cut = without_penalties(shots)
    values = np.abs(attributions(cut, ranked))
    labels = season_label(cut).to_numpy()
    seasons: list[Facts] = []
    for season in pd.unique(labels):
        inside = labels == season
        enough = bool(MIN_SHOTS_OF_A_SEASON <= inside.sum() <= len(cut) - MIN_SHOTS_OF_A_SEASON)
        mean = values[inside].mean(axis=0)
        others = values[~inside].mean(axis=0) if enough else mean
        seasons.append(
            {
                "season": str(season),
                "n": int(inside.sum()),
                "enough": bool(inside.sum() >= MIN_SHOTS_OF_A_SEASON),
                "values": [float(value) for value in mean],
                "agreement": rank_correlation(mean, others) if enough else None,
                "ndcg": ndcg(mean, others) if enough else None,
            }
        )
    seasons.sort(key=lambda row: (-row["n"], row["season"]))
    agreements = [row["agreement"] for row in seasons if row["agreement"] is not None]
    return {
        "seasons": seasons,
        "top": max((value for row in seasons for value in row["values"]), default=1.0),
        "least_agreement": min(agreements) if agreements else None,
    }


def rank_correlation(a: FloatArray, b: FloatArray) -> float | None:
    """Spearman's rank correlation, ties given their mean rank; None where a side does not vary."""
    ranks = pd.DataFrame({"a": a, "b": b}).rank()
    if len(ranks) < 2 or (ranks.nunique() < 2).any():
        return None
    return float(np.corrcoef(ranks["a"], ranks["b"])[0, 1])


def ndcg(own: FloatArray, others: FloatArray) -> float | None:
    """How well a ranking by ``own`` puts first what weighs most in ``others``: 1 is perfect.

    Normalised discounted cumulative gain (Jaervelin and Kekaelaeinen 2002), the weights in ``others`` as gains:
    unlike a rank correlation it hardly minds the order of what hardly matters.
    """
    best = float((np.sort(others)[::-1] / _discounts(len(others))).sum())
    if best <= 0:
        return None
    return float((others[np.argsort(-own, kind="stable")] / _discounts(len(others))).sum() / best)


def _discounts(n: int) -> FloatArray:
    return np.log2(np.arange(n, dtype=np.float64) + 2)
