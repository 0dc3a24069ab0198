"""Whatever task dies at whatever moment, and again, a rerun or the next night ends as if nothing had been."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from fault_home import Home
from moments import Moment
from nights import TAKEN, TASKS, Given, Night, copy_home, mails_taken, watched, work, work_all
from sqlalchemy import text
from states import differences, files, stored
from warm import run_warm

from small_feeds import statsbomb_files
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league, simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.steps import inbox
from xgoals.steps.run_context import close_run
from xgoals.whole_files import UNFINISHED

ITEM, PROMISED, OF_CLIPS_PROMISED, OF_INBOX_PROMISED, OF_REASONS_PROMISED, OF_PAGES_PROMISED = (
    1,
    166,
    15,
    20,
    9,
    5,
)
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
    return rows_of(home), lasting_files(home)


def rows_of(home: Home) -> dict[str, str]:
    """What is stored, and how much the run says that it has read."""
    with home.engine.connect() as connection:
        n_read = connection.scalar(text("select max(figures ->> 'matches_read') from xgoals.run"))
    return {**stored(home.engine), "matches read": str(n_read)}


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


def tried(
    home: Home, of: Undisturbed, copy_database, chance: random.Random, n: int, *, next_night: float
) -> tuple[list[str], int]:
    """Kill tasks until so many have died; what was wrong, and how many it were."""
    tasks = [task for task in of.stages if task != "end"]
    after = {task: state_of(home, copy_database, of.after(task)) for task in tasks}
    another = replace(of.night, name="second")
    whole = second_night(home, of, copy_database, another) if next_night else None
    wrong, number, n_killed = list[str](), 0, 0
    while n_killed < n:
        number += 1
        task = chance.choices(tasks, [OFTEN[task] for task in tasks])[0]
        stage = of.stages[task]
        begin_at(home, stage, copy_database)
        died = kill(home, of, task, stage.given, chance)
        n_killed += len(died)
        told = f"number {number}: {task} died {', then '.join(died)}"
        try:
            if whole is not None and chance.random() < next_night:
                told += "; then another night"
                run_warm(work_all, another, env=env_of(home)).result()
                check_next_night(home, whole)
            else:
                run_warm(work, of.night, task, stage.given, env=env_of(home)).result()
                check_rerun(home, task, after[task], len(died))
            check_champion(home)
        except Exception as error:
            wrong.append(f"{told}: {error!r}")
            print(wrong[-1])  # noqa: T201 - at once: such a run is long
    return wrong, n_killed


def check_rerun(home: Home, task: str, after: tuple[dict[str, str], dict[str, str]], killed: int) -> None:
    """Rows, files and mails are those of a task that nobody has disturbed."""
    rows, pages = after
    found = differences(rows, rows_of(home))
    if task == "deliver":  # how often a mail was tried is told there
        found.pop("notification", None)
        check_mails(home, killed)
    assert found == {}
    assert differences(pages, lasting_files(home)) == {}


def test_whatever_task_dies_a_rerun_or_the_next_night_ends_as_if_nothing_had(
    home, thirty_matches, three_matches, undisturbed, copy_database, tries
):
    n, chance = tries(PROMISED, small=2), random.Random(tries.seed)
    tasks = list(TASKS)[:3] if tries.is_small else list(TASKS)
    night = Night("first", "archive", three_matches if tries.is_small else thirty_matches)
    of = undisturbed(night, tasks)
    share = 0 if tries.is_small else NEXT_NIGHT
    wrong, n_killed = tried(home, of, copy_database, chance, n, next_night=share)
    assert not wrong, f"--fault-seed={tries.seed}\n" + "\n".join(wrong)
    tries.done(ITEM, "a task is killed, and again, and rerun, or another night comes", n_killed, PROMISED)


@pytest.mark.slow
def test_reading_files_with_clips_dies_and_is_done_again(home, undisturbed, copy_database, tries, tmp_path):
    n = tries(OF_CLIPS_PROMISED, small=1)
    folder = tmp_path / "source" / "match"
    write_dfl_match(next(iter(simulate_matchday(1, 20))), folder, seed=tries.seed)
    of = undisturbed(Night("first", "dfl", folder.parent), list(TASKS)[:3])
    wrong, n_killed = tried(home, of, copy_database, random.Random(tries.seed), n, next_night=0)
    assert not wrong, f"--fault-seed={tries.seed}\n" + "\n".join(wrong)
    tries.done(ITEM, "reading a match with clips is killed, and done again", n_killed, OF_CLIPS_PROMISED)


@pytest.mark.slow
def test_a_run_dies_over_what_the_watcher_has_reported_and_another_answers_for_it(
    home, undisturbed, copy_database, tries
):
    n, chance, wrong, n_killed = tries(OF_INBOX_PROMISED, small=1), random.Random(tries.seed), list[str](), 0
    inbox_folder = home.settings.inbox("statsbomb", "main")
    for name, content in statsbomb_files().items():
        (inbox_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox_folder / name).write_bytes(content)
    assert report_arrivals(home)
    tasks = list(TASKS)[:3]
    of = undisturbed(Night("first", "statsbomb", inbox_folder), tasks)
    after, another = rows_of(home), replace(of.night, name="second")
    while n_killed < n:
        task = chance.choice(tasks)
        begin_at(home, of.stages[task], copy_database)
        died = kill(home, of, task, of.stages[task].given, chance)
        n_killed += len(died)
        told = f"{task} died {', then '.join(died)}"
        report_arrivals(home)  # the watcher sees what is left to read as another state
        given = Given()
        for again in tasks:
            given = run_warm(work, another, again, given, env=env_of(home)).result()
        close_run(another.opened(), "success")
        told_apart = (
            "matches read",
            "notification",
        )  # the dead run is told; copies have other inodes
        found = differences(after, rows_of(home) | {name: after[name] for name in told_apart})
        with home.engine.connect() as connection:
            query = "select distinct taken_by_run, done_at is not null as done from xgoals.inbox_event"
            events = [tuple(row) for row in connection.execute(text(query))]
            dead = "select count(*) from xgoals.run where (run_id, state) = ('first', 'failed')"
            failures = "select count(*) from xgoals.notification where (run_id, kind) = ('first', 'failure')"
            is_told = connection.scalar(text(dead)) == connection.scalar(text(failures))
        if found or events != [("second", True)] or not is_told:
            wrong.append(f"{told}; then another night: {found}, events {events}, told: {is_told}")
    assert not wrong, f"--fault-seed={tries.seed}\n" + "\n".join(wrong)
    tries.done(ITEM, "a run dies over what was reported of an inbox", n_killed, OF_INBOX_PROMISED)


def report_arrivals(home: Home) -> list[object]:
    """What the inbox's watcher reports anew."""
    now = datetime.now(UTC)
    check = inbox.check_inbox(home.settings, "main", "statsbomb", now)
    return list(inbox.claim_events(home.settings, "main", "statsbomb", check.events, now))


@pytest.mark.slow
def test_giving_reasons_dies_and_goes_on(
    home, thirty_matches, undisturbed, copy_database, tries, monkeypatch
):
    n = tries(OF_REASONS_PROMISED, small=1)
    monkeypatch.setitem(home.env, "XGOALS_LIMITS__REASONS_MINUTES", "60")
    of = undisturbed(Night("first", "archive", thirty_matches), list(TASKS)[:7])
    given = of.stages["explain"].given
    begin_at(home, of.stages["end"], copy_database)
    with home.engine.begin() as connection:  # those of two matches are still to be given
        gone = """delete from xgoals.shot_reason where features_key in (
                      select f.features_key from xgoals.shot_feature f join xgoals.shot s using (shot_key)
                      where s.match_id in ('SIM-2023-01-1', 'SIM-2023-03-4'))"""
        assert connection.exec_driver_sql(gone).rowcount, "and of whoever took something"
    home.engine.dispose()
    copy_database(home.database, of.stages["end"].database)
    moments, _ = run_warm(watched, of.night, "explain", given, env=env_of(home)).result()
    after, again = rows_of(home), replace(of, moments={"explain": moments})
    chance, wrong, n_killed = random.Random(tries.seed), list[str](), 0
    while n_killed < n:
        begin_at(home, of.stages["end"], copy_database)
        died = kill(home, again, "explain", given, chance)
        n_killed += len(died)
        run_warm(work, of.night, "explain", given, env=env_of(home)).result()
        if found := differences(after, rows_of(home)):
            wrong.append(f"reasons died {', then '.join(died)}: {found}")
    assert not wrong, f"--fault-seed={tries.seed}\n" + "\n".join(wrong)
    tries.done(ITEM, "giving reasons is killed, and goes on", n_killed, OF_REASONS_PROMISED)


@pytest.mark.slow
def test_writing_all_pages_dies_and_every_page_is_as_it_is_registered(
    home, thirty_matches, undisturbed, copy_database, tries
):
    n = tries(OF_PAGES_PROMISED, small=1)
    cheap = Night("first", "archive", thirty_matches)
    of, night = undisturbed(cheap, list(TASKS)[:7]), replace(cheap, has_real_pages=True)
    stage = of.stages["end"]
    moments, _ = run_warm(watched, night, "report", stage.given, env=env_of(home)).result()
    pages = pages_as_registered(home)
    again, chance, n_killed = (
        replace(of, night=night, moments={"report": moments}),
        random.Random(tries.seed),
        0,
    )
    while n_killed < n:
        begin_at(home, stage, copy_database)
        died = kill(home, again, "report", stage.given, chance)
        n_killed += len(died)
        run_warm(work, night, "report", stage.given, env=env_of(home)).result()
        assert pages_as_registered(home) == pages, f"--fault-seed={tries.seed}: {died}"
    tries.done(ITEM, "writing all pages is killed, and done again", n_killed, OF_PAGES_PROMISED)


def pages_as_registered(home: Home) -> set[str]:
    """The paths of all pages, each of which lies there as it is registered; none lies beside them."""
    with home.engine.connect() as connection:
        rows = connection.execute(text("select path, sha256 from xgoals.report")).all()
    home.engine.dispose()
    lying = {path: sha for path, sha in lasting_files(home).items() if path.startswith("reports/")}
    assert differences({row.path: row.sha256 for row in rows}, lying) == {}
    return set(lying)


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
