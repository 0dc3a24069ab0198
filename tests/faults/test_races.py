"""What runs, people and readers do to one home at the same time: no row twice, nothing lost, nobody in a deadlock.

Each race is some jobs, and a moment at which the first of them stands still while the others go on until they end or
wait for it; or delays after which they begin. What is stored in the end is what some order of them stores, one after
the other, and every promise of ``sql/checks`` holds.
"""

import logging
import os
import random
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

import pytest
from chain import Run
from moments import Kind, Moment
from racing import Job, Race, Seen, do
from sqlalchemy import create_engine, text
from states import differences, stored, stored_rows
from warm import run_warm

from databases import default_settings
from once import Once
from xgoals.domain.page_keys import MatchKey
from xgoals.feeds import load_feed
from xgoals.feeds.archive import write_archive
from xgoals.feeds.reading import read_all
from xgoals.steps.pages.files import file_name
from xgoals.store.schema.sql_files import broken_promises

log = logging.getLogger(__name__)

BEGINNING = 24
"""Of so many of the thirty matches the home knows when a race begins; the others come in two overlapping deliveries."""
FEW = 6
"""In the small form, which knows no model: whoever only reads and deletes matches needs none."""
READ = frozenset({
    "world", "team", "player", "match", "shot", "shot_position", "own_goal", "match_incident", "feed_file", "champion",
    "feature_catalogue",
})  # fmt: skip
"""What several whole runs store alike, whichever of their tasks comes first; what is published depends on that."""
TOLD_APART = frozenset({"notification", "seen_file", "tuning_result"})
"""Which run tells a word, and who saw a file first, is nobody's business."""
_TROUBLE = re.compile(r"deadlock|40P01|40001|could not serialize|Traceback|a bug of ours", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """Where every race begins, and what may be done; without a model in the small form."""

    database: str
    home: Path
    jobs: tuple[Job, ...]


@pytest.fixture(scope="session")
def grid(
    once: Once,
    copy_database: Callable[[str, str], str],
    template_database: str,
    thirty_matches: Path,
    pytestconfig: pytest.Config,
) -> Grid:
    """A home with a champion and its rival, pages and mails, and sources of what is still to come."""
    is_small = not pytestconfig.getoption("--scale")
    known, folder = FEW if is_small else BEGINNING, once.folder / "races"
    home = folder / "home"

    def make() -> list[str]:
        folder.mkdir()
        records = [
            reading.record
            for _, reading in read_all("archive", load_feed("archive").discover(thirty_matches)[0])
        ]
        write_archive(folder / "before.parquet", records[:known])
        write_archive(folder / "night.parquet", records[known : known + 3])
        write_archive(folder / "matchday.parquet", records[known + 1 : known + 4])
        # Another feed tells of a match that the night brings, and of one that is known.
        told_again = [replace(record, match=replace(record.match, provider="other"))
                      for record in (records[known], records[known - 2])]  # fmt: skip
        write_archive(folder / "told_again.parquet", told_again)
        corrected = [
            replace(record, shots=tuple(replace(shot, x_m=shot.x_m - 1.0) for shot in record.shots[:-1]),
                    scenes=record.scenes[:-1], clips=())
            for record in (records[2], records[known - 1], records[known + 1])
        ]  # fmt: skip
        write_archive(folder / "correction.parquet", corrected)
        inbox = home / "inbox" / "archive"
        inbox.mkdir(parents=True)
        (inbox / "matches.parquet").write_bytes((folder / "night.parquet").read_bytes())
        env = env_of(home, copy_database(template_database, "races"))
        assert run_warm(_read if is_small else _prepare, folder, env=env).result()
        engine = create_engine(env["XGOALS_DATABASE_URL"])
        with engine.connect() as connection:
            rival = connection.scalar(
                text("select model_version from model_version except select model_version from champion")
            )
        engine.dispose()
        one, other = records[0].match, records[known - 1].match
        return [rival, one.match_id, other.match_id, file_name(MatchKey(one.provider, one.match_id).scope_id)]

    rival, first, last, page = once("races", make)
    names = ("night", "matchday", "correction", "told_again")
    sources = {name: folder / f"{name}.parquet" for name in names}
    jobs = [
        *(Job("chain", (Run(name, "archive", source),)) for name, source in sources.items()),
        *(Job("ingest", (Run(f"{name} alone", "archive", source),)) for name, source in sources.items()),
        Job("delete", (first,)), Job("delete", (last,)), Job("promote", (rival,)),
        Job("pin", (rival,)), Job("rollback"), Job("page", (f"match/{page}.html",)),
        Job("read", (str(folder),), is_writer=False),
        *(Job(name, is_writer=False) for name in ("mails", "clean", "upgrade", "watch", "backup")),
    ]  # fmt: skip
    if is_small:
        jobs = [job for job in jobs if job.name in ("ingest", "delete", "clean", "upgrade", "watch", "mails")]
    return Grid("races", home, tuple(jobs))


def _read(folder: Path) -> bool:
    log = folder / "log"
    assert do(Job("ingest", (Run("before", "archive", folder / "before.parquet"),)), log) is None, (
        log.read_text()
    )
    return True


def _prepare(folder: Path) -> bool:
    log = folder / "log"
    assert do(Job("chain", (Run("before", "archive", folder / "before.parquet"),)), log) is None, (
        log.read_text()
    )
    os.environ["XGOALS_TRAINING__SEED"] = "7"
    from xgoals.settings import load_settings
    from xgoals.steps import models, promote, train

    settings = load_settings()
    champion = models.present_champion(Run("champion").opened())
    rival = train.train(Run("rival").opened(), even_if_not_due=True)
    for version in (rival, champion):  # there is somebody to go back to
        promote.promote(settings, "main", version)
    return True


TRAINING_OFF = {"XGOALS_TRAINING__MIN_MATCHES": "9999"}
"""What a challenger learns from depends on which task comes first; a person promotes one that is there."""


def env_of(home: Path, url: str) -> dict[str, str]:
    """Variables that lead a process to a home, and to nothing else of the caller's."""
    default_settings(home=home, database_url=url)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XGOALS_", "AIRFLOW_"))}
    return {
        **kept, "XGOALS_HOME": str(home), "XGOALS_DATABASE_URL": url, "XGOALS_CONFIG": os.devnull,
        "XGOALS_LIMITS__REASONS_MINUTES": "0",
    }  # fmt: skip


@pytest.fixture
def fresh(
    grid: Grid, copy_database: Callable[[str, str], str], tmp_path: Path
) -> Iterator[Callable[[], Race]]:
    """``fresh()`` is a race that has not begun, on a copy of all that there is."""
    begun: list[Race] = []

    def begin() -> Race:
        for before in begun:
            before.engine.dispose()
        folder = tmp_path / str(len(begun))
        folder.mkdir()
        shutil.copytree(grid.home, folder / "home")
        url = copy_database(grid.database, f"race_{os.getpid()}")
        begun.append(Race(env_of(folder / "home", url) | TRAINING_OFF, create_engine(url), folder))
        return begun[-1]

    yield begin
    for race in begun:
        race.engine.dispose()


_Apart = tuple[str | None, str | None]


class Oracle:
    """What is stored when jobs are done one after the other, and which moments the first of them has."""

    def __init__(self, fresh: Callable[[], Race]) -> None:
        self._fresh = fresh
        self._states: dict[tuple[Job, ...], dict[str, str]] = {}
        self._rows: dict[tuple[Job, ...], dict[str, frozenset[str]]] = {}
        self._moments: dict[Job, list[Moment]] = {}

    def moments(self, job: Job) -> list[Moment]:
        """All of a job that is alone."""
        if job not in self._moments:
            self.state((job,), with_readers=True)
        return self._moments[job]

    def state(self, jobs: Sequence[Job], *, with_readers: bool = False) -> dict[str, str]:
        """After these, of which only those that write count."""
        chosen = tuple(job for job in jobs if job.is_writer or with_readers)
        if chosen not in self._states:
            race = self._fresh()
            seen = race.one_after_the_other(chosen)
            assert all_is_well(race, seen) == []
            self._states[chosen] = contents(race)
            self._rows[chosen] = origins(race)
            if chosen:
                lines = (race.folder / "moments.0").read_text().split()
                self._moments.setdefault(
                    chosen[0],
                    [Moment(Kind[kind], int(n)) for kind, n in zip(lines[::2], lines[1::2], strict=True)],
                )
        return self._states[chosen]

    def nearest(self, jobs: Sequence[Job], race: Race) -> dict[str, _Apart]:
        """How far what was found is from what the nearest order stores; nothing if one order stores the same."""
        found = contents(race)
        writers, asked = [job for job in jobs if job.is_writer], found.keys()
        if len(writers) > 1 and any(job.name == "chain" for job in writers):
            # What a run computes of all that is stored depends on when it does; what it has read does not.
            writers, asked = [_only_read(job) for job in writers if job.name != "page"], READ
        elif any(job.name == "ingest" for job in writers):
            # Each match is read by itself: an index that somebody else writes meanwhile shows those before it, and the
            # run's own report writes it anew.
            asked = asked - {"report"}
        apart, strange = list[dict[str, _Apart]](), dict[str, _Apart]()
        if [job.name for job in writers].count("ingest") > 1:
            # Of what two deliveries tell alike, each match is as one of them has it.
            asked = asked - ORIGINS
            strange = self._of_no_order(writers, origins(race))
            # Features of what another reading has replaced meanwhile are built by none of them, and what is owed a page
            # is told between their two tasks.
            asked = asked - {"shot_feature", "match_news"}
        for order in permutations(writers):
            differing = differences(self.state(order), found)
            apart.append({table: values for table, values in differing.items() if table in asked})
            if not apart[-1]:
                break
        return strange | min(apart, key=len)

    def _of_no_order(self, writers: Sequence[Job], found: dict[str, frozenset[str]]) -> dict[str, _Apart]:
        """Tables with rows that no order stores, and these rows."""
        orders = list(permutations(writers))
        for order in orders:
            self.state(order)
        known = {
            table: frozenset[str]().union(*(self._rows[order][table] for order in orders)) for table in found
        }
        return {
            table: (None, "\n".join(new)) for table, rows in found.items() if (new := rows - known[table])
        }


def _only_read(job: Job) -> Job:
    """Of a whole run what it reads: that much is stored alike."""
    return replace(job, name="ingest") if job.name == "chain" else job


ORIGINS = frozenset({"match", "feed_file"})
"""Tables that tell which files a match was read from."""


def origins(race: Race) -> dict[str, frozenset[str]]:
    """The rows of these tables."""
    return {table: stored_rows(race.engine, table) for table in sorted(ORIGINS)}


def contents(race: Race) -> dict[str, str]:
    """What is stored, but for what differs with every run; the pages also without their index."""
    told = {table: told for table, told in stored(race.engine).items() if table not in TOLD_APART}
    pages = "select string_agg(path || sha256, ' ' order by path) from report where kind <> 'index'"
    with race.engine.connect() as connection:
        return told | {"pages": str(connection.scalar(text(pages)))}


def all_is_well(race: Race, seen: Sequence[Seen]) -> list[str]:
    """What is wrong after a race, whatever the order."""
    wrong = [f"{one.job}: {one.error}" for one in seen if one.error and not _may_be_refused(one)]
    wrong += [
        f"{one.job} logged: {line}" for one in seen for line in one.log.splitlines() if _TROUBLE.search(line)
    ]
    wrong += [
        f"{one.job} waited and has not said for whom"
        for one in seen
        if one.waited and len(seen) == 2 and not _says_for_whom(one)
    ]
    if n := race.n_deadlocks():
        wrong.append(f"{n} deadlocks")
    home = race.folder / "home"
    wrong += [f"left over: {path}" for path in home.rglob("*.part")]
    with race.engine.connect() as connection:
        wrong += [f"broken promise: {broken}" for broken in _broken(connection)]
        pages = connection.execute(text("select path, sha256 from report")).all()
        wrong += [
            f"a page is registered and not there: {page.path}" for page in pages if not _lies(home, page.path)
        ]
        clips = connection.scalars(text("select distinct clip_path from shot where clip_path is not null"))
        wrong += [f"clips are named and not there: {path}" for path in clips if not (home / path).exists()]
        doubles = connection.scalar(text("select count(*) from (select 1 from notification where state_key is not null"
                                         " group by matter, state_key, recipient having count(*) > 1) d"))  # fmt: skip
        wrong += [f"{doubles} states were told twice"] if doubles else []
    taken = (home / "taken").read_bytes().splitlines() if (home / "taken").exists() else []
    wrong += [
        f"a mail was sent {taken.count(one)} times: {one!r}" for one in set(taken) if taken.count(one) > 1
    ]
    return wrong


def _broken(connection) -> list[str]:
    """Promises that do not hold, but for what the next tasks of a run that ended early would do."""
    return [
        name
        for name in broken_promises(connection)
        if name not in ("every_shot_has_features", "champion_scores_every_shot")
    ]


def _lies(home: Path, path: str) -> bool:
    return (home / path).is_file()


def _may_be_refused(seen: Seen) -> bool:
    """Whether a person's wish was refused because another one was quicker."""
    words = ("is pinned", "no match", "is not the champion", "is champion already")
    return seen.error is not None and any(word in seen.error for word in words)


def _says_for_whom(seen: Seen) -> bool:
    return (
        re.search(r"waiting: .+ \((since|session).*\) (is writing|is searching|holds the schema)", seen.log)
        is not None
    )


def test_jobs_that_meet_at_a_moment_store_what_one_order_of_them_stores(grid, fresh, tries):
    n, oracle, wrong = tries(140, small=1), Oracle(fresh), list[str]()
    for k in range(n):
        chance = random.Random(f"{tries.seed} meet {k}")
        jobs = drawn(chance, grid, 2)
        moment = chance.choice(oracle.moments(jobs[0]))
        what = f"race {k} of seed {tries.seed}: {jobs[0]} stood still {moment}, {jobs[1]} went on"
        race = fresh()
        wrong += judged(race, race.interleaved(jobs, moment), jobs, oracle, what)
    assert not wrong, "\n".join(wrong)
    tries.done(3, "two jobs that meet at a moment", n, 140)


@pytest.mark.slow
def test_jobs_that_begin_at_once_store_what_one_order_of_them_stores(grid, fresh, tries):
    n, oracle, wrong = tries(60, small=1), Oracle(fresh), list[str]()
    for k in range(n):
        chance = random.Random(f"{tries.seed} begin {k}")
        jobs = drawn(chance, grid, chance.choice((3, 3, 4)))
        # In the order in which they begin, which is the first that is asked of the oracle, and mostly the right one.
        delays_s = sorted(round(chance.uniform(0, 0.4), 2) for _ in jobs)
        what = f"race {k} of seed {tries.seed}: {jobs} began after {delays_s} s"
        race = fresh()
        wrong += judged(race, race.at_once(jobs, delays_s), jobs, oracle, what)
    assert not wrong, "\n".join(wrong)
    tries.done(3, "three or four jobs that begin at once", n, 60)


def drawn(chance: random.Random, grid: Grid, n: int) -> list[Job]:
    """Jobs in the order in which they begin; those that take long come up half as often as others."""
    often = [job for job in grid.jobs for _ in range(1 if job.name in ("chain", "backup", "read") else 2)]
    chosen: list[Job] = []
    while len(chosen) < n:
        job = chance.choice(often)
        chosen += [job] if job not in chosen else []
    return chosen


def judged(race: Race, seen: Sequence[Seen], jobs: Sequence[Job], oracle: Oracle, what: str) -> list[str]:
    """What is wrong with the end of a race; the other races go on."""
    wrong = all_is_well(race, seen)
    wrong += [f"{table}: stored otherwise than by any order" for table in oracle.nearest(jobs, race)]
    log.info("%s: %s", what, wrong or "all is well")
    return [f"{what}: {one}" for one in wrong]
