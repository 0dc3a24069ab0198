"""A matchday arrives and its run starts by itself: real Airflow components, real Postgres, real files."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text

from xgoals.feeds.schedule import write_schedule
from xgoals.feeds.simulator import season_schedule, simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.services.airflow import components
from xgoals.services.airflow.api_client import AirflowApi
from xgoals.services.down import down
from xgoals.services.processes import end, is_alive, remembered
from xgoals.services.status import status
from xgoals.services.up import up
from xgoals.settings import Settings, load_settings
from xgoals.store.database import connect

PATIENCE_S = 300
SETTINGS = {
    "XGOALS_SCHEDULE__POLL_S": "1",
    "XGOALS_SCHEDULE__SETTLE_S": "3",
    "XGOALS_SCHEDULE__NIGHTLY_CRON": "0 0 29 2 *",  # no night comes in between
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",  # instead of a second between two tasks
}


def need(n_matches: int) -> None:
    """So many matches a first model needs, from the next task on."""
    Path(os.environ["XGOALS_CONFIG"]).write_text(f"[training]\nmin_matches = {n_matches}\nmin_goals = 2\n")


def play(folder: Path, n: int) -> Path:
    """A simulated matchday of so many matches as the league delivers it, a folder a match, and its schedule."""
    planned = [match for match in season_schedule(1) if match.matchday.number == 20][:n]
    for number, record in enumerate(islice(simulate_matchday(1, 20), n)):
        write_dfl_match(record, folder / "matches" / f"m{number}", seed=number)
    write_schedule(folder / "schedule.csv", planned)
    return folder


@pytest.fixture(scope="module")
def nine_matches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("nine"), 9)


@pytest.fixture(scope="module")
def three_matches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("three"), 3)


@pytest.fixture
def running(
    new_home: Callable[[], Path],
    end_home: Callable[[Path], None],
    clean_environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Settings]:
    """Airflow with its four components in an ``XGOALS_HOME`` of its own."""
    home = new_home()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XGOALS_HOME", str(home))
    monkeypatch.setenv("XGOALS_CONFIG", str(tmp_path / "xgoals.toml"))
    need(4)
    monkeypatch.setenv("XGOALS_UI__PORT", str(port))
    settings = load_settings()
    settings.inbox("dfl", "main").mkdir(parents=True)
    try:
        up(settings, print)
        yield settings
    finally:
        down(settings, print)
        end_home(home)


def deliver(source: Path, settings: Settings, *names: str) -> None:
    """What a league's server does: one file after the other, under its final name."""
    inbox = settings.inbox("dfl", "main")
    shutil.copy(source / "schedule.csv", inbox)
    for name in names:
        for file in sorted((source / "matches" / name).iterdir()):
            (inbox / name).mkdir(exist_ok=True)
            shutil.copy(file, inbox / name / file.name)


def wait_for(what: Callable[[], Any], reason: str) -> Any:
    """The first answer that is not empty."""
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := what()):
        assert time.monotonic() < deadline, f"waited in vain for {reason}"
        time.sleep(0.5)
    return answer


def api(settings: Settings) -> AirflowApi:
    client = components.api(settings)
    assert client
    return client


def runs(settings: Settings) -> list[dict[str, Any]]:
    with api(settings) as client:
        return [run for state in ("queued", "running", "success", "failed") for run in client.runs(state)]


def ended(settings: Settings, n: int) -> Callable[[], list[dict[str, Any]]]:
    """Whether there are n runs and all of them are over; by their start."""

    def ask() -> list[dict[str, Any]]:
        found = runs(settings)
        over = len(found) == n and all(run["state"] in ("success", "failed") for run in found)
        return sorted(found, key=lambda run: str(run["start_date"])) if over else []

    return ask


def query(settings: Settings, statement: str) -> list[Any]:
    engine = connect(settings, "main")
    with engine.connect() as connection:
        rows = connection.execute(text(statement)).all()
    engine.dispose()
    return list(rows)


def log_of_the_watcher(settings: Settings) -> str:
    return (settings.home / "logs" / "triggerer.log").read_text()


@pytest.mark.timeout(PATIENCE_S * 2)
def test_the_first_matches_are_too_few_for_a_model_and_their_run_goes_on_when_it_is_cleared(
    running: Settings, three_matches: Path
) -> None:
    deliver(three_matches, running, "m0", "m1", "m2")
    (run,) = wait_for(ended(running, 1), "the run to start by itself and to end")
    assert (run["state"], run["run_type"], run["triggered_by"]) == ("failed", "asset_triggered", "asset")
    with api(running) as client:
        tasks = client.tasks(run["dag_run_id"])
    ingested = {task["rendered_map_index"]: task["state"] for task in tasks if task["task_id"] == "ingest"}
    assert ingested == {f"SIM-2023-20-{n}": "success" for n in (1, 2, 3)}
    assert [task["task_id"] for task in tasks if task["state"] == "failed"] == ["train"]
    assert query(running, "select count(*) from match") == [(3,)]
    ((figures, failed_at, error),) = query(
        running, "select figures, failed_task, cast(error as text) from run"
    )
    assert (figures["matches_found"], figures["matches_read"]) == (3, 3)
    assert figures["shots_built"] == query(running, "select count(*) from shot")[0][0] > 20
    assert failed_at == "train"
    assert "3 matches" in error
    ((kind,),) = query(running, "select kind from notification")
    assert kind == "failure"
    assert sum(1 for _ in running.inbox("dfl", "main").rglob("*.xml")) == 9, "feed files stay where they are"
    check_that_a_failed_task_is_cleared(running, run["dag_run_id"])


def clear(settings: Settings, path: str, body: dict[str, Any]) -> None:
    """What the UI does when somebody presses *Clear*."""
    with api(settings) as client:
        client._call("POST", f"/api/v2/dags/xgoals_pipeline/{path}", {"dry_run": False, **body})


def end_of(settings: Settings, run_id: str) -> str:
    """The state in which a run ends."""

    def ask() -> str | None:
        with api(settings) as client:
            state = str(client.run(run_id)["state"])
        return state if state in ("success", "failed") else None

    return str(wait_for(ask, f"the end of {run_id}"))


def check_that_a_failed_task_is_cleared(settings: Settings, run_id: str) -> None:
    """The cause is mended, as the task's log says, and the run goes on from there to its end."""
    need(3)
    body = {"dag_run_id": run_id, "task_ids": ["train"], "include_downstream": True, "only_failed": False}
    clear(settings, "clearTaskInstances", body)
    assert end_of(settings, run_id) == "success"
    with api(settings) as client:
        tries = {task["task_id"]: task["try_number"] for task in client.tasks(run_id)}
    assert (tries["build_features"], tries["train"]) == (1, 2)
    assert query(settings, "select state, failed_task, error from run") == [("success", None, None)]
    kinds = [kind for (kind,) in query(settings, "select kind from notification order by created_at")]
    assert (kinds[0], set(kinds[1:])) == ("failure", {"digest"}), "no warning that it is late"


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE_S * 2)
def test_a_failed_run_is_cleared_as_a_whole(running: Settings, three_matches: Path) -> None:
    need(3)
    source = running.home / "comes_later"
    with api(running) as client:
        run_id = client.trigger({"feed": "dfl", "source": str(source)})
    assert end_of(running, run_id) == "failed"
    shutil.copytree(three_matches / "matches", source)
    clear(running, f"dagRuns/{run_id}/clear", {})
    assert end_of(running, run_id) == "success"
    assert query(running, "select distinct state from run") == [("success",)]


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE_S * 2)
def test_a_killed_scheduler_is_started_again_and_told_and_down_leaves_nothing(running: Settings) -> None:
    assert status(running).problems == ()
    before = {part.name: part.pid for part in status(running).components}
    children = psutil.Process(before["scheduler"]).children(recursive=True)
    assert children, "the workers of its executor"
    os.kill(before["scheduler"] or 0, signal.SIGKILL)
    wait_for(lambda: status(running).problems == () and status(running).running, "all to be well again")
    after = {part.name: part.pid for part in status(running).components}
    assert {name for name in before if before[name] != after[name]} == {"scheduler"}
    assert not any(map(is_alive, children)), "they would have held the dead one's sessions"
    told = wait_for(lambda: query(running, "select kind, matter, run_id from notification"), "a mail")
    assert [(kind, matter) for kind, matter, _ in told] == [("warning", "service")]
    family = [psutil.Process(pid) for pid in after.values() if pid]
    family += [child for process in family for child in process.children(recursive=True)]
    watch = psutil.Process(status(running).watch_pid)
    os.kill(after["scheduler"] or 0, signal.SIGKILL)
    down(running, print)
    assert not any(map(is_alive, [*family, watch]))
    assert status(running).exit_code == 3


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE_S * 2)
def test_nine_matches_arrive_and_the_report_is_there(running: Settings, nine_matches: Path) -> None:
    deliver(nine_matches, running, *(f"m{n}" for n in range(9)))
    (run,) = wait_for(ended(running, 1), "the run to start by itself and to end")
    assert (run["state"], run["run_type"], run["triggered_by"]) == ("success", "asset_triggered", "asset")
    with api(running) as client:
        tasks = client.tasks(run["dag_run_id"])
    ingested = [task for task in tasks if task["task_id"] == "ingest"]
    assert {task["map_index"] for task in ingested} == set(range(9))
    assert {task["rendered_map_index"] for task in ingested} == {f"SIM-2023-20-{n}" for n in range(1, 10)}
    assert {task["state"] for task in tasks} == {"success"}
    assert query(running, "select count(*) from match") == [(9,)]
    ((figures,),) = query(running, "select figures from run")
    assert (figures["matches_found"], figures["matches_read"]) == (9, 9)
    assert figures["matchday_states"][0]["state"] == "complete"
    ((shots, explained),) = query(
        running,
        "select (select count(*) from shot), (select count(*) from champion_shot where xg is not null)",
    )
    assert shots == explained > 100
    assert len(list((running.reports / "main" / "match").glob("*.html"))) == 9
    assert (running.reports / "main" / "index.html").is_file()
    assert sum(1 for _ in running.inbox("dfl", "main").rglob("*.xml")) == 27, "feed files stay where they are"


@pytest.mark.slow
@pytest.mark.timeout(PATIENCE_S * 4)
def test_a_restart_a_race_a_broken_match_and_its_repair(running: Settings, nine_matches: Path) -> None:
    # Eight of nine have come: nothing starts. Then scheduler and triggerer are gone, and come back.
    deliver(nine_matches, running, *(f"m{n}" for n in range(8)))
    wait_for(lambda: "is partial; 8 of 9 matches" in log_of_the_watcher(running), "the watcher's remark")
    assert runs(running) == []
    processes = {process.name: process for process in remembered(running.home / "airflow" / "services.json")}
    end([processes["scheduler"], processes["triggerer"]])
    up(running, print)

    # The ninth match is broken. A run by hand begins at the same moment, as a night would.
    events = next((nine_matches / "matches" / "m8").glob("*events*"))
    whole = events.read_bytes()
    deliver(nine_matches, running, "m8")
    mine = running.inbox("dfl", "main") / "m8" / events.name
    mine.write_bytes(whole.replace(b"<Event ", b"<Event <", 1))
    wait_for(lambda: "A run is asked for" in log_of_the_watcher(running), "the watcher's report")
    with api(running) as client:
        by_hand = client.trigger({})
    first, second = wait_for(ended(running, 2), "both runs to end")
    assert first["end_date"] <= second["start_date"], "one run works at a time"
    read = [query(running, f"select figures from run where run_id = '{run['dag_run_id']}'")[0][0]
            for run in (first, second)]  # fmt: skip
    assert [figures["matches_read"] for figures in read] == [8, 0], (
        "the later one sees what the earlier one stored"
    )
    assert {first["run_type"], second["run_type"]} == {"asset_triggered", "manual"}
    assert by_hand in (first["dag_run_id"], second["dag_run_id"])

    # One square is red, once; the rest has gone through the whole chain.
    assert (first["state"], second["state"]) == ("success", "success")
    with api(running) as client:
        tasks = client.tasks(first["dag_run_id"])
        again = client.tasks(second["dag_run_id"])
    (red,) = [task for task in tasks if task["state"] != "success"]
    assert (red["task_id"], red["rendered_map_index"], red["try_number"]) == ("ingest", "SIM-2023-20-9", 1)
    assert {task["state"] for task in again} == {"success"}
    assert query(running, "select count(*) from match") == [(8,)]
    assert [entry["match_id"] for entry in read[0]["refused_matches"]] == ["SIM-2023-20-9"]

    # The file is mended: it is seen, and read.
    mine.write_bytes(whole)
    runs_now = wait_for(ended(running, 3), "the run with the mended match")
    assert runs_now[2]["state"] == "success"
    assert query(running, "select count(*) from match") == [(9,)]
    assert query(running, "select count(*) from quarantine where severity = 'match'") == [(0,)]
    assert query(running, "select count(distinct taken_by_run), count(*) from inbox_event") == [(2, 2)]
