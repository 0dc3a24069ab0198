"""Whatever task dies at whatever moment, and again, a rerun or the next night ends as if nothing had been."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pytest
from moments import Moment
from nights import TAKEN, TASKS, Given, Night, copy_home, mails_taken, watched, work, work_all
from sqlalchemy import text
from states import differences, files, stored
from warm import run_warm

from conftest import Home
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.whole_files import UNFINISHED

ITEM, PROMISED = 1, 200
OFTEN = {"find_matches": 3, "ingest": 5, "build_features": 3, "train": 1, "register": 3, "compute_baseline": 2,
         "explain": 4, "report": 5, "deliver": 4}  # fmt: skip
"""How often each task is drawn: those that write much more often, those that take long less."""
NEXT_NIGHT = 0.2
"""So often another night comes, and not a rerun."""
AGAIN = (1, 1, 1, 2, 3)
"""So often a task dies in a row."""


@dataclass(frozen=True)
class Stage:
    """What the tasks before one have left: database, home, and what they hand on."""

    database: str
    home: Path
    given: Given


@dataclass(frozen=True)
class Undisturbed:
    """A night that nobody disturbs: the state before each task, all that it does, and the state after the last."""

    night: Night
    stages: dict[str, Stage]
    moments: dict[str, list[Moment]]

    def after(self, task: str) -> Stage:
        """The state after a task."""
        names = list(self.stages)
        return self.stages[names[names.index(task) + 1]]


@pytest.fixture(scope="module")
def three_matches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that is read in a moment."""
    path = tmp_path_factory.mktemp("three") / "three.parquet"
    write_archive(path, islice(simulate_league(), 3))
    return path


@pytest.fixture
def undisturbed(home: Home, copy_database, tmp_path: Path) -> Iterator[Callable[..., Undisturbed]]:
    """``undisturbed(night, tasks)`` works through these tasks, and keeps what there is before each and after all."""
    made: list[str] = []

    def work_through(night: Night, tasks: list[str]) -> Undisturbed:
        stages, moments, given = {}, {}, Given()
        for task in [*tasks, "end"]:
            database = f"{home.database}_{task}"
            home.engine.dispose()
            copy_database(home.database, database)
            made.append(database)
            kept = tmp_path / f"before {task}"
            copy_home(home.folder, kept)
            stages[task] = Stage(database, kept, given)
            if task != "end":
                moments[task], given = run_warm(watched, night, task, given, env=env_of(home)).result()
        return Undisturbed(night, stages, moments)

    yield work_through
    home.engine.dispose()
    with home.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for database in made:
            connection.exec_driver_sql(f'drop database if exists "{database}" with (force)')


def env_of(home: Home) -> dict[str, str]:
    return {**home.env, TAKEN: str(taken_by(home))}


def taken_by(home: Home) -> Path:
    """Where the mail server keeps what it took: no part of the home, and taken back with it."""
    return home.folder / "server" / "taken"


def draw(moments: list[Moment], chance: random.Random) -> Moment:
    """A kind first, then one of it: rare kinds are not drowned by a thousand statements."""
    kind = chance.choice(sorted({moment.kind for moment in moments}))
    return chance.choice([moment for moment in moments if moment.kind == kind])


def begin_at(home: Home, stage: Stage, copy_database) -> None:
    home.engine.dispose()
    copy_database(stage.database, home.database)
    copy_home(stage.home, home.folder)


def state_of(home: Home, copy_database, stage: Stage) -> tuple[dict[str, str], dict[str, str]]:
    begin_at(home, stage, copy_database)
    return stored(home.engine), lasting_files(home)


def lasting_files(home: Home) -> dict[str, str]:
    """All files but those that `xgoals clean` is documented to take, and what the mail server has."""
    return {
        path: sha
        for path, sha in files(home.folder).items()
        if not path.endswith(UNFINISHED) and not path.startswith("server/")
    }


def kill(home: Home, of: Undisturbed, task: str, given: Given, chance: random.Random) -> list[str]:
    """Kill a task, and its reruns perhaps; when they died."""
    died = []
    for _ in range(chance.choice(AGAIN)):
        moment = draw(of.moments[task], chance)
        ended = run_warm(work, of.night, task, given, moment, env=env_of(home))
        if ended.error is not None:
            raise ended.error
        died.append(str(moment) if ended.code else f"{moment}, which did not come")
    return died


def check_mails(home: Home, killed: int) -> None:
    """None is lost; whatever the server has twice is one mail whose sender died before he heard of its answer."""
    with home.engine.connect() as connection:
        rows = connection.execute(text("select message_id, state, unanswered from xgoals.notification")).all()
    taken = mails_taken(taken_by(home))
    assert {row.state for row in rows} <= {"sent"}
    assert taken.keys() == {row.message_id for row in rows}
    assert all(1 <= taken[row.message_id] <= 1 + row.unanswered <= 1 + killed for row in rows)


def check_champion(home: Home) -> None:
    """There is none by halves: whoever is champion is whole, and was promoted."""
    query = text(
        """select count(*) from xgoals.champion c
           where not exists (select from xgoals.model_version v where v.model_version = c.model_version
                             and v.booster is not null)
              or not exists (select from xgoals.model_sister s where s.model_version = c.model_version)
              or not exists (select from xgoals.out_of_fold o where o.model_version = c.model_version)
              or not exists (select from xgoals.promotion p where p.decision_n = c.decision_n
                             and p.champion_after = c.model_version)"""
    )
    with home.engine.connect() as connection:
        assert connection.scalar(query) == 0


def test_whatever_task_dies_a_rerun_or_the_next_night_ends_as_if_nothing_had(
    home, thirty_matches, three_matches, undisturbed, copy_database, tries
):
    n, chance = tries(PROMISED, small=3), random.Random(tries.seed)
    tasks = list(TASKS)[:3] if tries.is_small else list(TASKS)
    night = Night("first", "archive", three_matches if tries.is_small else thirty_matches)
    of = undisturbed(night, tasks)
    after = {task: state_of(home, copy_database, of.after(task)) for task in tasks}
    whole = None if tries.is_small else second_night(home, of, copy_database, replace(night, name="second"))
    wrong = []
    number = n_killed = 0
    while n_killed < n:
        number += 1
        task = chance.choices(tasks, [OFTEN[task] for task in tasks])[0]
        stage = of.stages[task]
        begin_at(home, stage, copy_database)
        died = kill(home, of, task, stage.given, chance)
        n_killed += len(died)
        told = f"--fault-seed={tries.seed}, number {number}: {task} died {', then '.join(died)}"
        try:
            if whole is not None and chance.random() < NEXT_NIGHT:
                told += "; then another night"
                run_warm(work_all, replace(night, name="second"), env=env_of(home)).result()
                check_next_night(home, whole)
            else:
                run_warm(work, night, task, stage.given, env=env_of(home)).result()
                rows, pages = after[task]
                found = differences(rows, stored(home.engine))
                if task == "deliver":  # how often a mail was tried is told there
                    found.pop("notification", None)
                assert found == {}
                assert differences(pages, lasting_files(home)) == {}
                if task == "deliver":
                    check_mails(home, len(died))
            check_champion(home)
        except Exception as error:
            print(f"{told}: {error!r}")  # noqa: T201 - at once: such a run is long
            wrong.append(f"{told}: {error!r}")
    assert not wrong, "\n".join(wrong)
    tries.done(ITEM, "a task is killed, and again, and rerun, or another night comes", n_killed, PROMISED)


def second_night(home: Home, of: Undisturbed, copy_database, night: Night) -> tuple[dict, dict, set]:
    """What two nights leave that nobody disturbs."""
    begin_at(home, of.stages["end"], copy_database)
    run_warm(work_all, night, env=env_of(home)).result()
    rows = {table: hash_ for table, hash_ in stored(home.engine).items() if table != "notification"}
    return rows, lasting_files(home), digests(home)


def digests(home: Home) -> set[str]:
    with home.engine.connect() as connection:
        query = text("select subject from xgoals.notification where kind = 'digest'")
        return set(connection.scalars(query))


def check_next_night(home: Home, whole: tuple[dict, dict, set]) -> None:
    """Rows, pages and matchday mails are there; the dead run is closed, and told."""
    expected, pages, mails = whole
    found = {table: hash_ for table, hash_ in stored(home.engine).items() if table != "notification"}
    assert differences(expected, found) == {}
    assert differences(pages, lasting_files(home)) == {}
    assert digests(home) == mails
    with home.engine.connect() as connection:
        rows = connection.execute(text("select run_id, state from xgoals.run")).all()
        failures = connection.scalar(
            text("select count(*) from xgoals.notification where (run_id, kind) = ('first', 'failure')")
        )
    runs = {row.run_id: row.state for row in rows}
    assert runs["second"] == "success"
    assert runs.get("first", "failed") in ("failed", "success")
    assert failures == (runs.get("first") == "failed")
    check_mails(home, len(AGAIN))
