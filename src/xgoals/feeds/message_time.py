"""When a feed says that it has written a message: by that, and not by its arrival, it stands or falls."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from xgoals.domain.errors import Problem

AHEAD = timedelta(days=1)
"""So far ahead a time may be without a word: time zones are mistaken by half a day, and clocks go wrong."""
MOST_AHEAD = timedelta(days=5 * 365)
"""A time that is further ahead is none: it would outdo every correction for as long."""


def credible(time: datetime | None) -> datetime | None:
    """The time of a message; None where it is years ahead."""
    return None if time is None or _ahead(time) > MOST_AHEAD else time


def note_if_ahead(path: Path, match_id: str | None, time: datetime | None) -> list[Problem]:
    """What to say of a message whose time is still to come; nothing of any other."""
    if time is None or _ahead(time) <= AHEAD:
        return []
    advice = (
        "It outdoes what comes until then: ask for it with its own time, and delete the match before"
        if credible(time)
        else "It counts as a message without a time: the one that comes last stands. Ask the provider"
    )
    problem = Problem(
        path=str(path),
        reason=f"it says that it was written on {time:%Y-%m-%d}, which is still to come",
        advice=advice,
        match_id=match_id,
        field="message_time",
        value=time.isoformat(),
    )
    return [problem]


def _ahead(time: datetime) -> timedelta:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)) - datetime.now(UTC)
