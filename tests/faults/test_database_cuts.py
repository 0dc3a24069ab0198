"""The database goes away while a task works: the task says so, and who tries again ends where all went well."""

import io
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psycopg2
import pytest
from chain import TASKS, Run
from cuts import STOPS, Cut, Proxy, moment_for, work_until_cut
from moments import Moment
from psycopg2 import sql
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from states import differences, files, stored
from warm import Ended, run_warm

from xgoals.domain.errors import StoreError
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.services.postgres.postmaster import find_postmaster
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import load_settings
from xgoals.store import outages
from xgoals.store.database import RefusedError, bulk_cursor, connect
from xgoals.store.migrate import upgrade_if_behind
from xgoals.store.outages import outages_told
from xgoals.store.sessions import silence

CUTS = 100
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Place:
    """A server, a database on it, and a home: what a task works with."""

    server: EmbeddedPostgres
    env: dict[str, str]
    folder: Path
    database: str

    def run(
        self, task: str, run: Run, cut: Cut | None, moment: Moment | None, port: int | None = None
    ) -> Ended:
        """A task in a process of its own, whatever becomes of it."""
        postmaster = find_postmaster(self.server.status().data_folder)
        env = {**self.env, "XGOALS_DATABASE_URL": self.url(port)}
        pid = postmaster.process.pid if postmaster else None
        return run_warm(work_until_cut, task, run, cut, moment, pid, env=env)

    def url(self, port: int | None = None) -> str:
        url = make_url(self.server.url(self.database))
        return url.set(port=port or url.port).render_as_string(hide_password=False)

    def state(self) -> dict[str, str]:
        """All that a rerun must bring back: rows, mails, reported states, decisions, pages."""
        engine = create_engine(self.url())
        with engine.connect() as connection:
            told = {
                f"told in {name}": str(connection.execute(text(query)).all())
                for name, query in {
                    "notification": "select kind, matter, recipient, state from notification order by 1, 2, 3",
                    "inbox_event": "select event_id, state, done_at is null, taken_by_run from inbox_event order by 1",
                    "promotion": "select challenger, champion_before, verdict from promotion order by decision_n",
                    "run": "select run_id, state, figures -> 'matches', figures -> 'shots' from run order by 1",
                }.items()
            }
        state = stored(engine) | told | files(self.folder / "reports")
        engine.dispose()
        return state


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    """One that may be killed."""
    server = EmbeddedPostgres(tmp_path / "server")
    server.ensure_started()
    yield server
    server.stop()


def copy(server: EmbeddedPostgres, template: str, name: str) -> None:
    with_session(server, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
    with_session(
        server,
        sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)),
    )


def with_session(server: EmbeddedPostgres, statement) -> None:
    connection = psycopg2.connect(server.url("postgres").replace("+psycopg2", ""))
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


@pytest.fixture
def few_matches(tmp_path: Path) -> Path:
    """An archive of four matches."""
    write_archive(tmp_path / "few.parquet", islice(simulate_league(), 4))
    return tmp_path / "few.parquet"


def end_well(place: Place, task: str, run: Run) -> int:
    """Try again, as Airflow does, until it ends well; how often it was told no."""
    end_s = time.monotonic() + PATIENCE_S
    for n_refused in range(1000):
        ended = place.run(task, run, None, None)
        if ended.error is None:
            assert ended.code == 0
            return n_refused
        assert is_told(ended.error), repr(ended.error)
        assert time.monotonic() < end_s, f"it never recovers: {ended.error}"
        time.sleep(0.1)
    raise AssertionError("a thousand times in vain")


def is_told(error: BaseException | None) -> bool:
    """Whether it is a sentence of ours that makes Airflow try again."""
    return isinstance(error, StoreError) and not isinstance(error, RefusedError) and bool(error.advice)


class Trial:
    """One task, cut again and again: each time from the state before it, and compared with the state behind it."""

    def __init__(self, place: Place, task: str, run: Run, template: str, pages: Path) -> None:
        self.place, self.task, self.run, self.template, self.pages = place, task, run, template, pages
        self._begin_anew()
        with self._proxy() as proxy:
            ended = self.place.run(task, run, None, None, proxy.port)
            self.said = proxy.said
        self.moments = ended.result()
        self.wanted = place.state()

    def _begin_anew(self) -> None:
        copy(self.place.server, self.template, self.place.database)
        shutil.rmtree(self.place.folder / "reports", ignore_errors=True)
        if self.pages.is_dir():
            shutil.copytree(self.pages, self.place.folder / "reports")

    def _proxy(self, **limits: float):
        return Proxy(make_url(self.place.url()).port, **limits).listening()

    def cut(self, cut: Cut, chance: random.Random, told: str) -> bool:
        """Cut it once, and let it end well; whether the task had felt it."""
        self._begin_anew()
        if cut is Cut.MID_ANSWER:
            after = chance.randint(500, self.said)
            told += f", after {after:,} of {self.said:,} bytes"
            with self._proxy(cut_after=after) as proxy:
                ended = self.place.run(self.task, self.run, None, None, proxy.port)
        else:
            moment = moment_for(cut, self.moments, chance)
            told += f", {moment}"
            ended = self.place.run(self.task, self.run, cut, moment)
        print(told, "->", ended.error)  # noqa: T201 - shown where a test fails
        assert ended.code == 0, f"{told}: the process died with {ended.code}"
        assert ended.error is None or is_told(ended.error), f"{told}: {ended.error!r}"
        if cut in STOPS:
            self.place.server.ensure_started()
        end_well(self.place, self.task, self.run)
        different = differences(self.wanted, self.place.state())
        assert different == {}, f"{told}: {different}"
        return ended.error is not None


def test_a_task_whose_database_went_away_ends_well_when_it_is_tried_again(
    postgres, home, template_database, few_matches, tries
):
    """The small form: reading, on the server that all tests share."""
    n, chance = tries(12, small=3), random.Random(tries.seed)
    place = Place(postgres, home.env, home.folder, home.database)
    trial = Trial(place, "ingest", Run("first", source=few_matches), template_database, home.folder / "none")
    cuts = (Cut.TERMINATED, Cut.UNHEARD, Cut.MID_ANSWER)
    for attempt in range(n):
        cut = cuts[attempt % len(cuts)]
        trial.cut(cut, chance, f"seed {tries.seed}, attempt {attempt}: ingest, {cut}")
    tries.done(4, "the database went away while four matches were read", n, 12)


def test_a_server_that_falls_silent_is_given_up_and_the_step_can_be_tried_again(postgres, home, monkeypatch):
    """It acknowledges for ever and answers no more, as behind a broken proxy: no keepalive notices, and no signal."""
    monkeypatch.setattr(outages, "GRACE_S", 0.2)
    monkeypatch.setattr(silence.WATCHMAN, "look_every_s", 0.05)
    monkeypatch.setattr(silence.WATCHMAN, "_pid", None)  # another thread, which looks more often
    place = Place(postgres, home.env, home.folder, home.database)
    for ask in ("select pg_sleep(0)", "copy (select 1) to stdout", "commit"):
        with Proxy(make_url(place.url()).port).listening() as proxy:
            monkeypatch.setenv("XGOALS_DATABASE_URL", place.url(proxy.port))
            engine = connect(load_settings(), "main", statement_timeout_s=0.1)
            with pytest.raises(StoreError, match="went away"), outages_told(), engine.connect() as connection:  # noqa: PT012
                connection.execute(text("select 1"))
                proxy.silent_after = 0
                if ask == "commit":
                    connection.commit()
                elif ask.startswith("copy"):
                    with bulk_cursor(connection) as cursor:
                        cursor.copy_expert(ask, io.StringIO())
                else:
                    connection.execute(text(ask))
            proxy.silent_after = float("inf")
            with engine.connect() as connection:
                assert connection.scalar(text("select 1")) == 1
            engine.dispose()


@pytest.mark.slow
def test_every_task_ends_well_after_its_server_was_restarted_or_its_connection_cut(
    own_server, home, thirty_matches, tries
):
    n, chance = tries(CUTS, small=7), random.Random(tries.seed)
    place = Place(own_server, home.env, home.folder, "results")
    inbox = home.settings.inbox("archive", "main")
    inbox.mkdir(parents=True)
    run = Run("first", source=Path(shutil.copy(thirty_matches, inbox)).parent)
    trials, n_felt = make_trials(place, run), 0
    for attempt in range(n):
        task, cut = chance.choice(list(TASKS)), list(Cut)[attempt % len(Cut)]
        n_felt += trials[task].cut(cut, chance, f"seed {tries.seed}, attempt {attempt}: {task}, {cut}")
    assert n_felt > n / 2, "most of them were too late to be felt"
    tries.done(4, "servers restarted, connections cut, answers to commits lost", n, CUTS)


def make_trials(place: Place, run: Run) -> dict[str, Trial]:
    """For each task a database as it was before it, with a state of the inbox reported; each run once undisturbed."""
    own, trials = place.server, {}
    own.create_database("before_ingest")
    engine = create_engine(own.url("before_ingest"))
    upgrade_if_behind(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                """insert into xgoals.inbox_event (event_id, feed, state, verdict, fired_at)
                   values ('e', 'archive', 'arrived', '{"sentence": "1 match is new"}', now())"""
            )
        )
    engine.dispose()
    for task in TASKS:
        pages = place.folder / f"pages before {task}"
        trials[task] = Trial(place, task, run, f"before_{task}", pages)
        following = dict(zip(TASKS, list(TASKS)[1:], strict=False)).get(task)
        if following:
            copy(own, place.database, f"before_{following}")
            if (place.folder / "reports").is_dir():
                shutil.copytree(place.folder / "reports", place.folder / f"pages before {following}")
    return trials
