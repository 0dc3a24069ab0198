"""Whether numbers are fair to everybody: the parts of the shots that are asked about, and what is found of each."""

from dataclasses import dataclass
from enum import StrEnum


class Facet(StrEnum):
    """By what shots are put into parts."""

    CLUB = "club"
    CLUB_SEASON = "club_season"
    """A club in one season: where no club has two, it is left out."""
    VENUE = "home_away"
    BODY_PART = "body_part"
    SEASON = "season"
    COMPETITION = "competition"
    PROMOTED = "promoted"
    """Whether the shooter's club was in the competition the season before, by the matches that are stored."""
    PROVIDER = "provider"


class Verdict(StrEnum):
    """What the goals of a part say about its xG."""

    FAIR = "fair"
    """Its interval leaves out every difference that matters."""
    TOO_LOW = "too_low"
    """More goals than xG: beyond chance, the many tests counted, and by as much as matters."""
    TOO_HIGH = "too_high"
    """Fewer goals than xG, likewise."""
    CANNOT_SAY = "cannot_say"
    """Neither: what is seen may be chance, or too little to matter."""
    NOT_TESTED = "not_tested"
    """Too few shots, or matches."""

    @property
    def is_unfair(self) -> bool:
        """Whether it is off, on either side."""
        return self in (Verdict.TOO_LOW, Verdict.TOO_HIGH)


SURPLUS = "surplus_per_100"
"""Goals minus honest xG in goals per 100 shots: what the verdict rests on."""
SPREAD = "spread_per_100"
"""Standard deviation of the true surplus over all parts of a facet, chance taken out; of the facet as a whole."""
MARGIN = "margin_per_100"
"""The difference that matters, as it was set; of all shots."""
THRESHOLD = "threshold"
"""The xG from which on a shot counts as a predicted goal; of all shots."""
WHOLE = ""
"""The value of a figure that is of a facet as a whole, or (without a facet) of all shots."""


@dataclass(frozen=True, slots=True)
class BiasFigure:
    """One figure of one part.

    Attributes
    ----------
    facet, facet_value
        Which part; None and `WHOLE`: all shots.
    metric
        `SURPLUS`, `SPREAD`, `MARGIN`, `THRESHOLD`, or a metric of bias by Clarify's name.
    value, low, high
        The figure and its 95 % interval; None where there is none, infinite where a ratio has no denominator.
    n_shots, n_goals, n_matches
        On what it rests: those of the part.
    p, q
        How often chance alone is as far out; and the smallest false discovery rate over the facet at which it stands.
    verdict
        Of a part's surplus; None of all else.
    note
        Why there is no value.
    """

    facet: Facet | None
    facet_value: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n_shots: int
    n_goals: int
    n_matches: int
    p: float | None = None
    q: float | None = None
    verdict: Verdict | None = None
    note: str | None = None
