"""build_features: scenes -> the features of every shot that has none of a catalogue in use."""

import traceback
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import Problem
from xgoals.features.catalogue import Catalogue, find_catalogue
from xgoals.settings import Settings
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import deliveries as delivery_store
from xgoals.store import features as feature_store
from xgoals.store import quarantine, registry
from xgoals.store.deliveries import Key
from xgoals.store.derived_states import DerivedState, read_state, save_state, state_key

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.features.build import FailedFormula, OutOfRange


def build_features(context: RunContext) -> str:
    """Compute the features of every match that has none of a catalogue in use; the run's id.

    Where no shot has changed since they were computed last, no shot is looked at.
    """
    with writing(context, "build_features") as (engine, figures):
        names = _catalogues_in_use(engine, context.settings)
        with engine.connect() as connection:
            is_news = any(not _is_built(connection, find_catalogue(name)) for name in names)
        figures["shots_built"] = _build_all(engine, context.run_id, names) if is_news else 0
        log.info("features of %d shots built", figures["shots_built"])
    return context.run_id


def count_built(connection: Connection, catalogue: Catalogue) -> int:
    """How many shots have features of a catalogue; nothing is counted where nothing has changed since that was done."""
    known = read_state(connection, _state_name(catalogue))
    if known is not None and known.state_key == _state_key(connection, catalogue):
        return int(known.facts["n_shots"])
    return feature_store.count_features(connection, catalogue.name, catalogue.version)


def _state_name(catalogue: Catalogue) -> str:
    return f"features of {catalogue.name}"


def _state_key(connection: Connection, catalogue: Catalogue) -> str:
    return state_key(connection, ("shot", "shot_feature"), catalogue.name, catalogue.version)


def _is_built(connection: Connection, catalogue: Catalogue) -> bool:
    known = read_state(connection, _state_name(catalogue))
    return known is not None and known.state_key == _state_key(connection, catalogue)


def _build_all(engine: Engine, run_id: str, names: list[str]) -> int:
    """Build catalogue by catalogue, some thousand matches a transaction; for how many shots."""
    n_built = 0
    for name in names:
        n_shots = -1
        while n_shots:
            with engine.begin() as connection:
                n_shots = _build(connection, run_id, find_catalogue(name))
            n_built += n_shots
            log.info("%s: features of %d shots built", name, n_shots)
    with engine.begin() as connection:  # after the last: each catalogue's rows stand in the same table
        for catalogue in map(find_catalogue, names):
            n_shots = feature_store.count_features(connection, catalogue.name, catalogue.version)
            state = DerivedState(_state_key(connection, catalogue), {"n_shots": n_shots})
            save_state(connection, _state_name(catalogue), state)
    return n_built


def _build(connection: Connection, run_id: str, catalogue: Catalogue) -> int:
    """Load, compute, save of some matches; for how many shots. What cannot be is missing, with a note."""
    feature_store.save_catalogue(connection, catalogue.name, catalogue.version, catalogue.as_records())
    shots, people = feature_store.read_scenes_without_features(connection, catalogue.name, catalogue.version)
    if shots.empty:
        return 0
    features, notes = compute(shots, people, catalogue)
    for note in notes:
        log.warning("match %s, %s: %s; left missing", note.match_id, note.place, note.reason)
    feature_store.save_features(connection, catalogue.name, catalogue.version, shots, features)
    _quarantine(connection, run_id, shots, notes)
    return len(shots)


def compute(
    shots: "pd.DataFrame", people: "pd.DataFrame", catalogue: "Catalogue"
) -> "tuple[pd.DataFrame, list[Problem]]":
    """The features of shots, whatever they hold, and a note on each value that is missing for what it was.

    All at once; where a formula fails over them, match by match, so that it is missing in the match that it fails over.
    """
    from xgoals.features.build import FailedFormula, OutOfRange
    from xgoals.features.build import build_features as build
    from xgoals.features.scenes import Scenes

    impossible, failed = list[OutOfRange](), list[FailedFormula]()
    features = build(Scenes(shots, people), catalogue, out_of_range=impossible, failed=failed)
    if failed and len(shots[["provider", "match_id"]].drop_duplicates()) > 1:
        return _match_by_match(shots, people, catalogue)
    notes = [_impossible(shots.loc[found.row], found) for found in impossible]
    notes += [_failed(shots.iloc[0], formula) for formula in failed]
    return features, notes


def _match_by_match(
    shots: "pd.DataFrame", people: "pd.DataFrame", catalogue: "Catalogue"
) -> "tuple[pd.DataFrame, list[Problem]]":
    import numpy as np
    import pandas as pd

    parts, notes = list[pd.DataFrame](), list[Problem]()
    rows = people["row"].to_numpy()
    for index in shots.groupby(["provider", "match_id"], sort=False).groups.values():
        at = shots.index.get_indexer(index)
        of_match = people[np.isin(rows, at)]
        of_match = of_match.assign(row=np.searchsorted(at, of_match["row"].to_numpy()))
        features, told = compute(shots.loc[index], of_match, catalogue)
        parts.append(features)
        notes += told
    return pd.concat(parts).loc[shots.index], notes


def _impossible(shot: "pd.Series[Any]", found: "OutOfRange") -> Problem:
    advice = "It is left missing; check the positions of this shot where the file comes from"
    return _note(shot, found.feature.name, found.sentence, advice, str(shot["shot_id"]), f"{found.value:g}")


def _failed(shot: "pd.Series[Any]", formula: "FailedFormula") -> Problem:
    log.warning("match %s: %s", shot["match_id"], formula.feature.name, exc_info=formula.error)
    last_line = traceback.format_exception_only(formula.error)[-1].strip()
    reason = f"{formula.feature.name} cannot be computed for this match: {last_line}"
    return _note(
        shot, formula.feature.name, reason, "It is missing for all of its shots; report this sentence"
    )


def _note(
    shot: "pd.Series[Any]",
    field: str,
    reason: str,
    advice: str,
    shot_id: str | None = None,
    value: str | None = None,
) -> Problem:
    """``path`` is found when it is stored: the scene has none."""
    place = field if shot_id is None else f"shot {shot_id}, {field}"
    return Problem(
        "", reason, advice, str(shot["match_id"]), place, provider=str(shot["provider"]), shot_id=shot_id, field=field,
        value=value,
    )  # fmt: skip


def _quarantine(connection: Connection, run_id: str, shots: "pd.DataFrame", notes: Sequence[Problem]) -> None:
    """The notes on these matches take the place of those from before; most matches have neither."""
    of_match: defaultdict[Key, list[Problem]] = defaultdict(list)
    for note in notes:
        of_match[note.provider or "", note.match_id or ""].append(note)
    built = set(shots[["provider", "match_id"]].itertuples(index=False, name=None))
    for key in sorted(of_match.keys() | (built & quarantine.matches_noted_by(connection, "build_features"))):
        feed, path = delivery_store.events_file(connection, key)
        placed = [replace(note, path=path) for note in of_match[key]]
        provider, match_id = key
        quarantine.save_problems(
            connection, feed, provider, match_id, placed, run_id=run_id, step="build_features"
        )


def _catalogues_in_use(engine: Engine, settings: Settings) -> list[str]:
    """The catalogue of the next challenger, and those of champion and anchor where they are others."""
    with engine.connect() as connection:
        kept = filter(None, (registry.champion_name(connection), registry.anchor_name(connection)))
        used = [registry.catalogue_of_model(connection, name) for name in kept]
    return list(dict.fromkeys([settings.training.catalogue, *used]))
