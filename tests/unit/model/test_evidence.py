"""The evidence of a decision: the worked example of docs/models.md, and an anchor that is given up."""

import numpy as np
import pandas as pd
import pytest

from reading_docs import tables_below
from xgoals.model.evidence import Predictions, assemble

MODELS = ("challenger", "champion", "anchor")
SAID, SHOWN = tables_below("models.md", "The evidence")


def number(cell: str) -> float:
    return np.nan if cell == "–" else float(cell)


def column(table: list[dict[str, str]], name: str) -> pd.Series:
    return pd.Series({row["shot"]: number(row[name]) for row in table}, dtype=float)


def said_by(model: str) -> Predictions:
    own, out_of_fold = column(SAID, f"{model}, own"), column(SAID, f"{model}, out of fold")
    return Predictions.by(own.dropna(), out_of_fold.dropna())


@pytest.fixture
def window() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "match_id": ["m1", "m2", "m3"],
            "match_date": pd.Timestamp("2024-01-01"),
            "is_goal": [True, False, False],
            "is_judged": True,
            "is_held_out": [False, True, False],
        },
        index=pd.Index([row["shot"] for row in SAID], name="shot_key"),
    )


def test_three_shots_become_the_evidence_that_the_page_shows(window):
    evidence = assemble(window, *map(said_by, MODELS))
    assert evidence.match_id.to_dict() == {"A": "m1", "B": "m2"}
    assert evidence.is_held_out.to_dict() == {"A": False, "B": True}
    for name in list(SHOWN[0])[1:]:
        found = getattr(evidence, name)
        pd.testing.assert_series_equal(found, column(SHOWN, name), check_names=False)
    assert len(evidence) == len(SHOWN) == 2


def test_what_the_page_says_of_learning_is_so():
    learned = {name: said_by(name).has_learned for name in MODELS}
    assert all(learned["challenger"])
    assert learned["champion"].to_dict() == {"A": True, "B": False}
    assert learned["anchor"].to_dict() == {"A": True, "B": False, "C": True}


def test_an_anchor_that_knows_too_few_of_the_shots_is_left_out_and_no_shot_for_its_sake(window):
    anchor = said_by("anchor")
    one, two = window.index[:1], window.index[:2]
    assert assemble(window, said_by("challenger"), said_by("champion"), anchor.of(two)).anchor is not None
    without = assemble(window, said_by("challenger"), said_by("champion"), anchor.of(one))
    assert without.anchor is None
    assert list(without.champion.index) == ["A", "B"]
    assert assemble(window, said_by("challenger"), said_by("champion"), None).anchor is None


def test_some_of_the_shots_have_all_columns(window):
    evidence = assemble(window, *map(said_by, MODELS))
    latest = evidence.among(evidence.is_held_out)
    assert latest.frame().to_dict("index") == {
        "B": {
            "match_id": "m2",
            "match_date": pd.Timestamp("2024-01-01"),
            "is_goal": False,
            "is_judged": True,
            "is_held_out": True,
            "challenger": 0.30,
            "challenger_fitted": 0.34,
            "champion": 0.28,
            "champion_fitted": pytest.approx(np.nan, nan_ok=True),
            "anchor": 0.25,
        }
    }
