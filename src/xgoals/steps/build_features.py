"""build_features: scenes -> the features of every shot that has none of a catalogue in use."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import Problem
from xgoals.features.catalogue import Catalogue, find_catalogue
from xgoals.settings import Settings
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store.arrivals import deliveries as delivery_store
from xgoals.store.arrivals import quarantine
from xgoals.store.arrivals.deliveries import Key
from xgoals.store.derived.states import DerivedState, read_state, save_state, state_key

if TYPE_CHECKING:
    import pandas as pd


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
    from xgoals.features.notes import features_with_notes

    feature_store.save_catalogue(connection, catalogue.name, catalogue.version, catalogue.as_records())
    shots, people = feature_store.read_scenes_without_features(connection, catalogue.name, catalogue.version)
    if shots.empty:
        return 0
    features, notes = features_with_notes(shots, people, catalogue)
    for note in notes:
        log.warning("match %s, %s: %s; left missing", note.match_id, note.place, note.reason)
    feature_store.save_features(connection, catalogue.name, catalogue.version, shots, features)
    _quarantine(connection, run_id, shots, notes)
    return len(shots)


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
