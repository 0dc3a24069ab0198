"""The pages of a model: the answer on one screen, and every chapter one click deeper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from xgoals.analysis.drift.told import Drift
from xgoals.analysis.evaluated.model_change import ModelChange
from xgoals.analysis.model_summary import model_summary
from xgoals.analysis.profiles.feature_profile import FeatureProfile
from xgoals.analysis.shots import season_label, validate_shots, without_penalties
from xgoals.domain.model import RecordedDecision
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.draw.figures import Missing, Picture, attempt, calibration_picture
from xgoals.report.draw.swarms import Swarm, SwarmGrid, swarm_grid, swarm_of_all
from xgoals.report.model.chapters import CHAPTERS, Addresses, ChapterKey, tabs
from xgoals.report.model.claims import ClaimInWords, check_claims, link_to_picture, tally
from xgoals.report.model.drift import DriftChapter, drift_chapter
from xgoals.report.model.facts import History, ModelFacts, model_facts
from xgoals.report.model.fairness import FairnessInWords, fairness_in_words
from xgoals.report.model.glance import Glance, glance
from xgoals.report.model.pictures import PairPicture, dependence_pictures, pair_pictures, unit_of
from xgoals.report.model.profiles import DrawnProfile, drawn_profiles
from xgoals.report.model.sentences import ModelSentences, model_sentences
from xgoals.report.model.shots import Tiles, tiles
from xgoals.report.page.render import INDEX, render
from xgoals.report.words.level_badge import level_rows
from xgoals.report.words.providers import SOURCES
from xgoals.report.words.trust import Trust, trust_in_words


@dataclass(frozen=True)
class Pictures:
    """The drawn figures; a :class:`~xgoals.report.draw.figures.Missing` where one failed."""

    calibration: Picture | Missing
    swarm: Swarm | Missing
    seasons: SwarmGrid | Missing | None
    dependence: Mapping[str, Picture | Missing]
    profiles: Mapping[str, DrawnProfile | Missing]
    pairs: tuple[PairPicture, ...]


@dataclass(frozen=True)
class Told:
    """What the pages say and show beside their numbers."""

    said: ModelSentences
    glance: Glance
    pictures: Pictures
    trust: Trust
    fair: FairnessInWords | None
    drift: DriftChapter | None
    claims: tuple[ClaimInWords, ...] | Missing
    tally: Mapping[str, int] | None
    highlights: Tiles
    feature_index: Mapping[str, int]
    season_values: Mapping[str, tuple[float, ...]]


def model_report(
    shots: pd.DataFrame,
    model: Mapping[str, Any],
    run: Mapping[str, Any],
    quarantine: pd.DataFrame,
    *,
    decisions: Sequence[RecordedDecision] = (),
    change: ModelChange | None = None,
    drift: Drift | None = None,
    profiles: Mapping[str, FeatureProfile] | None = None,
    language: str = "en",
    page: str | None = None,
    article_page: str | None = None,
) -> dict[ChapterKey, str]:
    """Write the pages of a model.

    Parameters
    ----------
    shots
        One row a shot (see :mod:`xgoals.analysis.shots`).
    model
        The champion: version, features, parameters, window, metrics, baseline, evaluation.
    run
        The run that asks for the report.
    quarantine
        What was left out: ``path, match_id, place, reason, advice, severity, feed``.
    decisions
        Every decision that the model had a part in, the latest first.
    change
        What changed from the champion before it.
    drift
        What matchdays hold beside its window, where that is stored.
    profiles
        Of each feature, where they could be worked out.
    language
        ``"en"`` or ``"de"``.
    page
        File name of the first page without its ending; default: the model's name.
    article_page
        Address of the page of the article relative to the first page, if there is one.

    Returns
    -------
    dict
        Chapter -> one self-contained HTML page; ``summary`` is the first one. Where they lie says
        :func:`xgoals.report.model.chapters.chapter_path`.

    Raises
    ------
    ValueError
        If the frame lacks a column, or the language is unknown.
    """
    words = speaker(language)
    validate_shots(shots, model)
    explained = model_summary(shots, model)
    history = History(str(model["model_version"]), tuple(decisions), change)
    facts = model_facts(shots, model, explained, run, quarantine, history, words)
    claims = attempt("claims", partial(check_claims, shots, explained, model, words))
    told = _told(shots, facts, claims, drift, profiles or {}, words)
    return {
        chapter.key: _page(chapter.key, facts, told, words, page or facts.history.version, article_page)
        for chapter in CHAPTERS
    }


def _page(
    key: ChapterKey, facts: ModelFacts, told: Told, words: Language, page: str, article_page: str | None
) -> str:
    addresses = Addresses(page, key)
    article = None if article_page is None else addresses.out(article_page)
    drawn = _anchors(facts, told)
    links = [link_to_picture(claim, drawn, addresses, article) for claim in _listed(told.claims)]
    context = {
        **vars(facts),
        **vars(told),
        "levels": level_rows(
            facts.model.get("levels") or {}, facts.model["metrics"].get("levels") or (), words
        ),
        "chapter": next(chapter for chapter in CHAPTERS if chapter.key == key),
        "tabs": tabs(addresses, words),
        "addresses": addresses,
        "index_path": addresses.out(INDEX),
        "article_page": article,
        "claim_links": links,
        "provider_names": SOURCES,
        "asks_for_people": any(of["group"] in ("keeper", "opponents") for of in facts.model["features"]),
        "styles": [
            "model/style.css",
            "page/profile.css",
            *([f"model/{key}.css"] if key in ("summary", "fairness") else []),
        ],
    }
    return render("model/page.html", words, context)


def _told(
    shots: pd.DataFrame,
    facts: ModelFacts,
    claims: tuple[ClaimInWords, ...] | Missing,
    drift: Drift | None,
    profiles: Mapping[str, FeatureProfile],
    words: Language,
) -> Told:
    return Told(
        said=model_sentences(facts, words),
        glance=glance(facts, words),
        pictures=_pictures(shots, facts, profiles, words),
        trust=trust_in_words(facts.model.get("trust") or (), facts.model["baseline"], words),
        fair=fairness_in_words(facts.fairness, words),
        drift=drift_chapter(drift, facts.model, words),
        claims=claims,
        tally=None if isinstance(claims, Missing) else tally(claims),
        highlights=tiles(shots, facts.model, words),
        feature_index={name: i for i, name in enumerate(facts.importance.ranked)},
        season_values={row.season: row.mean_abs for row in facts.by_season.seasons},
    )


def _pictures(
    shots: pd.DataFrame, facts: ModelFacts, profiles: Mapping[str, FeatureProfile], words: Language
) -> Pictures:
    unit = unit_of(facts.base.space, words)
    return Pictures(
        calibration=attempt("calibration", lambda: calibration_picture(facts.calibration, words)),
        swarm=attempt("swarm", lambda: swarm_of_all(shots, facts.importance.features)),
        seasons=_season_grid(shots, facts),
        dependence=dependence_pictures(shots, facts.dependence, unit, words),
        profiles=drawn_profiles(profiles, words),
        pairs=pair_pictures(shots, facts.model, facts.pairs, unit, words),
    )


def _season_grid(shots: pd.DataFrame, facts: ModelFacts) -> SwarmGrid | Missing | None:
    """The beeswarms of the seasons side by side; None where there are fewer than two to compare."""
    cut, ranked = without_penalties(shots), facts.importance.features
    seasons = [row.season for row in facts.by_season.seasons if row.enough]
    if len(seasons) < 2 or not ranked:
        return None
    return attempt("seasons", lambda: swarm_grid(cut, ranked, list(season_label(cut)), seasons))


def _anchors(facts: ModelFacts, told: Told) -> dict[str, ChapterKey]:
    """The places that a claim may point to, and on which page each is."""
    single = {f"dependence-{name}" for name in told.pictures.dependence}
    pairs = {f"pair-{name}-{other}" for name, other in facts.pairs}
    places: dict[str, ChapterKey] = dict.fromkeys([*single, *pairs], "features")
    return places | {
        "importance": "importance",
        "base": "importance",
        "seasons": "seasons",
        "clubs": "seasons",
    }


def _listed(claims: tuple[ClaimInWords, ...] | Missing) -> tuple[ClaimInWords, ...]:
    return () if isinstance(claims, Missing) else claims
