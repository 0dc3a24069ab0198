"""What holds for any table, and the shortcut of the flip test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from xgoals.bias.individuals import flip_test
from xgoals.bias.metric import MetricValue
from xgoals.bias.post_training import post_training_bias
from xgoals.bias.pre_training import pre_training_bias

ANTISYMMETRIC = ("CI", "DPL", "DPPL", "DCA", "DCR", "RD", "SD", "DAR", "DRR", "AD", "TE")
SYMMETRIC = ("JS", "LP", "TVD", "KS", "GE")
DIFFERENCES_OF_SHARES = ("CI", "DPL", "DPPL", "RD", "SD", "DAR", "DRR", "AD", "CDDL", "CDDPL", "FT")

TABLES = st.lists(st.tuples(*[st.booleans()] * 3, st.integers(0, 3)), min_size=1, max_size=30).map(np.array)


def values(table: NDArray[np.int64], in_facet: NDArray[np.bool_] | None = None) -> dict[str, float]:
    label, predicted, facet = table[:, :3].T.astype(bool)
    facet = facet if in_facet is None else in_facet
    metrics: tuple[MetricValue, ...] = pre_training_bias(label, facet, table[:, 3])
    metrics += post_training_bias(label, predicted, facet, table[:, 3])
    return {metric.name: metric.value for metric in metrics if metric.value is not None}


@given(TABLES)
def test_the_others_looked_at_turn_the_sign(table: NDArray[np.int64]) -> None:
    facet, others = values(table), values(table, table[:, 2] == 0)
    for name in ANTISYMMETRIC:
        assert facet.get(name) == (pytest.approx(-others[name]) if name in others else None), name
    for name in SYMMETRIC:
        assert facet.get(name) == (pytest.approx(others[name]) if name in others else None), name


@given(TABLES)
def test_values_stay_in_their_ranges(table: NDArray[np.int64]) -> None:
    found = values(table)
    for name in DIFFERENCES_OF_SHARES:
        assert -1 <= found.get(name, 0) <= 1, name
    for name in ("LP", "TVD", "KS", "DI", "GE"):
        assert found.get(name, 0) >= 0, name
    assert found.get("KS", 0) <= 1
    assert found.get("TVD", 0) <= found.get("KS", 0) + 1e-12, (
        "of two labels half the sum is at most the greatest"
    )


@given(TABLES)
def test_neither_order_nor_number_of_equal_rows_matters(table: NDArray[np.int64]) -> None:
    assert values(np.repeat(table, 3, axis=0)[::-1]) == pytest.approx(values(table))


@given(TABLES)
def test_right_predictions_have_no_bias_of_their_own(table: NDArray[np.int64]) -> None:
    """What is left is that of the labels (DCA and DCR have it too, where a group has one label only)."""
    table[:, 1] = table[:, 0]
    found = values(table)
    for name in ("AD", "TE", "GE"):
        assert found.get(name, 0) == pytest.approx(0), name
    assert found.get("DPPL") == found.get("DPL")
    assert found.get("CDDPL") == found.get("CDDL")


def test_whole_numbers_have_the_neighbours_of_numbers_with_a_point_where_no_two_are_as_far() -> None:
    """Few rows go another way than many, and both another than numbers with a point."""
    rng = np.random.default_rng(18)
    for n, width in ((14, 3), (120, 17), (900, 17)):
        X = rng.integers(0, 10**6, (n, width))
        in_facet, predicted = rng.random(n) < 0.4, rng.random(n) < 0.5
        assert flip_test(predicted, in_facet, X) == flip_test(predicted, in_facet, X.astype(float))


def test_many_rows_have_the_neighbours_that_a_tree_finds() -> None:
    """Also where distances are equal, and far from zero."""
    from sklearn.neighbors import KNeighborsClassifier

    rng = np.random.default_rng(17)
    X = rng.normal(size=(2200, 10))
    X[:, 0] += 1e7
    X[:1500] = np.round(X[:1500])
    in_facet, predicted = rng.random(2200) < 0.4, rng.random(2200) < 0.5
    tree = KNeighborsClassifier(5, algorithm="kd_tree").fit(X[~in_facet], predicted[~in_facet])
    flipped = predicted[in_facet].astype(int) - tree.predict(X[in_facet])
    assert flip_test(predicted, in_facet, X) == flipped.mean()
