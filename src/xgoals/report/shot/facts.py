"""One shot as a dict that a picture, a sentence and a card can use."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from xgoals.analysis.facts.rank import of_its_like, rank, ranked_kind
from xgoals.analysis.facts.shot_facts import facts_of_shots
from xgoals.analysis.highlights import highlights
from xgoals.analysis.shots import Model, knows_positions, number_or_none, text_or_empty
from xgoals.report.facts import Facts


def highlight_facts(shots: pd.DataFrame, model: Model) -> Facts:
    """The highlights of a model's shots (:class:`xgoals.analysis.highlights.Highlights`), each shot as a dict."""
    found = highlights(shots)
    return {
        "highest": [shot_facts(row, model) for row in found.highest.to_dict("records")],
        "unseen": [shot_facts(row, model) for row in found.unseen.to_dict("records")],
        "unseen_by": found.unseen_by,
    }


def shot_facts(row: dict[Any, Any], model: Model) -> Facts:
    """One shot of the frame as plain values.

    Returns
    -------
    dict
        Identity as texts; ``rank`` and ``ranked_among`` (:mod:`xgoals.analysis.facts.rank`; None where the spread
        is not known); ``xg``, ``unseen_xg``, ``provider_xg`` (None where unknown); ``scored_by, has_seen_match``:
        which booster has said the xG, and whether it has learned from the match; ``knows_positions`` (see
        :func:`xgoals.analysis.shots.knows_positions`); ``features``: one dict a feature
        with its ``value`` (None where missing), in the catalogue's order.
    """
    features = [{**feature, "value": number_or_none(row[feature["name"]])} for feature in model["features"]]
    return {
        "shot_key": None if row.get("shot_key") is None else int(row["shot_key"]),
        **{
            key: text_or_empty(row[key])
            for key in ("provider", "match_id", "shot_id", "competition", "season")
        },
        **{
            key: text_or_empty(row[key])
            for key in ("home_team", "away_team", "team", "opponent", "player", "match_date")
        },
        "minute": int(row["minute"]),
        "period": int(row.get("period") or 0),
        "outcome": text_or_empty(row.get("outcome")),
        "body_part": text_or_empty(row.get("body_part")),
        "shot_type": text_or_empty(row.get("shot_type")),
        "is_goal": bool(row["is_goal"]),
        "is_penalty": bool(row["is_penalty"]),
        "knows_positions": knows_positions(row, model),
        "xg": float(row["xg"]),
        "scored_by": text_or_empty(row.get("scored_by")),
        "has_seen_match": bool(row.get("has_seen_match", False)),
        "unseen_xg": number_or_none(row["xg_out_of_fold"]),
        "provider_xg": number_or_none(row["provider_xg"]),
        **_rank(row, model),
        "features": features,
        **_place(row),
    }


def published_shot(row: dict[Any, Any], model: Model, models: Mapping[str, Model]) -> Facts:
    """One shot with the number that was published for it and the model that it came from.

    Returns
    -------
    dict
        :func:`shot_facts`, ``second``,
        ``published_by`` (its version where it is not ``model``), ``champion_xg`` (the number of ``model`` today where
        a reader would see the difference).
    """
    by = models.get(str(row.get("model_version")), model)
    shot = shot_facts(row, by)
    today = row.get("champion_xg")
    differs = today is not None and not pd.isna(today) and round(float(today), 2) != round(shot["xg"], 2)
    return {
        **shot,
        "second": int(row.get("second") or 0),
        "published_by": None if by["model_version"] == model["model_version"] else by["model_version"],
        "champion_xg": float(today) if differs and today is not None else None,
    }


def shot_cards(shots: pd.DataFrame, model: Model, models: Mapping[str, Model] | None = None) -> list[Facts]:
    """Every row as :func:`published_shot`; without ``models`` all numbers are taken for the model's own."""
    return [published_shot(row, model, models or {}) for row in shots.to_dict("records")]


def add_facts(shown: Iterable[Facts], matches: Iterable[Mapping[str, Any]], shots: pd.DataFrame) -> None:
    """Add ``facts`` (:class:`xgoals.analysis.facts.shot_facts.ShotFacts`) to shots of some matches.

    Parameters
    ----------
    shown
        Shots as dicts.
    matches
        Those that they may be of, as for :func:`xgoals.analysis.match.match_numbers`, with ``match_id``.
    shots
        All shots of these matches.
    """
    shown = list(shown)
    wanted = {shot["match_id"] for shot in shown}
    known = {
        match["match_id"]: facts_of_shots(match, shots[shots["match_id"] == match["match_id"]])
        for match in matches
        if match["match_id"] in wanted
    }
    for shot in shown:
        shot["facts"] = known[shot["match_id"]][shot["shot_id"]]


def _rank(row: dict[Any, Any], model: Model) -> Facts:
    known = model.get("xg_quantiles") or {}
    quantiles = of_its_like(known, knows_positions=knows_positions(row, model))
    kind = ranked_kind(row, quantiles)
    return {"ranked_among": kind, "rank": None if kind is None else rank(float(row["xg"]), quantiles[kind])}


def _place(row: dict[Any, Any]) -> Facts:
    """Where the shot was, as depth from the goal line and offset to the attacker's left; None without place."""
    x_m, y_m = number_or_none(row["x_m"]), number_or_none(row["y_m"])
    if x_m is None or y_m is None:
        return {"depth_m": None, "left_m": None}
    return {"depth_m": float(row["pitch_length_m"]) / 2 - x_m, "left_m": y_m}
