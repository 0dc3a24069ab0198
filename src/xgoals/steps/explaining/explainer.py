"""A registered model that is asked for its reasons; made ready when the first question comes, not before."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xgoals.domain.errors import ModelError
from xgoals.store import features as feature_store
from xgoals.store import registry

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import xgboost
    from sqlalchemy import Connection

    from xgoals.domain.model import ModelVersion
    from xgoals.explain import Attributions


@dataclass(frozen=True)
class Explainer:
    """Exact Shapley values of a model against its baseline.

    Attributes
    ----------
    baseline
        Feature -> value.
    """

    model: "ModelVersion"
    baseline: "pd.Series[float]"

    @classmethod
    def load(cls, connection: "Connection", model_version: str) -> "Explainer":
        """Read a model and its baseline.

        Raises
        ------
        ModelError
            If there is no such model, or it has no baseline.
        """
        import pandas as pd

        model, stored = (
            registry.load_model(connection, model_version),
            registry.load_baseline(connection, model_version),
        )
        if stored is None:
            raise ModelError(f"model {model_version} has no baseline", advice="Run: xgoals baseline")
        return cls(model, pd.Series(stored["values"], dtype=float)[list(model.feature_names)])

    @cached_property
    def booster(self) -> "xgboost.Booster":
        """The model's booster, proven to be the registered one."""
        from xgoals.model.artifact import load_booster

        return load_booster(self.model)

    def features(
        self, connection: "Connection", features_keys: "npt.NDArray[np.int64]"
    ) -> "npt.NDArray[np.float64]":
        """The model's features of these rows, (n, features)."""
        return feature_store.read_values(connection, features_keys, len(self.model.feature_names))

    def values(self, X: "npt.NDArray[np.float64]") -> "Attributions":
        """Values of shots and of groups of features, in probability."""
        from xgoals.explain import exact_shapley
        from xgoals.features.catalogue import find_catalogue

        groups = find_catalogue(self.model.catalogue).groups
        return exact_shapley(self.booster, X, self.baseline, space="probability", groups=groups)

    def interactions(self, X: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
        """Interactions of all pairs of features, (n, features, features), in probability."""
        from xgoals.explain import exact_shapley

        found = exact_shapley(
            self.booster, X, self.baseline, space="probability", interactions=True
        ).interactions
        assert found is not None  # noqa: S101  (they were asked for)
        return found
