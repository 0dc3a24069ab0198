"""Why our xG of a shot and the provider's own differ, as it is stored and told."""

from collections.abc import Mapping
from dataclasses import dataclass

from xgoals.domain.reason import Part

MIN_FIT_R2 = 0.8
"""Where our features say less than this of the variance of a provider's log-odds, no difference is told."""


@dataclass(frozen=True, slots=True)
class ShotDifference:
    """Our xG of a shot minus the provider's, part by part.

    Attributes
    ----------
    xg, provider_xg
        What we say, and what the provider says.
    average
        Our average minus the provider's, as far as our features say it: where explanations start.
    parts
        What each part changes with us, minus what it changes with the provider; a part that is not known of the shot
        is left out.
    rest
        What our features cannot say of the provider's number, the other way round: with ``average`` and ``parts`` it
        makes the difference.
    fit_r2
        Share of the variance of the provider's log-odds that our features say, of matches not seen.
    """

    xg: float
    provider_xg: float
    average: float
    parts: Mapping[Part, float]
    rest: float
    fit_r2: float

    @property
    def difference(self) -> float:
        """How much more we say; negative where the provider says more."""
        return self.xg - self.provider_xg
