"""A provider's matches have come, the champion is off for them, and no training is due: its trees get a level.

What comes of it is a version like any other: registered, judged, promoted, pinned, rolled back. Its trees are those of
its parent, and so are the numbers of everybody else.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Engine

from xgoals.domain.model import CHAMPION, ModelSister, ModelVersion
from xgoals.domain.provider_level import MIN_MATCHES
from xgoals.steps.code_version import release_key
from xgoals.steps.explaining.honest import note_told_twice
from xgoals.steps.predictions import predictions
from xgoals.steps.run_context import RunContext, log
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store.derived.states import DerivedState, read_state, save_state, state_key
from xgoals.store.levels.judged import known_providers, stored_matches
from xgoals.store.levels.shared import copy_evaluation
from xgoals.store.sisters import Key, load_boosters, matches_of, read_voices, save_sisters

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.model.artifact import Boosters
    from xgoals.model.levels.learnt import LearntLevel
    from xgoals.model.levels.window import LevelledSister

STATE = "levels of providers"


def learn_levels(context: RunContext, engine: Engine) -> str | None:
    """Give the champion's trees the levels that providers need; the new version's name, or None where none needs one.

    Nothing is read where nothing has changed, or the champion knows all providers that there are.
    """
    with engine.begin() as connection:
        champion = registry.champion_name(connection)
        if champion is None:
            return None
        known = read_state(connection, STATE)
        if known is not None and known.state_key == _state_key(connection, champion):
            return _still_there(connection, known.facts["name"])
        candidates = _candidates(connection, champion)
        name = _learn(connection, context, champion, candidates) if candidates else None
        save_state(connection, STATE, DerivedState(_state_key(connection, champion), {"name": name}))
    return name


def _state_key(connection: Connection, champion: str) -> str:
    return state_key(connection, ("match", "shot", "shot_feature", "model_match"), champion, release_key())


def _still_there(connection: Connection, name: str | None) -> str | None:
    return name if name is not None and registry.has_model(connection, name) else None


def _candidates(connection: Connection, champion: str) -> list[str]:
    """The providers with enough matches; none where the champion's trees know all that is stored, being of one."""
    known, stored = known_providers(connection, champion), stored_matches(connection)
    if len(known) == 1:
        stored = {provider: n for provider, n in stored.items() if provider not in known}
    return [provider for provider, n in stored.items() if n >= MIN_MATCHES]


def _learn(connection: Connection, context: RunContext, champion: str, candidates: list[str]) -> str | None:
    note_told_twice(connection, champion)
    boosters = load_boosters(connection, champion)
    if not boosters.sisters:
        return None
    model = boosters.model
    shots = feature_store.read_features(connection, model.catalogue, model.catalogue_version)
    shots = shots[shots["provider"].isin(candidates)].reset_index(drop=True)
    if shots.empty:
        return None
    found = _needed(connection, boosters, shots)
    if not found:
        return None
    name = _name(champion, shots, found)
    if not registry.has_model(connection, name):
        _save(connection, context, boosters, name, found)
    return name


@dataclass(frozen=True)
class _New:
    """A level that was learnt, with the shots that taught it, and by whom they are told without it."""

    shots: "pd.DataFrame"
    bases: npt.NDArray[np.intp]
    learnt: "LearntLevel"


def _needed(connection: Connection, boosters: "Boosters", shots: "pd.DataFrame") -> dict[str, _New]:
    """The levels of the providers that the champion is off for, as far as they are worth it."""
    from xgoals.model.folds import match_groups
    from xgoals.model.levels.judge import judge_level
    from xgoals.model.levels.learnt import learn_level
    from xgoals.model.levels.window import provider_shots
    from xgoals.model.shots.eligible import is_judged

    model = boosters.model
    said = np.asarray(predictions(connection, model, shots).unseen, dtype=np.float64)
    bases, groups, judged = (
        _bases(connection, model.model_version, shots),
        match_groups(shots),
        is_judged(shots),
    )
    found = {}
    for provider in sorted(shots["provider"].astype(str).unique()):
        rows = np.flatnonzero((shots["provider"] == provider).to_numpy())
        counted = rows[judged.to_numpy()[rows]]
        part = shots.iloc[counted]
        now = judge_level(part, said[counted], part["is_goal"], part["match_id"])
        if not now.asks_for_a_level:
            continue
        of_provider = shots.iloc[rows]
        xg = boosters.predict(of_provider[list(model.feature_names)], bases[rows])
        learnt = learn_level(provider_shots(of_provider, groups[rows], bases[rows]), xg)
        if learnt is None or not learnt.is_worth_it:
            log.info(
                "%s is off its level, and too little is known to learn it, or it is not worth it", provider
            )
            continue
        found[provider] = _New(of_provider, bases[rows].astype(np.intp), learnt)
    return found


def _bases(connection: Connection, champion: str, shots: "pd.DataFrame") -> npt.NDArray[np.int64]:
    """Whose trees have not seen each shot's match, (n,): a sister's number, or 0."""
    voices, speakers = read_voices(connection, champion), matches_of(connection, champion)
    keys = zip(shots["provider"].astype(str), shots["match_id"].astype(str), strict=True)
    speaks = [speakers.get(key) or CHAMPION for key in keys]
    return np.array([voices.bases.get(sister, sister) for sister in speaks], dtype=np.int64)


def _name(champion: str, shots: "pd.DataFrame", found: dict[str, _New]) -> str:
    """The name of what these ingredients make."""
    from xgoals.model.training import RECIPE_VERSION, data_hash, library_versions

    data = {provider: data_hash(shots[shots["provider"] == provider]) for provider in found}
    digest = hashlib.sha256(
        json.dumps(["levels", RECIPE_VERSION, champion, data, library_versions()], sort_keys=True).encode()
    )
    return f"xg-{digest.hexdigest()[:12]}"


def _save(
    connection: Connection, context: RunContext, boosters: "Boosters", name: str, found: dict[str, _New]
) -> None:
    """Register a version: the champion's trees and sisters, its other levels, and the new ones."""
    from xgoals.model.levels.window import as_record, golden_of, levelled_sisters, speakers_of

    before, metrics = boosters.model, dict(boosters.model.metrics)
    kept = [s for s in boosters.sisters.values() if s.level is None or s.level.provider not in found]
    trees = {CHAMPION, *(s.sister for s in boosters.sisters.values() if s.level is None)}
    speakers = list(
        levelled_sisters(
            {provider: new.learnt for provider, new in found.items()},
            {provider: new.bases for provider, new in found.items()},
            {number: boosters.of(number) for number in sorted(trees)},
            after=max(boosters.sisters),
        )
    )
    new_sisters = [
        _sister(name, speaker, golden_of(speaker.booster, before.golden, before.feature_names))
        for speaker in speakers
    ]
    matches = _with_new_faces(matches_of(connection, before.model_version), boosters, found, speakers)
    for provider, new in found.items():
        who = speakers_of(provider, new.learnt, new.bases, speakers)
        of_provider = new.shots["match_id"].astype(str)
        matches |= {(provider, match_id): int(s) for match_id, s in zip(of_provider, who, strict=True)}
        log.info("%s", _told(provider, new.learnt))
    levels = metrics.get("levels", {}) | {provider: as_record(new.learnt) for provider, new in found.items()}
    model = replace(
        before,
        model_version=name,
        metrics=metrics | {"levels": levels},
        created_by_run=context.run_id,
        created_at=datetime.now(UTC),
        parent=before.parent or before.model_version,
    )
    registry.save_model(connection, model, _window(connection, before, found))
    save_sisters(connection, name, [*(replace(s, model_version=name) for s in kept), *new_sisters], matches)
    copy_evaluation(connection, name, before.model_version)


def _with_new_faces(
    matches: dict[Key, int | None],
    boosters: "Boosters",
    found: dict[str, _New],
    speakers: list["LevelledSister"],
) -> dict[Key, int | None]:
    """Who speaks for each match, where a sister with a level that is learnt anew did: who has the whole new one.

    A provider's match need not have a shot that teaches: all of them may have been taken back.
    """
    faces = {
        (one.speaks_for.provider, one.speaks_for.base): one.sister
        for one in speakers
        if one.speaks_for.fold is None
    }
    gone = {
        s.sister: faces[s.level.provider, s.level.base]
        for s in boosters.sisters.values()
        if s.level is not None and s.level.provider in found
    }
    return {key: None if sister is None else gone.get(sister, sister) for key, sister in matches.items()}


def _sister(name: str, speaker: "LevelledSister", golden: dict[str, Any]) -> ModelSister:
    booster = bytes(speaker.booster.save_raw("ubj"))
    sha256 = hashlib.sha256(booster).hexdigest()
    return ModelSister(name, speaker.sister, booster, sha256, golden, speaker.speaks_for)


def _window(connection: Connection, before: ModelVersion, found: dict[str, _New]) -> "pd.DataFrame":
    """What is said of the trees' window: as before, and with the new level of those of its shots that get one.

    Of the latest matches, too: no fold that has taught the level holds the shot.
    """
    window = registry.out_of_fold(connection, before.model_version).rename(columns={"xg_out_of_fold": "xg"})
    window = window.set_index("shot_key")
    for new in found.values():
        of_provider = new.shots.assign(xg=new.learnt.xg).set_index("shot_key")["xg"]
        told = of_provider[of_provider.index.isin(window.index)]
        window.loc[told.index, "xg"] = told
        window.loc[told.index, "xg_held_out"] = told.where(window.loc[told.index, "xg_held_out"].notna())
    return window.reset_index()


def _told(provider: str, learnt: "LearntLevel") -> str:
    level, before, after, gained = learnt.whole, learnt.before.shots, learnt.after.shots, learnt.gained
    return (
        f"a level of {provider}, learnt from {learnt.before.n_matches} matches: {level.intercept:+.3f} in log-odds, "
        f"headers {level.header:+.3f}, free kicks {level.free_kick:+.3f}; sum of xG over goals {before.value:.3f} "
        f"before, {after.value:.3f} on matches that have not taught it; log loss {gained.log_loss:+.5f} "
        f"({gained.low:+.5f} to {gained.high:+.5f})"
    )
