"""The states of a watched inbox, and what leads from one to the next; docs/scheduling.md draws them.

Nothing here reads a clock, a folder or the database: the watcher says what it has seen, and when.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class InboxState(StrEnum):
    """What the watcher does about an inbox."""

    EMPTY = "empty"
    """Nothing lies there."""
    SETTLING = "settling"
    """Something has changed since it was judged, and less than ``settle_s`` ago: files may still be arriving."""
    DUE = "due"
    """It is to be judged now."""
    JUDGED = "judged"
    """What lies there has been judged; time alone may make it due once more."""
    POSTPONED = "postponed"
    """It is to be judged, but later: there was trouble, or a run is still to be started for another inbox."""
    UNREACHABLE = "unreachable"
    """Its folder cannot be listed."""


class Change(StrEnum):
    """What looking at an inbox has shown that a person should read in the log."""

    VANISHED = "vanished"
    BACK = "back"
    ARRIVING = "arriving"


@dataclass
class InboxMonitor:
    """What is known of one inbox; snapshots are fingerprints of names, sizes and times, empty for no file.

    Attributes
    ----------
    settle_s
        Files that have not changed for so long count as arrived.
    seen, changed_at_s
        How it looked last, and since when, by a clock that never goes back.
    judged
        How it looked when it was judged last.
    check_again_at
        When time alone may change that verdict.
    postponed_until_s
        Not to be judged before, by the same clock as ``changed_at_s``.
    """

    settle_s: float
    seen: str = ""
    changed_at_s: float = 0.0
    judged: str = ""
    check_again_at: datetime | None = None
    postponed_until_s: float | None = None
    is_reachable: bool = True

    def state(self, now_s: float, now: datetime) -> InboxState:
        """Its state at this moment, by both clocks."""
        if not self.is_reachable:
            return InboxState.UNREACHABLE
        if not self.seen:
            return InboxState.EMPTY
        has_changed = self.seen != self.judged
        if has_changed and now_s - self.changed_at_s < self.settle_s:
            return InboxState.SETTLING
        if self.postponed_until_s is not None:
            return InboxState.DUE if now_s >= self.postponed_until_s else InboxState.POSTPONED
        is_time = self.check_again_at is not None and now >= self.check_again_at
        return InboxState.DUE if has_changed or is_time else InboxState.JUDGED

    def observe(self, snapshot: str | None, now_s: float) -> list[Change]:
        """Take in how it looks now; None if it cannot be listed."""
        was_reachable, self.is_reachable = self.is_reachable, snapshot is not None
        if snapshot is None:
            return [Change.VANISHED] if was_reachable else []
        changes = [] if was_reachable else [Change.BACK]
        if snapshot != self.seen:
            if snapshot and self.seen == self.judged:
                changes.append(Change.ARRIVING)
            self.seen, self.changed_at_s = snapshot, now_s
        return changes

    def note_judged(self, check_again_at: datetime | None) -> None:
        """It was judged as it was seen last."""
        self.judged, self.check_again_at, self.postponed_until_s = self.seen, check_again_at, None

    def postpone(self, until_s: float) -> None:
        """It could not be judged, or must not be yet."""
        self.postponed_until_s = until_s
