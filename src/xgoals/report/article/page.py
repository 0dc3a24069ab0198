"""The article, reproduced: each of its figures redrawn from this model, each of its claims beside its verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from xgoals.analysis.article import figures as article
from xgoals.analysis.article.baseline import ORIGINAL_BASE_VALUE, baseline_rows, catalogue_difference
from xgoals.analysis.article.evidence import Evidence
from xgoals.analysis.model_summary import ModelSummary, model_summary
from xgoals.analysis.pairs import PAIRS
from xgoals.analysis.shots import Model, season_label, validate_shots, without_penalties
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.article import figures as draw
from xgoals.report.draw.figures import Missing, Picture, attempt
from xgoals.report.draw.swarms import swarm_grid, swarm_of_all
from xgoals.report.facts import Facts
from xgoals.report.model.claims import check_claims, tally
from xgoals.report.model.pictures import dependence_pictures, pair_pictures, unit_of
from xgoals.report.model.sentences import club_importance_sentence, season_sentence
from xgoals.report.page.render import local_link, render
from xgoals.report.page.run import run_facts
from xgoals.report.shot.facts import highlight_facts
from xgoals.report.words.clock import clock
from xgoals.report.words.headline import headline

_SINGLE = ("AngleToGoal", "DistanceToGoal", "DistanceToGoalClosest", "Header", "FreeKick", "FootShot")
"""Features whose dependence the article speaks of one by one."""


def article_report(
    shots: pd.DataFrame,
    model: Mapping[str, Any],
    run: Mapping[str, Any],
    *,
    language: str = "en",
    model_page: str | None = None,
) -> str:
    """Write the page that sets this model beside the article.

    Parameters
    ----------
    shots
        One row a shot (see :mod:`xgoals.analysis.shots`).
    model
        The champion, as :func:`xgoals.report.model_report` takes it.
    run
        The run that asks for the page.
    language
        ``"en"`` or ``"de"``.
    model_page
        Relative address of the model report, if there is one.

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
    validate_shots(shots, model)
    explained = model_summary(shots, model)
    facts = _summary(shots, model, explained, dict(run))
    told = attempt("claims", partial(check_claims, shots, explained, model, words))
    claims: list[Facts] = [] if isinstance(told, Missing) else told
    for shot in facts["best"]:
        shot["clock"] = clock(shot)
        shot["headline"] = headline(shot, words)
    context = {
        **facts,
        "pictures": {"swarm": attempt("swarm", lambda: swarm_of_all(shots, explained.importance.features))},
        "grids": _grids(shots, explained),
        "drawn": _figures(shots, facts, explained, words),
        "said": {"seasons": season_sentence(facts, words), "clubs": club_importance_sentence(facts, words)},
        "claims": claims,
        "tally": tally(claims),
        "season_values": {row.season: row.mean_abs for row in explained.by_season.seasons},
        "club_values": {row.club: row.mean_abs for row in explained.by_club.clubs},
        "absent_words": _listed(facts["difference"].absent, words),
        "own_words": _listed(facts["difference"].own, words),
        "claims_failed": told if isinstance(told, Missing) else None,
        "model_page": None if model_page is None else local_link(model_page),
        "styles": ["model/style.css"],
    }
    return render("article/page.html", words, context)


def _summary(shots: pd.DataFrame, model: Model, explained: ModelSummary, run: Facts) -> Facts:
    """All numbers of the page, no picture and no word yet."""
    return {
        **vars(explained),
        "model": model,
        "run": run_facts(run, shots),
        "original_base_value": ORIGINAL_BASE_VALUE,
        "baseline": baseline_rows(model),
        "difference": catalogue_difference(model),
        "best": highlight_facts(shots, model)["highest"],
    }


def _grids(shots: pd.DataFrame, explained: ModelSummary) -> dict[str, Any]:
    """The beeswarms of seasons and clubs side by side; None where there are fewer than two to compare."""
    cut, ranked = without_penalties(shots), explained.importance.features
    seasons = [row.season for row in explained.by_season.seasons if row.enough]
    clubs = [row.club for row in explained.by_club.clubs]
    parts = {
        "seasons": (season_label(cut), seasons),
        "clubs": (cut["team"].astype(str), clubs),
    }
    return {
        name: attempt(name, partial(swarm_grid, cut, ranked, list(part), wanted))
        if len(wanted) > 1 and ranked
        else None
        for name, (part, wanted) in parts.items()
    }


def _figures(shots: pd.DataFrame, facts: Facts, explained: ModelSummary, words: Language) -> dict[str, Facts]:
    """Every figure that is a picture, by id: ``title``, ``picture`` or None, ``absent``: why there is none."""
    model, unit = facts["model"], unit_of(explained.base.space, words)
    labels = {row.feature["name"]: words.text(row.feature["label"]) for row in facts["baseline"]}
    used = set(explained.importance.ranked)
    figures: dict[str, Facts] = {}

    single = [row for row in explained.dependence if row.feature["name"] in _SINGLE]
    pictures = dependence_pictures(shots, single, unit, words)
    for name in _SINGLE:
        figures[f"dependence-{name}"] = _entry(labels[name], pictures.get(name), [labels[name]], words)

    pairs = pair_pictures(shots, model, [pair for pair in PAIRS if set(pair) <= used], unit, words)
    by_names = {(pair["feature"]["name"], pair["partner"]["name"]): pair for pair in pairs}
    for name, other in PAIRS:
        title = words.text("%(feature)s, by %(partner)s", feature=labels[name], partner=labels[other])
        known = by_names.get((name, other))
        lacking = [labels[one] for one in (name, other) if one not in used]
        entry = _entry(title, known["picture"] if known else None, lacking, words)
        figures[f"pair-{name}-{other}"] = {**entry, "sides": known["sides"] if known else {}}
    return {**figures, **_special(Evidence(shots, explained), labels, unit, words)}


def _special(e: Evidence, labels: dict[str, str], unit: str, words: Language) -> dict[str, Facts]:
    """The figures that only the article has."""
    headers, speeds = article.headers_and_feet(e), article.slow_and_fast(e)
    goals, headed = article.close_goals(e), article.headed_goals(e)
    pressures, best = article.pressure_values(e), article.best_chances(e)
    feet = {"foot": words.text("feet"), "header": words.text("headers")}
    halves = {"fast": words.text("faster half"), "slow": words.text("slower half")}
    speeds = replace(speeds, sides=speeds.sides[::-1])  # the faster half first
    plans: dict[str, tuple[str, Any, Callable[[], Picture], list[str]]] = {
        "headers-by-angle": (
            words.text("Headers and feet at equal angles"),
            headers.steps,
            lambda: draw.rates_picture("headers-by-angle", headers, feet, words),
            [labels["Header"]],
        ),
        "speed-by-angle": (
            words.text("Slow and fast shooters at equal angles"),
            speeds.steps,
            lambda: draw.rates_picture("speed-by-angle", speeds, halves, words),
            [labels["PlayerSpeed"]],
        ),
        "close-goals": (
            words.text("Goals, by distance and angle"),
            goals.steps,
            lambda: draw.close_goals_picture(goals, words),
            [words.text("goals")],
        ),
        "headed-goals": (
            words.text("Headed goals, by angle"),
            [step for step in headed if step.n_goals],
            lambda: draw.headed_goals_picture(headed, words),
            [words.text("headed goals")],
        ),
        "pressure-values": (
            words.text("The values of the pressures"),
            pressures,
            lambda: draw.pressure_values_picture(pressures, labels, unit, words),
            [labels["PressureSum"], labels["PressureMax"]],
        ),
        "best-chances": (
            words.text("Distance and pressure of the best chances"),
            best.bands,
            lambda: draw.best_chances_picture(best, words),
            [words.text("chances of 0.3 xG and more")],
        ),
    }
    entries = {
        name: _entry(title, attempt(name, drawing) if rows else None, lacking, words)
        for name, (title, rows, drawing, lacking) in plans.items()
    }
    entries["headers-by-angle"]["sides"] = {"high": feet["foot"], "low": feet["header"]}
    entries["speed-by-angle"]["sides"] = {"high": halves["fast"], "low": halves["slow"]}
    return entries


def _listed(labels: Sequence[str], words: Language) -> str:
    return words.listing([words.text(label) for label in labels])


def _entry(title: str, picture: Picture | Missing | None, lacking: list[str], words: Language) -> Facts:
    absent = ""
    if picture is None:
        absent = words.text(
            "Not in these data, or not used by this model: %(names)s.", names=words.listing(lacking)
        )
    return {"title": title, "picture": picture, "absent": absent, "sides": {}}
