"""The model report: can the model be trusted, what moves it, what waits for a human."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from xgoals.analysis.calibration import calibration
from xgoals.analysis.completeness import competitions, data_summary
from xgoals.analysis.evaluated.club_calibration import club_calibration
from xgoals.analysis.interactions import interaction_matrix
from xgoals.analysis.model_summary import ModelSummary, model_summary
from xgoals.analysis.pairs import missing_partners, partners
from xgoals.analysis.quality import quality
from xgoals.analysis.seasons import quality_by_season
from xgoals.analysis.shots import Model, season_label, validate_shots, without_penalties
from xgoals.analysis.sources import source_differences
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.draw.figures import Missing, attempt, calibration_picture
from xgoals.report.draw.swarms import swarm_grid, swarm_of_all
from xgoals.report.facts import Facts
from xgoals.report.model.claims import check_claims, tally
from xgoals.report.model.pictures import dependence_pictures, pair_pictures, unit_of
from xgoals.report.model.sentences import (
    attention,
    calibration_sentence,
    club_sentence,
    comparison,
    decision_headline,
    lead,
    season_sentence,
)
from xgoals.report.page.render import local_link, render
from xgoals.report.page.run import quarantine_facts, run_facts
from xgoals.report.shot.facts import highlight_facts
from xgoals.report.words.clock import clock
from xgoals.report.words.headline import headline
from xgoals.report.words.trust import trust_facts


def model_report(
    shots: pd.DataFrame,
    model: Mapping[str, Any],
    run: Mapping[str, Any],
    quarantine: pd.DataFrame,
    *,
    language: str = "en",
    article_page: str | None = None,
) -> str:
    """Write the model report.

    Parameters
    ----------
    shots
        One row a shot (see :mod:`xgoals.analysis.shots`).
    model
        The champion: version, features, parameters, window, metrics, baseline, decision.
    run
        The run that asks for the report.
    quarantine
        What was left out: ``path, match_id, place, reason, advice, severity, feed``.
    language
        ``"en"`` or ``"de"``.
    article_page
        Relative address of the page of the article, if there is one.

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
    facts = summary(shots, model, explained, dict(run), quarantine)
    for shot in [*facts["highlights"]["highest"], *facts["highlights"]["unseen"]]:
        shot["clock"] = clock(shot)
        shot["headline"] = headline(shot, words)
    told = attempt("claims", partial(check_claims, shots, explained, model, words))
    context = {
        **facts,
        "feature_index": {name: i for i, name in enumerate(explained.importance.ranked)},
        "pictures": pictures(shots, facts, words),
        "said": _said(facts, words),
        "season_values": {row.season: row.mean_abs for row in explained.by_season.seasons},
        "competitions": words.listing(competitions(shots)),
        "never_words": words.listing([words.text(feature.label) for feature in explained.importance.never]),
        "explainer": {
            "method": model.get("method"),
            "library": model.get("library_max_error"),
            "n_library": model.get("n_library_sample"),
        },
        "missing_pairs": [
            {**vars(pair), "unused": words.listing([words.text(label) for label in pair.unused])}
            for pair in facts["missing_pairs"]
        ],
        "trust": trust_facts(model.get("trust") or (), model["baseline"], words),
        "claims": told,
        "tally": None if isinstance(told, Missing) else tally(told),
        "pair_ids": [f"pair-{name}-{other}" for name, other in facts["pairs"]],
        "article_page": None if article_page is None else local_link(article_page),
        "styles": ["model/style.css"],
    }
    return render("model/page.html", words, context)


def summary(
    shots: pd.DataFrame, model: Model, explained: ModelSummary, run: Facts, quarantine: pd.DataFrame
) -> Facts:
    """All numbers of the page, no picture and no word yet."""
    ranked = explained.importance.ranked
    return {
        **vars(explained),
        "model": model,
        "run": run_facts(run, shots),
        "data": data_summary(shots, model),
        "quarantine": quarantine_facts(quarantine, run.get("sources") or ()),
        "yardsticks": [row for row in run.get("yardsticks") or () if row["n"]],
        "quality": quality(model),
        "calibration": calibration(shots),
        "seasons": quality_by_season(shots),
        "club_calibration": club_calibration(shots),
        "pairs": partners(model, ranked),
        "missing_pairs": missing_partners(model, ranked),
        "sources": source_differences(shots, model),
        "interactions": interaction_matrix(model, ranked),
        "highlights": highlight_facts(shots, model),
    }


def _said(facts: Facts, words: Language) -> Facts:
    return {
        "lead": lead(facts, words),
        "decision": decision_headline(facts, words),
        "comparison": comparison(facts, words),
        "attention": attention(facts, words),
        "calibration": calibration_sentence(facts, words),
        "seasons": season_sentence(facts, words),
        "clubs": club_sentence(facts, words),
    }


def pictures(shots: pd.DataFrame, facts: Facts, words: Language) -> Facts:
    """The drawn figures by name; a :class:`~xgoals.report.figures.Missing` where one failed."""
    unit = unit_of(facts["base"].space, words)
    return {
        "calibration": attempt("calibration", lambda: calibration_picture(facts["calibration"], words)),
        "swarm": attempt("swarm", lambda: swarm_of_all(shots, facts["importance"].features)),
        "seasons": _season_grid(shots, facts),
        "dependence": dependence_pictures(shots, facts["dependence"], unit, words),
        "pairs": pair_pictures(shots, facts["model"], facts["pairs"], unit, words),
    }


def _season_grid(shots: pd.DataFrame, facts: Facts) -> Any:
    """The beeswarms of the seasons side by side; None where there are fewer than two to compare."""
    cut, ranked = without_penalties(shots), facts["importance"].features
    seasons = [row.season for row in facts["by_season"].seasons if row.enough]
    if len(seasons) < 2 or not ranked:
        return None
    return attempt("seasons", lambda: swarm_grid(cut, ranked, list(season_label(cut)), seasons))
