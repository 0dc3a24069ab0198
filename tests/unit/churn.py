"""A churn-like table of four columns, a small model of it, and jobs on both."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xgboost as xgb

from xgoals.clarify.job import Asked, Done, run_job

FEATURES = ("tenure", "calls", "plan", "charge")


@cache
def table(n: int = 240) -> pd.DataFrame:
    """Months, calls (some missing), plan 0 or 1, charge a month, and who left."""
    rng = np.random.default_rng(7)
    rows = pd.DataFrame(
        {
            "tenure": rng.integers(1, 70, n).astype(float),
            "calls": rng.poisson(1.5, n).astype(float),
            "plan": rng.integers(0, 2, n).astype(float),
            "charge": rng.normal(60, 20, n).round(2),
        }
    )
    margin = 0.8 * rows["calls"] - 0.06 * rows["tenure"] + 0.02 * rows["charge"] - 1.2 * rows["plan"]
    rows["churn"] = (rng.random(n) < 1 / (1 + np.exp(-margin))).astype(int)
    rows.loc[::17, "calls"] = np.nan
    return rows


@cache
def booster() -> xgb.Booster:
    """Eight trees of depth 3."""
    rows = table()
    data = xgb.DMatrix(rows[list(FEATURES)], rows["churn"])
    return xgb.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1, "seed": 1}, data, 8)


def config(shap: dict[str, Any] | None = None, **methods: Any) -> dict[str, Any]:
    """A configuration of Clarify; values are asked for where ``shap`` is given."""
    asked = methods if shap is None else {"shap": shap, **methods}
    return {"dataset_type": "text/csv", "label": "churn", "methods": asked}


BASELINE = [[30, 1, 0, 60.0]]
BIAS = {
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "plan", "value_or_threshold": [1]}],
}


def write_inputs(folder: Path, content: dict[str, Any]) -> tuple[Path, Path, Path]:
    """Configuration, data and model as files."""
    paths = folder / "analysis_config.json", folder / "train.csv", folder / "model.json"
    paths[0].write_text(json.dumps(content))
    table().to_csv(paths[1], index=False)
    booster().save_model(paths[2])
    return paths


def run(folder: Path, content: dict[str, Any], **asked: Any) -> Done:
    """Run a job on files in a folder; results lie in ``out`` of it."""
    config_path, data, model = write_inputs(folder, content)

    def no_settings() -> None:
        return None

    job = {"config": config_path, "data": data, "model": str(model), "output": folder / "out"} | asked
    return run_job(Asked(**job), no_settings)


def analysis(folder: Path) -> dict[str, Any]:
    """What the job wrote into ``analysis.json``."""
    return json.loads((folder / "out" / "analysis.json").read_bytes())


def local_values(folder: Path) -> pd.DataFrame:
    """What the job wrote into ``out.csv``."""
    return pd.read_csv(folder / "out" / "explanations_shap" / "out.csv")
