"""What the watch has seen and people are told: each death once, each run that is stuck once."""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime

from xgoals.domain.errors import XgoalsError
from xgoals.mail.content.service import ServiceDeath
from xgoals.mail.enqueue import enqueue_service_death, enqueue_stuck_run
from xgoals.services.airflow.components import local_url
from xgoals.services.airflow.stuck import StuckRun
from xgoals.services.resend import resend
from xgoals.settings import Database, Settings
from xgoals.steps.run_context import RunContext
from xgoals.store.database import exists
from xgoals.store.outages import outages_told

log = logging.getLogger("xgoals.watch")

AGAIN_AFTER_S = 60.0
"""So long after it could not be told, it is tried again."""


@dataclass(frozen=True, slots=True)
class Death:
    """A service that was found dead; ``last_words`` of its log, ``n_times`` in a row."""

    service: str
    last_words: str
    pid: int | None = None
    n_times: int = 1
    found_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Told:
    """The queue between the watch and the mails: what cannot be told now (Postgres is gone, say) is told later."""

    def __init__(self, settings: Settings) -> None:
        ui = settings.ui.model_copy(update={"base_url": settings.ui.base_url or local_url(settings)})
        self._settings = settings.model_copy(update={"ui": ui})
        self._deaths: list[Death] = []
        self._stuck: dict[str, StuckRun] = {}
        self._known: set[str] = set()
        self._next_s = 0.0

    def add(self, death: Death) -> None:
        """Something has died."""
        self._deaths.append(death)

    def add_stuck(self, stuck: StuckRun) -> None:
        """A run is stuck."""
        if stuck.run_id not in self._known:
            log.warning("%s", stuck)
            self._known.add(stuck.run_id)
            self._stuck[stuck.run_id] = stuck

    def tell(self, now_s: float) -> None:
        """Queue and send the mails about what has been added; ``now_s`` of a monotonic clock."""
        if now_s < self._next_s or not (self._deaths or self._stuck):
            return
        self._next_s = now_s + AGAIN_AFTER_S
        try:
            for database in self._enqueue():
                resend(self._settings, database)
        except (XgoalsError, OSError) as error:
            log.warning("The mails wait: %s", error)
        else:
            self._next_s = now_s

    def _enqueue(self) -> set[Database]:
        """Write all of it down; the databases in whose queues mails are now."""
        databases: set[Database] = set()
        with outages_told():
            while self._deaths:
                death = self._deaths[0]
                told = ServiceDeath(
                    death.service,
                    death.pid,
                    death.found_at,
                    tuple(death.last_words.splitlines()),
                    death.n_times,
                )
                enqueue_service_death(self._settings, "main", told)
                databases.add("main")
                self._deaths.pop(0)
            for run_id, stuck in list(self._stuck.items()):
                database: Database = "demo" if stuck.conf.get("database") == "demo" else "main"
                if exists(self._settings, database):
                    enqueue_stuck_run(
                        RunContext(self._settings, database, run_id), stuck.since, stuck.waiting
                    )
                    databases.add(database)
                self._stuck.pop(run_id)
        return databases
