"""What the article says about its model, in a few words, and the figure that decides each statement here."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from xgoals.language import Language
from xgoals.report import claims as on
from xgoals.report.claims import Evidence, Finding
from xgoals.report.shot_frame import Facts


@dataclass(frozen=True)
class Claim:
    """A statement, how it is tested, and the sentence that shows the deciding numbers."""

    statement: str
    test: Callable[[Evidence], Finding]
    figure: str


CLAIMS = (
    Claim("Angle, distance and closest distance are the top three.", on.top_three, "Here: %(names)s."),
    Claim(
        "Importance hardly changes between seasons.",
        on.stable_over_seasons,
        "Lowest rank correlation %(least)s.",
    ),
    Claim(
        "Importance hardly changes between clubs.", on.stable_over_clubs, "Lowest rank correlation %(least)s."
    ),
    Claim(
        "Angles under 25° lower xG, larger ones raise it.",
        on.angle_turns_at_25,
        "Mean value under 25° %(a)s, above %(b)s %(unit)s.",
    ),
    Claim(
        "Beyond about 20 m distance no longer matters.",
        on.far_is_far,
        "The value falls by %(near)s from 5–10 m to 20–25 m and by %(far)s %(unit)s from there to 30–40 m; "
        "goals a shot fall from %(rate20)s to %(rate30)s.",
    ),
    Claim(
        "The closest distance acts monotonically.",
        on.closest_is_monotone,
        "Rank correlation of distance and value %(rho)s.",
    ),
    Claim(
        "A header lowers, a direct free kick raises.",
        on.header_and_free_kick,
        "Header %(header)s, direct free kick %(free_kick)s %(unit)s.",
    ),
    Claim(
        "A shot with the foot and no free kick say nothing.",
        on.usual_says_nothing,
        "Foot %(foot)s, no free kick %(no_kick)s %(unit)s.",
    ),
    Claim(
        "Close goals have angles above 45°.",
        on.close_goals_are_wide,
        "A share of %(share)s of the goals from within 6 m.",
    ),
    Claim(
        "A large angle helps only with one or two defenders in the way.",
        on.wide_angle_needs_few_defenders,
        "Above 45° with up to two %(a)s, with more %(b)s %(unit)s.",
    ),
    Claim(
        "With little pressure a short distance raises; with much pressure close to goal it lowers.",
        on.pressure_turns_closeness,
        "Within 8 m, little pressure %(a)s, much pressure %(b)s %(unit)s.",
    ),
    Claim(
        "At equal angle (25–75°) a header is less likely to score than a foot.",
        on.header_at_equal_angle,
        "Goals a shot: headers %(header)s, feet at the same angles %(foot)s.",
    ),
    Claim(
        "Above 25° a slow shooter is less likely to score than a fast one.",
        on.slow_is_less_likely,
        "Goals a shot: slower half %(slow)s, faster half %(fast)s.",
    ),
    Claim(
        "The values of PressureSum and PressureMax cluster around zero.",
        on.pressure_clusters_at_zero,
        "Close to zero: a share of %(sum)s and of %(max)s.",
    ),
    Claim(
        "Distance and angle change PressureSum's value little.",
        on.pressure_value_hardly_follows_place,
        "Rank correlation with distance %(distance)s, with angle %(angle)s.",
    ),
    Claim(
        "With growing pressure a larger angle lowers PressureSum's value.",
        on.pressed_wide_angle_loses,
        "Rank correlation among the more pressed half %(rho)s.",
    ),
    Claim(
        "Among the best chances distance and pressure are inversely related.",
        on.best_chances_trade,
        "Rank correlation %(rho)s.",
    ),
    Claim(
        "Few headers are scored from below 25°.",
        on.few_narrow_headers_score,
        "A share of %(share)s of all headed goals.",
    ),
    Claim(
        "The base value is the average xG.",
        on.base_value_is_the_average,
        "Prediction at the baseline %(base)s, mean prediction %(mean)s.",
    ),
)

VERDICTS = {True: "holds", False: "fails", None: "not enough data"}


def check_claims(shots: pd.DataFrame, facts: Facts, words: Language) -> list[Facts]:
    """Test every claim.

    Parameters
    ----------
    shots
        The frame of shots.
    facts
        The summary of the model page (importance, seasons, clubs, dependence, base).
    words
        The language of the page.

    Returns
    -------
    list of dict
        ``statement, verdict`` (``holds``, ``fails``, ``not enough data``), ``figure`` (empty without enough data),
        ``rule``: how it was decided.
    """
    evidence = Evidence(shots, facts)
    unit = words.text("log-odds") if facts["base"]["space"] == "log_odds" else "xG"
    labels = {feature["name"]: feature["label"] for feature in facts["model"]["features"]}
    told = []
    for claim in CLAIMS:
        found = claim.test(evidence)
        values = {key: _said(value, labels, words) for key, value in found.numbers.items()}
        told.append(
            {
                "statement": words.text(claim.statement),
                "verdict": VERDICTS[found.holds],
                "figure": words.text(claim.figure, unit=unit, **values) if found.holds is not None else "",
                "rule": (claim.test.__doc__ or "").strip(),
            }
        )
    return told


def _said(value: float | int | str, labels: dict[str, str], words: Language) -> str:
    if isinstance(value, str):
        return words.listing([words.text(labels.get(name, name)) for name in value.split(", ")])
    return words.number(value, 3)
