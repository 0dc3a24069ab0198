"""Single shots worth looking at, and one shot as a dict that a picture, a sentence and a card can use."""

import math
from typing import Any

import numpy as np
import pandas as pd

from xgoals.report.shot_frame import Facts, Model, group_columns, without_penalties

GROUPS = ("place", "keeper", "opponents", "execution", "situation")


def base_values(shots: pd.DataFrame, model: Model) -> Facts:
    """The three numbers that are called "the average", each by its own name.

    Returns
    -------
    dict
        ``goal_rate`` (goals per shot), ``mean_prediction`` (mean xG of the same shots),
        ``prediction_at_baseline`` (xG of the baseline row: where every explanation starts), all probabilities,
        the first two None where not known;
        ``start``: the last in the space of the attributions; ``space``.
    """
    start = float(shots["base_value"].iloc[0]) if len(shots) else float("nan")
    known = _number(model.get("prediction_at_baseline"))
    return {
        **{key: _number(model.get(key)) for key in ("goal_rate", "mean_prediction")},
        "prediction_at_baseline": known if known is not None else probability(start, model["space"]),
        "start": start,
        "space": model["space"],
    }


def probability(value: float, space: str) -> float:
    """A number in the space of the attributions as a probability."""
    return value if space == "probability" else 1 / (1 + math.exp(-value))


def highlights(shots: pd.DataFrame, model: Model, n: int = 6) -> Facts:
    """The shots rated highest, and the goals that the model could not see coming.

    A goal that a model has been fitted on is no surprise to it: the second list is ordered by the prediction
    of a model that has not seen the match, and by the published number only where no shot has such a one.

    Returns
    -------
    dict
        ``highest``, ``unseen``: lists of shots (see :func:`shot_facts`); ``unseen_by``: the column that
        ordered the second list.
    """
    cut = without_penalties(shots)
    goals = cut[cut["is_goal"].astype(bool)]
    column = "xg_out_of_fold" if goals["xg_out_of_fold"].notna().any() else "xg"
    ties = ["match_id", "shot_id"]
    highest = cut.sort_values(["xg", *ties], ascending=[False, True, True]).head(n)
    unseen = goals[goals[column].notna()].sort_values([column, *ties]).head(n)
    return {
        "highest": [shot_facts(row, model) for row in highest.to_dict("records")],
        "unseen": [shot_facts(row, model) for row in unseen.to_dict("records")],
        "unseen_by": column,
    }


def shot_facts(row: dict[Any, Any], model: Model) -> Facts:
    """One shot of the frame as plain values.

    Returns
    -------
    dict
        Identity as texts; ``xg``, ``unseen_xg``, ``provider_xg`` (None where unknown); ``features``: one dict
        a feature with ``value``, ``baseline`` (None where missing) and ``attribution``, in the catalogue's
        order; ``groups``: name -> attribution; ``groups_exact``: whether those are the groups' own Shapley
        values (columns ``group_<name>``) or only sums of their features' values.
    """
    features = [
        {
            **feature,
            "value": _number(row[feature["name"]]),
            "baseline": _number(model["baseline"].get(feature["name"])),
            "attribution": float(row[f"shap_{feature['name']}"]),
        }
        for feature in model["features"]
    ]
    known = [str(key).removeprefix("group_") for key in row if str(key).startswith("group_")]
    return {
        **{key: _text(row[key]) for key in ("match_id", "shot_id", "competition", "season")},
        **{
            key: _text(row[key])
            for key in ("home_team", "away_team", "team", "opponent", "player", "match_date")
        },
        "minute": int(row["minute"]),
        "period": int(row.get("period") or 0),
        "outcome": _text(row.get("outcome")),
        "body_part": _text(row.get("body_part")),
        "shot_type": _text(row.get("shot_type")),
        "is_goal": bool(row["is_goal"]),
        "is_penalty": bool(row["is_penalty"]),
        "xg": float(row["xg"]),
        "unseen_xg": _number(row["xg_out_of_fold"]),
        "provider_xg": _number(row["provider_xg"]),
        "base_value": float(row["base_value"]),
        "features": features,
        "groups": {group: float(row[f"group_{group}"]) for group in known} or _sums(features),
        "groups_exact": bool(known),
        **_place(row),
    }


def _sums(features: list[Facts]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for feature in features:
        sums[feature["group"]] = sums.get(feature["group"], 0.0) + feature["attribution"]
    return sums


def _place(row: dict[Any, Any]) -> Facts:
    """Where the shot was, as depth from the goal line and offset to the attacker's left; None without place."""
    x_m, y_m = _number(row["x_m"]), _number(row["y_m"])
    if x_m is None or y_m is None:
        return {"depth_m": None, "left_m": None}
    return {"depth_m": float(row["pitch_length_m"]) / 2 - x_m, "left_m": y_m}


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) or math.isinf(value) else float(value)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def group_values_known(shots: pd.DataFrame) -> bool:
    """Whether the frame holds the groups' own Shapley values."""
    return bool(np.isin(GROUPS, group_columns(shots)).all())
