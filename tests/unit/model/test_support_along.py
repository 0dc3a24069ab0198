"""How many shots are like one whose single feature is changed, against asking of every changed shot by itself."""

import numpy as np
import pandas as pd

from xgoals.features.catalogue import find_catalogue
from xgoals.model.seen.support import Support


def test_counting_along_a_grid_is_asking_of_every_changed_row():
    catalogue = find_catalogue("best-17")
    rng = np.random.default_rng(3)
    training = pd.DataFrame(
        {
            f.name: rng.choice([-1.0, 1.0], 400)
            if f.kind == "binary"
            else rng.integers(0, 4, 400).astype(float)
            if f.kind in ("count", "category")
            else rng.normal(size=400)
            for f in catalogue.features
        }
    )
    training["AngleToGoal"] = training["DistanceToGoal"] + 0.1 * rng.normal(
        size=400
    )  # numbers that belong together
    training.loc[:20, "PressureSum"] = np.nan
    support = Support.of(training, catalogue)
    asked = training.iloc[::80]
    grids = {
        "AngleToGoal": np.array([-3.0, 0.0, 3.0]),
        "Header": np.array([-1.0, 1.0]),
        "Penalty": np.array([-1.0, 1.0]),
        "StrikeType": np.array([0.0, 9.0]),
        "PressureSum": np.array([0.5]),
    }

    found = support.alike_along(asked, grids)

    for name, grid in grids.items():
        one_by_one = np.stack([support.alike(asked.assign(**{name: value})) for value in grid], axis=1)
        np.testing.assert_array_equal(found[name], one_by_one, err_msg=name)
    assert found["AngleToGoal"].max() > 0 == found["AngleToGoal"].min(), "both sides of it are met"
