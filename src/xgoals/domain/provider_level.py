"""Whether a model version's numbers are at a provider's level, as it is stored and told."""

from dataclasses import dataclass
from typing import Literal

LevelVerdict = Literal["at_level", "off", "too_few", "own"]
"""``own``: the version knows no other provider; ``too_few``: nothing can be said yet."""

MIN_MATCHES = 50
"""From so many matches on a level is learnt."""


@dataclass(frozen=True, slots=True)
class KindLevel:
    """Sum of xG over goals with its 95 % interval; None without a goal."""

    n_goals: int
    xg_per_goal: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ProviderLevel:
    """How a version's numbers of a provider's shots agree with its goals.

    Attributes
    ----------
    n_matches, n_shots
        That it is measured on: of matches that the speaker has not seen, without penalties.
    shots, headers
        All of these shots, and the headers among them.
    """

    verdict: LevelVerdict
    n_matches: int
    n_shots: int
    shots: KindLevel
    headers: KindLevel

    @property
    def is_off(self) -> bool:
        """Whether its numbers can be compared among themselves only."""
        return self.verdict == "off"
