"""A year of nights in one process, in fast motion: what each of them leaves behind, and what the process holds."""

import gc
import os
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import psutil
import pytest
from clock import set_ahead
from sqlalchemy import Engine, create_engine, text

import leagues
from xgoals.domain.shot import Shot
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_matchday
from xgoals.mail.delivery.deliver import deliver_waiting
from xgoals.mail.delivery.smtp import Attempt, Outcome
from xgoals.mail.enqueue import end_run
from xgoals.settings import Settings, load_settings
from xgoals.steps import (
    build_features,
    compute_baseline,
    explain,
    find_matches,
    ingest,
    models,
    promote,
    register,
    report,
    sum_up,
    train,
)  # fmt: skip
from xgoals.steps.run_context import FeedSource, open_run
from xgoals.steps.upkeep.backup import check_backup
from xgoals.steps.upkeep.clean import ages_of, clean

MATCHES_A_MATCHDAY = 2
DAY_S = 86_400
_TABLES = """
    select n.nspname || '."' || relname || '"' as name, pg_total_relation_size(c.oid) as size
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname in ('xgoals', 'optuna') and relkind = 'r'"""
_SESSIONS = "select count(*) from pg_stat_activity where datname = current_database()"


@dataclass(frozen=True)
class Plan:
    """So many nights, matchdays evenly over the first of them, and a correction of every third.

    Attributes
    ----------
    brings_until
        The night at which the matches end: what grows later grows by nights alone.
    maintained_every, trained_every
        After so many nights the maintenance does its work, and a model is trained.
    trained_until
        The last night that may train: until as many champions are there as are kept, each one more is more.
    """

    n_nights: int
    n_matchdays: int
    brings_until: int
    maintained_every: int
    trained_every: int
    trained_until: int
    has_mail_server: bool

    def matchday_at(self, night: int) -> int | None:
        """The matchday that arrives before this night, from 1."""
        due = [
            n for n in range(1, self.n_matchdays + 1) if n * self.brings_until // self.n_matchdays == night
        ]
        return due[0] if due else None


@dataclass(frozen=True)
class Night:
    """What there is after a night: rows and bytes by table, bytes and files by folder, and what the process holds."""

    night: int
    seconds: float
    rows: dict[str, int]
    table_bytes: dict[str, int]
    folder_bytes: dict[str, int]
    folder_files: dict[str, int]
    rss_mb: float
    n_files: int
    n_threads: int
    n_sessions: int
    n_temporary: int


class Sink:
    """A mail server that takes everything, or none at all."""

    def __init__(self, *, exists: bool) -> None:
        self.outcome = Outcome.ACCEPTED if exists else Outcome.NO_SERVER

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """It goes on."""

    def send(self, message: bytes, sender: str, recipient: str, patience_s: float) -> Attempt:
        """As a server answers."""
        return Attempt(self.outcome)

    def advice(self) -> str:
        """Nothing is to be mended."""
        return ""


def live(plan: Plan, first: Path) -> list[Night]:
    """The whole chain night after night on what is stored, in this process; ``first``: what the inbox holds before."""
    leagues.small_models(patch := pytest.MonkeyPatch())
    leagues.plain_pages(patch)
    settings = load_settings()
    tempfile.tempdir = None  # that of the environment, which nobody else uses
    assert settings.database_url
    engine = create_engine(settings.database_url.get_secret_value())
    inbox = settings.inbox("archive", "main")
    inbox.mkdir(parents=True)
    shutil.copy(first, inbox)
    return [_night(night, plan, settings, engine, inbox) for night in range(plan.n_nights)]


def _night(night: int, plan: Plan, settings: Settings, engine: Engine, inbox: Path) -> Night:
    began, began_s = time.monotonic(), time.time()
    set_ahead(timedelta(days=night))
    if (matchday := plan.matchday_at(night)) is not None:
        _arrives(inbox, matchday, is_corrected=False)
    if (matchday := plan.matchday_at(night - 2)) is not None and matchday % 3 == 0:
        _arrives(inbox, matchday, is_corrected=True)
    _run(
        night,
        settings,
        inbox,
        trains=night % plan.trained_every == 0 and night <= plan.trained_until,
    )
    deliver_waiting(settings, "main", Sink(exists=plan.has_mail_server))
    _date_back(settings.home, began_s, time.time() + night * DAY_S)  # before its age is asked for
    if (night + 1) % plan.maintained_every == 0:
        _maintain(night, settings, engine)
    _date_back(settings.home, began_s, time.time() + night * DAY_S)
    return _measured(night, time.monotonic() - began, settings, engine)


def _arrives(inbox: Path, matchday: int, *, is_corrected: bool) -> None:
    season, number = 2 + (matchday - 1) // 34, 1 + (matchday - 1) % 34
    records = simulate_matchday(season, number)[:MATCHES_A_MATCHDAY]
    if is_corrected:
        records = [replace(record, shots=tuple(_moved(shot) for shot in record.shots)) for record in records]
    write_archive(inbox / f"matchday{matchday}.parquet", records)


def _moved(shot: Shot) -> Shot:
    return replace(shot, x_m=shot.x_m - 0.5 if shot.x_m else None)


def _run(night: int, settings: Settings, inbox: Path, *, trains: bool) -> None:
    def opened(task: str):
        return open_run(
            settings, database="main", sources=[FeedSource("archive", inbox)], dag_run_id=f"night {night}",
            started_at=datetime.now(UTC) + timedelta(days=night), lists_sources=task == "find_matches",
        )  # fmt: skip

    run = opened("find_matches")
    portions = find_matches.find_matches(run)
    for portion in portions:
        ingest.ingest_matches(opened("ingest"), portion)
    sum_up.sum_up(run, portions)
    build_features.build_features(run)
    challenger = train.train(run) if trains else None
    champion = register.register(run, challenger)
    if challenger and challenger != champion:
        promote.promote(settings, "main", challenger)
    champion = models.present_champion(run)
    compute_baseline.compute_baseline(run, champion)
    explain.explain(run, champion)
    report.report(run, champion)
    end_run(run)


def _maintain(night: int, settings: Settings, engine: Engine) -> None:
    clean(
        settings,
        dry_run=False,
        tell=print,
        ages=ages_of(settings, datetime.now(UTC) + timedelta(days=night)),
    )
    check_backup(settings, "main")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum")  # as the server does by itself; that of the tests does not


def _date_back(home: Path, since_s: float, to_s: float) -> None:
    for path in home.rglob("*"):
        if path.is_file() and since_s - 1 < path.stat().st_mtime < since_s + 3600:
            os.utime(path, (to_s, to_s))


def _measured(night: int, seconds: float, settings: Settings, engine: Engine) -> Night:
    gc.collect()
    process = psutil.Process()
    with engine.connect() as connection:
        sizes = {row.name: row.size for row in connection.execute(text(_TABLES))}
        rows = {name: connection.scalar(text(f"select count(*) from {name}")) for name in sizes}
        sessions = connection.scalar(text(_SESSIONS))
    folders = {folder.name: _files(folder) for folder in settings.home.iterdir() if folder.is_dir()}
    folder_bytes = {name: sum(path.stat().st_size for path in files) for name, files in folders.items()}
    folder_files = {name: len(files) for name, files in folders.items()}
    return Night(
        night, seconds, rows, sizes, folder_bytes, folder_files, process.memory_info().rss / 1e6, process.num_fds(),
        threading.active_count(), sessions, len(list(Path(tempfile.gettempdir()).iterdir())),
    )  # fmt: skip


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
