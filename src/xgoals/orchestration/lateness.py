"""The trigger that watches whether runs end in time: it runs in Airflow's triggerer, beside the watcher of the inbox.

Airflow has deadlines of its own (`DeadlineAlert`), but in 3.3 a failed run that has one can no longer be cleared: the
API answers with an error (https://github.com/apache/airflow/issues/70368). Here nothing hangs on Airflow's records of a
run: late is a run that has begun, by our own table, and has not been closed.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from xgoals.domain.errors import XgoalsError
from xgoals.orchestration.settings import watcher_settings
from xgoals.settings import Database, Settings

POLL_S = 30.0


class LatenessTrigger(BaseEventTrigger):  # type: ignore[misc]
    """Sends a warning for each run that takes too long, once; it fires no event and never ends by itself.

    Parameters
    ----------
    late_after_s
        So long after Airflow has begun it, or gone on with it after it was cleared, a run is late.
    """

    def __init__(self, late_after_s: float) -> None:
        super().__init__()
        self.late_after_s = late_after_s
        self._said: dict[Database, str] = {}

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """As Airflow keeps it."""
        return f"{__name__}.LatenessTrigger", {"late_after_s": self.late_after_s}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Look, wait, look again."""
        settings = await watcher_settings()
        self.log.info("Watching that runs end within %g minutes", self.late_after_s / 60)
        while True:
            for database in get_args(Database):
                await asyncio.to_thread(self.look, settings, database, datetime.now(UTC))
            await asyncio.sleep(POLL_S)
        yield TriggerEvent({})  # never: what yields is what Airflow can run

    def look(self, settings: Settings, database: Database, now: datetime) -> None:
        """Warn of the runs of a database that are late now; trouble is told and does not end the watching."""
        from xgoals.mail.enqueue import enqueue_late_runs
        from xgoals.orchestration.callbacks import deliver
        from xgoals.store.database import exists
        from xgoals.store.outages import outages_told

        try:
            if not exists(settings, database):
                return
            with outages_told():
                n = enqueue_late_runs(settings, database, timedelta(seconds=self.late_after_s), now)
        except Exception as error:  # whatever it is, the next look may find it mended
            self._say(database, error)
            return
        self._said.pop(database, None)
        if n:
            self.log.warning("Runs that are late, database %s: %d", database, n)
            deliver(settings, database)

    def _say(self, database: Database, error: Exception) -> None:
        """Log trouble, the same once."""
        if str(error) == self._said.get(database):
            return
        self._said[database] = str(error)
        if isinstance(error, XgoalsError):
            self.log.warning("%s; the next look is in %g s", error, POLL_S)
        else:
            self.log.exception("A bug of ours, please report it")
