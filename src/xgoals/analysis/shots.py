"""The frame of shots that every statistic starts from, and the few ways to cut it.

One row a shot: identity, place, outcome, ``xg`` (the number that was published), ``xg_out_of_fold`` (the
prediction of a model that has not seen the match; every figure of quality uses it), the features by name,
and ``shap_<feature>`` for each. Penalties are scored and explained, and stay outside every metric and summary.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.model.shots.eligible import is_sharp_by_features

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Model = Mapping[str, Any]
"""What is known of a model: ``features`` (see :class:`Feature`), ``space`` of its attributions, ``baseline``, ..."""


class Feature(TypedDict):
    """A feature as a model's catalogue defines it (see :class:`xgoals.features.catalogue.Feature`)."""

    name: str
    label: str
    unit: str
    kind: str
    group: str
    definition: str
    categories: Mapping[int, str] | None


IDENTITY = (
    *("provider", "match_id", "shot_id", "competition", "season", "match_date"),
    *("home_team", "away_team", "team", "opponent", "player", "minute"),
    *("x_m", "y_m", "pitch_length_m", "pitch_width_m", "is_goal", "is_penalty"),
    *("provider_xg", "xg", "xg_out_of_fold", "is_held_out", "base_value", "is_simulated"),
)
"""Columns of every frame of shots, beside the features and their attributions."""


def validate_shots(shots: pd.DataFrame, model: Model) -> None:
    """Refuse a frame that lacks a column, and attributions whose unit nobody knows.

    Raises
    ------
    ValueError
        Naming the missing columns, or the unknown space.
    """
    if model["space"] not in ("log_odds", "probability"):
        raise ValueError(f"attributions in an unknown space: {model['space']!r}")
    names = feature_names(model)
    wanted = [*IDENTITY, *names, *(f"shap_{name}" for name in names)]
    missing = [column for column in wanted if column not in shots.columns]
    if missing:
        raise ValueError(f"the frame of shots lacks {', '.join(missing)}")


def feature_names(model: Model) -> list[str]:
    """Names of the model's features, in the catalogue's order."""
    return [feature["name"] for feature in model["features"]]


def features_by_name(model: Model) -> dict[str, Feature]:
    """The model's features, name -> definition, in the catalogue's order."""
    return {feature["name"]: feature for feature in model["features"]}


def knows_positions(shot: Mapping[Any, Any], model: Model) -> bool:
    """Whether a model knows where anybody but the shooter stood; of a penalty nobody has to.

    Parameters
    ----------
    shot
        ``is_penalty`` and the model's features by name, missing where the feed does not say what they rest on.
    """
    asked = (feature for feature in model["features"] if feature["group"] in ("keeper", "opponents"))
    return bool(shot["is_penalty"]) or any(number_or_none(shot[of["name"]]) is not None for of in asked)


def without_penalties(shots: pd.DataFrame) -> pd.DataFrame:
    """The shots that metrics and summaries speak of."""
    return shots[~shots["is_penalty"].astype(bool)]


def rated(shots: pd.DataFrame) -> pd.DataFrame:
    """The shots that figures of quality are over, those with a prediction by a model that has not seen their match.

    Penalties are not, nor free and corner kicks from a sharp angle (:mod:`xgoals.model.shots.eligible`).
    """
    cut = without_penalties(shots)
    return cut[cut["xg_out_of_fold"].notna() & ~is_sharp_by_features(cut)]


def attributions(shots: pd.DataFrame, names: Sequence[str]) -> FloatArray:
    """Values of the named features, shape (shots, features), in the model's space."""
    return shots[[f"shap_{name}" for name in names]].to_numpy(dtype=np.float64)


def group_columns(shots: pd.DataFrame) -> list[str]:
    """Names of the groups whose own Shapley values the frame holds (columns ``group_<name>``)."""
    return [column.removeprefix("group_") for column in shots.columns if column.startswith("group_")]


def match_codes(shots: pd.DataFrame) -> npt.NDArray[np.intp]:
    """The match of each shot as a number from 0, shape (shots,)."""
    return pd.factorize(match_labels(shots))[0]


def match_labels(shots: pd.DataFrame) -> "pd.Series[str]":
    """The match of each shot in a word: ``provider:id`` where ``provider`` is told, else the id."""
    match = shots["match_id"].astype(str)
    return shots["provider"].astype(str) + ":" + match if "provider" in shots else match


def n_matches(shots: pd.DataFrame) -> int:
    """Of how many matches shots are."""
    return int(match_labels(shots).nunique())


def season_label(shots: pd.DataFrame) -> "pd.Series[str]":
    """Competition and season of each shot; the season alone where there is one competition."""
    season = shots["season"].astype(str)
    if shots["competition"].nunique() < 2:
        return season
    return shots["competition"].astype(str) + " " + season


def floats(column: "pd.Series[Any]") -> FloatArray:
    """A column as floats, missing values as NaN."""
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def number_or_none(value: Any) -> float | None:
    """One cell as a number; None where it is missing or not finite."""
    return None if value is None or pd.isna(value) or math.isinf(value) else float(value)


def text_or_empty(value: Any) -> str:
    """One cell as a text; empty where it is missing."""
    return "" if value is None or pd.isna(value) else str(value)
