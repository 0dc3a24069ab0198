"""How old something is, by days on which the system was at work: a clock that jumps makes nothing old.

A clock that is years ahead for one night would else let the weekly cleaning remove everything, and so would a machine
that was switched off for a summer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

_SHARE_OF_AGE = 0.1
_LEAST = timedelta(days=1, hours=2)
"""From one night to the next, also where a task has waited or the clock was put back."""


@dataclass(frozen=True)
class Ages:
    """Ages at a moment.

    Attributes
    ----------
    now
        The present, by our clock.
    at_work
        Moments at which the system was at work, in any order.
    """

    now: datetime
    at_work: tuple[datetime, ...] = ()

    def limit(self, days: float, *, longest: timedelta | None = None) -> datetime:
        """The moment before which everything is older than ``days``.

        Between two moments at work at most a tenth of these days counts (a day at least), or the ``longest`` given.
        """
        left = timedelta(days=days)
        longest = longest or max(_LEAST, left * _SHARE_OF_AGE)
        for later, earlier in pairwise(self._moments):
            counts = min(later - earlier, longest)
            if counts >= left:
                # What has happened since the earlier one is younger, whenever the clock says that it was.
                return later - left if counts == later - earlier else earlier
            left -= counts
        return self._moments[-1] - left

    @property
    def discounted(self) -> timedelta:
        """How much of the time since the last moment at work does not count as a night's."""
        return (
            max(self.now - self._moments[1] - _LEAST, timedelta(0))
            if len(self._moments) > 1
            else timedelta(0)
        )

    @cached_property
    def _moments(self) -> list[datetime]:
        return [
            self.now,
            *sorted((moment for moment in set(self.at_work) if moment < self.now), reverse=True),
        ]


def is_due(last: datetime, wait: timedelta, now: datetime) -> bool:
    """Whether it is time again; also where the last time lies ahead by more than a day: that was a wrong clock's."""
    return not now - wait < last <= now + timedelta(days=1)
