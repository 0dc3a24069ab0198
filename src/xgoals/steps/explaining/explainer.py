"""A registered model that is asked for its reasons; made ready when the first question comes, not before."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xgoals.domain.errors import ModelError
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store.sisters import load_boosters

if TYPE_CHECKING:
    import pandas as pd
    import xgboost
    from sqlalchemy import Connection

    from xgoals.domain.model import ModelVersion
    from xgoals.explain import Attributions
    from xgoals.explain.forest import Forest
    from xgoals.model.artifact import Boosters


@dataclass(frozen=True)
class Explainer:
    """Exact Shapley values of a model against its baseline, each shot's by the booster that has not seen its match.

    The champion and its sisters share the baseline row; the base value is each one's own prediction there.

    Attributes
    ----------
    baseline
        Feature -> value.
    boosters
        Of the champion and its sisters.
    """

    boosters: "Boosters"
    baseline: "pd.Series[float]"
    _forests: "dict[int, Forest]" = field(default_factory=dict)

    @classmethod
    def load(cls, connection: "Connection", model_version: str) -> "Explainer":
        """Read a model, its sisters and its baseline.

        Raises
        ------
        ModelError
            If there is no such model, or it has no baseline.
        """
        import pandas as pd

        boosters = load_boosters(connection, model_version)
        stored = registry.load_baseline(connection, model_version)
        if stored is None:
            raise ModelError(f"model {model_version} has no baseline", advice="Run: xgoals baseline")
        names = list(boosters.model.feature_names)
        return cls(boosters, pd.Series(stored["values"], dtype=float)[names])

    @property
    def model(self) -> "ModelVersion":
        """The registered version."""
        return self.boosters.model

    def booster_of(self, sister: int) -> "xgboost.Booster":
        """A sister's booster, or (0) the champion's; see :meth:`xgoals.model.artifact.Boosters.of`."""
        return self.boosters.of(sister)

    def forest_of(self, sister: int) -> "Forest":
        """The same booster as arrays of trees, read once."""
        from xgoals.explain.forest import read_forest

        if sister not in self._forests:
            self._forests[sister] = read_forest(self.booster_of(sister))
        return self._forests[sister]

    def features(
        self, connection: "Connection", features_keys: "npt.NDArray[np.int64]"
    ) -> "npt.NDArray[np.float64]":
        """The model's features of these rows, (n, features)."""
        return feature_store.read_values(connection, features_keys, len(self.model.feature_names))

    def values(self, X: "npt.NDArray[np.float64]", sister: int) -> "Attributions":
        """Values of shots and of groups of features, in probability, by one of the boosters."""
        from xgoals.explain import exact_shapley
        from xgoals.features.catalogue import find_catalogue

        groups = find_catalogue(self.model.catalogue).groups
        return exact_shapley(self.booster_of(sister), X, self.baseline, space="probability", groups=groups)

    def interactions(
        self, X: "npt.NDArray[np.float64]", sisters: "npt.NDArray[np.int64]"
    ) -> "npt.NDArray[np.float64]":
        """Interactions of all pairs of features, (n, features, features), in probability.

        Parameters
        ----------
        sisters
            Who is asked about each shot, (n,).
        """
        from xgoals.explain import exact_shapley
        from xgoals.model.artifact import by_sister

        n_features = len(self.model.feature_names)
        interactions = np.empty((len(X), n_features, n_features))
        for sister, rows in by_sister(sisters):
            found = exact_shapley(
                self.booster_of(sister), X[rows], self.baseline, space="probability", interactions=True
            ).interactions
            assert found is not None  # noqa: S101  (they were asked for)
            interactions[rows] = found
        return interactions
