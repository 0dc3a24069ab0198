"""Kernel SHAP for any model that predicts, with the parameters that SageMaker Clarify had.

Where ``exact`` needs an XGBoost forest, this needs a function. It samples coalitions and fits the Shapley
values to them by weighted least squares (Lundberg & Lee 2017); what is different from the usual
implementation makes it faster and more accurate for the same number of predictions:

- *Coalitions come in pairs* S and its complement. In a paired fit only v(S) - v(complement) counts, so
  interactions of even order cancel, and the system has half the size (Covert & Lee 2021).
- *Coalitions are drawn without replacement, size by size*. Sizes with few coalitions are enumerated; the
  rest of the budget is shared between the other sizes so that the variance is least.
- *Rows share their coalitions.* All rows that differ from the baseline in the same features are one
  matrix: one projection, worked out once, turns their predictions into values. Features in which a row
  does not differ are dummies and cost nothing; with few enough left, all coalitions fit into the budget
  and the values are exact.

The residuals of the fit give a standard error beside each value.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xgoals.domain.errors import ModelError
from xgoals.explain.inputs import Background, Rows, background_of, names_of, names_of_row, table_of

Floats: TypeAlias = NDArray[np.float64]
Predict: TypeAlias = Callable[[Floats], ArrayLike]
AggMethod = Literal["mean_abs", "median", "mean_sq"]

AGGREGATIONS: Mapping[AggMethod, Callable[[Floats], Floats]] = {
    "mean_abs": lambda values: np.abs(values).mean(axis=0),
    "median": lambda values: np.median(values, axis=0),
    "mean_sq": lambda values: np.square(values).mean(axis=0),
}
BLOCK_ROWS = 1 << 18
_LOGIT_EDGE = 1e-12


@dataclass(frozen=True, slots=True)
class KernelAttributions:
    """Estimated Shapley values of n rows and F features.

    Attributes
    ----------
    values
        (n, F) values.
    standard_errors
        (n, F) their standard errors, from the residuals of the fit; 0 where every coalition was asked.
    base_value
        Mean prediction over the baseline rows (its logit with ``use_logit``).
    predictions
        (n,) predictions in the same unit; ``base_value + values.sum(axis=1)``.
    global_values
        (F,) values of all rows together, by ``agg_method``.
    n_predictions
        How many rows the model was asked to predict.
    """

    values: Floats
    standard_errors: Floats
    base_value: float
    predictions: Floats
    global_values: Floats
    n_predictions: int


def kernel_shapley(
    predict: Predict,
    X: Rows,
    baseline: Background,
    *,
    num_samples: int | None = None,
    agg_method: AggMethod = "mean_abs",
    use_logit: bool = False,
    seed: int = 0,
) -> KernelAttributions:
    """Estimate the Shapley values of v(S) = mean over baseline rows b of f(x on S, b elsewhere).

    Parameters
    ----------
    predict
        Predictions (m,) of rows (m, F); called with up to 262,144 rows at a time.
    X
        (n, F) rows; NaN is missing, and equal to NaN.
    baseline
        (B, F) baseline rows, or one row (F,); where it and X have names, they have to be the same.
    num_samples
        Coalitions a row, nobody and everybody aside; None is Clarify's default, 2048 + 2 F. The model
        is asked for ``B`` rows each. An odd one out is not used, since coalitions come in pairs.
    agg_method
        How local values become global ones: "mean_abs", "median" or "mean_sq".
    use_logit
        Explain the logit of the mean prediction instead of the mean prediction itself.
    seed
        The same seed gives the same coalitions, and so the same values.

    Raises
    ------
    ModelError
        When shapes do not fit, predictions are not finite, or ``num_samples`` is below 2 F.
    """
    if agg_method not in AGGREGATIONS:
        raise ValueError(f"agg_method must be one of {', '.join(AGGREGATIONS)}, not {agg_method!r}")
    table, backgrounds = _tables(X, baseline)
    n, n_features = table.shape
    budget = 2048 + 2 * n_features if num_samples is None else num_samples
    if budget < 2 * n_features:
        raise ModelError(
            f"num_samples={budget} cannot tell {n_features} features apart; it takes twice as many"
        )
    game = _Game(predict, table, backgrounds, use_logit)
    base_value = float(game.link(game.ask(backgrounds).mean(keepdims=True))[0])
    predictions = game.play(np.arange(n), np.ones((1, n_features), np.bool_))[:, 0]
    values, errors = np.zeros((n, n_features)), np.zeros((n, n_features))
    rng = np.random.default_rng(seed)
    for columns, rows in _by_varying_features(table, backgrounds):
        design = draw_pairs(len(columns), budget // 2, rng)
        for block in _blocks(rows, 2 * len(design.masks) * len(backgrounds)):
            contrast = game.contrasts(block, columns, design.masks)
            gain = predictions[block] - base_value
            values[np.ix_(block, columns)], errors[np.ix_(block, columns)] = fit(design, contrast, gain)
    global_values = AGGREGATIONS[agg_method](values) if n else np.zeros(n_features)
    return KernelAttributions(values, errors, base_value, predictions, global_values, game.n_predictions)


class Pairs(NamedTuple):
    """Coalitions of k players in pairs: a mask of each pair stands for its complement too.

    Attributes
    ----------
    masks
        (m, k) whether a player is in the coalition.
    weight
        (m,) Shapley kernel of the coalition's size, divided by the share of that size that was drawn.
    not_drawn
        (m,) share of the coalitions of this size that was not drawn (the finite population correction); 0
        where all were.
    """

    masks: NDArray[np.bool_]
    weight: Floats
    not_drawn: Floats


def draw_pairs(k: int, budget: int, rng: np.random.Generator) -> Pairs:
    """Draw up to ``budget`` pairs of coalitions of k players, every size between 1 and k - 1 in its share.

    Small coalitions (whose complements are the large ones) are enumerated as long as there are no more
    of them than their share. The share of size s goes with 1 / sqrt(s (k - s)): the kernel gives all
    coalitions of a size the weight 1 / (s (k - s)), and each stands sqrt(s (k - s)) away from the mean,
    so this is Neyman's allocation for residuals of one variance.
    """
    sizes = np.arange(1, k // 2 + 1)
    available = np.array([comb(k, s) // (2 if 2 * s == k else 1) for s in sizes.tolist()], object)
    masks, weights, not_drawn = [], [], []
    for s, count in zip(sizes.tolist(), _allocation(k, sizes, available, budget), strict=True):
        total = int(available[s - 1])
        drawn = _coalitions(k, s, count, total, rng)
        kernel = (k - 1) / (comb(k, s) * s * (k - s))
        masks.append(drawn)
        weights.append(np.full(len(drawn), kernel * total / max(len(drawn), 1)))
        not_drawn.append(np.full(len(drawn), 1 - len(drawn) / total))
    if not masks:  # one player: nothing to draw
        return Pairs(np.zeros((0, k), np.bool_), np.zeros(0), np.zeros(0))
    return Pairs(np.concatenate(masks), np.concatenate(weights), np.concatenate(not_drawn))


def _allocation(k: int, sizes: NDArray[np.int64], available: NDArray[np.object_], budget: int) -> list[int]:
    """How many pairs of each size: its share, or all of them where there are fewer than that.

    Single players come first, all of them: they alone make the least-squares system solvable.
    """
    if not len(sizes):
        return []
    share = 1 / np.sqrt(sizes * (k - sizes))
    counts = [int(available[0])] + [0] * (len(sizes) - 1)
    left, open_sizes = budget - counts[0], list(range(1, len(sizes)))
    while open_sizes:
        wanted = left * share[open_sizes] / share[open_sizes].sum()
        full = [i for i, want in zip(open_sizes, wanted, strict=True) if available[i] <= want]
        if not full:
            for i, want in zip(open_sizes, wanted, strict=True):
                counts[i] = int(want)
            break
        for i in full:
            counts[i] = int(available[i])
            left -= counts[i]
            open_sizes.remove(i)
    return counts


def _coalitions(k: int, s: int, count: int, total: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """``count`` different coalitions of size s, no two of them complements of each other."""
    halves = 2 * s == k  # then a coalition and its complement have one size: take those with player 0
    if count == total or total <= 1 << 16:
        chosen = np.array(list(combinations(range(1 if halves else 0, k), s - halves)), np.int64).reshape(
            total, -1
        )
        masks = np.zeros((total, k), np.bool_)
        np.put_along_axis(masks, chosen, True, axis=1)
        masks[:, 0] |= halves
        return masks[rng.permutation(total)[:count]] if count < total else masks
    drawn: dict[bytes, NDArray[np.bool_]] = {}
    while len(drawn) < count:
        mask = np.zeros(k, np.bool_)
        mask[rng.choice(k, s, replace=False)] = True
        mask = ~mask if halves and not mask[0] else mask
        drawn[mask.tobytes()] = mask
    return np.array(list(drawn.values()))


def fit(pairs: Pairs, contrast: Floats, gain: Floats) -> tuple[Floats, Floats]:
    """Values and their standard errors from contrasts, by least squares under the efficiency constraint.

    Parameters
    ----------
    pairs
        m pairs of coalitions of k players.
    contrast
        (n, m) v(S) - v(complement of S) of every row.
    gain
        (n,) v(everybody) - v(nobody): what the values of a row must add up to.

    Returns
    -------
    tuple
        Values (n, k) and standard errors (n, k).
    """
    k = pairs.masks.shape[1]
    even = gain[:, None] / k * np.ones(k)
    if k == 1:
        return even, np.zeros_like(even)
    sign = np.where(pairs.masks, 1.0, -1.0)
    # Values are an even split of the gain plus deviations that sum to 0; these span k - 1 dimensions.
    basis = np.linalg.qr(np.eye(k) - 1 / k)[0][:, : k - 1]
    reduced = sign @ basis
    normal = reduced.T @ (pairs.weight[:, None] * reduced)
    projection = basis @ np.linalg.solve(normal, (pairs.weight[:, None] * reduced).T)
    rest = contrast - even @ sign.T
    values = even + rest @ projection.T
    residual = rest - (values - even) @ sign.T
    degrees_of_freedom = max(len(sign) - (k - 1), 1)
    inflation = len(sign) / degrees_of_freedom
    variance = inflation * (np.square(residual) * pairs.not_drawn) @ np.square(projection).T
    return values, np.sqrt(variance)


class _Game:
    """v(S) for many rows at once, asked of the model in as few calls as memory allows."""

    def __init__(self, predict: Predict, table: Floats, backgrounds: Floats, use_logit: bool) -> None:
        self._predict, self._table, self._backgrounds = predict, table, backgrounds
        self._use_logit = use_logit
        self.n_predictions = 0

    def ask(self, rows: Floats) -> Floats:
        """Predictions (m,) of rows (m, F), counted; raise ModelError unless each is one finite number."""
        answer = np.asarray(self._predict(rows), np.float64)
        if answer.shape != (len(rows),) or not np.isfinite(answer).all():
            raise ModelError(
                f"The model must predict one finite number a row, and gave shape {answer.shape} for {len(rows)} rows"
            )
        self.n_predictions += len(rows)
        return answer

    def link(self, prediction: Floats) -> Floats:
        """Predictions as they are, or their logits."""
        if not self._use_logit:
            return prediction
        inside = np.clip(prediction, _LOGIT_EDGE, 1 - _LOGIT_EDGE)
        return np.log(inside / (1 - inside))

    def play(self, rows: NDArray[np.int64], masks: NDArray[np.bool_]) -> Floats:
        """(rows, masks) v(S) of the rows numbered ``rows`` for every coalition of all features."""
        answers = np.empty((len(rows), len(masks)))
        for part in _blocks(np.arange(len(rows)), len(masks) * len(self._backgrounds)):
            mixed = np.where(
                masks[None, :, None, :], self._table[rows[part], None, None, :], self._backgrounds[None, None]
            )
            asked = self.ask(mixed.reshape(-1, mixed.shape[-1])).reshape(mixed.shape[:-1])
            answers[part] = asked.mean(axis=2)
        return self.link(answers)

    def contrasts(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64], masks: NDArray[np.bool_]
    ) -> Floats:
        """(rows, pairs) v(S) - v(complement of S), for coalitions of the features ``columns``."""
        both = np.zeros((2 * len(masks), self._table.shape[1]), np.bool_)
        both[:, columns] = np.concatenate([masks, ~masks])
        v = self.play(rows, both)
        contrast: Floats = v[:, : len(masks)] - v[:, len(masks) :]
        return contrast


def _tables(X: Rows, baseline: Background) -> tuple[Floats, Floats]:
    try:
        names = names_of(X)
        if names is not None and (names_of(baseline) is not None or names_of_row(baseline) is not None):
            table = table_of(X, names, len(names))
            return table, background_of(baseline, names, len(names))
        table, backgrounds = np.asarray(X, np.float64), np.atleast_2d(np.asarray(baseline, np.float64))
    except (TypeError, ValueError) as error:
        raise ModelError(f"Rows and baseline must be tables of numbers ({error})") from error
    if table.ndim != 2 or backgrounds.ndim != 2 or table.shape[1] != backgrounds.shape[1]:
        raise ModelError(f"Rows {table.shape} and baseline {backgrounds.shape} must have the same columns")
    if not len(backgrounds):
        raise ModelError("At least one baseline row is needed")
    return table, backgrounds


def _by_varying_features(
    table: Floats, backgrounds: Floats
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows that differ from some baseline row in the same features: (columns, row numbers)."""
    varies = np.zeros(table.shape, np.bool_)
    for background in backgrounds:
        varies |= (table != background) & ~(np.isnan(table) & np.isnan(background))
    if not len(table):
        return
    patterns, member = np.unique(varies, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        if pattern.any():
            yield np.flatnonzero(pattern), np.flatnonzero(member.ravel() == number)


def _blocks(rows: NDArray[np.int64], predictions_a_row: int) -> Iterator[NDArray[np.int64]]:
    size = max(1, BLOCK_ROWS // max(predictions_a_row, 1))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
