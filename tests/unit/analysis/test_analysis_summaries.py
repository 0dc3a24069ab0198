"""Summaries against numbers added up by hand."""

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.global_summary import global_summary, sum_parts
from xgoals.analysis.interactions import pair_means, strongest_partners
from xgoals.analysis.reference import reference_numbers


@pytest.fixture
def explained():
    return pd.DataFrame(
        {
            "competition": ["BL", "BL", "BL"],
            "season": ["22/23", "22/23", "23/24"],
            "team": ["Aue", "Bonn", "Aue"],
            "shap_distance": [0.3, -0.1, 0.2],
            "shap_angle": [0.0, -0.4, 0.1],
        },
        index=[7, 3, 9],
    )


def summary_of(shots: pd.DataFrame) -> pd.DataFrame:
    """The summary of shots, each of them a part of its own."""
    values = shots[["shap_distance", "shap_angle"]].to_numpy()
    return global_summary(shots.assign(n_shots=1), values, np.abs(values), ["distance", "angle"])


def test_mean_and_mean_of_absolute_values_by_scope(explained):
    found = summary_of(explained).set_index(["scope", "scope_id", "feature"])
    expected = {
        ("all", "all", "distance"): (3, 0.2, 0.4 / 3),
        ("all", "all", "angle"): (3, 0.5 / 3, -0.1),
        ("season", "BL 22/23", "distance"): (2, 0.2, 0.1),
        ("season", "BL 22/23", "angle"): (2, 0.2, -0.2),
        ("season", "BL 23/24", "distance"): (1, 0.2, 0.2),
        ("season", "BL 23/24", "angle"): (1, 0.1, 0.1),
        ("club", "Aue", "distance"): (2, 0.25, 0.25),
        ("club", "Aue", "angle"): (2, 0.05, 0.05),
        ("club", "Bonn", "distance"): (1, 0.1, -0.1),
        ("club", "Bonn", "angle"): (1, 0.4, -0.4),
    }
    assert set(found.index) == set(expected)
    for key, (n_shots, mean_abs, mean) in expected.items():
        assert found.loc[key, "n_shots"] == n_shots
        assert found.loc[key, "mean_abs"] == pytest.approx(mean_abs)
        assert found.loc[key, "mean"] == pytest.approx(mean)


def test_no_shots_have_no_summary(explained):
    assert summary_of(explained.iloc[:0]).empty


def test_sums_of_parts_give_what_their_shots_give(explained):
    values = explained[["shap_distance", "shap_angle"]].to_numpy()
    parts = sum_parts(values, np.zeros((3, 2, 2)), np.array([0, 2]))
    members = pd.DataFrame(
        {"competition": "BL", "season": ["22/23", "23/24"], "team": ["Aue", "Bonn"], "n_shots": [2, 1]}
    )
    found = global_summary(members, parts.sums, parts.abs_sums, ["distance", "angle"])
    season = found[(found["scope"] == "season") & (found["scope_id"] == "BL 22/23")].set_index("feature")
    np.testing.assert_allclose(season.loc[["distance", "angle"], "mean"], [0.1, -0.2])
    np.testing.assert_allclose(season.loc[["distance", "angle"], "mean_abs"], [0.2, 0.2])
    assert found.loc[found["scope"] == "all", "n_shots"].tolist() == [3, 3]


def matrices():
    """Two shots, three features; a and c pull in opposite directions in the two shots."""
    first, second = np.zeros((3, 3)), np.zeros((3, 3))
    first[0, 1] = first[1, 0] = 0.02
    first[0, 2] = first[2, 0] = 0.05
    second[0, 2] = second[2, 0] = -0.05
    np.fill_diagonal(first, 9.0)
    return np.stack([first, second])


def means_of(parts: list[int]) -> pd.DataFrame:
    """Of the two shots, added up in parts."""
    added = sum_parts(np.zeros((2, 3)), matrices(), np.array(parts))
    return pair_means(added.pair_abs_sums.sum(axis=0), 2, ["a", "b", "c"])


@pytest.mark.parametrize("parts", [[0], [0, 1]])
def test_a_pair_counts_with_both_halves_and_without_its_sign(parts):
    found = means_of(parts)
    assert found[["feature", "partner"]].to_numpy().tolist() == [["a", "c"], ["a", "b"], ["b", "c"]]
    np.testing.assert_allclose(found["mean_abs"], [0.1, 0.02, 0.0])


def test_strongest_partner_of_every_feature():
    found = strongest_partners(means_of([0])).set_index("feature")
    assert found["partner"].to_dict() == {"a": "c", "b": "a", "c": "a"}
    np.testing.assert_allclose(found.loc[["a", "b", "c"], "mean_abs"], [0.1, 0.02, 0.1])


def test_no_matrices_have_no_interactions():
    assert (pair_means(np.zeros(1), 0, ["a", "b"])["mean_abs"] == 0).all()


def test_three_reference_numbers_are_three():
    found = reference_numbers([1, 0, 0, 0], [0.5, 0.1, 0.1, 0.1], 0.07)
    assert found.goal_rate == 0.25
    assert found.mean_prediction == pytest.approx(0.2)
    assert found.prediction_at_baseline == 0.07


@pytest.mark.parametrize(("goals", "xg"), [([], []), ([1, 0], [0.5]), ([[1]], [[0.5]])])
def test_reference_numbers_need_shots(goals, xg):
    with pytest.raises(ValueError, match="one outcome and one prediction"):
        reference_numbers(goals, xg, 0.1)
