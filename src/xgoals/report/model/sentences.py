"""What the chapters about a model say in sentences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from xgoals.analysis.clubs import ImportanceByClub
from xgoals.analysis.evaluated.quality_markdown import verdict
from xgoals.analysis.quality import ForecasterQuality, Sample
from xgoals.analysis.reference import BaseValues
from xgoals.analysis.seasons import ImportanceBySeason
from xgoals.analysis.stored_figures import Interval
from xgoals.language import Language
from xgoals.report.model.facts import ModelFacts
from xgoals.report.model.glance import WorstRow, provider_name, worst_rows
from xgoals.report.words.gate import decision_in_words
from xgoals.report.words.said import Said

N_WORST = 15
"""So many of the worst slices are listed in one order; every slice by itself holds all."""


@dataclass(frozen=True)
class DecisionRow:
    """A decision as a row of a table."""

    decided_at: datetime
    challenger: str
    verdict: str
    why: Said


@dataclass(frozen=True)
class BaseValueRow:
    """One of the numbers that are called "the average"; ``mark``: how it is drawn."""

    mark: Literal["goals", "mean", "start"]
    value: float | None
    name: str
    told: str


@dataclass(frozen=True)
class MissingPairRow:
    """Labels of a pair that cannot be shown; ``unused``: those of its features that the model does not use."""

    feature: str
    partner: str
    unused: str


@dataclass(frozen=True)
class ModelSentences:
    """The sentences of the chapters, each as the function of its name says it."""

    lead: str
    comparison: str
    calibration: str
    seasons: str
    clubs: str
    competitions: str
    never: str
    provider: str
    worst: tuple[WorstRow, ...]
    decisions: tuple[DecisionRow, ...]
    base_values: tuple[BaseValueRow, ...]
    missing_pairs: tuple[MissingPairRow, ...]


def model_sentences(facts: ModelFacts, words: Language) -> ModelSentences:
    """All sentences; ``never`` lists the features that no prediction depends on."""
    names = dict.fromkeys(row.competition for row in facts.competitions)
    return ModelSentences(
        worst=worst_rows(facts, words, N_WORST),
        decisions=tuple(
            DecisionRow(
                row.decided_at,
                row.decision.challenger,
                words.text(row.decision.verdict.replace("_", " ")),
                decision_in_words(row.decision, words),
            )
            for row in facts.history.decisions
        ),
        base_values=base_values_in_order(facts.base, words),
        missing_pairs=tuple(
            MissingPairRow(
                pair.feature, pair.partner, words.listing([words.text(label) for label in pair.unused])
            )
            for pair in facts.missing_pairs
        ),
        lead=lead(facts, words),
        comparison=comparison(facts, words),
        calibration=calibration_sentence(facts, words),
        seasons=season_sentence(facts.by_season, words),
        clubs=club_importance_sentence(facts.by_club, words),
        competitions=words.listing(list(names)),
        never=words.listing([words.text(feature.label) for feature in facts.importance.never]),
        provider=provider_name(facts, words),
    )


def base_values_in_order(base: BaseValues, words: Language) -> tuple[BaseValueRow, ...]:
    """The three base values in the order in which they lie on their line, the smallest first; what is unknown last."""
    start = words.text(
        "The xG of one made-up ordinary shot: the mean of every measured feature, the commonest of every category. "
        "Every explanation starts here."
    )
    if base.space == "log_odds":
        in_unit = words.text(
            "In the unit of this model's explanations: %(start)s log-odds.",
            start=words.number(base.start, 3, signed=True),
        )
        start = f"{start} {in_unit}"
    rows = [
        BaseValueRow(
            "goals",
            base.goal_rate,
            words.text("Goal rate"),
            words.text("Goals per shot, counted. What happened."),
        ),
        BaseValueRow(
            "mean",
            base.mean_prediction,
            words.text("Mean prediction"),
            words.text("The mean xG of the same shots. What the model says on average."),
        ),
        BaseValueRow("start", base.prediction_at_baseline, words.text("Prediction at the baseline"), start),
    ]
    return tuple(sorted(rows, key=lambda row: float("inf") if row.value is None else row.value))


def lead(facts: ModelFacts, words: Language) -> str:
    """The story of the page in two sentences."""
    model = facts.model
    first = words.text(
        "Trained on %(shots)s shots of %(matches)s matches, %(start)s to %(end)s.",
        shots=words.count(model["n_shots"]),
        matches=words.count(model["n_matches"]),
        start=words.day(model["window_from"]),
        end=words.day(model["window_to"]),
    )
    samples = facts.quality.samples
    if not samples:
        return first
    sample = samples[0]
    second = words.text(
        "On %(matches)s matches that it had not seen it expects %(expected)s goals where %(scored)s were scored.",
        matches=words.count(sample.n_matches),
        expected=words.count(_own(sample).sum_xg),
        scored=words.count(sample.n_goals),
    )
    return f"{first} {second}"


def comparison(facts: ModelFacts, words: Language) -> str:
    """Model against provider in all three metrics, said only as strongly as the intervals allow."""
    difference = facts.quality.difference
    if difference is None:
        return words.text("There is no provider xG to compare with.")
    if difference.auc.interval is None:
        return words.text("Too few goals to say how sure the difference from the provider is.")
    low, high = difference.auc.interval
    provider = provider_name(facts, words)
    span = words.text(
        "AUC %(difference)s (95 %% interval %(low)s to %(high)s).",
        difference=words.number(difference.auc.value, 3, signed=True),
        low=words.number(low, 3, signed=True),
        high=words.number(high, 3, signed=True),
    )
    others = " ".join(_other_metrics(facts, words))
    if low > 0:
        told = words.text("Ranks shots better than %(provider)s's own xG:", provider=provider)
    elif high < 0:
        told = words.text("Ranks shots worse than %(provider)s's own xG:", provider=provider)
    else:
        told = words.text("Cannot be told apart from %(provider)s's own xG:", provider=provider)
    return f"{told} {span} {others}".rstrip()


def _other_metrics(facts: ModelFacts, words: Language) -> list[str]:
    """Log loss and Brier score of the same comparison, each with what its interval says."""
    first = facts.quality.samples[0].key
    rows = [row for row in facts.quality.comparisons if (row.split, row.rival) == (first, "provider")]
    names = {"log_loss": words.text("Log loss"), "brier": "Brier"}
    return [
        words.text(
            "%(metric)s %(difference)s (%(low)s to %(high)s: %(verdict)s).",
            metric=names[metric],
            difference=words.number(figure.value, 4, signed=True),
            low=words.number(figure.interval[0], 4, signed=True),
            high=words.number(figure.interval[1], 4, signed=True),
            verdict=_verdict(metric, figure.interval, words),
        )
        for row in rows
        for metric, figure in (("log_loss", row.log_loss), ("brier", row.brier))
        if figure.interval is not None
    ]


def _verdict(metric: str, interval: Interval, words: Language) -> str:
    match verdict(metric, *interval):
        case "better":
            return words.text("better")
        case "worse":
            return words.text("worse")
        case _:
            return words.text("cannot be told")


def calibration_sentence(facts: ModelFacts, words: Language) -> str:
    """How many bands the model misses by more than their interval, and how many chance alone would put outside."""
    bands = facts.calibration.model
    n_off = sum(band.is_off for band in bands)
    if n_off == 0:
        return words.text("In every band the goals scored are within chance of the goals expected.")
    return words.plural(
        "One band of %(bands)s is outside of its 95 %% interval; by chance alone up to %(expected)s would be.",
        "%(n)s bands of %(bands)s are outside of their 95 %% intervals; by chance alone up to %(expected)s would be.",
        n_off,
        bands=words.count(len(bands)),
        expected=words.number(0.05 * len(bands), 1),
    )


def season_sentence(by_season: ImportanceBySeason, words: Language) -> str:
    """How alike the seasons are."""
    least = by_season.least_agreement
    if least is None:
        return words.text("There is one season only, or the others are too small to compare.")
    return words.text(
        "In every season the features matter in much the order they have in all other shots: "
        "rank correlation at least %(least)s.",
        least=words.number(least, 2),
    )


def club_importance_sentence(by_club: ImportanceByClub, words: Language) -> str:
    """How alike the clubs are in what moves the model."""
    least = by_club.least_agreement
    if least is None:
        return words.text("Too few clubs have enough shots to compare.")
    return words.text(
        "For every club the features matter in much the same order: rank correlation at least %(least)s.",
        least=words.number(least, 2),
    )


def _own(sample: Sample) -> ForecasterQuality:
    return next(row for row in sample.rows if row.who == "model")
