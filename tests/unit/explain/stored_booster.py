"""A small model as a version of XGBoost stores it, with what it said there: for those who read it with another.

    python tests/unit/explain/stored_booster.py

writes ``boosters/xgboost-VERSION.json`` for the version that is installed.
"""

import base64
import json
from pathlib import Path

import numpy as np
import xgboost

from xgoals.explain import exact_shapley
from xgoals.features.catalogue import BEST_17, YES
from xgoals.model import fitting

FOLDER = Path(__file__).with_name("boosters")
N_TOLD = 12


def main() -> None:
    """Fit, explain, and keep all of it."""
    from window_by_hand import league

    window = league(24)
    X, y = fitting.float32_features(window, BEST_17.names), window["is_goal"].to_numpy()
    X.iloc[::9, 3] = np.nan
    X.loc[X.index[::50], "Penalty"] = YES
    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": 3,
        "eta": 0.2,
        "n_seeds": 2,
    }
    booster = fitting.fit(X, y, parameters | {"nthread": 1, "seed": 3}, 6)
    told = X.iloc[: 5 * N_TOLD : 5]
    found = exact_shapley(booster, told, np.zeros(len(BEST_17.names)))
    FOLDER.joinpath(f"xgboost-{xgboost.__version__}.json").write_text(
        json.dumps(
            {
                "ubj": base64.b64encode(booster.save_raw("ubj")).decode(),
                "rows": [[None if np.isnan(v) else float(v) for v in row] for row in told.to_numpy()],
                "predictions": found.predictions.tolist(),
                "values": found.values.tolist(),
                "boosters_own": booster.predict(xgboost.DMatrix(told)).astype(float).tolist(),
            }
        )
    )


if __name__ == "__main__":
    main()
