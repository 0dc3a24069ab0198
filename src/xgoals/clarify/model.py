"""The model of a job: a version of the registry, or a file."""

from dataclasses import dataclass
from pathlib import Path

import xgboost

from xgoals.clarify.model_reading import read_model_file
from xgoals.clarify.note import Note
from xgoals.domain.errors import ModelError
from xgoals.explain.forest import read_forest
from xgoals.model.model_file.soundness import own_names
from xgoals.settings import Database, Settings

CHAMPION = "champion"


@dataclass(frozen=True, slots=True)
class ClarifyModel:
    """A binary model of plain trees.

    Attributes
    ----------
    feature_names
        In its order; XGBoost's own, f0, f1, ..., where it knows none: then the columns of the data are its features in
        their order, and called as the data call them.
    origin
        Where it comes from, a sentence.
    notes
        What else there is to know of it.
    sha256
        Of its bytes, out of whatever they were packed in: which model it is, whatever it is called.
    """

    booster: xgboost.Booster
    feature_names: tuple[str, ...]
    origin: str
    notes: tuple[Note, ...] = ()
    sha256: str = ""


def is_registered(spec: str) -> bool:
    """Whether ``--model`` means a version of the registry, which takes a database, and not a file."""
    return spec == CHAMPION or not (Path(spec).exists() or Path(spec).suffix or len(Path(spec).parts) > 1)


def load_model(spec: str, settings: Settings, database: Database) -> ClarifyModel:
    """The model that ``--model`` names.

    Parameters
    ----------
    spec
        ``"champion"``, a version as ``xgoals models list`` has it, or a file (see :func:`read_model_file`).
    settings, database
        Where the registry is; a file needs neither.

    Raises
    ------
    ModelError
        If there is no such model, its bytes are not what was registered or are broken, or it is none that can be
        explained: not binary (its objective is named), gblinear, dart, categorical splits, several outputs.
    """
    return _registered(spec, settings, database) if is_registered(spec) else _from_file(spec)


def _registered(spec: str, settings: Settings, database: Database) -> ClarifyModel:
    from xgoals.model.artifact import load_booster  # a model file needs neither this nor a database
    from xgoals.store import registry
    from xgoals.store.database import connect

    with connect(settings, database).connect() as connection:
        version = registry.champion_name(connection) if spec == CHAMPION else spec
        if version is None:
            advice = "Train one (xgoals run), or name a model file"
            raise ModelError("there is no champion yet", where=f"database {database}", advice=advice)
        try:
            model = registry.load_model(connection, version)
        except ModelError as error:
            advice = "See xgoals models list; a model file is named with its ending, as model.ubj"
            raise ModelError(f"{error.what}, and no such file", where="--model", advice=advice) from None
    role = "the champion" if spec == CHAMPION else "a registered version"
    origin = (
        f"Model {version}, {role} of the database {database}, trained on {model.n_shots:,} shots from "
        f"{model.window_from} to {model.window_to}."
    )
    return _explained(load_booster(model), origin, version, model.sha256)


def _from_file(spec: str) -> ClarifyModel:
    path = Path(spec)
    if "://" in spec:
        raise ModelError(
            "models are read from files of this machine only", where=spec, advice="Download it first"
        )
    if not path.is_file():
        advice = "Name a model file of XGBoost, a version (xgoals models list), or champion"
        raise ModelError("there is no such file", where=spec, advice=advice)
    found = read_model_file(path)
    inside = f" ({found.inside} in it)" if found.inside else ""
    n_trees = len(found.content.trees)
    trees = "one tree" if n_trees == 1 else f"{n_trees:,} trees"
    origin = f"Model file {path.name}{inside}, {trees}, {found.format}."
    return _explained(found.booster, origin, spec, found.sha256, _stopped_early(found.booster))


def _explained(
    booster: xgboost.Booster, origin: str, where: str, sha256: str, notes: tuple[Note, ...] = ()
) -> ClarifyModel:
    """The model, if it is one that can be explained exactly."""
    try:
        forest = read_forest(booster)
    except ModelError as error:
        raise ModelError(error.what, where=where, advice=error.advice) from None
    names = forest.feature_names or own_names(forest.n_features)
    return ClarifyModel(booster, names, origin, notes, sha256)


def _stopped_early(booster: xgboost.Booster) -> tuple[Note, ...]:
    best, rounds = booster.attr("best_iteration"), booster.num_boosted_rounds()
    if best is None or not best.isdecimal() or int(best) + 1 >= rounds:
        return ()
    says = (
        f"The model was stopped early: the best of its {rounds} rounds was number {int(best) + 1}. All are explained, "
        "as Booster.predict asks all; an endpoint may have asked only those up to the best. To keep only these, "
        f"save booster[:{int(best) + 1}]."
    )
    return (Note("model", "otherwise", says),)
