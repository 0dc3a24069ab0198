"""Which slices are surely bad: by hand, from a table of figures as a model's evaluation stores it."""

import pandas as pd
import pytest

from xgoals.analysis.evaluated.model_change import shifted_numbers
from xgoals.analysis.evaluated.worst_slices import worst_slices


def figures(*parts: tuple[str, str, int, float, float | None]) -> pd.DataFrame:
    """Rows of parts: slice, value, shots, p of the surplus, and log loss minus the provider's (error .001) or None."""
    rows = []
    for name, value, n, p, difference in parts:
        about = {
            "split": "out_of_fold",
            "slice": name,
            "slice_value": value,
            "n_shots": n,
            "n_goals": n // 10,
        }
        own = {**about, "forecaster": "model", "compared_with": "none", "note": None}
        rows.append({**own, "metric": "surplus_per_100", "value": -1.5, "low": -2.0, "high": -1.0})
        rows.append({**own, "metric": "surplus_p", "value": p, "low": None, "high": None})
        if difference is not None:
            spread = {"low": difference - 0.00196, "high": difference + 0.00196}
            rows.append(
                {**own, "compared_with": "provider", "metric": "log_loss", "value": difference} | spread
            )
    return pd.DataFrame(rows)


def ranked(*parts: tuple[str, str, int, float, float | None]) -> list[tuple[str, bool, bool]]:
    found = worst_slices({"evaluation": figures(*parts)})
    return [(row.part.value, row.is_off, row.is_worse) for row in found.parts]


CALM = [("club", f"calm {n}", 200, 0.5 + n / 100, 0.0) for n in range(18)]


def test_what_is_sure_comes_first_and_one_in_twenty_is_no_news():
    """Of 20 parts Benjamini and Hochberg's first bound is .05 / 20 = .0025: .002 stands, .004 does not."""
    found = ranked(*CALM, ("club", "off", 200, 0.002, 0.0), ("club", "luck", 200, 0.03, 0.0))
    assert found[:3] == [("off", True, False), ("luck", False, False), ("calm 0", False, False)]
    assert not any(is_off for _, is_off, _ in ranked(*CALM, ("club", "luck", 200, 0.004, 0.0)))


def test_a_surely_worse_part_stands_and_a_surely_better_one_is_not_bad():
    """Five standard errors worse; as much better is no complaint."""
    found = ranked(*CALM, ("club", "worse", 200, 0.9, 0.005), ("club", "better", 200, 0.9, -0.005))
    assert found[0] == ("worse", False, True)
    assert ("better", False, False) in found
    assert found.index(("better", False, False)) > 10, "ranked by its calibration, not by how good it is"


def test_small_parts_single_parts_and_the_only_season_of_a_competition_are_not_looked_at():
    found = ranked(
        ("club", "small", 99, 0.0001, 0.0), ("club", "large", 200, 0.5, None), ("club", "other", 300, 0.6, None),
        ("body_part", "all of them", 500, 0.5, None),
        ("competition", "A", 250, 0.5, None), ("competition", "B", 260, 0.5, None),
        ("season", "A 2020", 250, 0.5, None), ("season", "B 2020", 130, 0.5, None),
        ("season", "B 2021", 131, 0.5, None),
    )  # fmt: skip
    assert {name for name, _, _ in found} == {"large", "other", "A", "B", "B 2020", "B 2021"}


def test_a_model_without_an_evaluation_has_no_parts():
    assert worst_slices({}).parts == ()
    old = figures(*CALM)
    assert worst_slices({"evaluation": old[old["metric"] != "surplus_p"]}).parts == ()


def test_shots_by_two_models(shots):
    """Four shots and a penalty; one is not known to the model before."""
    after = shots(
        {"xg": 0.10}, {"xg": 0.50}, {"xg": 0.32}, {"xg": 0.20}, {"xg": 0.9, "is_penalty": True}
    ).assign(shot_key=range(5), group_place=0.2, group_keeper=[0.1, 0.4, 0.1, 0.1, 0.0])
    before = after.assign(xg=[0.10, 0.40, 0.30, 0.2, 0.1], group_keeper=[0.1, 0.1, 0.1, 0.1, 0.0]).iloc[
        [0, 1, 2, 4]
    ]
    found = shifted_numbers(before, after)
    assert found is not None
    assert (found.n_shots, found.noticed_share) == (3, pytest.approx(1 / 3))
    assert found.same_first_share == pytest.approx(2 / 3)  # the keeper has overtaken the place once
    assert [(shot.before, shot.after, shot.group) for shot in found.moved] == [
        (0.40, 0.50, "keeper"), (0.30, 0.32, "place"),
    ]  # fmt: skip
    assert found.groups[0].name == "keeper"
    assert (found.groups[0].before, found.groups[0].after) == (pytest.approx(0.1), pytest.approx(0.2))
    assert shifted_numbers(before.iloc[:0], after) is None
