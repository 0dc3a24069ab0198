"""The match report: the story, the chances over time and place, and a card for every shot."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from xgoals.analysis.reference import base_values
from xgoals.analysis.results import SIDES
from xgoals.analysis.shots import validate_shots
from xgoals.analysis.within_match.takers import FacedShot, MatchTaker, match_takers
from xgoals.domain.provider_level import ProviderLevel
from xgoals.domain.reason import Part
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.draw.charts import map_depth, map_layout
from xgoals.report.draw.figures import Missing, attempt
from xgoals.report.facts import Facts
from xgoals.report.match.decisions import LABEL_APART, MOST_SHOWN, DecisionPlot, decision_plot
from xgoals.report.match.facts import MatchFacts, match_facts
from xgoals.report.match.links import MatchLinks
from xgoals.report.match.race_chart import RaceChart, race_chart
from xgoals.report.match.sentences import match_lead, not_in_feed, real_result
from xgoals.report.match.standings import standing_rows
from xgoals.report.page.render import render
from xgoals.report.page.run import sources
from xgoals.report.shot.animation import Footage, animation
from xgoals.report.shot.card import PEOPLE, Differences, Reasons, deal_cards
from xgoals.report.shot.facts import add_facts
from xgoals.report.shot.usual import UsualKeepers
from xgoals.report.words.level_badge import level_notes

_MARK_M, _LEAST_MARK_M = 2.6, 0.45
"""Radius of a mark on the map for 1 xG, and the least one."""

_SHOWN_TAKERS, _LEAST_TAKEN_XG = 5, 0.01
"""So many of those who took most away are listed, and none who took less than this."""


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
    levels: Mapping[str, ProviderLevel] | None = None,
    links: MatchLinks | None = None,
    language: str = "en",
) -> str:
    """Write the report of one match.

    Parameters
    ----------
    match
        ``match_id, competition, season, match_date, home_team, away_team`` and, where known, ``matchday, round,
        home_score, away_score, is_simulated`` and ``own_goals`` (``team`` that it counts for, ``player, minute, period,
        second``) and ``incidents`` (cards and substitutions:
        :func:`~xgoals.analysis.within_match.events.match_events`).
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
    levels
        By provider: the levels that numbers of this page are not at.
    links
        Where the page leads.
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
    words, links = speaker(language), links or MatchLinks()
    validate_shots(shots, model)
    missing = [column for column in PEOPLE if column not in (*people.columns, "match_id")]
    if missing:
        raise ValueError(f"the frame of people lacks {', '.join(missing)}")
    facts = match_facts(match, shots, model, models)
    add_facts(facts.shots, [match], shots)
    people = people.assign(match_id=match["match_id"])
    deal_cards(
        facts.shots, shots, people, reasons or {}, words, differences=differences, usual_keepers=usual_keepers
    )
    for shot in facts.shots:
        shot["radius_m"] = max(_LEAST_MARK_M, _MARK_M * shot["xg"] ** 0.5)
        clip = (footage or {}).get(shot["shot_id"])
        shot["player_path"] = links.players.get(shot["shot_id"])
        shot["animation"] = attempt("animation", partial(animation, shot, clip, words))
    simulated = bool(match.get("is_simulated")) or bool(shots["is_simulated"].astype(bool).any())
    context = {
        **_of_facts(facts, words),
        **_figures(facts, reasons or {}, words),
        "takers": _takers(facts, people, reasons or {}),
        "links": links,
        "base": base_values(shots, model),
        "model": model,
        "run": {"sources": sources(shots), "is_simulated": simulated},
        "level_notes": level_notes(levels or {}, words),
        "styles": ["shot/card.css", "match/match.css"],
        "scripts": [
            *(["shot/animation.js"] if any(shot["animation"] for shot in facts.shots) else []),
            "match/decisions.js",
        ],
    }
    return render("match/page.html", words, context)


def _of_facts(facts: MatchFacts, words: Language) -> Mapping[str, Any]:
    """What the templates show of a match without drawing it."""
    numbers, counts = facts.numbers, facts.match.status.counts
    return {
        "match": facts.match,
        "score": facts.score,
        "sides": numbers.sides,
        "shares": numbers.shares,
        "goal_shares": numbers.goal_shares,
        "players": numbers.players,
        "shots": facts.shots,
        "goals": facts.goals,
        "own_goals": facts.own_goals,
        "turns": facts.turns,
        "events": facts.events,
        "best": facts.best,
        "standings": standing_rows(facts),
        "provider": facts.shots[0]["card"].provider if facts.shots else "",
        "has_people": any(getattr(shot["card"].scene, "people", ()) for shot in facts.shots),
        "has_reasons": any(shot["card"].has_reasons for shot in facts.shots),
        "said": {
            "lead": match_lead(facts, words),
            "missing": not_in_feed(facts, words),
            "real_result": real_result(numbers, words) if counts and facts.shots else "",
        },
    }


def _figures(facts: MatchFacts, reasons: Reasons, words: Language) -> Mapping[str, Any]:
    """The charts, or a note in the place of one that fails."""
    races = attempt("race", partial(_races, facts, words))
    decisions = attempt("decision plot", partial(_decisions, facts.shots, reasons, words))
    parts = () if isinstance(decisions, Missing) or not decisions else decisions[0].parts
    shown = [] if isinstance(decisions, Missing) or not decisions else decisions[0].lines
    return {
        "races": races,
        "has_states": bool(facts.race.states),
        "has_lanes": not isinstance(races, Missing) and bool(races[0].lanes),
        "maps": attempt("shot map", partial(_maps, facts.shots)),
        "decisions": decisions,
        "decisions_n": min(len(shown), MOST_SHOWN),
        "most_shown": MOST_SHOWN,
        "label_apart": LABEL_APART,
        "parts": [part.value for part in parts],
        "part_values": {shot["key"]: _part_values(shot, reasons, parts) for shot in facts.shots},
    }


def _takers(facts: MatchFacts, people: pd.DataFrame, reasons: Reasons) -> list[MatchTaker]:
    """Who took most away, as far as anybody took anything."""
    faced = [
        FacedShot(shot["shot_key"], shot["shot_id"], shot["side"])
        for shot in facts.shots
        if shot["shot_key"] is not None
    ]
    found = match_takers(faced, people, reasons)
    return [taker for taker in found[:_SHOWN_TAKERS] if taker.takes_xg >= _LEAST_TAKEN_XG]


def _races(facts: MatchFacts, words: Language) -> list[RaceChart]:
    return [
        race_chart(facts, words, screen="wide", width=980, height=350),
        race_chart(facts, words, screen="narrow", width=380, height=300, names=False),
    ]


def _decisions(shots: Sequence[Facts], reasons: Reasons, words: Language) -> list[DecisionPlot]:
    """The plot for either screen; none where no shot has reasons."""
    plots = (
        decision_plot(shots, reasons, words, screen="wide", width=980, height=380),
        decision_plot(shots, reasons, words, screen="narrow", width=380, height=330),
    )
    return [plot for plot in plots if plot]


def _part_values(shot: Facts, reasons: Reasons, parts: Sequence[Part]) -> list[float | None]:
    """What each of some parts of a shot changed; None where it is not known."""
    of = reasons.get(shot["shot_key"])
    found = [None if of is None else of.parts.get(part) for part in parts]
    return [part.value if part else None for part in found]


def _maps(shots: Sequence[Facts]) -> Facts:
    depth = map_depth(shots)
    sizes = [{"xg": xg, "r": _MARK_M * xg**0.5} for xg in (0.05, 0.2, 0.5)]
    return {"depth": depth, "sizes": sizes, **{side: map_layout(shots, side, depth) for side in SIDES}}
