"""The model of a job: a file of XGBoost, or a version of the registry."""

from dataclasses import dataclass
from pathlib import Path

import xgboost as xgb

from xgoals.domain.errors import ModelError, SettingsError
from xgoals.explain.forest import read_forest
from xgoals.settings import Database, Settings


@dataclass(frozen=True, slots=True)
class ClarifyModel:
    """A booster, the names of its features in its order, and where it comes from, in words."""

    booster: xgb.Booster
    feature_names: tuple[str, ...]
    origin: str


def load_model(spec: str, settings: Settings, database: Database) -> ClarifyModel:
    """A model file, or the version of that name; ``champion`` is the present one.

    Raises
    ------
    SettingsError
        If it is neither.
    ModelError
        If it is no model, or none that is binary.
    """
    if Path(spec).is_file():
        booster = xgb.Booster()
        try:
            booster.load_model(spec)
        except xgb.core.XGBoostError as error:
            raise ModelError(
                f"this is no model of XGBoost ({str(error).splitlines()[0]})", where=spec
            ) from None
        return _named(booster, f"file {Path(spec).name}")
    from xgoals.store import registry
    from xgoals.store.database import connect

    with connect(settings, database).connect() as connection:
        name = registry.champion_name(connection) if spec == "champion" else spec
        if name is None or not registry.has_model(connection, name):
            raise SettingsError(f"there is no model file and no model version {spec}")
        version = registry.load_model(connection, name)
    booster = xgb.Booster()
    booster.load_model(bytearray(version.booster))
    return _named(booster, f"version {name}")


def _named(booster: xgb.Booster, origin: str) -> ClarifyModel:
    forest = read_forest(booster)
    names = forest.feature_names or tuple(f"f{i}" for i in range(forest.n_features))
    return ClarifyModel(booster, names, origin)
