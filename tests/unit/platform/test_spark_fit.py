"""What Spark's workers are not asked to grow, without Spark."""

import numpy as np
import pandas as pd
import pytest

from databases import default_settings
from xgoals.domain.errors import ModelError, SettingsError
from xgoals.model.shots.unseen import Taught
from xgoals.spark.fit import check_values, growing

LOGISTIC = {"objective": "binary:logistic"}


def shots(n_values):
    values = np.arange(3000, dtype=np.float32) % n_values
    return Taught(pd.DataFrame({"Header": np.float32(1), "Angle": values}), np.zeros(3000), None)


def test_a_feature_may_have_as_many_values_as_the_sketch_keeps():
    check_values(shots(2048), LOGISTIC)
    with pytest.raises(ModelError, match=r"feature Angle has 2,049 values: beyond 2,048") as said:
        check_values(shots(2049), LOGISTIC)
    assert "grid" in said.value.advice
    check_values(shots(2049), LOGISTIC | {"max_bin": 300})


def test_missing_values_are_no_value():
    taught = shots(2048)
    check_values(Taught(taught.X.replace({"Angle": {5.0: np.nan}}), taught.y, None), LOGISTIC)


def test_another_objective_is_refused():
    with pytest.raises(ModelError, match="binary:logistic boosters, not reg:logistic"):
        check_values(shots(3), {"objective": "reg:logistic"})


def test_spark_connect_is_refused_before_anybody_is_asked(tmp_path):
    settings = default_settings(home=tmp_path, spark={"remote": "sc://nowhere:15002"})
    with pytest.raises(SettingsError, match="cannot train through Spark Connect") as said, growing(settings):
        pass
    assert "xgoals train" in said.value.advice
