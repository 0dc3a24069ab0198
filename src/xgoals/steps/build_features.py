"""build_features: scenes -> the features of every shot that has none of a catalogue in use."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from xgoals.settings import Settings
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import features as feature_store
from xgoals.store import registry

if TYPE_CHECKING:
    from xgoals.features.catalogue import Catalogue


def build_features(context: RunContext) -> str:
    """Compute the features of every match that has none of the present catalogue; the run's id."""
    from xgoals.features.catalogue import find_catalogue

    with writing(context, "build_features") as (engine, figures):
        n_built = 0
        for name in _catalogues_in_use(engine, context.settings):
            with engine.begin() as connection:
                n_shots = _build(connection, find_catalogue(name))
            log.info("%s: features of %d shots built", name, n_shots)
            n_built += n_shots
        figures["shots_built"] = n_built
    return context.run_id


def _build(connection: Connection, catalogue: "Catalogue") -> int:
    """Load, compute, save of one catalogue; for how many shots. What the catalogue does not allow is missing."""
    from xgoals.features.build import OutOfRange
    from xgoals.features.build import build_features as compute
    from xgoals.features.scenes import Scenes

    feature_store.save_catalogue(connection, catalogue.name, catalogue.version, catalogue.as_records())
    shots, people = feature_store.read_scenes_without_features(connection, catalogue.name, catalogue.version)
    impossible: list[OutOfRange] = []
    features = compute(Scenes(shots, people), catalogue, out_of_range=impossible)
    for found in impossible:
        shot = shots.loc[found.row]
        log.warning("match %s, shot %s: %s; left missing", shot["match_id"], shot["shot_id"], found.sentence)
    feature_store.save_features(connection, catalogue.name, catalogue.version, shots, features)
    return len(shots)


def _catalogues_in_use(engine: Engine, settings: Settings) -> list[str]:
    """The catalogue of the next challenger, and those of champion and anchor where they are others."""
    with engine.connect() as connection:
        kept = filter(None, (registry.champion_name(connection), registry.anchor_name(connection)))
        used = [registry.load_model(connection, name).catalogue for name in kept]
    return list(dict.fromkeys([settings.training.catalogue, *used]))
