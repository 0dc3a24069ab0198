"""The match report: the story, the chances over time and place, and a card for every shot."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.animation import Footage, animation
from xgoals.report.figures import attempt
from xgoals.report.layout import decision_plot, race_layout, waterfall
from xgoals.report.render import render
from xgoals.report.scene_view import scene_view
from xgoals.report.sentences import shot_story
from xgoals.report.sentences_match import clock, match_lead
from xgoals.report.shot_frame import Facts, check_shots
from xgoals.report.summarise_match import match_facts, race
from xgoals.report.summarise_run import sources
from xgoals.report.summarise_shots import base_values, probability

PEOPLE = ("shot_id", "x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms")

_MARK_M, _LEAST_MARK_M = 2.6, 0.45
"""Radius of a mark on the map for 1 xG, and the least one."""

_ADDS_UP_XG = 0.005
"""A card whose values end further than this from the number above them says so."""


def match_report(
    match: Mapping[str, Any],
    shots: pd.DataFrame,
    people: pd.DataFrame,
    model: Mapping[str, Any],
    *,
    footage: Mapping[str, Footage] | None = None,
    language: str = "en",
) -> str:
    """Write the report of one match.

    Parameters
    ----------
    match
        ``match_id, competition, season, match_date, home_team, away_team`` and, where known, ``matchday,
        home_score, away_score, is_simulated``.
    shots
        The match's shots (see :mod:`xgoals.report.shot_frame`), also none.
    people
        Everybody but the shooters: ``shot_id, x_m, y_m, is_teammate, is_keeper, player, vx_ms, vy_ms``.
    model
        The model whose values the cards show.
    footage
        Clips by shot id, where there is tracking.
    language
        ``"en"`` or ``"de"``.

    Returns
    -------
    str
        One self-contained HTML page.

    Raises
    ------
    ValueError
        If a frame lacks a column, or the language is unknown.
    """
    words = speaker(language)
    check_shots(shots, model)
    missing = [column for column in PEOPLE if column not in people.columns]
    if missing:
        raise ValueError(f"the frame of people lacks {', '.join(missing)}")
    facts = match_facts(match, shots, model)
    base = base_values(shots, model)
    tell_shots(facts["shots"], shots, people, base, words)
    for shot in facts["shots"]:
        clip = (footage or {}).get(shot["shot_id"])
        shot["animation"] = attempt("animation", partial(animation, shot, clip, words))
    simulated = bool(match.get("is_simulated")) or bool(shots["is_simulated"].astype(bool).any())
    context = {
        **facts,
        **_figures(facts),
        "base": base,
        "model": model,
        "said": {"lead": match_lead(facts, words)},
        "run": {"sources": sources(shots), "is_simulated": simulated},
        "scripts": ["animation.js"] if any(shot["animation"] for shot in facts["shots"]) else [],
    }
    return render("match/page.html", words, context)


def tell_shots(
    told: list[Facts], shots: pd.DataFrame, people: pd.DataFrame, base: Facts, words: Language
) -> None:
    """Add to each shot what its card needs: clock, story, scene, waterfall."""
    goal_x = shots.set_index("shot_id")["pitch_length_m"].astype(float) / 2
    around = dict(iter(people.assign(goal_x_m=people["shot_id"].map(goal_x)).groupby("shot_id")))
    nobody = people.iloc[:0].assign(goal_x_m=0.0)
    for shot in told:
        shot["clock"] = clock(shot)
        shot["story"] = shot_story(shot, base["prediction_at_baseline"], words)
        shot["scene"] = attempt("scene", partial(scene_view, shot, around.get(shot["shot_id"], nobody)))
        shot["waterfall"] = waterfall(shot)
        explained = probability(shot["waterfall"]["end"], base["space"])
        shot["radius_m"] = max(_LEAST_MARK_M, _MARK_M * shot["xg"] ** 0.5)
        for feature in shot["features"]:
            feature["weight"] = abs(feature["attribution"])
        shot["adds_up"] = abs(explained - shot["xg"]) <= _ADDS_UP_XG
        shot["explained_xg"] = explained


def _figures(facts: Facts) -> Facts:
    steps = race(facts)
    return {
        "races": [
            {"screen": "wide", **race_layout(steps, width=980, height=300)},
            {"screen": "narrow", **race_layout(steps, width=380, height=250)},
        ],
        "decision": decision_plot(facts["shots"]),
    }
