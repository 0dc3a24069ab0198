"""A stored model becomes a booster again, but only if its bytes and its golden predictions are the known ones.

A version is a champion and its sisters; each is loaded and proven when it is first asked.

Corrupted bytes can crash XGBoost's loader or, worse, change predictions silently; features of another definition do the
latter for sure. So XGBoost gets none of the stored bytes, but a model that is written anew from what was read of them
and found sound.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost

from xgoals.domain.errors import ModelError
from xgoals.domain.model import CHAMPION, ModelSister, ModelVersion, scored_by
from xgoals.features.catalogue import Catalogue, find_catalogue
from xgoals.model.model_file.booster import proven_booster
from xgoals.model.model_file.values import UnsoundError

_GOLDEN_TOLERANCE = 1e-6
_PREDICTED_AT_ONCE = 100_000
_ROLL_BACK = (
    "Roll back to another version (xgoals models rollback) and train again (xgoals train): the same data make the same "
    "model again; of other data, promote what comes of them (xgoals models promote)"
)


def load_booster(model: ModelVersion) -> xgboost.Booster:
    """The booster of a model version.

    Raises
    ------
    ModelError
        If the bytes do not have the SHA-256 of the registry, the row is another version's, the bytes are no sound
        model of these features, or the golden rows are predicted differently.
    """
    if not model.booster:
        raise ModelError(
            f"the bytes of model {model.model_version} were cleaned away: it was refused, or never judged, long ago",
            where="model_version",
            advice="The same data make it again: xgoals train. See challengers_days in [retention]",
        )
    return _proven(model.model_version, model, model.feature_names)


def load_sister_booster(sister: ModelSister, feature_names: Sequence[str]) -> xgboost.Booster:
    """The booster of a sister, proven like a champion's.

    Raises
    ------
    ModelError
        As :func:`load_booster`.
    """
    name = scored_by(sister.model_version, sister.sister)
    return _proven(name, sister, feature_names)


def stored_booster(stored: bytes, name: str, where: str) -> xgboost.Booster:
    """The booster of bytes whose checksum is known to be right; XGBoost itself is not shown them.

    Raises
    ------
    ModelError
        If they are no sound model.
    """
    try:
        return proven_booster(stored)
    except (UnsoundError, ModelError) as error:
        raise ModelError(
            f"the stored bytes of {name} are no sound model ({error.what if isinstance(error, ModelError) else error})",
            where=where,
            advice=_ROLL_BACK,
        ) from None


def _proven(name: str, of: ModelVersion | ModelSister, feature_names: Sequence[str]) -> xgboost.Booster:
    if hashlib.sha256(of.booster).hexdigest() != of.sha256:
        raise _refused(name, "the stored bytes of model {name} are not those that were registered")
    booster = stored_booster(of.booster, f"model {name}", "model_version")
    if booster.feature_names != list(feature_names):
        raise _refused(name, "the stored bytes of model {name} are a model of other features")
    rows, expected = _golden(name, of.golden, len(feature_names))
    predicted = booster.predict(xgboost.DMatrix(rows, feature_names=list(feature_names)))
    error = np.abs(predicted - expected).max()
    if not error <= _GOLDEN_TOLERANCE:
        raise ModelError(
            f"model {name} predicts its golden rows differently (by up to {error:.2g})",
            where="model_version",
            advice="Was XGBoost upgraded? Train again with the version that is installed",
        )
    if not of.is_sealed:
        raise _refused(name, "what is stored under the name of model {name} was not stored under it")
    return booster


def _golden(
    name: str, golden: Mapping[str, Any], n_features: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Rows (n, n_features) and what is to be predicted of them (n,)."""
    try:
        rows = np.array(golden["rows"], dtype=np.float64)
        expected = np.array(golden["predictions"], dtype=np.float64)
    except (KeyError, TypeError, ValueError, OverflowError):
        rows, expected = np.empty((0, 0)), np.empty(0)
    too_large = np.abs(rows) > np.finfo(np.float32).max  # XGBoost takes none; NaN is a missing value
    if not len(rows) or rows.shape != (len(expected), n_features) or too_large.any():
        raise _refused(
            name, "the golden rows of model {name} are none, so that nothing proves what it predicts"
        )
    return rows, expected


def _refused(name: str, what: str) -> ModelError:
    return ModelError(what.format(name=name), where="model_version", advice=_ROLL_BACK)


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


def by_sister(sisters: npt.NDArray[np.int64]) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """The numbers of those who are asked, ascending, 0 for the champion, each with the places of her shots.

    Parameters
    ----------
    sisters
        Who is asked about each shot, (n,).
    """
    for sister in np.unique(sisters).tolist():
        yield sister, np.flatnonzero(sisters == sister)


@dataclass(frozen=True)
class Boosters:
    """A champion and its sisters, who has not seen a match answering for it.

    Attributes
    ----------
    sisters
        By their numbers; none of a model from before there were any.
    """

    model: ModelVersion
    sisters: Mapping[int, ModelSister]
    _loaded: dict[int, xgboost.Booster] = field(default_factory=dict)

    def of(self, sister: int) -> xgboost.Booster:
        """A sister's booster, or (0) the champion's, proven to be the registered one.

        No sister of a champion that is not what was registered is heard: a version is used as a whole.

        Raises
        ------
        ModelError
            If there is no such sister, or her bytes or predictions are others than those that were registered.
        """
        if sister not in self._loaded:
            self._loaded[sister] = self._load(sister)
        return self._loaded[sister]

    def prove(self) -> None:
        """Load the champion and every sister.

        Raises
        ------
        ModelError
            As :meth:`of`, of the first that is not what was registered.
        """
        for sister in (CHAMPION, *self.sisters):
            self.of(sister)

    def predict(self, X: pd.DataFrame, sisters: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Probabilities of a goal, each shot's by who is asked about it; shape (n,)."""
        xg = np.empty(len(X))
        for sister, rows in by_sister(sisters):
            xg[rows] = predict(self.of(sister), X.iloc[rows])
        return xg

    def _load(self, sister: int) -> xgboost.Booster:
        if sister == CHAMPION:
            return load_booster(self.model)
        self.of(CHAMPION)
        if sister not in self.sisters:
            raise ModelError(
                f"model {self.model.model_version} has no sister {sister}, which has not seen some of its matches",
                where="model_sister",
                advice="Train again: xgoals train",
            )
        return load_sister_booster(self.sisters[sister], self.model.feature_names)
