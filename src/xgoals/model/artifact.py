"""A stored model becomes a booster again, but only if its bytes and its golden predictions are the known ones.

Corrupted bytes can crash XGBoost's loader or, worse, change predictions silently; features of another definition do the
latter for sure.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xgboost

from xgoals.domain.errors import ModelError
from xgoals.domain.model import ModelSister, ModelVersion, scored_by
from xgoals.features.catalogue import Catalogue, find_catalogue

_GOLDEN_TOLERANCE = 1e-6
_PREDICTED_AT_ONCE = 100_000


def load_booster(model: ModelVersion) -> xgboost.Booster:
    """The booster of a model version.

    Raises
    ------
    ModelError
        If the bytes do not have the SHA-256 of the registry, or the golden rows are predicted differently.
    """
    if not model.booster:
        raise ModelError(
            f"the bytes of model {model.model_version} were cleaned away: it was refused, or never judged, long ago",
            where="model_version",
            advice="The same data make it again: xgoals train. See challengers_days in [retention]",
        )
    return _proven(model.model_version, model.booster, model.sha256, model.golden, model.feature_names)


def load_sister_booster(sister: ModelSister, feature_names: Sequence[str]) -> xgboost.Booster:
    """The booster of a sister, proven like a champion's.

    Raises
    ------
    ModelError
        As :func:`load_booster`.
    """
    name = scored_by(sister.model_version, sister.sister)
    return _proven(name, sister.booster, sister.sha256, sister.golden, feature_names)


def _proven(
    name: str, stored: bytes, sha256: str, golden: Mapping[str, Any], feature_names: Sequence[str]
) -> xgboost.Booster:
    if hashlib.sha256(stored).hexdigest() != sha256:
        raise ModelError(
            f"the stored bytes of model {name} are not those that were registered",
            where="model_version",
            advice="Roll back to another version (xgoals models rollback) and train again",
        )
    booster = xgboost.Booster(model_file=bytearray(stored))
    rows = np.array(golden["rows"], dtype=np.float64)
    predicted = booster.predict(xgboost.DMatrix(rows, feature_names=list(feature_names)))
    error = np.abs(predicted - np.array(golden["predictions"])).max()
    if not error <= _GOLDEN_TOLERANCE:
        raise ModelError(
            f"model {name} predicts its golden rows differently (by up to {error:.2g})",
            where="model_version",
            advice="Was XGBoost upgraded? Train again with the version that is installed",
        )
    return booster


def catalogue_of(model: ModelVersion) -> Catalogue:
    """The catalogue that builds a model's features.

    Raises
    ------
    ModelError
        If this xgoals builds another version of it than the model was trained on.
    SettingsError
        If it knows none of that name.
    """
    catalogue = find_catalogue(model.catalogue)
    if catalogue.version != model.catalogue_version:
        raise ModelError(
            f"champion {model.model_version} was trained on version {model.catalogue_version} of {catalogue.name}, "
            f"this xgoals builds version {catalogue.version}",
            advice="Train again: xgoals run",
        )
    return catalogue


def predict(
    booster: xgboost.Booster, X: "pd.DataFrame | np.ndarray[tuple[int, int], np.dtype[np.floating]]"
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Probabilities of a goal, shape (n,); block by block, for XGBoost copies what it is given."""
    rows = X.iloc if hasattr(X, "iloc") else X
    blocks = [
        booster.predict(xgboost.DMatrix(rows[start : start + _PREDICTED_AT_ONCE]))
        for start in range(0, len(X), _PREDICTED_AT_ONCE)
    ]
    return np.concatenate(blocks).astype(np.float64) if blocks else np.empty(0)
