"""The shots that a champion has learned from, as they were then: what reasons are compared with, frozen with it.

So a reason depends neither on the matches that arrive later nor on what is corrected later, and the models that say
how sure it is can be fitted again from the same rows. One compressed block of bytes: some megabytes a version.
"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.errors import ModelError
from xgoals.domain.shot import BodyPart, ShotType
from xgoals.features.catalogue import Catalogue
from xgoals.features.scenes import Scenes

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MOST_SHOTS = 100_000
"""Of a longer history whole matches are left out, drawn by a hash of their names: closer neighbours tell no more, and
models of so many shots are no surer than a half of it says."""
_SHOT = ("x_m", "y_m", "pitch_length_m")
_PERSON = ("x_m", "y_m", "is_teammate", "is_keeper")
_OF_PEOPLE = {"row": np.int64, "x_m": np.float64, "y_m": np.float64, "is_teammate": bool, "is_keeper": bool}


@dataclass(frozen=True)
class FrozenWindow:
    """What a champion has learned from, ordered by provider, match and shot id.

    Attributes
    ----------
    scenes
        n shots with their people; of the columns of shots ``x_m, y_m, pitch_length_m, body_part, shot_type``.
    features
        In the order of the model's catalogue, (n, p).
    is_goal
        (n,).
    shot_key
        (n,): the numbers that the shots are stored under.
    match
        Which of ``matches`` each shot belongs to, (n,).
    matches
        Names of real matches: one that two feeds tell is one.
    """

    scenes: Scenes
    features: FloatArray
    is_goal: npt.NDArray[np.bool_]
    shot_key: IntArray
    match: IntArray
    matches: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.shot_key)

    @cached_property
    def is_penalty(self) -> npt.NDArray[np.bool_]:
        """Whether each is a penalty, (n,)."""
        return self.scenes.is_word("shot_type", ShotType.PENALTY)

    @cached_property
    def pool(self) -> "FrozenWindow":
        """The shots that others are compared with: no penalties, with a keeper and somebody else in the frame.

        Of a window without any keeper, all that have a place: they are compared by place and strike alone.
        """
        has_keeper = np.isfinite(self.placed.scenes.keeper_xy_m[0])
        return self.placed.take(np.flatnonzero(has_keeper)) if has_keeper.any() else self.placed

    @cached_property
    def placed(self) -> "FrozenWindow":
        """The same whoever is in the frame: no penalties."""
        is_placed = np.isfinite(self.scenes.column("x_m"))
        return self.take(np.flatnonzero(is_placed & ~self.is_penalty))

    def pool_for(self, catalogue: Catalogue) -> "FrozenWindow":
        """The shots that a model of this catalogue compares with; one that asks for nobody needs nobody in frames."""
        return self.pool if catalogue.asks_for_people else self.placed

    def take(self, rows: npt.NDArray[np.intp]) -> "FrozenWindow":
        """Some of the shots, in this order."""
        position = np.full(len(self), -1)
        position[rows] = np.arange(len(rows))
        of_person = position[self.scenes.people["row"].to_numpy()]
        stays = of_person >= 0
        people = self.scenes.people[stays].assign(row=of_person[stays]).sort_values("row", kind="stable")
        scenes = Scenes(self.scenes.shots.iloc[rows].reset_index(drop=True), people.reset_index(drop=True))
        return FrozenWindow(
            scenes,
            self.features[rows],
            self.is_goal[rows],
            self.shot_key[rows],
            self.match[rows],
            self.matches,
        )

    def packed(self) -> bytes:
        """As bytes, the same for the same shots."""
        shots, people = self.scenes.shots, self.scenes.people
        arrays: dict[str, npt.NDArray[Any]] = {
            "features": self.features, "is_goal": self.is_goal, "shot_key": self.shot_key, "match": self.match,
            "matches": np.array(self.matches, dtype=np.str_),
            "body_part": _codes(shots["body_part"], tuple(BodyPart)),
            "shot_type": _codes(shots["shot_type"], tuple(ShotType)),
            "person_row": people["row"].to_numpy(dtype=np.int32),
        }  # fmt: skip
        arrays |= {f"shot_{name}": shots[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in _SHOT}
        arrays |= {f"person_{name}": people[name].to_numpy() for name in _PERSON}
        file = io.BytesIO()
        np.savez_compressed(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def unpacked(cls, content: bytes, sha256: str) -> "FrozenWindow":
        """What :meth:`packed` made.

        Raises
        ------
        ModelError
            If these are other bytes, or none that :meth:`packed` makes.
        """
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _other_bytes()
        try:
            return cls._read(content)
        except (ValueError, KeyError, IndexError, TypeError, EOFError, OSError, OverflowError, MemoryError,
                NotImplementedError, zipfile.BadZipFile, zlib.error, struct.error) as error:  # fmt: skip
            raise _other_bytes() from error

    @classmethod
    def _read(cls, content: bytes) -> "FrozenWindow":
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            shots = pd.DataFrame({name: arrays[f"shot_{name}"] for name in _SHOT})
            shots["body_part"] = _words(arrays["body_part"], tuple(BodyPart))
            shots["shot_type"] = _words(arrays["shot_type"], tuple(ShotType))
            people = pd.DataFrame({"row": arrays["person_row"].astype(np.int64)})
            for name in _PERSON:
                people[name] = arrays[f"person_{name}"]
            return cls(
                Scenes(shots, people),
                arrays["features"],
                arrays["is_goal"],
                arrays["shot_key"],
                arrays["match"],
                tuple(arrays["matches"].tolist()),
            )


def _other_bytes() -> ModelError:
    return ModelError(
        "the stored reference shots are not those that were frozen with the model",
        where="model_reference",
        advice="The next run that brings something new freezes them anew; a backup has them as they were",
    )


def freeze(
    shots: pd.DataFrame, people: pd.DataFrame, features: FloatArray, match: Sequence[str]
) -> FrozenWindow:
    """Freeze a window of matches, whatever order its shots come in.

    Parameters
    ----------
    shots
        ``provider, match_id, shot_id, shot_key, is_goal, x_m, y_m, pitch_length_m, body_part, shot_type``, n rows.
    people
        ``row, x_m, y_m, is_teammate, is_keeper``.
    features
        (n, p).
    match
        The name of the real match that each shot belongs to, (n,).
    """
    names, codes = np.unique(np.array(match, dtype=np.str_), return_inverse=True)
    counts = np.bincount(codes, minlength=len(names))
    drawn = np.array(
        [int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") for name in names]
    )
    by_hash = np.argsort(drawn, kind="stable")
    fits = np.zeros(len(names), dtype=bool)
    fits[by_hash] = np.cumsum(counts[by_hash]) <= max(MOST_SHOTS, counts.max(initial=0))
    order = np.lexsort([shots[name].astype(str).to_numpy() for name in ("shot_id", "match_id", "provider")])
    plain = shots[[*_SHOT, "body_part", "shot_type"]].reset_index(drop=True)
    window = FrozenWindow(
        Scenes(plain, people.astype(_OF_PEOPLE)),  # of nobody, a database says no type
        features,
        shots["is_goal"].to_numpy(dtype=bool),
        shots["shot_key"].to_numpy(dtype=np.int64),
        codes.astype(np.int64),
        tuple(names.tolist()),
    )
    return window.take(order[fits[codes[order]]])


def _codes(words: pd.Series, known: Sequence[str]) -> npt.NDArray[np.int8]:
    code = {str(word): code for code, word in enumerate(known)}
    return np.array([code.get(str(word), -1) for word in words], dtype=np.int8)


def _words(codes: npt.NDArray[np.int8], known: Sequence[str]) -> Any:
    return pd.Categorical.from_codes(codes, categories=pd.Index([str(word) for word in known]))
