"""The article, reproduced: each of its figures redrawn from this model, each of its claims beside its verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pandas as pd

from xgoals.analysis.article import figures as article
from xgoals.analysis.article.baseline import (
    ORIGINAL_BASE_VALUE,
    BaselineRow,
    CatalogueDifference,
    baseline_rows,
    catalogue_difference,
)
from xgoals.analysis.article.evidence import Evidence
from xgoals.analysis.clubs import ImportanceByClub
from xgoals.analysis.dependence import Dependence
from xgoals.analysis.importance import Importance
from xgoals.analysis.model_summary import ModelSummary, model_summary
from xgoals.analysis.pairs import PAIRS
from xgoals.analysis.reference import BaseValues
from xgoals.analysis.seasons import ImportanceBySeason
from xgoals.analysis.shots import Model, season_label, validate_shots, without_penalties
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.article import figures as draw
from xgoals.report.draw.figures import Missing, Picture, attempt
from xgoals.report.draw.swarms import Swarm, SwarmGrid, swarm_grid, swarm_of_all
from xgoals.report.facts import Facts
from xgoals.report.model.claims import ClaimInWords, check_claims, tally
from xgoals.report.model.pictures import dependence_pictures, pair_pictures, unit_of
from xgoals.report.model.sentences import (
    BaseValueRow,
    base_values_in_order,
    club_importance_sentence,
    season_sentence,
)
from xgoals.report.model.shots import tiles
from xgoals.report.page.render import local_link, render
from xgoals.report.page.run import RunFacts, run_facts

_SINGLE = ("AngleToGoal", "DistanceToGoal", "DistanceToGoalClosest", "Header", "FreeKick", "FootShot")
"""Features whose dependence the article speaks of one by one."""


@dataclass(frozen=True)
class ArticleFigure:
    """A figure of the article; ``absent``: why there is none; ``sides``: who is low and who high in it."""

    title: str
    picture: Picture | Missing | None
    absent: str = ""
    sides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grids:
    """The beeswarms of seasons and of clubs side by side; None where there are fewer than two to compare."""

    seasons: SwarmGrid | Missing | None
    clubs: SwarmGrid | Missing | None


@dataclass(frozen=True)
class ArticlePage:
    """All that the page shows: numbers as :mod:`xgoals.analysis` describes them, pictures, and what is said."""

    base: BaseValues
    importance: Importance
    by_season: ImportanceBySeason
    by_club: ImportanceByClub
    dependence: tuple[Dependence, ...]
    model: Model
    run: RunFacts
    baseline: tuple[BaselineRow, ...]
    base_rows: tuple[BaseValueRow, ...]
    original_base_value: float
    difference: CatalogueDifference
    best: tuple[Facts, ...]
    swarm: Swarm | Missing
    grids: Grids
    drawn: Mapping[str, ArticleFigure]
    seasons_told: str
    clubs_told: str
    claims: tuple[ClaimInWords, ...]
    tally: Mapping[str, int]
    claims_failed: Missing | None
    season_values: Mapping[str, tuple[float, ...]]
    club_values: Mapping[str, tuple[float, ...]]
    absent_words: str
    own_words: str
    model_page: str | None


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
    told = attempt("claims", partial(check_claims, shots, explained, model, words))
    claims = () if isinstance(told, Missing) else told
    difference = catalogue_difference(model)
    page = ArticlePage(
        **vars(explained),
        model=model,
        run=run_facts(run, shots),
        baseline=tuple(baseline_rows(model)),
        base_rows=base_values_in_order(explained.base, words),
        original_base_value=ORIGINAL_BASE_VALUE,
        difference=difference,
        best=tiles(shots, model, words).highest,
        swarm=attempt("swarm", lambda: swarm_of_all(shots, explained.importance.features)),
        grids=_grids(shots, explained),
        drawn=_figures(shots, model, explained, words),
        seasons_told=season_sentence(explained.by_season, words),
        clubs_told=club_importance_sentence(explained.by_club, words),
        claims=claims,
        tally=tally(claims),
        claims_failed=told if isinstance(told, Missing) else None,
        season_values={row.season: row.mean_abs for row in explained.by_season.seasons},
        club_values={row.club: row.mean_abs for row in explained.by_club.clubs},
        absent_words=_listed(difference.absent, words),
        own_words=_listed(difference.own, words),
        model_page=None if model_page is None else local_link(model_page),
    )
    return render("article/page.html", words, {**vars(page), "styles": ["model/style.css"]})


def _grids(shots: pd.DataFrame, explained: ModelSummary) -> Grids:
    cut, ranked = without_penalties(shots), explained.importance.features

    def side_by_side(name: str, labels: "pd.Series[str]", wanted: list[str]) -> SwarmGrid | Missing | None:
        if len(wanted) < 2 or not ranked:
            return None
        return attempt(name, partial(swarm_grid, cut, ranked, list(labels), wanted))

    seasons = [row.season for row in explained.by_season.seasons if row.enough]
    clubs = [row.club for row in explained.by_club.clubs]
    return Grids(
        side_by_side("seasons", season_label(cut), seasons),
        side_by_side("clubs", cut["team"].astype(str), clubs),
    )


def _figures(
    shots: pd.DataFrame, model: Model, explained: ModelSummary, words: Language
) -> dict[str, ArticleFigure]:
    """Every figure that is a picture, by id."""
    unit = unit_of(explained.base.space, words)
    labels = {row.feature["name"]: words.text(row.feature["label"]) for row in baseline_rows(model)}
    used = set(explained.importance.ranked)
    figures: dict[str, ArticleFigure] = {}

    single = [row for row in explained.dependence if row.feature["name"] in _SINGLE]
    pictures = dependence_pictures(shots, single, unit, words)
    for name in _SINGLE:
        figures[f"dependence-{name}"] = _figure(labels[name], pictures.get(name), [labels[name]], words)

    pairs = pair_pictures(shots, model, [pair for pair in PAIRS if set(pair) <= used], unit, words)
    by_names = {(pair.feature["name"], pair.partner["name"]): pair for pair in pairs}
    for name, other in PAIRS:
        title = words.text("%(feature)s, by %(partner)s", feature=labels[name], partner=labels[other])
        known = by_names.get((name, other))
        lacking = [labels[one] for one in (name, other) if one not in used]
        figure = _figure(title, known.picture if known else None, lacking, words)
        figures[f"pair-{name}-{other}"] = replace(figure, sides=known.sides if known else {})
    return {**figures, **_special(Evidence(shots, explained), labels, unit, words)}


def _special(e: Evidence, labels: dict[str, str], unit: str, words: Language) -> dict[str, ArticleFigure]:
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
    sides = {
        "headers-by-angle": {"high": feet["foot"], "low": feet["header"]},
        "speed-by-angle": {"high": halves["fast"], "low": halves["slow"]},
    }
    return {
        name: replace(
            _figure(title, attempt(name, drawing) if rows else None, lacking, words),
            sides=sides.get(name, {}),
        )
        for name, (title, rows, drawing, lacking) in plans.items()
    }


def _listed(labels: Sequence[str], words: Language) -> str:
    return words.listing([words.text(label) for label in labels])


def _figure(
    title: str, picture: Picture | Missing | None, lacking: list[str], words: Language
) -> ArticleFigure:
    if picture is not None:
        return ArticleFigure(title, picture)
    said = words.text(
        "Not in these data, or not used by this model: %(names)s.", names=words.listing(lacking)
    )
    return ArticleFigure(title, None, said)
