"""What the article says about its model, in a few words, and the figure that decides each statement here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.article import claims as on
from xgoals.analysis.article.claims import Finding
from xgoals.analysis.article.evidence import Evidence
from xgoals.analysis.article.verdicts import Verdict, verdicts
from xgoals.analysis.model_summary import ModelSummary
from xgoals.analysis.shots import Model
from xgoals.features.catalogue import ARTICLE_17
from xgoals.language import Language
from xgoals.report.model.chapters import Addresses, ChapterKey


@dataclass(frozen=True)
class Claim:
    """A statement and how it is decided.

    Attributes
    ----------
    statement
        What the article says, in a few words of ours.
    test
        The rule; its docstring is printed beside the verdict.
    figure
        The sentence that shows the deciding numbers.
    shown
        Id of the picture that shows them, on the page of the article or of the model.
    needs
        Features without which nothing can be said.
    """

    statement: str
    test: Callable[[Evidence], Finding]
    figure: str
    shown: str
    needs: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Name of the claim in addresses."""
        return f"claim-{getattr(self.test, '__name__', '').replace('_', '-')}"


CLAIMS = (
    Claim(
        "Angle, distance and closest distance are the top three.",
        on.top_three,
        "First here: %(names)s. Angle is number %(angle)s, distance %(distance)s, closest "
        "distance %(closest)s.",
        shown="importance",
        needs=("AngleToGoal", "DistanceToGoal", "DistanceToGoalClosest"),
    ),
    Claim(
        "Importance hardly changes between seasons.",
        on.stable_over_seasons,
        "Lowest rank correlation %(least)s.",
        shown="seasons",
    ),
    Claim(
        "Importance hardly changes between clubs.",
        on.stable_over_clubs,
        "Lowest rank correlation %(least)s.",
        shown="clubs",
    ),
    Claim(
        "Angles under 25° lower xG, larger ones raise it.",
        on.angle_turns_at_25,
        "Mean value under 25° %(a)s, above %(b)s %(unit)s.",
        shown="dependence-AngleToGoal",
        needs=("AngleToGoal",),
    ),
    Claim(
        "Beyond about 20 m distance no longer matters.",
        on.far_is_far,
        "The value falls by %(near)s from 5–10 m to 20–25 m and by %(far)s %(unit)s from there "
        "to 30–40 m; goals a shot fall from %(rate20)s to %(rate30)s.",
        shown="dependence-DistanceToGoal",
        needs=("DistanceToGoal",),
    ),
    Claim(
        "The closest distance acts monotonically.",
        on.closest_is_monotone,
        "Rank correlation of distance and value %(rho)s.",
        shown="dependence-DistanceToGoalClosest",
        needs=("DistanceToGoalClosest",),
    ),
    Claim(
        "A header lowers, a direct free kick raises.",
        on.header_and_free_kick,
        "Header %(header)s, direct free kick %(free_kick)s %(unit)s.",
        shown="dependence-Header",
        needs=("Header", "FreeKick"),
    ),
    Claim(
        "A shot with the foot and no free kick say nothing.",
        on.usual_says_nothing,
        "Foot %(foot)s, no free kick %(no_kick)s %(unit)s.",
        shown="dependence-FootShot",
        needs=("FootShot", "FreeKick"),
    ),
    Claim(
        "Close goals have angles above 45°.",
        on.close_goals_are_wide,
        "A share of %(share)s of the goals from within 6 m.",
        shown="close-goals",
        needs=("DistanceToGoal", "AngleToGoal"),
    ),
    Claim(
        "A large angle helps only with one or two defenders in the way.",
        on.wide_angle_needs_few_defenders,
        "Above 45° with up to two %(a)s, with more %(b)s %(unit)s.",
        shown="pair-AngleToGoal-AmountOfDefenders",
        needs=("AngleToGoal", "AmountOfDefenders"),
    ),
    Claim(
        "With little pressure a short distance raises; with much pressure close to goal it lowers.",
        on.pressure_turns_closeness,
        "Within 8 m, little pressure %(a)s, much pressure %(b)s %(unit)s.",
        shown="pair-DistanceToGoal-PressureSum",
        needs=("DistanceToGoal", "PressureSum"),
    ),
    Claim(
        "At equal angle (25–75°) a header is less likely to score than a foot.",
        on.header_at_equal_angle,
        "Goals a shot: headers %(header)s, feet at the same angles %(foot)s.",
        shown="headers-by-angle",
        needs=("AngleToGoal", "Header"),
    ),
    Claim(
        "Above 25° a slow shooter is less likely to score than a fast one.",
        on.slow_is_less_likely,
        "Goals a shot: slower half %(slow)s, faster half %(fast)s.",
        shown="speed-by-angle",
        needs=("AngleToGoal", "PlayerSpeed"),
    ),
    Claim(
        "The values of PressureSum and PressureMax cluster around zero.",
        on.pressure_clusters_at_zero,
        "Close to zero: a share of %(sum)s and of %(max)s.",
        shown="pressure-values",
        needs=("PressureSum", "PressureMax"),
    ),
    Claim(
        "Distance and angle change PressureSum's value little.",
        on.pressure_value_hardly_follows_place,
        "At equal pressure distance changes it by up to %(distance)s of what pressure does, angle by "
        "up to %(angle)s.",
        shown="pair-PressureSum-DistanceToGoal",
        needs=("PressureSum", "DistanceToGoal", "AngleToGoal"),
    ),
    Claim(
        "With growing pressure a larger angle lowers PressureSum's value.",
        on.pressed_wide_angle_loses,
        "Rank correlation among the more pressed half %(rho)s.",
        shown="pair-PressureSum-AngleToGoal",
        needs=("PressureSum", "AngleToGoal"),
    ),
    Claim(
        "Among the best chances distance and pressure are inversely related.",
        on.best_chances_trade,
        "Rank correlation %(rho)s.",
        shown="best-chances",
        needs=("DistanceToGoal", "PressureSum"),
    ),
    Claim(
        "Few headers are scored from below 25°.",
        on.few_narrow_headers_score,
        "A share of %(share)s of all headed goals.",
        shown="headed-goals",
        needs=("Header", "AngleToGoal"),
    ),
    Claim(
        "The base value is the average xG.",
        on.base_value_is_the_average,
        "Prediction at the baseline %(base)s, mean prediction %(mean)s.",
        shown="base",
    ),
)

VERDICTS: tuple[Verdict, ...] = ("holds", "fails", "close", "not enough data")


@dataclass(frozen=True)
class ClaimInWords:
    """A claim as a page tells it.

    Attributes
    ----------
    key, statement
        Its name in addresses, and what the article says.
    verdict
        Of :data:`VERDICTS`.
    figure
        The deciding numbers, or what is missing.
    rule
        How it was decided.
    shown
        Id of the picture.
    """

    key: str
    statement: str
    verdict: Verdict
    figure: str
    rule: str
    shown: str


def check_claims(
    shots: pd.DataFrame, summary: ModelSummary, model: Model, words: Language
) -> tuple[ClaimInWords, ...]:
    """Test every claim.

    Parameters
    ----------
    shots
        The frame of shots.
    summary
        Of the same shots.
    model
        The champion, for the labels of its features.
    words
        The language of the page.
    """
    evidence = Evidence(shots, summary)
    unit = words.text("log-odds") if summary.base.space == "log_odds" else "xG"
    labels = {feature.name: feature.label for feature in ARTICLE_17.features}
    labels |= {feature["name"]: feature["label"] for feature in model["features"]}
    findings = [claim.test(evidence) for claim in CLAIMS]
    decided = verdicts([claim.test for claim in CLAIMS], findings, shots, summary)
    told = []
    for claim, found, verdict in zip(CLAIMS, findings, decided, strict=True):
        values = {key: _said(value, labels, words) for key, value in found.numbers.items()}
        said = [words.text(claim.figure, unit=unit, **values)] if found.numbers else []
        if found.holds is None:
            lacking = [words.text(labels[name]) for name in claim.needs if not evidence.used(name)]
            said.append(_lacking(lacking, words))
        told.append(
            ClaimInWords(
                key=claim.key,
                statement=words.text(claim.statement),
                verdict=verdict,
                figure=" ".join(said),
                rule=words.text(rule_of(claim)),
                shown=claim.shown,
            )
        )
    return tuple(told)


def link_to_picture(
    claim: ClaimInWords, drawn: Mapping[str, ChapterKey], addresses: Addresses, article_page: str | None
) -> str | None:
    """Where the picture of a claim is: on a page of the model (``drawn``), else on the article's; None without that."""
    if claim.shown in drawn:
        return addresses.to(drawn[claim.shown], claim.shown)
    return None if article_page is None else f"{article_page}#{claim.shown}"


def rule_of(claim: Claim) -> str:
    """How the claim is decided, as it stands beside the code that does it."""
    return " ".join((claim.test.__doc__ or "").split())


def _lacking(names: list[str], words: Language) -> str:
    if names:
        return words.text("This model makes no use of: %(names)s.", names=words.listing(names))
    return words.text("Too few shots to say.")


def _said(value: float | int | tuple[str, ...], labels: dict[str, str], words: Language) -> str:
    if isinstance(value, tuple):
        return words.listing([words.text(labels.get(name, name)) for name in value])
    return words.count(value) if isinstance(value, int) else words.number(value, 3)


def tally(claims: Sequence[ClaimInWords]) -> dict[str, int]:
    """How many claims have each verdict."""
    return {verdict: sum(claim.verdict == verdict for claim in claims) for verdict in VERDICTS}
