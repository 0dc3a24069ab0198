"""A model's figures from the pipeline's own steps: stored once, shown, and computed again where they are missing."""

import json

import pandas as pd
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from xgoals.cli import app
from xgoals.domain.errors import ModelError
from xgoals.steps import register, train
from xgoals.steps.evaluate import evaluate_model
from xgoals.store.database import connect


def execute(settings, statement):
    engine = connect(settings, "main")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def challenger(reach):
    """The run that the model was trained in, and its name."""
    return reach("trained")


def test_training_stores_figures_that_can_be_computed_again(empty_database, challenger):
    _, name = challenger
    stored = evaluate_model(empty_database, "main", name)
    assert set(stored["split"]) == {"held_out", "out_of_fold"}, "one competition: none can be left out"
    assert {"champion"}.isdisjoint(stored["forecaster"])
    of_peer = stored[stored["compared_with"] == "glass_box"]
    assert len(of_peer) == 3
    assert of_peer["note"].str.contains("fewer than 5000").all(), "why there is none is told"
    execute(empty_database, "delete from model_evaluation")
    without = empty_database.training.model_copy(update={"glass_box": False})
    again = evaluate_model(empty_database.model_copy(update={"training": without}), "main", name)
    rest = stored.drop(of_peer.index).reset_index(drop=True)
    pd.testing.assert_frame_equal(again, rest, check_exact=False, rtol=1e-9)


def test_a_second_model_is_compared_with_the_champion_of_the_day(
    empty_database, challenger, open_run, league, monkeypatch
):
    context, first = challenger
    register.register(context, first)
    monkeypatch.setenv("XGOALS_TRAINING__SEED", "5")
    second = train.train(open_run("second", "archive", league), even_if_not_due=True)
    assert second != first
    figures = evaluate_model(empty_database, "main", second)
    versus = figures[(figures["compared_with"] == "champion") & (figures["slice"] == "all")]
    assert set(versus["split"]) == {"held_out", "out_of_fold"}
    assert (versus["value"].abs() < 0.02).all(), "the same recipe with another seed"
    assert (versus["value"] != 0).all()


def test_figures_of_shots_that_have_changed_since_are_refused(empty_database, challenger):
    _, name = challenger
    execute(empty_database, "delete from model_evaluation")
    execute(empty_database, "delete from match where match_id = (select min(match_id) from match)")
    with pytest.raises(ModelError, match="have changed since"):
        evaluate_model(empty_database, "main", name)


def test_the_command_prints_tables_and_json(challenger):
    _, name = challenger
    shell = CliRunner()
    table = shell.invoke(app, ["models", "evaluate", name])
    assert table.exit_code == 0
    assert "model - geometry" in table.stdout
    by_part = shell.invoke(app, ["models", "evaluate", name, "--slice", "body_part"])
    assert "right_foot" in by_part.stdout
    rows = json.loads(shell.invoke(app, ["models", "evaluate", name, "--json"]).stdout)
    assert {row["metric"] for row in rows} >= {"auc", "log_loss", "brier", "ece", "xg_per_goal", "slope"}
    wrong = shell.invoke(app, ["models", "evaluate", name, "--slice", "referee"])
    assert isinstance(wrong.exception, ModelError)
    assert "Known: all" in str(wrong.exception)
