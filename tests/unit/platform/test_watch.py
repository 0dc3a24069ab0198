"""What dies is started again and told, what it left behind is ended, and nothing else is touched."""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from databases import forget_settings
from xgoals.services import up as up_module
from xgoals.services import watch as module
from xgoals.services.airflow.files import processes_path, watch_path
from xgoals.services.airflow.stuck import stuck_runs
from xgoals.services.backoff import LONGEST_S, Backoff
from xgoals.services.deaths import Death
from xgoals.services.log_files import roll
from xgoals.services.orphans import end_orphans, marked, orphans
from xgoals.services.processes import RememberedProcess, end, is_alive, launch, remember, remembered
from xgoals.services.watch import HEALTH_S, HUNG_AFTER_S, Watch
from xgoals.settings import Settings, load_settings

# A component that starts a worker, which changes its title as Airflow's do; if it is killed, that outlives it.
COMPONENT = """
import os, signal, time
from setproctitle import setproctitle
worker = os.fork()
if worker:
    signal.signal(signal.SIGTERM, lambda *_: (os.kill(worker, signal.SIGTERM), os._exit(0)))
else:
    os.setsid()
    setproctitle("a worker of somebody " * 40)
    print("worker", os.getpid(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path):
    folder = tmp_path / "home"
    folder.mkdir()
    yield folder
    end_orphans(orphans(folder))


@pytest.fixture
def start(home: Path, tmp_path: Path):
    def start(name: str, *, of: Path = home, environment=None) -> RememberedProcess:
        log = tmp_path / f"{name}.log"
        before = log.read_text() if log.is_file() else ""
        process = launch(
            name,
            [sys.executable, "-c", COMPONENT],
            environment=os.environ | (marked(of, name) if environment is None else environment),
            log=log,
        )
        wait_for(lambda: log.read_text() != before)
        return process

    return start


def wait_for(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill(process: RememberedProcess) -> None:
    found = process.find()
    assert found
    found.kill()
    wait_for(lambda: process.find() is None)


def test_the_worker_of_a_killed_component_is_found_and_ended_and_no_other_process(home, start, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    scheduler, triggerer = start("scheduler"), start("triggerer")
    of_others = [start("other", of=elsewhere), start("by_hand", environment={"XGOALS_HOME": str(home)})]
    assert orphans(home, [scheduler, triggerer]) == []
    kill(scheduler)
    (orphan,) = orphans(home, [scheduler, triggerer])
    assert orphan.component == "scheduler"
    assert str(orphan) == f"process {orphan.process.pid}, left behind by the scheduler"
    worker = orphan.process
    end_orphans([orphan])
    assert not is_alive(worker)
    assert triggerer.find()
    assert all(process.find() for process in of_others)
    end([triggerer, *of_others])
    assert orphans(elsewhere) == []


@pytest.fixture
def services(home, start, monkeypatch):
    """Two components that run, and a watch that would start them again; Airflow's API does not answer."""
    settings = Settings(home=home)
    running = [start("scheduler"), start("triggerer")]
    remember(processes_path(settings), running)
    deaths: list[Death] = []
    told = SimpleNamespace(deaths=deaths, add=deaths.append, tell=lambda _: None)
    monkeypatch.setattr(module, "launch_component", lambda _, name: start(name))
    monkeypatch.setattr(module, "start_databases", lambda _: None)
    postgres = SimpleNamespace(runs=lambda: True)
    monkeypatch.setattr(module, "EmbeddedPostgres", lambda _: postgres)
    health: dict[str, str] = {}
    monkeypatch.setattr(module, "component_health", lambda _: health)
    monkeypatch.setattr(module, "stuck_runs", lambda *_: [])
    yield SimpleNamespace(
        watch=Watch(settings, told), settings=settings, told=told, postgres=postgres, health=health
    )
    end(remembered(processes_path(settings)))


def test_what_is_killed_is_started_again_once_and_told_once(services, home):
    scheduler, triggerer = remembered(processes_path(services.settings))
    kill(scheduler)
    (left,) = orphans(home, [triggerer])
    for n in range(3):
        assert services.watch.look(float(n))
    again, same = remembered(processes_path(services.settings))
    assert (again.name, same) == ("scheduler", triggerer)
    assert again.find()
    assert again.pid != scheduler.pid
    assert not is_alive(left.process)
    assert orphans(home, [again, same]) == []
    assert [(death.service, death.pid) for death in services.told.deaths] == [("scheduler", scheduler.pid)]


def test_what_dies_again_and_again_is_started_ever_later(services):
    moments, now_s = [], 0.0
    for _ in range(4):
        process = remembered(processes_path(services.settings))[0]
        kill(process)
        while remembered(processes_path(services.settings))[0] == process:
            services.watch.look(now_s)
            now_s += 1
        moments.append(now_s - 1)
    assert [later - earlier for earlier, later in pairwise(moments)] == [3, 5, 9]
    assert [death.n_times for death in services.told.deaths] == [1, 2, 4]


def test_after_down_nothing_is_started_again(services):
    process = remembered(processes_path(services.settings))[0]
    processes_path(services.settings).unlink()
    kill(process)
    assert services.watch.look(0.0) is False
    assert services.told.deaths == []


def test_postgres_comes_back_before_the_others_and_is_told(services, monkeypatch):
    order = []
    services.postgres.runs = lambda: bool(order)
    monkeypatch.setattr(module, "start_databases", lambda _: order.append("Postgres"))
    monkeypatch.setattr(Watch, "_start_again", lambda _, dead, known: order.append(dead.name) or known)
    kill(remembered(processes_path(services.settings))[0])
    services.watch.look(0.0)
    assert order == ["Postgres", "scheduler"]
    assert [death.service for death in services.told.deaths] == ["Postgres", "scheduler"]


def test_a_component_that_hangs_is_ended_after_some_minutes_and_not_for_a_moment_s_silence(services):
    scheduler, triggerer = remembered(processes_path(services.settings))
    services.health |= {"scheduler": "unhealthy", "triggerer": "unknown"}
    now_s = 0.0
    while now_s < HUNG_AFTER_S:
        services.watch.look(now_s)
        now_s += HEALTH_S
    services.health["scheduler"] = "healthy"
    services.watch.look(now_s)
    services.health["scheduler"] = "unhealthy"
    services.watch.look(now_s + HEALTH_S)
    assert scheduler.find()
    services.watch.look(now_s + HUNG_AFTER_S + 3 * HEALTH_S)
    assert scheduler.find() is None
    assert triggerer.find(), "of which nobody can say that it hangs"


def test_trouble_of_any_kind_does_not_end_the_watching(monkeypatch, tmp_path):
    looks = []

    def look(_, now_s):
        looks.append(now_s)
        raise ZeroDivisionError

    monkeypatch.setattr(Watch, "look", look)
    module.watch(Settings(home=tmp_path), lambda _: len(looks) == 3)
    assert len(looks) == 3


@pytest.mark.parametrize("has_file", [True, False])
def test_the_watch_starts_with_a_settings_file_and_without_one(monkeypatch, tmp_path, *, has_file):
    monkeypatch.delenv("XGOALS_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    if has_file:
        (tmp_path / "xgoals.toml").touch()
    started = []
    monkeypatch.setattr(up_module, "launch", lambda *_, environment, **__: started.append(environment))
    monkeypatch.setattr(up_module, "remember", lambda *_: None)
    up_module._start_watch(Settings(home=tmp_path))
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_CONFIG", started[0]["XGOALS_CONFIG"])
    assert load_settings().ui.port == 8080
    assert Path(started[0]["XGOALS_CONFIG"]).name == ("xgoals.toml" if has_file else "null")


def test_who_watches_in_the_background_is_known_by_its_file(tmp_path):
    settings = Settings(home=tmp_path)
    assert module.watcher(settings) is None
    module._take_over(settings)
    found = module.watcher(settings)
    assert found
    assert found.pid == os.getpid()
    watch_path(settings).unlink()


def test_the_wait_before_a_start_grows_and_begins_anew_after_a_good_while():
    backoff, now_s, waits = Backoff(), 0.0, []
    for _ in range(11):
        backoff.note_death(now_s)
        waits.append(backoff.due_s - now_s)
        now_s = backoff.due_s
        backoff.note_start(now_s)
    assert waits == [0, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_S, LONGEST_S]
    backoff.note_death(now_s + 601)
    assert backoff.is_due(now_s + 601)


def test_a_log_is_rolled_while_its_writer_goes_on(tmp_path):
    log = tmp_path / "a.log"
    with log.open("a") as writer:
        for n in range(6):
            writer.write(f"{n}" * 60)
            writer.flush()
            assert roll(log, max_bytes=50, generations=3)
            assert not roll(log, max_bytes=50, generations=3)
        writer.write("last")
        writer.flush()
    assert log.read_text() == "last", "not behind a hole"
    assert [(tmp_path / f"a.log.{n}").read_text()[0] for n in (1, 2, 3)] == ["5", "4", "3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.log", "a.log.1", "a.log.2", "a.log.3"]


NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


def ago(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


class Airflow:
    """The runs of the pipeline, and the tasks of each, as the API tells them."""

    def __init__(self, running=(), queued=(), *, is_paused=False):
        self.known = {"running": list(running), "queued": list(queued)}
        self.is_paused = is_paused

    def dag(self):
        return {"is_paused": self.is_paused}

    def runs(self, state):
        return [
            {"dag_run_id": f"{state}{n}", "start_date": ago(since), "queued_at": ago(since), "conf": None}
            for n, (since, _) in enumerate(self.known[state])
        ]

    def tasks(self, run_id):
        tasks = self.known["running"][int(run_id.removeprefix("running"))][1]
        return [
            {"task_id": f"t{n}", "state": state, "end_date": None if ended is None else ago(ended)}
            for n, (state, ended) in enumerate(tasks)
        ]


@pytest.mark.parametrize(
    ("airflow", "stuck"),
    [
        (Airflow([(60, [("success", 30), ("scheduled", None)])]), ["running0"]),
        (Airflow([(60, [("success", 30), ("queued", None)])]), ["running0"]),
        (Airflow([(60, [("success", 5), ("scheduled", None)])]), []),
        (Airflow([(60, [("success", 30), ("running", None)])]), []),
        (Airflow([(60, [("failed", 30), ("up_for_retry", 30)])]), []),
        (Airflow([(5, [("scheduled", None)])]), []),
        (Airflow([(60, [])]), ["running0"]),
        (Airflow([(60, [])], is_paused=True), []),
        (Airflow(queued=[(60, [])]), ["queued0"]),
        (Airflow(queued=[(5, [])]), []),
        (Airflow([(60, [("running", None)])], [(60, [])]), []),
    ],
)
def test_a_run_is_stuck_when_nothing_of_it_works_and_nothing_keeps_it_from_it(airflow, stuck):
    assert [run.run_id for run in stuck_runs(airflow, NOW)] == stuck


def test_a_run_that_is_stuck_says_since_when_and_what_waits():
    (run,) = stuck_runs(Airflow([(60, [("success", 30), ("scheduled", None), (None, None)])]), NOW)
    assert run.since == NOW - timedelta(minutes=30)
    assert run.waiting == "t1 scheduled, t2 not scheduled"
