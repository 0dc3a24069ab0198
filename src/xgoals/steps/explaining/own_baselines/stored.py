"""The stored shots that baselines are made of and compared on: all but penalties, each with who has not seen it."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xgoals.domain.errors import ModelError
from xgoals.domain.model import CHAMPION
from xgoals.model.artifact import catalogue_of
from xgoals.store import features as feature_store
from xgoals.store import sisters as sister_store

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from xgoals.domain.model import ModelVersion


@dataclass(frozen=True, slots=True)
class StoredShots:
    """Shots without penalties.

    Attributes
    ----------
    shots
        As `xgoals.store.features.read_features` has them.
    sister
        (n,) who speaks of each: a sister's number, 0 for the champion.
    is_window
        (n,) whether the champion has learned from it.
    has_seen
        (n,) whether who speaks has learned from its match, for want of another.
    """

    shots: "pd.DataFrame"
    sister: npt.NDArray[np.int64]
    is_window: npt.NDArray[np.bool_]
    has_seen: npt.NDArray[np.bool_]

    def take(self, rows: npt.NDArray[np.bool_]) -> "StoredShots":
        """Some of them."""
        return StoredShots(self.shots[rows], self.sister[rows], self.is_window[rows], self.has_seen[rows])

    @property
    def match(self) -> npt.NDArray[np.intp]:
        """(n,) the match of each as a number."""
        from xgoals.analysis.shots import match_codes

        return match_codes(self.shots)


def stored_shots(connection: "Connection", model: "ModelVersion") -> StoredShots:
    """All stored shots with the model's features, without penalties.

    Raises
    ------
    ModelError
        If there is none.
    """
    catalogue = catalogue_of(model)
    shots = feature_store.read_features(connection, catalogue.name, catalogue.version)
    shots = shots[~shots["is_penalty"].to_numpy(dtype=bool)].reset_index(drop=True)
    if shots.empty:
        raise ModelError("there are no shots to compare baselines on", advice="Run: xgoals run")
    outcomes = feature_store.read_outcomes(connection, model)
    learned = outcomes["features_key"][~np.isnan(outcomes["xg_out_of_fold"])]
    keys = list(zip(shots["provider"].astype(str), shots["match_id"].astype(str), strict=True))
    speaks = sister_store.sisters_of_matches(connection, model.model_version, set(keys))
    known = sister_store.matches_of(connection, model.model_version)
    return StoredShots(
        shots,
        np.array([speaks.get(key, CHAMPION) for key in keys], dtype=np.int64),
        np.isin(shots["features_key"].to_numpy(), learned),
        np.array([key in known and known[key] is None for key in keys]),
    )


def whole_matches(stored: StoredShots, most: int) -> StoredShots:
    """At most so many shots: whole matches, always the same ones, by a hash of their names; one match in any case."""
    if len(stored.shots) <= most:
        return stored
    chosen, n = set[int](), 0
    for code, size in _by_hash(stored):
        if chosen and n + size > most:
            break
        chosen.add(code)
        n += size
    return stored.take(np.isin(stored.match, list(chosen)))


def _by_hash(stored: StoredShots) -> Iterator[tuple[int, int]]:
    """The number of each match and of its shots."""
    from xgoals.analysis.shots import match_labels

    match, labels = stored.match, match_labels(stored.shots).to_numpy()
    codes, first, counts = np.unique(match, return_index=True, return_counts=True)
    hashes = [blake2b(f"baselines\x1f{labels[row]}".encode(), digest_size=8).digest() for row in first]
    for place in sorted(range(len(codes)), key=hashes.__getitem__):
        yield int(codes[place]), int(counts[place])
