"""The match report: the story, the chances over time and place, and a card for every shot."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from xgoals.analysis.reference import base_values
from xgoals.analysis.results import SIDES
from xgoals.analysis.shots import validate_shots
from xgoals.language import language as speaker
from xgoals.report.draw.charts import map_depth, map_layout, race_layout
from xgoals.report.draw.figures import attempt
from xgoals.report.facts import Facts
from xgoals.report.match.facts import match_facts, race
from xgoals.report.match.sentences import match_lead
from xgoals.report.page.render import render
from xgoals.report.page.run import sources
from xgoals.report.shot.animation import Footage, animation
from xgoals.report.shot.card import PEOPLE, Differences, Reasons, deal_cards
from xgoals.report.shot.facts import add_facts
from xgoals.report.shot.usual import UsualKeepers
from xgoals.report.words.clock import clock

_MARK_M, _LEAST_MARK_M = 2.6, 0.45
"""Radius of a mark on the map for 1 xG, and the least one."""


def match_report(
    match: Mapping[str, Any],
    shots: pd.DataFrame,
    people: pd.DataFrame,
    model: Mapping[str, Any],
    *,
    models: Mapping[str, Mapping[str, Any]] | None = None,
    footage: Mapping[str, Footage] | None = None,
    reasons: Reasons | None = None,
    differences: Differences | None = None,
    usual_keepers: UsualKeepers | None = None,
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
        Everybody but the shooters: ``shot_id, x_m, y_m, is_teammate, is_keeper, player, vx_ms, vy_ms`` and, for
        reasons that name people, ``person_n``.
    model
        The champion.
    models
        The models that published the numbers, by version; without it all are taken for the champion's.
    footage
        Clips by shot id, where there is tracking.
    reasons
        Why the shots have their published numbers, by ``shot_key``; where they are not worked out yet the page says so.
    differences
        Why they differ from the provider's own, by ``shot_key``.
    usual_keepers
        How far off their lines keepers usually stand at such shots, by ``shot_key``.
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
    missing = [column for column in PEOPLE if column not in (*people.columns, "match_id")]
    if missing:
        raise ValueError(f"the frame of people lacks {', '.join(missing)}")
    facts = match_facts(match, shots, model, models)
    add_facts(facts["shots"], [match], shots)
    people = people.assign(match_id=match["match_id"])
    deal_cards(
        facts["shots"],
        shots,
        people,
        reasons or {},
        words,
        differences=differences,
        usual_keepers=usual_keepers,
    )
    for shot in facts["shots"]:
        shot["clock"] = clock(shot)
        shot["radius_m"] = max(_LEAST_MARK_M, _MARK_M * shot["xg"] ** 0.5)
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
        "has_reasons": any(shot["card"].has_reasons for shot in facts["shots"]),
        "scripts": ["shot/animation.js"] if any(shot["animation"] for shot in facts["shots"]) else [],
    }
    return render("match/page.html", words, context)


def _figures(facts: Facts) -> Facts:
    """The charts, or a note in the place of one that fails."""
    shots = facts["shots"]
    return {
        "races": attempt("race", partial(_races, facts)),
        "maps": attempt("shot map", partial(_maps, shots)),
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
