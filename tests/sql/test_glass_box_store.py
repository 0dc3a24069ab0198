"""The curves of a glass-box peer: kept as they are, replaced as a whole, shared by versions of the same trees."""

import numpy as np
import pandas as pd
from sqlalchemy import Engine, text
from test_levels_store import a_model

from xgoals.model.peers.glass_box import ShapeStep
from xgoals.store import features, registry
from xgoals.store.evaluations import read_evaluation, read_glass_box, save_evaluation, save_glass_box
from xgoals.store.levels.shared import copy_evaluation

STEPS = (
    ShapeStep("a", None, None, 0.3, 0.1, 5),
    ShapeStep("a", None, 2.5, -1.0, 0.2, 60),
    ShapeStep("a", 2.5, None, 0.5, 0.2, 40),
    ShapeStep("b", None, None, 0.0, 0.0, 1),
    ShapeStep("b", None, 0.0, 1.0, 0.1, 104),
)
FIGURE = {
    "split": "out_of_fold", "slice": "all", "slice_value": "all", "forecaster": "model",
    "compared_with": "glass_box", "metric": "log_loss", "value": -0.1, "low": -0.2, "high": 0.0, "n_shots": 100,
    "n_goals": 10, "n_matches": 5, "note": None,
}  # fmt: skip


def test_curves_are_read_as_they_were_saved_and_go_with_the_trees(engine: Engine):
    nobody = pd.DataFrame(columns=["shot_key", "sister", "xg", "xg_held_out", "is_held_out"])
    with engine.begin() as connection:
        features.save_catalogue(connection, "test-1", 1, [{"name": "distance_m", "group": "place"}])
        registry.save_model(connection, a_model("xg-a"), nobody)
        registry.save_model(connection, a_model("xg-b", parent="xg-a"), nobody)
        save_glass_box(connection, "xg-a", STEPS[:2])
        save_glass_box(connection, "xg-a", STEPS)
        save_evaluation(connection, "xg-a", pd.DataFrame([FIGURE]))
        found = read_glass_box(connection, "xg-a")
        copy_evaluation(connection, "xg-b", "xg-a")
        again, figures = read_glass_box(connection, "xg-b"), read_evaluation(connection, "xg-b")
        save_glass_box(connection, "xg-a", ())
        gone = read_glass_box(connection, "xg-a")
        connection.execute(text("delete from model_version where model_version = 'xg-b'"))
        left = connection.scalar(text("select count(*) from glass_box_step"))

    assert found["feature"].tolist() == ["a", "a", "a", "b", "b"]
    assert found["step"].tolist() == [0, 1, 2, 0, 1], "0 is the missing value"
    np.testing.assert_array_equal(found["value_to"], [np.nan, 2.5, np.nan, np.nan, 0.0])
    np.testing.assert_array_equal(found["log_odds"], [step.log_odds for step in STEPS])
    pd.testing.assert_frame_equal(again, found)
    assert figures["compared_with"].tolist() == ["glass_box"]
    assert gone.empty
    assert left == 0
