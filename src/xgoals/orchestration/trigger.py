"""The trigger behind the asset "matchday complete": it watches the inboxes and reports each state once.

It runs in Airflow's triggerer for as long as that is up, beside everything else that waits there. So it looks
often but cheaply (names, sizes and times of change), judges only when something has changed and has come to
rest (`xgoals.orchestration.inbox_states`), and does that in a thread. What it has reported stands in the results
database, where a restart finds it. Feed files are only ever read.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from xgoals.domain.errors import XgoalsError
from xgoals.orchestration.inbox_states import Change, InboxMonitor, InboxState
from xgoals.orchestration.settings import watcher_settings
from xgoals.settings import Database, Settings

if TYPE_CHECKING:
    from xgoals.steps.inbox import InboxScanner
    from xgoals.steps.inbox_matchdays import InboxCheck, InboxEvent

RETRY_S = 60.0
"""After trouble (the database does not answer, say) it looks again so much later."""


@dataclass
class _Inbox:
    """A watched inbox: which it is, its state, and the remarks on it that the log has already."""

    database: Database
    feed: str
    folder: Path
    monitor: InboxMonitor
    scanner: "InboxScanner"
    said: frozenset[str] = frozenset()


class InboxTrigger(BaseEventTrigger):  # type: ignore[misc]
    """Fires when an inbox holds a matchday that a run should be started for; never ends by itself.

    Parameters
    ----------
    poll_s
        How often the inboxes are looked at.
    settle_s
        Files that have not changed for so long count as arrived.

    Notes
    -----
    The payload of its events is ``{"database", "feed", "states", "sentences"}``. While a run is still to be
    started for one inbox, the others wait: a run works on one feed and one database.
    """

    def __init__(self, poll_s: float = 5.0, settle_s: float = 15.0) -> None:
        super().__init__()
        self.poll_s = poll_s
        self.settle_s = settle_s
        self._reported: _Inbox | None = None

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """As Airflow keeps it."""
        return f"{__name__}.InboxTrigger", {"poll_s": self.poll_s, "settle_s": self.settle_s}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look, wait, look again."""
        settings = await watcher_settings()
        inboxes = await asyncio.to_thread(self._all_inboxes, settings)
        self.log.info("Watching the inboxes below %s, every %g s", settings.home, self.poll_s)
        while True:
            for inbox in inboxes:
                if await asyncio.to_thread(self._look, inbox) is InboxState.DUE:
                    payload = await asyncio.to_thread(self._judge, settings, inbox)
                    if payload:
                        yield TriggerEvent(payload)
            await asyncio.sleep(self.poll_s)

    def _all_inboxes(self, settings: Settings) -> list[_Inbox]:
        from xgoals.steps.inbox import InboxScanner, inboxes

        return [
            _Inbox(database, feed, folder, InboxMonitor(self.settle_s), InboxScanner(folder, self.settle_s))
            for (database, feed), folder in inboxes(settings).items()
        ]

    def _look(self, inbox: _Inbox) -> InboxState:
        """Take in what lies in an inbox; its state now."""
        now_s, why = time.monotonic(), None
        try:
            seen = inbox.scanner.snapshot(now_s) if inbox.folder.is_dir() else ""
            if not seen and inbox.monitor.seen and not inbox.folder.is_dir():
                raise FileNotFoundError(2, "no such folder", str(inbox.folder))
        except OSError as error:
            seen, why = None, error.strerror
        for change in inbox.monitor.observe(seen, now_s):
            self._log_change(inbox, change, why)
        return inbox.monitor.state(now_s, datetime.now(UTC))

    def _judge(self, settings: Settings, inbox: _Inbox) -> dict[str, Any] | None:
        """What to start a run for, if anything; trouble is told and does not end the watching."""
        try:
            if self._another_run_is_to_start(settings, inbox):
                inbox.monitor.postpone(time.monotonic() + self.poll_s)
                return None
            check, events = _check_and_claim(settings, inbox, datetime.now(UTC))
        except Exception as error:  # whatever it is, the other inboxes are still to be watched
            if not isinstance(error, XgoalsError | OSError):
                self.log.exception("A bug of ours, please report it")
            self._say(inbox, [f"{error}; the next look is in {RETRY_S:g} s"])
            inbox.monitor.postpone(time.monotonic() + RETRY_S)
            return None
        inbox.monitor.note_judged(check.check_again_at)
        self._say(inbox, check.remarks)
        if not events:
            return None
        for event in events:
            self.log.info("%s: %s. A run is asked for.", inbox.folder, event.sentence)
        self._reported = inbox
        return {
            "database": inbox.database,
            "feed": inbox.feed,
            "states": [str(event.state) for event in events],
            "sentences": [event.sentence for event in events],
        }

    def _another_run_is_to_start(self, settings: Settings, inbox: _Inbox) -> bool:
        """Whether no run has taken up yet what was reported of another inbox."""
        from xgoals.steps.inbox import has_pending_events

        other = self._reported
        if other is None or other is inbox:
            return False
        if has_pending_events(settings, other.database, other.feed):
            return True
        self._reported = None
        return False

    def _log_change(self, inbox: _Inbox, change: Change, why: str | None) -> None:
        if change is Change.VANISHED:
            text = "The inbox %s cannot be listed (%s). Is its drive mounted? Watching goes on."
            self.log.warning(text, inbox.folder, why)
        elif change is Change.BACK:
            self.log.info("The inbox %s is back", inbox.folder)
        else:
            text = "Something arrives in %s; waiting until nothing has changed for %g s"
            self.log.info(text, inbox.folder, self.settle_s)

    def _say(self, inbox: _Inbox, remarks: list[str]) -> None:
        """Log what has not been said before of this inbox."""
        for remark in remarks:
            if remark not in inbox.said:
                self.log.warning("%s: %s", inbox.folder, remark)
        inbox.said = frozenset(remarks)


def _check_and_claim(
    settings: Settings, inbox: _Inbox, now: datetime
) -> "tuple[InboxCheck, list[InboxEvent]]":
    """What checking an inbox has shown, and those of its events that are reported now."""
    from xgoals.steps.inbox import LOST_AFTER, check_inbox, claim_events

    check = check_inbox(settings, inbox.database, inbox.feed, now)
    if not check.events:
        return check, []
    claimed = claim_events(settings, inbox.database, inbox.feed, check.events, now)
    check.wait_until(now + LOST_AFTER)
    return check, claimed
