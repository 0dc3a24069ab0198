"""What is told at one moment: of the results databases, the disk, and Airflow's heartbeats."""

import logging
import math
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import get_args

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from xgoals.domain.errors import StoreError, XgoalsError
from xgoals.settings import Database, Settings
from xgoals.store.database import connect, exists, is_embedded
from xgoals.store.monitoring.figures import Figures, read_figures

log = logging.getLogger(__name__)

PATIENCE_S = 5.0
"""A question that takes longer is given up: whoever monitors may not be what the others wait for."""
_LOOK_AGAIN_S = 60.0
_BESIDE_THE_RESULTS = ("airflow",)
"""Databases of the embedded server whose size is told, too."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Of the file system that ``XGOALS_HOME`` lies on."""

    size_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class DatabaseSnapshot:
    """What one results database has told, in how many seconds; ``figures`` is None where it did not answer."""

    database: Database
    figures: Figures | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is told; ``heartbeats`` has the last one of each of Airflow's components that gives any."""

    version: str
    databases: tuple[DatabaseSnapshot, ...]
    disk: Disk | None
    heartbeats: Mapping[str, datetime]


@dataclass
class Monitored:
    """The results databases, asked again and again over connections that are kept.

    Several may ask at once: one after the other is answered.
    """

    settings: Settings
    _engines: dict[Database, Engine] = field(default_factory=dict)
    _absent_since_s: dict[Database, float] = field(default_factory=dict)
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def snapshot(self, heartbeats: Mapping[str, datetime] | None = None) -> Snapshot:
        """Ask now. A database that does not answer is told so; ``demo`` is left out where there is none.

        Raises
        ------
        StoreError
            If somebody else has waited for an answer for so long that it is better not to queue behind.
        """
        if not self._asking.acquire(timeout=PATIENCE_S):
            raise StoreError(
                "the databases are being asked, and have not answered yet", advice="Ask again later"
            )
        try:
            asked = tuple(self._ask(name) for name in get_args(Database) if self._is_there(name))
        finally:
            self._asking.release()
        return Snapshot(version("xgoals"), asked, _disk(self.settings), heartbeats or {})

    def close(self) -> None:
        """Give the connections back."""
        with self._asking:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    def _is_there(self, database: Database) -> bool:
        """Whether it was ever made; of one that was not, this is found out anew once a minute."""
        if database == "main" or database in self._engines:
            return True
        now_s = time.monotonic()
        if now_s - self._absent_since_s.get(database, -math.inf) < _LOOK_AGAIN_S:
            return False
        if exists(self.settings, database):
            return True
        self._absent_since_s[database] = now_s
        return False

    def _ask(self, database: Database) -> DatabaseSnapshot:
        began_s = time.monotonic()
        try:
            figures: Figures | None = self._figures(database)
        except (XgoalsError, SQLAlchemyError) as error:
            log.warning("The database %s tells no metrics: %s", database, error)
            figures = None
        return DatabaseSnapshot(database, figures, time.monotonic() - began_s)

    def _figures(self, database: Database) -> Figures:
        if database not in self._engines:
            self._engines[database] = connect(
                self.settings, database, application="xgoals metrics", statement_timeout_s=PATIENCE_S
            )
        others = _BESIDE_THE_RESULTS if is_embedded(self.settings, database) else ()
        with self._engines[database].connect() as connection:
            return read_figures(connection, others=others)


def _disk(settings: Settings) -> Disk | None:
    try:
        use = shutil.disk_usage(settings.home)
    except OSError as error:
        log.warning("How full the disk of %s is cannot be told: %s", settings.home, error)
        return None
    return Disk(use.total, use.free)


def heartbeats_of(health: Mapping[str, Mapping[str, object]]) -> dict[str, datetime]:
    """The components' last heartbeats in what Airflow's health page says, by the component's name.

    Parameters
    ----------
    health
        Component -> its entry, with a field such as ``latest_scheduler_heartbeat``.
    """
    found: dict[str, datetime] = {}
    for component, says in health.items():
        moment = says.get(f"latest_{component}_heartbeat")
        if isinstance(moment, str):
            beat = datetime.fromisoformat(moment)
            found[component] = beat if beat.tzinfo else beat.replace(tzinfo=UTC)
    return found
