"""When the halves began and ended: which half a moment belongs to, and how late in it it is.

Kick-offs say so. Where one is missing, or bears a name that is not known, the rest of the feed does, with a note; where
nothing does, the match is refused, for every minute would be wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from xgoals.domain.bounds import FIRST_MINUTE, MAX_PERIOD_MINUTES
from xgoals.domain.errors import FeedError
from xgoals.feeds.dfl import vocabulary as words
from xgoals.feeds.dfl.sections import SECTION_OF, period_of
from xgoals.feeds.safe_xml import RESEND

EARLY_CLOCK = timedelta(seconds=3)
"""An event's clock can run ahead of the kick-off's by this much (real shots: up to 2.1 s)."""
SHORTEST_BREAK = timedelta(minutes=3)
"""An event's clock can run late as well, so that a half's last shot comes after its whistle."""
TOO_EARLY = timedelta(minutes=10)
TOO_LATE = timedelta(minutes=10)
"""After the last whistle, or before the first kick-off, by this much nothing was played any more."""
LONGEST_HALF = timedelta(minutes=MAX_PERIOD_MINUTES)
LONGEST_FIRST_HALF = timedelta(minutes=70)
"""What lasts longer without a second kick-off is more than a first half."""
PLANNED_EARLY = timedelta(minutes=60)


@dataclass(slots=True)
class Halves:
    """Start and end of each period (1, 2 and, in extra time, 3, 4), and when the shoot-out began."""

    kick_offs: dict[int, datetime] = field(default_factory=dict)
    whistles: dict[int, datetime] = field(default_factory=dict)
    shoot_out: datetime | None = None
    unknown: list[tuple[datetime, str]] = field(default_factory=list)
    last_event: datetime | None = None

    def begin(self, section: str, time: datetime) -> None:
        """Note a kick-off; one of a section that is not known waits until all are."""
        period = period_of(section)
        if period is not None:
            self.kick_offs[period] = min(time, self.kick_offs.get(period, time))
        elif any(word in section.lower() for word in words.SHOOT_OUT_WORDS):
            self.begin_shoot_out(time)
        else:
            self.unknown.append((time, section))

    def end(self, section: str, time: datetime) -> None:
        """Note a final whistle."""
        period = period_of(section)
        if period is not None:
            self.whistles[period] = max(time, self.whistles.get(period, time))

    def begin_shoot_out(self, time: datetime) -> None:
        """From here on there are no more shots for the model."""
        self.shoot_out = min(time, self.shoot_out or time)

    def complete(self, times: Sequence[datetime], planned: datetime, where: str) -> list[str]:
        """Fill in kick-offs that the feed does not name; what to say of each.

        Parameters
        ----------
        times
            Of all events.
        planned
            Kick-off by the match information.
        where
            The events file, for the error.

        Raises
        ------
        FeedError
            If nothing says when the second half began.
        """
        notes = [self._adopt(time, section) for time, section in sorted(self.unknown)]
        ordered = sorted(times)
        if 1 not in self.kick_offs and ordered:
            is_planned = planned - TOO_EARLY <= ordered[0] <= planned + PLANNED_EARLY
            self.kick_offs[1] = planned if is_planned else ordered[0]
            source = "KickoffTime of the match information" if is_planned else "the first event"
            notes.append(f"no KickOff of the first half: its minutes count from {source}")
        for period in (2, 3, 4):
            whistle = self.whistles.get(period - 1)
            if period in self.kick_offs or whistle is None:
                continue
            later = [time for time in ordered if time > whistle + SHORTEST_BREAK]
            if later and later[0] < whistle + LONGEST_HALF and self._is_played(period, later):
                self.kick_offs[period] = later[0]
                name = SECTION_OF[period]
                notes.append(f"no KickOff of {name}: its minutes count from the first event after the break")
        self._refuse_endless_half(ordered, where)
        self.last_event = max((time for time in ordered if self.misfit(time) is None), default=None)
        return notes

    def period_at(self, time: datetime) -> int:
        """The period that a moment belongs to."""
        started = [period for period, start in self.kick_offs.items() if start - EARLY_CLOCK <= time]
        return max(started, default=1)

    def misfit(self, time: datetime) -> str | None:
        """Why a moment can belong to no half; None where it does."""
        start = self.kick_offs.get(self.period_at(time))
        whistle = self.last_whistle
        if start is not None and time < start - TOO_EARLY:
            return f"{_span(start - time)} before the first kick-off"
        if whistle is not None and time > whistle + TOO_LATE:
            return f"{_span(time - whistle)} after the last whistle"
        if start is not None and time > start + LONGEST_HALF:
            return f"{_span(time - start)} after the kick-off of its half"
        return None

    @property
    def last_whistle(self) -> datetime | None:
        """The end of the match, where the last half that began has ended."""
        return self.whistles.get(max(self.kick_offs, default=1))

    def nearest_in(self, time: datetime) -> datetime:
        """The moment itself where it belongs to a half, else the closest moment of play."""
        return time if self.misfit(time) is None else self.nearest(time)

    def nearest(self, time: datetime) -> datetime:
        """The moment of play closest to a moment that belongs to no half: the first kick-off, or the end."""
        first = min(self.kick_offs.values(), default=time)
        if time < first:
            return first
        return self.last_whistle or self.last_event or max(self.kick_offs.values(), default=time)

    def seconds_in(self, period: int, time: datetime) -> float | None:
        """Seconds since the kick-off of a period."""
        start = self.kick_offs.get(period)
        return None if start is None else max((time - start).total_seconds(), 0.0)

    def minute(self, time: datetime) -> int:
        """Minute of play at a moment."""
        period = self.period_at(time)
        return FIRST_MINUTE[period] + int(self.seconds_in(period, time) or 0) // 60

    def _adopt(self, time: datetime, section: str) -> str:
        """A kick-off of a section that is not known: of the next half that has none."""
        before = [period for period, start in self.kick_offs.items() if start < time]
        period = max(before, default=0) + 1
        told = f"GameSection '{section[:40]}' of a KickOff is not known"
        if period > len(FIRST_MINUTE) or period in self.kick_offs:
            return f"{told}: it begins no half"
        self.kick_offs[period] = time
        return f"{told}: it counts as {SECTION_OF[period]}"

    def _is_played(self, period: int, later: Sequence[datetime]) -> bool:
        """Whether events after a whistle make a half, and are not what operators write when a match is over."""
        return period == 2 or later[-1] - later[0] > timedelta(minutes=10)

    def _refuse_endless_half(self, ordered: Sequence[datetime], where: str) -> None:
        start = self.kick_offs.get(1)
        if start is None or 2 in self.kick_offs:
            return
        within = [time for time in ordered if start <= time < start + 2 * LONGEST_HALF]
        if within and within[-1] - start > LONGEST_FIRST_HALF:
            raise FeedError(
                f"no KickOff and no FinalWhistle says when the second half began, and events go on for "
                f"{_span(within[-1] - start)}",
                where=where,
                advice=f"{RESEND}, with its KickOff events",
            )


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    return f"{minutes} min" if minutes < 180 else f"{minutes // 60} h"
