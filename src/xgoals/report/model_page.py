"""The model report: can the model be trusted, what moves it, what waits for a human."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.claims_in_words import check_claims
from xgoals.report.figures import Missing, Swarm, attempt, calibration_picture, swarm
from xgoals.report.figures_dependence import dependence_picture, pair_picture
from xgoals.report.render import render
from xgoals.report.sentences import shot_story
from xgoals.report.sentences_match import clock
from xgoals.report.sentences_model import (
    attention,
    calibration_sentence,
    club_sentence,
    comparison,
    lead,
    season_sentence,
)
from xgoals.report.shot_frame import (
    Facts,
    Model,
    attributions,
    check_shots,
    floats,
    without_penalties,
)
from xgoals.report.summarise_clubs import importance_by_club
from xgoals.report.summarise_dependence import dependence, interaction_table, partners
from xgoals.report.summarise_importance import importance, importance_by_season
from xgoals.report.summarise_quality import calibration, quality, quality_by_season
from xgoals.report.summarise_run import data_facts, quarantine_facts, run_facts
from xgoals.report.summarise_shots import base_values, highlights


def model_report(
    shots: pd.DataFrame,
    model: Mapping[str, Any],
    run: Mapping[str, Any],
    quarantine: pd.DataFrame,
    *,
    language: str = "en",
) -> str:
    """Write the model report.

    Parameters
    ----------
    shots
        One row a shot (see :mod:`xgoals.report.shot_frame`).
    model
        The champion: version, features, parameters, window, metrics, baseline, decision.
    run
        The run that asks for the report.
    quarantine
        What was left out: ``path, match_id, place, reason, advice, severity, feed``.
    language
        ``"en"`` or ``"de"``.

    Returns
    -------
    str
        One self-contained HTML page.

    Raises
    ------
    ValueError
        If the frame lacks a column, or the language is unknown.
    """
    words = speaker(language)
    check_shots(shots, model)
    facts = summary(shots, model, dict(run), quarantine)
    for shot in [*facts["highlights"]["highest"], *facts["highlights"]["unseen"]]:
        shot["clock"] = clock(shot)
        shot["story"] = shot_story(shot, facts["base"]["prediction_at_baseline"], words)
    context = {
        **facts,
        "feature_index": {feature["name"]: i for i, feature in enumerate(facts["importance"]["features"])},
        "pictures": pictures(shots, facts, words),
        "said": _said(facts, words),
        "claims": attempt("claims", partial(check_claims, shots, facts, words)),
    }
    return render("model/page.html", words, context)


def summary(shots: pd.DataFrame, model: Model, run: Facts, quarantine: pd.DataFrame) -> Facts:
    """All numbers of the page, no picture and no word yet."""
    facts = importance(shots, model)
    ranked = [feature["name"] for feature in facts["features"]]
    return {
        "model": model,
        "run": run_facts(run, shots),
        "data": data_facts(shots, model),
        "quarantine": quarantine_facts(quarantine),
        "yardsticks": [row for row in run.get("yardsticks") or () if row["n"]],
        "quality": quality(model),
        "calibration": calibration(shots),
        "seasons": quality_by_season(shots),
        "base": base_values(shots, model),
        "importance": facts,
        "by_season": importance_by_season(shots, model, ranked),
        "by_club": importance_by_club(shots, model, ranked),
        "dependence": dependence(shots, model, ranked),
        "pairs": partners(model, ranked),
        "interactions": interaction_table(model, ranked),
        "highlights": highlights(shots, model),
    }


def _said(facts: Facts, words: Language) -> Facts:
    return {
        "lead": lead(facts, words),
        "comparison": comparison(facts, words),
        "attention": attention(facts, words),
        "calibration": calibration_sentence(facts, words),
        "seasons": season_sentence(facts, words),
        "clubs": club_sentence(facts, words),
    }


def pictures(shots: pd.DataFrame, facts: Facts, words: Language) -> Facts:
    """The drawn figures by name; a :class:`~xgoals.report.figures.Missing` where one failed."""
    return {
        "calibration": attempt("calibration", lambda: calibration_picture(facts["calibration"], words)),
        "swarm": attempt("swarm", lambda: _swarm(shots, facts["importance"]["features"])),
        "dependence": _dependence(shots, facts, words),
        "pairs": _pairs(shots, facts, words),
    }


def _unit(facts: Facts, words: Language) -> str:
    return words.text("log-odds") if facts["base"]["space"] == "log_odds" else "xG"


def _dependence(shots: pd.DataFrame, facts: Facts, words: Language) -> dict[str, Any]:
    cut, unit = without_penalties(shots), _unit(facts, words)
    drawn = {}
    for row in facts["dependence"]:
        name = row["feature"]["name"]
        if row["kind"] == "bands":
            x, y = floats(cut[name]), floats(cut[f"shap_{name}"])
            drawn[name] = attempt(name, partial(dependence_picture, row, x, y, unit, words))
    return drawn


def _pairs(shots: pd.DataFrame, facts: Facts, words: Language) -> list[Facts]:
    cut, unit = without_penalties(shots), _unit(facts, words)
    by_name = {feature["name"]: feature for feature in facts["model"]["features"]}
    drawn = []
    for name, other in facts["pairs"]:
        data = (floats(cut[name]), floats(cut[f"shap_{name}"]), floats(cut[other]))
        draw = partial(pair_picture, by_name[name], by_name[other], *data, unit, words)
        picture = attempt(f"{name} x {other}", draw)
        drawn.append({"feature": by_name[name], "partner": by_name[other], "picture": picture})
    return drawn


def _swarm(shots: pd.DataFrame, ranked: list[Facts]) -> Swarm | Missing:
    cut = without_penalties(shots)
    names = [feature["name"] for feature in ranked]
    if cut.empty or not names:
        return Missing("swarm", "no shot without penalties is explained")
    features = cut[names].to_numpy(dtype=float)
    return swarm(attributions(cut, names), features, names, [feature["kind"] for feature in ranked])
