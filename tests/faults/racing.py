"""Processes that work on one home at once: the first stops at a moment, the others go on until they end or wait for it.

So an interleaving is chosen, not hoped for; and it can be repeated.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chain import Run
from moments import Moment, watch
from sqlalchemy import Engine, text
from warm import Started

import leagues
from xgoals.domain.errors import XgoalsError
from xgoals.mail.delivery.deliver import deliver_waiting
from xgoals.mail.delivery.smtp import Attempt, Outcome
from xgoals.mail.enqueue import end_run
from xgoals.outputs import exports
from xgoals.scoring import Scorer
from xgoals.settings import Settings, load_settings
from xgoals.steps import (
    build_features,
    compute_baseline,
    explain,
    inbox,
    ingest,
    models,
    promote,
    register,
    report,
)
from xgoals.steps import train as training
from xgoals.steps.pages import on_demand
from xgoals.steps.upkeep import backup, clean, matches
from xgoals.store import migrate
from xgoals.store.database import connect

LONG_ENOUGH_S = 2.5
"""So long the first stands still at most: who neither ends nor waits by then tries again and again, or computes."""


@dataclass(frozen=True)
class Job:
    """Something that somebody does with a home; ``given`` is what it is done with."""

    name: str
    given: tuple[Any, ...] = ()
    is_writer: bool = True
    """Whether the rows of the results are others afterwards: then their order may matter."""


@dataclass(frozen=True)
class Seen:
    """How a job ended, what it logged, and whether it stood in line in the database."""

    job: Job
    error: str | None
    log: str
    waited: bool = False


class MailServer:
    """Takes every mail, and writes down in a file of the home which."""

    def __init__(self, taken: Path) -> None:
        self._taken = taken

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __str__(self) -> str:
        return "a mail server"

    def advice(self) -> str:
        """Nobody can help."""
        return ""

    def send(self, message: bytes, sender: str, recipient: str, patience_s: float) -> Attempt:
        """Take it."""
        head = next(line for line in message.splitlines() if line.lower().startswith(b"message-id"))
        with self._taken.open("ab") as file:
            file.write(head + b"\n")
        return Attempt(Outcome.ACCEPTED, "taken")


def _chain(settings: Settings, run: Run) -> None:
    context = run.opened()
    ingest.ingest(context)
    build_features.build_features(context)
    register.register(context, training.train(context))
    champion = models.present_champion(context)
    compute_baseline.compute_baseline(context, champion)
    explain.explain(context, champion)
    report.report(context, champion)
    end_run(context)
    _mails(settings)


def _ingest(_: Settings, run: Run) -> None:
    context = run.opened()
    ingest.ingest(context)
    build_features.build_features(context)


def _mails(settings: Settings) -> None:
    taken = settings.home / "taken"
    deliver_waiting(settings, "main", MailServer(taken), retry_after=timedelta(0))  # type: ignore[arg-type]


def _delete(settings: Settings, match_id: str) -> None:
    matches.delete(settings, "main", match_id, tell=logging.getLogger("xgoals").info)


def _promote(settings: Settings, version: str) -> None:
    promote.promote(settings, "main", version)


def _pin(settings: Settings, version: str) -> None:
    promote.pin(settings, "main", version)


def _roll_back(settings: Settings) -> None:
    promote.roll_back(settings, "main")


def _clean(settings: Settings) -> None:
    clean.clean(settings, dry_run=False, tell=logging.getLogger("xgoals").info)
    clean.disk_use(settings)


def _upgrade(settings: Settings) -> None:
    engine = connect(settings, "main", application="xgoals db upgrade")
    migrate.upgrade(engine)
    engine.dispose()


def _watch_inbox(settings: Settings) -> None:
    now = datetime.now(UTC)
    check = inbox.check_inbox(settings, "main", "archive", now)
    inbox.claim_events(settings, "main", "archive", check.events, now)


def _page(settings: Settings, path: str) -> None:
    key = on_demand.match_of_page(settings, "main", path)
    if key is not None:
        on_demand.PATIENCE = timedelta(seconds=60)
        on_demand.write_match_page(settings, "main", key)


def _read(settings: Settings, folder: str) -> None:
    scorer = Scorer(settings)
    for n in range(3):
        scorer.warm_up("main")
        exports.export_explanations(settings, "main", Path(folder) / f"{n}.csv")
    exports.export_scenes(settings, "main", Path(folder) / "scenes.parquet")
    scorer.close()


def _backup(settings: Settings) -> None:
    backup.check_backup(settings, "main")


WORK: dict[str, Callable[..., None]] = {
    "chain": _chain, "ingest": _ingest, "mails": _mails, "delete": _delete, "promote": _promote, "pin": _pin,
    "rollback": _roll_back, "clean": _clean, "upgrade": _upgrade, "watch": _watch_inbox, "page": _page, "read": _read,
    "backup": _backup,
}  # fmt: skip


def do(job: Job, log: Path, pause: "Pause | None" = None, moments: Path | None = None) -> str | None:
    """A job in a process of its own, all that it says in a file; what went wrong, in its own words.

    ``pause``: where it stands still. ``moments``: the file that its moments are noted in.
    """
    logging.basicConfig(
        filename=log, level=logging.INFO, force=True, format="%(name)s %(levelname)s %(message)s"
    )
    patch = pytest.MonkeyPatch()
    leagues.small_models(patch)
    leagues.plain_pages(patch)
    if pause is not None:
        watch(pause.at)
    if moments is not None:
        noted = moments.open("w")
        watch(lambda moment: print(moment.kind.name, moment.n, file=noted, flush=True))
    try:
        WORK[job.name](load_settings(), *job.given)
    except XgoalsError as error:
        return str(error)
    return None


@dataclass(frozen=True)
class Pause:
    """A moment at which a process stands still until it is let go; two files say so."""

    moment: Moment
    reached: Path
    go: Path

    def at(self, now: Moment) -> None:
        """Called with each moment."""
        if now == self.moment:
            self.reached.touch()
            while not self.go.exists():
                time.sleep(0.002)


def work_after(delay_s: float, *args: Any) -> str | None:
    """The same, begun later."""
    time.sleep(delay_s)
    return do(*args)


@dataclass
class Race:
    """Several jobs on one home.

    Attributes
    ----------
    env
        That leads to the home.
    engine
        Of its database.
    """

    env: dict[str, str]
    engine: Engine
    folder: Path
    seen: list[Seen] = field(default_factory=list)

    def one_after_the_other(self, jobs: Sequence[Job]) -> list[Seen]:
        """Each to its end before the next begins; its moments are noted in ``moments.<n>``."""
        for n, job in enumerate(jobs):
            started = Started(do, job, self._log(n), None, self.folder / f"moments.{n}", env=self.env)
            self._end(n, job, started, waited=False)
        return self.seen

    def interleaved(self, jobs: Sequence[Job], moment: Moment) -> list[Seen]:
        """The first stops at a moment; the others begin, and work until they end or wait; then all go on."""
        pause = Pause(moment, self.folder / "reached", self.folder / "go")
        first = Started(do, jobs[0], self._log(0), pause, env=self.env)
        _until(lambda: pause.reached.exists() or not first.process.is_alive())
        others = [Started(do, job, self._log(n), env=self.env) for n, job in enumerate(jobs[1:], start=1)]
        waited = False
        began = time.monotonic()
        while any(other.process.is_alive() for other in others) and time.monotonic() - began < LONG_ENOUGH_S:
            if waited := self._somebody_waits():
                break
            time.sleep(0.01)
        pause.go.touch()
        for n, (job, started) in enumerate(zip(jobs, [first, *others], strict=True)):
            self._end(n, job, started, waited=waited and n > 0)
        return self.seen

    def at_once(self, jobs: Sequence[Job], delays_s: Sequence[float]) -> list[Seen]:
        """All begin, each after its delay."""
        begun = [
            Started(work_after, delay_s, job, self._log(n), env=self.env)
            for n, (job, delay_s) in enumerate(zip(jobs, delays_s, strict=True))
        ]
        for n, (job, started) in enumerate(zip(jobs, begun, strict=True)):
            self._end(n, job, started, waited=False)
        return self.seen

    def n_deadlocks(self) -> int:
        """How many the server has found in this database, also those after which somebody tried again."""
        with self.engine.connect() as connection:
            query = text("select deadlocks from pg_stat_database where datname = current_database()")
            return int(connection.scalar(query) or 0)

    def _log(self, n: int) -> Path:
        return self.folder / f"log.{n}"

    def _somebody_waits(self) -> bool:
        """Not for a moment only, as whoever lengthens a table that another one does; nor with statistics of tables,
        which Postgres notes where an upgrade notes rights.
        """
        query = text(
            """select exists (select from pg_stat_activity
                              where datname = current_database() and wait_event_type = 'Lock'
                                and backend_type = 'client backend' and query not like 'analyze%'
                                and clock_timestamp() - query_start > interval '0.2 s')"""
        )
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return bool(connection.scalar(query))

    def _end(self, n: int, job: Job, started: Started, *, waited: bool) -> None:
        error = started.wait().result()
        self.seen.append(Seen(job, error, self._log(n).read_text(encoding="utf-8"), waited))


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)
