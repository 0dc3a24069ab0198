"""A model that one version of XGBoost has stored is read, asked and explained by another as if it were its own."""

import base64
import hashlib
import json
import pickle

import numpy as np
import pytest
import xgboost
from stored_booster import FOLDER

from xgoals.domain.model import ModelSister
from xgoals.explain import exact_shapley
from xgoals.features.catalogue import BEST_17
from xgoals.model.artifact import load_sister_booster

STORED = sorted(FOLDER.glob("*.json"))


def test_a_booster_of_each_pinned_version_is_kept():
    pins = (FOLDER.parents[3] / "constraints.txt").read_text().splitlines()
    pinned = {line.split("==")[1].split()[0] for line in pins if line.startswith("xgboost==")}
    assert {path.stem.removeprefix("xgboost-") for path in STORED} == pinned


@pytest.fixture(params=STORED, ids=[path.stem for path in STORED])
def stored(request):
    return json.loads(request.param.read_text())


def as_sister(stored):
    """As the registry holds it, with its golden rows."""
    content = base64.b64decode(stored["ubj"])
    golden = {"rows": stored["rows"], "predictions": stored["boosters_own"]}
    return ModelSister("xg-elsewhere", 1, content, hashlib.sha256(content).hexdigest(), golden, None)


def test_it_predicts_and_is_explained_to_the_last_digit(stored):
    booster = load_sister_booster(as_sister(stored), BEST_17.names)
    rows = np.array(stored["rows"], dtype=np.float32)
    matrix = xgboost.DMatrix(rows, feature_names=list(BEST_17.names))
    np.testing.assert_array_equal(booster.predict(matrix).astype(float), stored["boosters_own"])
    found = exact_shapley(booster, rows, np.zeros(len(BEST_17.names)))
    np.testing.assert_allclose(found.predictions, stored["predictions"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.values, stored["values"], rtol=0, atol=1e-12)


def test_processes_hand_it_to_each_other(stored):
    booster = load_sister_booster(as_sister(stored), BEST_17.names)
    handed = pickle.loads(pickle.dumps(booster))
    rows = np.array(stored["rows"], dtype=np.float32)
    matrix = xgboost.DMatrix(rows, feature_names=list(BEST_17.names))
    np.testing.assert_array_equal(handed.predict(matrix), booster.predict(matrix))
