"""The trigger behind the asset "matchday complete": it watches the inboxes and reports each state once.

It runs in Airflow's triggerer for as long as that is up, beside everything else that waits there. So it looks
often but cheaply (names, sizes and times of change), judges only when something has changed and has come to
rest, and does that in a thread. What it has reported stands in the results database, where a restart finds it.
Feed files are only ever read.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from xgoals.domain.errors import XgoalsError
from xgoals.settings import Database, Settings, load_settings

RETRY_S = 60.0
"""After trouble (the database does not answer, say) it looks again so much later."""


@dataclass
class _Watched:
    """What is known of one inbox: how it looked last and since when, and how it looked when it was judged."""

    database: Database
    feed: str
    folder: Path
    looks: str = ""
    since_s: float = 0.0
    judged: str = ""
    again_at: datetime | None = None
    again_at_s: float | None = None
    said: frozenset[str] = frozenset()
    is_gone: bool = False

    def is_due(self, settle_s: float, now_s: float, now: datetime) -> bool:
        """Whether it is to be judged: it has changed and come to rest, or time has passed that matters."""
        if self.looks != self.judged and (not self.looks or now_s - self.since_s < settle_s):
            return False
        if self.again_at_s is not None:
            return now_s >= self.again_at_s
        if self.looks != self.judged:
            return True
        return self.again_at is not None and now >= self.again_at


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
        self._fired: tuple[Database, str] | None = None

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """As Airflow keeps it."""
        return f"{__name__}.InboxTrigger", {"poll_s": self.poll_s, "settle_s": self.settle_s}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look, wait, look again."""
        settings = load_settings()
        watched = await asyncio.to_thread(_all_inboxes, settings)
        self.log.info("Watching the inboxes below %s, every %g s", settings.home, self.poll_s)
        while True:
            for inbox in watched:
                if await asyncio.to_thread(self._has_come_to_rest, inbox):
                    payload = await asyncio.to_thread(self._judge, settings, inbox)
                    if payload:
                        yield TriggerEvent(payload)
            await asyncio.sleep(self.poll_s)

    def _has_come_to_rest(self, inbox: _Watched) -> bool:
        """Look at an inbox; whether it is time to judge what lies in it."""
        from xgoals.steps.inbox import snapshot

        now_s = time.monotonic()
        try:
            looks = snapshot(inbox.folder) if inbox.folder.is_dir() else ""
            if not looks and inbox.looks and not inbox.folder.is_dir():
                raise FileNotFoundError(2, "no such folder", str(inbox.folder))
        except OSError as error:
            if not inbox.is_gone:
                self.log.warning(
                    "The inbox %s cannot be listed (%s). Is its drive mounted? Watching goes on.",
                    inbox.folder,
                    error.strerror,
                )
            inbox.is_gone = True
            return False
        if inbox.is_gone:
            self.log.info("The inbox %s is back", inbox.folder)
            inbox.is_gone = False
        if looks != inbox.looks:
            if looks and inbox.looks == inbox.judged:
                self.log.info(
                    "Something arrives in %s; waiting until nothing has changed for %g s",
                    inbox.folder,
                    self.settle_s,
                )
            inbox.looks, inbox.since_s = looks, now_s
        return inbox.is_due(self.settle_s, now_s, datetime.now(UTC))

    def _judge(self, settings: Settings, inbox: _Watched) -> dict[str, Any] | None:
        """What to start a run for, if anything; trouble is told and does not end the watching."""
        from xgoals.steps import inbox as watching

        now = datetime.now(UTC)
        inbox.again_at_s = None
        try:
            if self._fired and self._fired != (inbox.database, inbox.feed):
                if watching.is_waited_for(settings, *self._fired):
                    inbox.again_at_s = time.monotonic() + self.poll_s
                    return None
                self._fired = None
            seen = watching.look(settings, inbox.database, inbox.feed, now)
            news = watching.claim(settings, inbox.database, inbox.feed, seen.news, now) if seen.news else []
        except Exception as error:  # whatever it is, the other inboxes are still to be watched
            if not isinstance(error, XgoalsError | OSError):
                self.log.exception("A bug of ours, please report it")
            self._say(inbox, [f"{error}; the next look is in {RETRY_S:g} s"])
            inbox.again_at_s = time.monotonic() + RETRY_S
            return None
        if seen.news:
            seen.wait_until(now + watching.LOST_AFTER)
        inbox.judged, inbox.again_at = inbox.looks, seen.again_at
        self._say(inbox, seen.remarks)
        if not news:
            return None
        sentences = [str(item.verdict["sentence"]) for item in news]
        for sentence in sentences:
            self.log.info("%s: %s. A run is asked for.", inbox.folder, sentence)
        self._fired = (inbox.database, inbox.feed)
        return {
            "database": inbox.database,
            "feed": inbox.feed,
            "states": [item.state for item in news],
            "sentences": sentences,
        }

    def _say(self, inbox: _Watched, remarks: list[str]) -> None:
        """Log what has not been said before of this inbox."""
        for remark in remarks:
            if remark not in inbox.said:
                self.log.warning("%s: %s", inbox.folder, remark)
        inbox.said = frozenset(remarks)


def _all_inboxes(settings: Settings) -> list[_Watched]:
    from xgoals.steps.inbox import inboxes

    return [_Watched(database, feed, folder) for (database, feed), folder in inboxes(settings).items()]
