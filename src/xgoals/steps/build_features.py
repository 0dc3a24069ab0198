"""build_features: scenes -> the features of every shot that has none of a catalogue in use."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import Problem
from xgoals.settings import Settings
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import deliveries as delivery_store
from xgoals.store import features as feature_store
from xgoals.store import quarantine, registry
from xgoals.store.deliveries import Key

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.features.catalogue import Catalogue


def build_features(context: RunContext) -> str:
    """Compute the features of every match that has none of the present catalogue; the run's id."""
    from xgoals.features.catalogue import find_catalogue

    with writing(context, "build_features") as (engine, figures):
        n_built = 0
        for name in _catalogues_in_use(engine, context.settings):
            with engine.begin() as connection:
                n_shots = _build(connection, context.run_id, find_catalogue(name))
            log.info("%s: features of %d shots built", name, n_shots)
            n_built += n_shots
        figures["shots_built"] = n_built
    return context.run_id


def _build(connection: Connection, run_id: str, catalogue: "Catalogue") -> int:
    """Load, compute, save of one catalogue; for how many shots. What cannot be is missing, with a note."""
    from xgoals.features.notes import features_with_notes

    feature_store.save_catalogue(connection, catalogue.name, catalogue.version, catalogue.as_records())
    shots, people = feature_store.read_scenes_without_features(connection, catalogue.name, catalogue.version)
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
        used = [registry.load_model(connection, name).catalogue for name in kept]
    return list(dict.fromkeys([settings.training.catalogue, *used]))
