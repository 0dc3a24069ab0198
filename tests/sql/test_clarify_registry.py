"""A Clarify job takes its model from the registry: by name, or the champion, and only what was registered."""

import hashlib
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb
from sqlalchemy import text

from xgoals.clarify.model import load_model
from xgoals.domain.errors import ModelError
from xgoals.domain.model import Decision, ModelVersion
from xgoals.model.training import golden
from xgoals.store import features, registry


@pytest.fixture
def booster(engine):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(60, 2)), columns=["a", "b"])
    booster = xgb.train({"objective": "binary:logistic", "nthread": 1}, xgb.DMatrix(frame, frame.a > 0), 2)
    stored, day = bytes(booster.save_raw("ubj")), date(2024, 8, 1)
    model = ModelVersion(
        "xg-1", "c", 1, ["a", "b"], {"n_trees": 2}, 1, day, day, 1, 60, 9, "hash", {}, False, stored,
        hashlib.sha256(stored).hexdigest(), golden(booster, frame, ["a", "b"]), {}, "run", datetime.now(UTC),
    )  # fmt: skip
    with engine.begin() as connection:
        features.save_catalogue(connection, "c", 1, [{"name": "a"}, {"name": "b"}])
        registry.save_model(
            connection, model, pd.DataFrame(columns=["shot_key", "xg", "xg_held_out", "is_held_out"])
        )
    return booster


def test_a_version_the_champion_and_none(engine, booster, empty_database):
    with pytest.raises(ModelError, match="there is no champion yet"):
        load_model("champion", empty_database, "main")
    with pytest.raises(ModelError, match="no model version 'xg-2', and no such file"):
        load_model("xg-2", empty_database, "main")
    with engine.begin() as connection:
        decision = Decision("xg-1", None, "promoted", "first", {})
        registry.record_decision(connection, decision, run_id="run", decided_at=datetime.now(UTC))
    for name in ("xg-1", "champion"):
        model = load_model(name, empty_database, "main")
        assert model.feature_names == ("a", "b")
        assert "60 shots from 2024-08-01" in model.origin
        rows = xgb.DMatrix(np.eye(2), feature_names=["a", "b"])
        np.testing.assert_array_equal(model.booster.predict(rows), booster.predict(rows))
    with engine.begin() as connection:
        connection.execute(
            text("update model_version set golden = jsonb_set(golden, '{predictions,0}', '0.99')")
        )
    with pytest.raises(ModelError, match="predicts its golden rows differently"):
        load_model("xg-1", empty_database, "main")
