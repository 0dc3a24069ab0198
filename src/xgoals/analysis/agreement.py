"""How alike two rankings are: what weighs most for some shots against what weighs most for others."""

import numpy as np
import pandas as pd

from xgoals.analysis.shots import FloatArray


def rank_correlation(a: FloatArray, b: FloatArray) -> float | None:
    """Spearman's rank correlation, -1 to 1, ties given their mean rank; None where a side does not vary.

    Parameters
    ----------
    a, b
        Shape (n,).
    """
    ranks = pd.DataFrame({"a": a, "b": b}).rank()
    if len(ranks) < 2 or (ranks.nunique() < 2).any():
        return None
    return float(np.corrcoef(ranks["a"], ranks["b"])[0, 1])


def ndcg(own: FloatArray, others: FloatArray) -> float | None:
    """How well a ranking by ``own`` puts first what weighs most in ``others``: 1 is perfect; None without weights.

    The sum of ``others[i] / log2(place of i by own + 1)``, over the largest that any order reaches: normalised
    discounted cumulative gain (Jaervelin and Kekaelaeinen 2002, ACM TOIS 20), the weights in ``others`` as gains.
    Unlike a rank correlation it hardly minds the order of what hardly matters.

    Parameters
    ----------
    own, others
        Weights of the same features, shape (n,), none negative.
    """
    best = float((np.sort(others)[::-1] / _discounts(len(others))).sum())
    if best <= 0:
        return None
    return float((others[np.argsort(-own, kind="stable")] / _discounts(len(others))).sum() / best)


def _discounts(n: int) -> FloatArray:
    return np.log2(np.arange(n, dtype=np.float64) + 2)
