"""Watches over what `up` has started: what dies or hangs is started again, and somebody is told.

``python -m xgoals.services.watch`` is the process that `up` leaves in the background; ``xgoals up --watch`` does the
same in the foreground, for a terminal or for systemd. It looks every two seconds at processes and every half minute at
Airflow's own heartbeats, and takes part in nothing else: were it gone, everything would run on, unwatched.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import filelock
import psutil

from xgoals.domain.errors import ServiceError, XgoalsError
from xgoals.services.airflow.asking import terminal_settings
from xgoals.services.airflow.components import (
    COMPONENTS,
    client,
    component_log,
    local_url,
    services_lock,
    watcher,
)
from xgoals.services.airflow.files import log_folder, processes_path, watch_path
from xgoals.services.airflow.health import component_health
from xgoals.services.airflow.launching import launch_component
from xgoals.services.airflow.stuck import stuck_runs
from xgoals.services.backoff import Backoff
from xgoals.services.deaths import Death, Told
from xgoals.services.down import down
from xgoals.services.log_files import roll
from xgoals.services.orphans import end_orphans, orphans
from xgoals.services.postgres.databases import start_databases
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.processes import RememberedProcess, end, remember, remembered, tail
from xgoals.services.up import up
from xgoals.settings import Settings

log = logging.getLogger("xgoals.watch")

POLL_S = 2.0
HEALTH_S = 30.0
HUNG_AFTER_S = 300.0
"""A component whose process lives but that has given no sign for so long is ended, and started again."""


@dataclass
class Watch:
    """What is known from one look to the next; moments are those of a monotonic clock, in seconds."""

    settings: Settings
    told: Told
    backoff: dict[str, Backoff] = field(default_factory=dict)
    silent_since_s: dict[str, float] = field(default_factory=dict)
    next_health_s: float = 0.0

    def look(self, now_s: float) -> bool:
        """Mend what is to be mended now; False when nothing is meant to run any more."""
        try:
            with services_lock(self.settings, timeout_s=0):
                if not processes_path(self.settings).is_file():
                    return False
                self._look_at_postgres(now_s)
                self._look_at_components(now_s)
        except filelock.Timeout:  # somebody starts or stops them
            return True
        except XgoalsError as error:
            log.error("%s", error)
        if now_s >= self.next_health_s:
            self.next_health_s = now_s + HEALTH_S
            self._look_closer(now_s)
        self.told.tell(now_s)
        return True

    def _look_at_postgres(self, now_s: float) -> None:
        if self.settings.database_url and self.settings.airflow_database_url:
            return
        backoff = self.backoff.setdefault("Postgres", Backoff())
        if EmbeddedPostgres(self.settings.home).runs():
            return
        backoff.note_death(now_s)
        if backoff.is_due(now_s):
            backoff.note_start(now_s)
            server_log = self.settings.home / "postgres" / "server.log"
            log.warning("Postgres was gone, and is started again")
            if backoff.is_worth_telling:
                self.told.add(Death("Postgres", _last_words(server_log), n_times=backoff.n_deaths))
            start_databases(self.settings)

    def _look_at_components(self, now_s: float) -> None:
        known = remembered(processes_path(self.settings))
        dead = [process for process in known if process.find() is None]
        for process in dead:
            backoff = self.backoff.setdefault(process.name, Backoff())
            backoff.note_death(now_s)
            if backoff.is_due(now_s):
                backoff.note_start(now_s)
                if backoff.is_worth_telling:
                    words = _last_words(component_log(self.settings, process.name))
                    self.told.add(Death(process.name, words, process.pid, n_times=backoff.n_deaths))
                known = self._start_again(process, known)

    def _start_again(
        self, dead: RememberedProcess, known: list[RememberedProcess]
    ) -> list[RememberedProcess]:
        """End what a component has left behind, and start another one in its place."""
        component = dead.name
        alive = [process for process in known if process is not dead]
        left = [orphan for orphan in orphans(self.settings.home, alive) if orphan.component == component]
        for orphan in end_orphans(left):
            log.warning("Ended: %s", orphan)
        now_known = [
            launch_component(self.settings, component) if process is dead else process for process in known
        ]
        remember(processes_path(self.settings), now_known)
        log.warning("The %s was gone (process %d), and is started again", component, dead.pid)
        return now_known

    def _look_closer(self, now_s: float) -> None:
        """Heartbeats, runs that are stuck, and logs that grow too long."""
        for path in log_folder(self.settings).glob("*.log"):
            if roll(path):
                log.info("rolled %s", path)
        with client(self.settings) as api:
            health = component_health(api)
            for process in remembered(processes_path(self.settings)):
                self._look_at_heartbeat(process, health.get(process.name, "unknown"), now_s)
            try:
                for stuck in stuck_runs(api, datetime.now(UTC)) if health else ():
                    self.told.add_stuck(stuck)
            except ServiceError as error:
                log.debug("%s", error)

    def _look_at_heartbeat(self, process: RememberedProcess, state: str, now_s: float) -> None:
        if state == "healthy":
            self.silent_since_s.pop(process.name, None)
            return
        silent_since_s = self.silent_since_s.setdefault(process.name, now_s)
        if state == "unhealthy" and now_s - silent_since_s > HUNG_AFTER_S and process.find():
            log.warning("The %s has given no sign for %.0f s, and is ended", process.name, HUNG_AFTER_S)
            self.silent_since_s.pop(process.name)
            end([process])  # the next look finds it gone


def watch(settings: Settings, is_to_end: Callable[[float], bool]) -> None:
    """Look again and again, until nothing is meant to run any more or ``is_to_end(seconds)``, which waits, says so."""
    state = Watch(settings, Told(settings))
    while _look(state):
        if is_to_end(POLL_S):
            return


def _look(state: Watch) -> bool:
    try:
        return state.look(time.monotonic())
    except Exception:  # whoever watches does not end for what he sees
        log.exception("A bug of ours, please report it")
        return True


def _last_words(path: Path) -> str:
    return tail(path) if path.is_file() else ""


def watch_in_foreground(settings: Settings, say: Callable[[str], None]) -> None:
    """``xgoals up --watch``: start everything, watch over it, and stop it when asked to end (Ctrl-C, SIGTERM).

    Raises
    ------
    ServiceError
        If another terminal watches already, or what is to be started does not start.
    """
    other = watcher(settings)
    if other and other.name != "watch":
        raise ServiceError(
            f"process {other.pid} watches already, in the foreground",
            advice="Leave it to that one, or end it: it stops everything, then",
        )
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # a start that is broken off leaves nothing behind
    up(settings, say, watched=False)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    _take_over(settings)
    say(f"All of it runs, watched by this process: {local_url(settings)}. Ctrl-C stops it.")
    watch(settings, ending.wait)
    if processes_path(settings).is_file():  # else `down` is at it, and waits for us
        watch_path(settings).unlink(missing_ok=True)
        down(settings, say)


def _take_over(settings: Settings) -> None:
    """Write down that this process watches, and end the one in the background."""
    before = watcher(settings)
    me = RememberedProcess("watch in the foreground", os.getpid(), psutil.Process().create_time())
    remember(watch_path(settings), [me])
    if before:
        end([before])


def main() -> None:
    """Watch in the background; ends with `down`."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    log.info("Watching over %s", ", ".join(COMPONENTS))
    watch(terminal_settings(), ending.wait)


if __name__ == "__main__":
    main()
