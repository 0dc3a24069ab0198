"""A matchday arrives and its run starts by itself: real Airflow components, real Postgres, real files."""

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from xgoals.feeds.schedule import write_schedule
from xgoals.feeds.simulator import season_schedule, simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.services.airflow import components
from xgoals.services.airflow.api_client import AirflowApi
from xgoals.services.down import down
from xgoals.services.processes import end, remembered
from xgoals.services.up import up
from xgoals.settings import Settings, load_settings
from xgoals.store.database import connect

PATIENCE_S = 300
SETTINGS = {
    "XGOALS_SCHEDULE__POLL_S": "1",
    "XGOALS_SCHEDULE__SETTLE_S": "3",
    "XGOALS_SCHEDULE__NIGHTLY_CRON": "0 0 29 2 *",  # no night comes in between
    "XGOALS_TRAINING__MIN_MATCHES": "4",
    "XGOALS_TRAINING__MIN_GOALS": "10",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",  # instead of a second between two tasks
}


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
def two_matches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return play(tmp_path_factory.mktemp("two"), 2)


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
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
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
def test_the_first_two_matches_arrive_and_their_run_says_that_they_are_too_few_for_a_model(
    running: Settings, two_matches: Path
) -> None:
    deliver(two_matches, running, "m0", "m1")
    (run,) = wait_for(ended(running, 1), "the run to start by itself and to end")
    assert (run["state"], run["run_type"], run["triggered_by"]) == ("failed", "asset_triggered", "asset")
    with api(running) as client:
        tasks = client.tasks(run["dag_run_id"])
    ingested = {task["rendered_map_index"]: task["state"] for task in tasks if task["task_id"] == "ingest"}
    assert ingested == {"SIM-2023-20-1": "success", "SIM-2023-20-2": "success"}
    assert [task["task_id"] for task in tasks if task["state"] == "failed"] == ["train"]
    assert query(running, "select count(*) from match") == [(2,)]
    ((figures, failed_at, error),) = query(
        running, "select figures, failed_task, cast(error as text) from run"
    )
    assert (figures["matches_found"], figures["matches_read"]) == (2, 2)
    assert figures["shots_built"] == query(running, "select count(*) from shot")[0][0] > 20
    assert failed_at == "train"
    assert "2 matches" in error
    ((kind,),) = query(running, "select kind from notification")
    assert kind == "failure"
    assert sum(1 for _ in running.inbox("dfl", "main").rglob("*.xml")) == 6, "feed files stay where they are"


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
