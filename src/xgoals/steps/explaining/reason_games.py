"""The games behind the reasons of a model's published numbers, match by match, as they are stored."""

import hashlib
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost
from sqlalchemy import Connection, Engine

from xgoals.domain.errors import ModelError
from xgoals.domain.model import ModelVersion
from xgoals.features.catalogue import Catalogue, find_catalogue
from xgoals.features.scenes import Scenes
from xgoals.model.artifact import Boosters, stored_booster
from xgoals.model.folds import match_groups
from xgoals.model.seen.support import FEW, Support
from xgoals.reasons.actors import Actors, actors
from xgoals.reasons.from_there import Compared
from xgoals.reasons.frozen import FrozenWindow, freeze
from xgoals.reasons.judges import Judge, as_judge
from xgoals.reasons.of_shots import Reasons, compare, reasons_of
from xgoals.reasons.refits import Halving, can_be_halved, fit_halvings
from xgoals.steps.run_context import log
from xgoals.store import registry
from xgoals.store import sisters as sister_store
from xgoals.store.reasons import given as store
from xgoals.store.reasons import judged_by
from xgoals.store.reasons.judged_by import StoredReference, StoredRefit

SHOTS_AT_ONCE = 512
"""Of whole matches, so many shots are given reasons in one transaction."""
LARGE_ENOUGH = 0.01
"""Only of actors whose absence changes this much it is asked whether the scene without them is ordinary."""
_SAME_XG = 1e-5
"""XGBoost predicts in single precision; beyond this it is another model's number, or another scene's."""


def freeze_window(connection: Connection, model_version: str) -> None:
    """Keep what a champion has learned from, unless that is kept already or its features are no longer built."""
    if judged_by.load_reference(connection, model_version) is None:
        _freeze(connection, model_version)


def frozen_window(connection: Connection, model_version: str) -> tuple[FrozenWindow, float] | None:
    """What was frozen with a champion, and its mean xG; frozen anew where that is not what is stored any more.

    None where nothing was frozen, or cannot be again.
    """
    try:
        return stored_window(connection, model_version)
    except ModelError as error:
        log.warning("%s (%s); they are frozen anew, as they are now", error.what, model_version)
        judged_by.forget_reference(connection, model_version)
        return _freeze(connection, model_version)


def _freeze(connection: Connection, model_version: str) -> tuple[FrozenWindow, float] | None:
    found = window_now(connection, model_version)
    if found is None:
        return None
    window, average = found
    content = window.packed()
    stored = StoredReference(content, hashlib.sha256(content).hexdigest(), average)
    judged_by.save_reference(connection, model_version, stored, len(window))
    log.info("%d shots frozen: what reasons of %s are compared with", len(window), model_version)
    return found


def window_now(connection: Connection, model_version: str) -> tuple[FrozenWindow, float] | None:
    """What a champion has learned from, as it is stored today, and its mean xG; None where there is nothing.

    Nothing is where its features are no longer built, or its shots are gone.
    """
    model = registry.load_model(connection, model_version)
    if find_catalogue(model.catalogue).version != model.catalogue_version:
        return None
    shots, people, features = judged_by.read_window(connection, model)
    if shots.empty:
        return None
    window = freeze(shots, people, features, _names(shots, real_matches(connection, model_version)))
    counted = ~shots["shot_type"].eq("penalty").to_numpy()
    return window, float(shots.loc[counted, "xg_out_of_fold"].mean())


def stored_window(connection: Connection, model_version: str) -> tuple[FrozenWindow, float] | None:
    """What was frozen with a champion, and its mean xG; None where nothing was.

    Raises
    ------
    ModelError
        If it is not what was frozen.
    """
    stored = judged_by.load_reference(connection, model_version)
    return (
        None if stored is None else (FrozenWindow.unpacked(stored.content, stored.sha256), stored.average_xg)
    )


def real_matches(
    connection: Connection, model_version: str, window: Collection[str] = ()
) -> dict[tuple[str, str], str]:
    """The name of every stored match: where two feeds tell of one, they share a name.

    Parameters
    ----------
    window
        Names that are in use already: what a frozen window calls its matches.
    """
    matches = pd.DataFrame(
        [asdict(match) for match in sister_store.read_known_matches(connection, model_version)]
    )
    own = (matches["provider"] + "/" + matches["match_id"]).to_numpy()
    group, in_use = match_groups(matches), frozenset(window)
    order = sorted(range(len(own)), key=lambda row: (own[row] not in in_use, own[row]))
    named: dict[int, str] = {}
    for row in order:
        named.setdefault(int(group[row]), own[row])
    keys = zip(matches["provider"], matches["match_id"], strict=True)
    return {key: named[int(number)] for key, number in zip(keys, group, strict=True)}


def _names(shots: pd.DataFrame, matches: Mapping[tuple[str, str], str]) -> list[str]:
    return [matches[key] for key in zip(shots["provider"], shots["match_id"], strict=True)]


@dataclass(frozen=True)
class GivesReasons:
    """A model that gives reasons for the numbers that it has published."""

    engine: Engine
    model_version: str

    def until(self, deadline: float | None) -> tuple[int, int]:
        """Give reasons until a time (of ``time.monotonic``): for how many shots, and how many are left."""
        with self.engine.connect() as connection:
            due = store.due_shots(connection, self.model_version)
        if due.empty or self._frozen is None:
            return 0, 0
        n_given = n_asked = 0
        for part in _matches_of(due):
            if deadline is not None and n_asked and time.monotonic() > deadline:
                break
            with self.engine.begin() as connection:
                n_given += self._give(connection, part)
            n_asked += len(part)
        return n_given, len(due) - n_given

    @cached_property
    def _boosters(self) -> Boosters:
        with self.engine.connect() as connection:
            return sister_store.load_boosters(connection, self.model_version)

    @property
    def _model(self) -> ModelVersion:
        return self._boosters.model

    def _of(self, sister: int) -> xgboost.Booster:
        return as_judge(self._boosters.of(sister))

    @cached_property
    def _matches(self) -> dict[tuple[str, str], str]:
        with self.engine.connect() as connection:
            return real_matches(connection, self.model_version, self._reference[0].matches)

    @cached_property
    def _frozen(self) -> tuple[FrozenWindow, float] | None:
        with self.engine.begin() as connection:
            return frozen_window(connection, self.model_version)

    @property
    def _reference(self) -> tuple[FrozenWindow, float]:
        """The frozen window, and the mean xG of its shots."""
        assert self._frozen is not None  # noqa: S101  (until() has looked)
        return self._frozen

    @cached_property
    def _halvings(self) -> list[Halving]:
        """The refits: stored ones, or fitted now where there are none or they are not what was stored."""
        window = self._reference[0]
        with self.engine.connect() as connection:
            if found := stored_halvings(connection, self.model_version):
                return found
        if not can_be_halved(window):
            log.info("too few goals to halve the matches: reasons come without saying how sure they are")
            return []
        began = time.monotonic()
        found = list(fit_halvings(window, self._model.feature_names, self._model.parameters))
        with self.engine.begin() as connection:
            judged_by.save_refits(connection, self.model_version, _as_refits(found))
        log.info("%d refits fitted in %.1f s", 2 * len(found), time.monotonic() - began)
        return found

    @cached_property
    def _support(self) -> Support:
        return support_of_references(self._reference[0], find_catalogue(self._model.catalogue))

    def _give(self, connection: Connection, due: pd.DataFrame) -> int:
        """Give and store the reasons of some matches' shots; of how many.

        A shot of which the model does not say what it has published gets none: it is told, and asked anew next time.
        """
        n_features, (window, average_xg) = len(self._model.feature_names), self._reference
        shots, people, features = judged_by.read_scenes(connection, due["features_key"], n_features)
        names = _names(shots, self._matches)
        scenes = Scenes(shots, people)
        compared = compare(scenes, features, names, window, find_catalogue(self._model.catalogue))
        sisters = np.unique(due["sister"])
        judge = Judge([self._of(sister) for sister in sisters], np.searchsorted(sisters, due["sister"]))
        reasons = reasons_of(
            compared, names, judge, average_xg, self._halvings, published=due["xg"].to_numpy()
        )
        found = actors(compared, judge)
        is_as_published = np.abs(reasons.xg - due["xg"].to_numpy()) <= _SAME_XG
        if not is_as_published.all():
            _warn_of_another_xg(self.model_version, shots, reasons.xg, due["xg"].to_numpy(), ~is_as_published)
        given = np.flatnonzero(is_as_published)
        rows = self._rows(due, given, reasons, compared, found, people["person_n"].to_numpy(), average_xg)
        store.save_reasons(connection, self.model_version, rows)
        matches = shots[["provider", "match_id"]].iloc[given].drop_duplicates()
        store.owe_pages(connection, list(matches.itertuples(index=False, name=None)))
        return len(given)

    def _rows(
        self,
        due: pd.DataFrame,
        given: npt.NDArray[np.intp],
        reasons: Reasons,
        compared: Compared,
        found: Actors,
        person_n: npt.NDArray[np.int64],
        average_xg: float,
    ) -> list[dict[str, Any]]:
        references = compared.references
        pool = self._reference[0].pool_for(compared.catalogue)
        is_ordinary = without_is_ordinary(found, self._support, self._model.feature_names)
        features_keys, xg = due["features_key"].to_numpy(), due["xg"].to_numpy()
        rows = []
        for i in given:
            known = references.is_known[i]
            of_shot = slice(*np.searchsorted(found.shot, [i, i + 1]))
            sure, is_penalty = reasons.sure, bool(reasons.is_penalty[i])
            rows.append(
                {
                    "features_key": int(features_keys[i]),
                    "xg": float(xg[i]),
                    "average_xg": average_xg,
                    "parts": reasons.parts[i].tolist(),
                    "sd": sure.sd[i].tolist(),
                    "same_sign": sure.same_sign[i].tolist(),
                    "first": None if is_penalty else int(sure.first[i]),
                    "held": 0 if is_penalty else int(sure.held[i]),
                    "n_refits": len(reasons.refitted),
                    "reference_keys": pool.shot_key[references.rows[i][known]].tolist(),
                    "farthest_m": float(references.distance_m[i][known].max()) if known.any() else None,
                    "empty_xg": _number(found.empty_xg[i]),
                    "actors": _actors(found, of_shot, person_n, is_ordinary),
                }
            )
        return rows


def _warn_of_another_xg(
    model_version: str,
    shots: pd.DataFrame,
    xg: npt.NDArray[np.float64],
    published: npt.NDArray[np.float64],
    which: npt.NDArray[np.bool_],
) -> None:
    """Say of how many shots the model gives another xG than it has published, and name the first."""
    first = int(np.flatnonzero(which)[0])
    log.warning(
        "no reasons for %d of the shots, the first %s of match %s: %s gives it xG %.4f, and %.4f is published. What "
        "is stored was changed from outside: restore a backup, or train anew: xgoals train, xgoals register",
        int(which.sum()), shots["shot_id"].iloc[first], shots["match_id"].iloc[first], model_version, xg[first],
        published[first],
    )  # fmt: skip


def support_of_references(window: FrozenWindow, catalogue: Catalogue) -> Support:
    """What a model has seen of shots with their people: whether a scene without somebody is one that occurs."""
    return Support.of(
        pd.DataFrame(window.pool_for(catalogue).features, columns=list(catalogue.names)), catalogue
    )


def without_is_ordinary(found: Actors, support: Support, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Whether a model has seen scenes like the one without each actor; asked only where it matters."""
    result = np.ones(len(found.shot), dtype=bool)
    asked = np.flatnonzero(~found.is_keeper & (np.abs(found.removed) >= LARGE_ENOUGH))
    result[asked] = support.alike(pd.DataFrame(found.without[asked], columns=list(names))) >= FEW
    return result


def _actors(
    found: Actors, rows: slice, person_n: npt.NDArray[np.int64], is_ordinary: npt.NDArray[np.bool_]
) -> Iterator[dict[str, Any]]:
    columns = (
        person_n[found.person[rows]],
        *(
            column[rows]
            for column in (found.is_keeper, found.player, found.value, found.removed, is_ordinary)
        ),
    )
    names = ("person_n", "is_keeper", "player_n", "value", "removed_xg", "is_ordinary")
    return (dict(zip(names, row, strict=True)) for row in zip(*(c.tolist() for c in columns), strict=True))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _matches_of(due: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Whole matches, in their order, about as many shots at once as ``SHOTS_AT_ONCE``."""
    number = due.groupby(["provider", "match_id"], sort=False).ngroup().to_numpy()
    starts = np.flatnonzero(np.r_[True, number[1:] != number[:-1]])
    begin = 0
    for start in [*starts[1:], len(due)]:
        if start - begin >= SHOTS_AT_ONCE or start == len(due):
            yield due.iloc[begin:start].reset_index(drop=True)
            begin = start


def stored_halvings(connection: Connection, model_version: str) -> list[Halving]:
    """The stored refits as they judge; none where a half is missing, or its bytes are others or no model."""
    stored = list(judged_by.load_refits(connection, model_version))
    if any(not of.is_sealed or hashlib.sha256(of.booster).hexdigest() != of.sha256 for of in stored):
        return []
    found = []
    for first, second in zip(stored[::2], stored[1::2], strict=False):
        if (first.refit, first.half, second.refit, second.half) != (second.refit, 1, first.refit, 2):
            return []
        try:
            boosters = [
                as_judge(stored_booster(of.booster, "a refit", "model_refit")) for of in (first, second)
            ]
        except ModelError:
            return []
        found.append(Halving(first.refit, first.cut, (boosters[0], boosters[1]), first.average_xg))
    return found


def _as_refits(halvings: Sequence[Halving]) -> Iterator[StoredRefit]:
    for halving in halvings:
        for half, booster in enumerate(halving.boosters, start=1):
            content = bytes(booster.save_raw("ubj"))
            sha256 = hashlib.sha256(content).hexdigest()
            yield StoredRefit(halving.number, half, halving.cut, halving.average_xg, content, sha256)
