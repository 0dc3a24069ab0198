"""The match report: the story, the chances over time and place, and a card for every shot."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from xgoals.analysis.reference import base_values, probability
from xgoals.analysis.results import SIDES
from xgoals.analysis.shots import validate_shots
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.animation import Footage, animation
from xgoals.report.charts import decision_plot, map_depth, map_layout, race_layout, waterfall
from xgoals.report.facts import Facts
from xgoals.report.figures import attempt
from xgoals.report.goal_mouth import SHOWN_FEATURES, goal_mouths
from xgoals.report.render import render
from xgoals.report.scene_view import scene_view
from xgoals.report.sentences import shot_story
from xgoals.report.sentences_match import clock, match_lead
from xgoals.report.summarise_match import match_facts, race
from xgoals.report.summarise_run import sources
from xgoals.report.summarise_shots import add_facts
from xgoals.report.words.facts_line import facts_line, missing_line

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
    models: Mapping[str, Mapping[str, Any]] | None = None,
    footage: Mapping[str, Footage] | None = None,
    language: str = "en",
) -> str:
    """Write the report of one match.

    Parameters
    ----------
    match
        ``match_id, competition, season, match_date, home_team, away_team`` and, where known, ``matchday, round,
        home_score, away_score, is_simulated`` and ``own_goals`` (``team`` that it counts for, ``player, minute, period,
        second``) and ``sent_off`` (``team, player, period, minute``).
    shots
        The match's shots (see :mod:`xgoals.analysis.shots`), also none: the published numbers and their values,
        with ``model_version`` and ``champion_xg`` where those can be another model's.
    people
        Everybody but the shooters: ``shot_id, x_m, y_m, is_teammate, is_keeper, player, vx_ms, vy_ms``.
    model
        The champion.
    models
        The models that published the numbers, by version; without it all are taken for the champion's.
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
    validate_shots(shots, model)
    missing = [column for column in PEOPLE if column not in people.columns]
    if missing:
        raise ValueError(f"the frame of people lacks {', '.join(missing)}")
    facts = match_facts(match, shots, model, models)
    add_facts(facts["shots"], [match], shots)
    tell_shots(facts["shots"], shots, people, words)
    for shot in facts["shots"]:
        clip = (footage or {}).get(shot["shot_id"])
        shot["animation"] = attempt("animation", partial(animation, shot, clip, words))
    for told in (*facts["own_goals"], *facts["sent_off"]):
        told["clock"] = clock(told)
    for goal in facts["own_goals"]:
        goal["mark"] = words.text("own goal")
    simulated = bool(match.get("is_simulated")) or bool(shots["is_simulated"].astype(bool).any())
    context = {
        **facts,
        **_figures(facts),
        "base": base_values(shots, model),
        "model": model,
        "said": {"lead": match_lead(facts, words)},
        "run": {"sources": sources(shots), "is_simulated": simulated},
        "scripts": ["animation.js"] if any(shot["animation"] for shot in facts["shots"]) else [],
    }
    return render("match/page.html", words, context)


def tell_shots(told: list[Facts], shots: pd.DataFrame, people: pd.DataFrame, words: Language) -> None:
    """Add to each shot what its card needs: clock, story, scene, waterfall."""
    goal_x = shots.set_index("shot_id")["pitch_length_m"].astype(float) / 2
    around = dict(iter(people.assign(goal_x_m=people["shot_id"].map(goal_x)).groupby("shot_id")))
    nobody = people.iloc[:0].assign(goal_x_m=0.0)
    mouths = attempt("goal mouth", partial(goal_mouths, shots, people))
    for shot in told:
        shot["clock"] = clock(shot)
        shot["story"] = shot_story(shot, words)
        shot["facts_line"] = facts_line(shot["facts"], words)
        shot["missing_line"] = missing_line(shot["facts"], words)
        shot["scene"] = attempt("scene", partial(scene_view, shot, around.get(shot["shot_id"], nobody)))
        names = {feature["name"] for feature in shot["features"]}
        shot["mouth"] = (
            mouths.get(shot["shot_id"]) if isinstance(mouths, dict) and names & SHOWN_FEATURES else None
        )
        shot["waterfall"] = attempt("waterfall", partial(waterfall, shot))
        shot["radius_m"] = max(_LEAST_MARK_M, _MARK_M * shot["xg"] ** 0.5)
        for feature in shot["features"]:
            feature["weight"] = abs(feature["attribution"])
        explained = probability(shot["base_value"] + sum(shot["groups"].values()), shot["space"])
        shot["adds_up"] = abs(explained - shot["xg"]) <= _ADDS_UP_XG
        shot["explained_xg"] = explained


def _figures(facts: Facts) -> Facts:
    """The charts, or a note in the place of one that fails."""
    shots = facts["shots"]
    return {
        "races": attempt("race", partial(_races, facts)),
        "maps": attempt("shot map", partial(_maps, shots)),
        "decisions": attempt("decision plot", partial(_decisions, shots)),
    }


def _races(facts: Facts) -> list[Facts]:
    steps = race(facts)
    return [
        {"screen": "wide", **race_layout(steps, width=980, height=320)},
        {"screen": "narrow", **race_layout(steps, width=380, height=270, names=False)},
    ]


def _maps(shots: list[Facts]) -> Facts:
    depth = map_depth(shots)
    sizes = [{"xg": xg, "r": _MARK_M * xg**0.5} for xg in (0.05, 0.2, 0.5)]
    return {"depth": depth, "sizes": sizes, **{side: map_layout(shots, side, depth) for side in SIDES}}


def _decisions(shots: list[Facts]) -> list[Facts]:
    """On two screens; none where the shots' values are in different spaces and cannot share an axis."""
    if len({shot["space"] for shot in shots}) != 1:
        return []
    plots = [("wide", decision_plot(shots, width=880)), ("narrow", decision_plot(shots, width=360, row=48))]
    return [{"screen": screen, **plot} for screen, plot in plots if plot is not None]
