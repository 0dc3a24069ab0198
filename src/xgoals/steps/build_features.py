"""build_features: scenes -> the features of every shot that has none of a catalogue in use."""

from sqlalchemy import Connection, Engine

from xgoals.features.catalogue import Catalogue, find_catalogue
from xgoals.settings import Settings
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import features as feature_store
from xgoals.store import registry
from xgoals.store.derived.states import DerivedState, read_state, save_state, state_key


def build_features(context: RunContext) -> str:
    """Compute the features of every match that has none of a catalogue in use; the run's id.

    Where no shot has changed since they were computed last, no shot is looked at.
    """
    with writing(context, "build_features") as (engine, figures):
        names = _catalogues_in_use(engine, context.settings)
        with engine.connect() as connection:
            is_news = any(not _is_built(connection, find_catalogue(name)) for name in names)
        figures["shots_built"] = _build_all(engine, names) if is_news else 0
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


def _build_all(engine: Engine, names: list[str]) -> int:
    """Build catalogue by catalogue, some thousand matches a transaction; for how many shots."""
    n_built = 0
    for name in names:
        n_shots = -1
        while n_shots:
            with engine.begin() as connection:
                n_shots = _build(connection, find_catalogue(name))
            n_built += n_shots
            log.info("%s: features of %d shots built", name, n_shots)
    with (
        engine.begin() as connection
    ):  # after the last of them: each catalogue's rows stand in the same table
        for catalogue in map(find_catalogue, names):
            n_shots = feature_store.count_features(connection, catalogue.name, catalogue.version)
            state = DerivedState(_state_key(connection, catalogue), {"n_shots": n_shots})
            save_state(connection, _state_name(catalogue), state)
    return n_built


def _build(connection: Connection, catalogue: Catalogue) -> int:
    """Load, compute, save of some matches; for how many shots. What the catalogue does not allow is missing."""
    from xgoals.features.build import OutOfRange
    from xgoals.features.build import build_features as compute
    from xgoals.features.scenes import Scenes

    feature_store.save_catalogue(connection, catalogue.name, catalogue.version, catalogue.as_records())
    shots, people = feature_store.read_scenes_without_features(connection, catalogue.name, catalogue.version)
    if shots.empty:
        return 0
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
        used = [registry.catalogue_of_model(connection, name) for name in kept]
    return list(dict.fromkeys([settings.training.catalogue, *used]))
