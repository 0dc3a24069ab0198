"""The README's table of quality is what the command prints: three metrics, three splits, and only sure words."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.evaluated.quality_markdown import quality_markdown, verdict
from xgoals.model.evaluation import evaluate

README = Path(__file__).parents[3] / "README.md"
BLOCK = re.compile(
    r"<!-- xgoals models evaluate VERSION --markdown -->\n(.*?)\n<!-- end of the table -->", re.DOTALL
)
VERDICTS = {"better", "worse", "cannot be told"}


@pytest.fixture(scope="module")
def figures():
    rng = np.random.default_rng(2)
    n = 2000
    chance = 0.02 + 0.8 * rng.beta(0.8, 5, n)
    number = np.arange(n)
    shots = pd.DataFrame({
        "match_id": (number // 25).astype(str), "competition": "League", "season": "1", "team": "Reds",
        "body_part": "right_foot", "shot_type": np.where(number % 40 == 1, "free_kick", "open_play"),
        "is_goal": rng.random(n) < chance, "is_penalty": number % 50 == 0,
        "x_m": np.where(number % 40 == 1, 47.0, 40.0),
        "y_m": np.where(number % 40 == 1, 30.0, 0.0), "pitch_length_m": 105.0, "provider_xg": chance**1.2,
        "GoalDistanceGoalkeeper": np.where(number % 60 == 7, np.nan, 1.0),
    })  # fmt: skip
    table = pd.DataFrame({"model": chance, "geometry": 0.1}, index=shots.index)
    return evaluate(shots, dict.fromkeys(("held_out", "out_of_fold", "unseen_competition"), table))


def shape(text):
    """Every line without its numbers and verdicts."""
    bare = re.sub("|".join(sorted(VERDICTS)), "VERDICT", text)
    bare = re.sub(r"alone: [^)]+\)", "alone: CHANCE)", bare)
    return re.sub(r"[+\N{MINUS SIGN}]?\.?\d[\d.,]*", "#", bare).splitlines()


def test_the_readme_holds_what_the_command_prints(figures):
    found = BLOCK.search(README.read_text("utf-8"))
    assert found, "README.md has no table between its marks"
    assert shape(found.group(1)) == shape(quality_markdown(figures))


def test_three_metrics_of_three_splits_stand_in_a_row(figures):
    lines = quality_markdown(figures).splitlines()
    assert lines[0].count("AUC") == lines[0].count("log loss") == lines[0].count("Brier") == 3
    assert "other competitions" in lines[0]
    assert "unseen" not in quality_markdown(figures)
    own = figures[
        (figures["split"] == "held_out") & (figures["slice"] == "all") & (figures["forecaster"] == "model")
    ]
    auc = own[(own["metric"] == "auc") & (own["compared_with"] == "none")]["value"].iloc[0]
    assert f"{auc:.4f}".lstrip("0") in lines[2].split(" | ")[1]


@pytest.mark.parametrize(
    ("metric", "low", "high", "said"),
    [
        ("auc", 0.001, 0.01, "better"),
        ("auc", -0.01, -0.001, "worse"),
        ("log_loss", 0.001, 0.01, "worse"),
        ("brier", -0.01, -0.001, "better"),
        ("log_loss", -0.001, 0.001, "cannot be told"),
        ("auc", 0.0, 0.001, "cannot be told"),
    ],
)
def test_nothing_is_said_that_an_interval_does_not_say(metric, low, high, said):
    assert verdict(metric, low, high) == said


def test_a_model_that_was_evaluated_before_these_slices_has_its_table_all_the_same(figures):
    old = figures[
        ~figures["slice"].isin(
            ["with_sharp_dead_balls", "sharp_dead_balls", "penalties", "no_keeper", "no_positions"]
        )
    ]
    text = quality_markdown(old[~old["metric"].str.startswith("surplus")])
    assert text.startswith("| model |")
    assert "Penalties" not in text
