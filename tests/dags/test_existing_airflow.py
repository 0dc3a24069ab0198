"""Inside an Airflow of somebody else's: one line in its DAG folder, results by a connection, settings by a variable."""

import email
import json
import re
from collections.abc import Iterator
from email.policy import default
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from own_airflow import USERS, OwnAirflow, without_settings

from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league, simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match
from xgoals.services.postgres.server import EmbeddedPostgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
RUNS = "/api/v2/dags/xgoals_pipeline/dagRuns"
CONNECTION = "football_results"


@pytest.fixture(scope="module")
def theirs(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnAirflow]:
    """Their Airflow at work, with both DAGs parsed and ours not paused."""
    airflow = OwnAirflow(tmp_path_factory.mktemp("theirs") / "at", postgres)
    airflow.prepare(without_settings())
    settings = {
        "database_conn_id": CONNECTION,
        "dag": {
            "owner": "league",
            "tags": ["football"],
            "ingest_at_once": 3,
            "retries": 1,
            "retry_delay_s": 1,
        },
        "email": {"recipients": ["desk@example.org"]},
        "training": {"min_matches": 4, "min_goals": 2, "search_trials": 1},
        "limits": {"reasons_minutes": 0},
        "sources": {"roots": [str(airflow.folder)]},
    }
    url = postgres.url("their_results").replace("postgresql+psycopg2", "postgres")
    airflow.airflow("connections", "add", CONNECTION, "--conn-uri", url)
    airflow.airflow("variables", "set", "xgoals_settings", json.dumps(settings))
    airflow.environment["XGOALS_DATABASE_CONN_ID"] = CONNECTION  # a terminal knows it by this alone
    assert "schema is at" in airflow.xgoals("db", "upgrade")
    try:
        airflow.start()
        airflow.wait_for("/api/v2/dags", lambda dags: dags["total_entries"] >= 3)
        with airflow.client() as client:
            for dag in ("xgoals_pipeline", "theirs"):
                client.patch(f"/api/v2/dags/{dag}", json={"is_paused": False}).raise_for_status()
        yield airflow
    finally:
        airflow.stop()


def run_of(theirs: OwnAirflow, feed: str, source: Path) -> dict[str, Any]:
    """A run of the pipeline, triggered by a user, and how it ended."""
    with theirs.client("user") as client:
        conf = {"feed": feed, "source": str(source)}
        begun = client.post(RUNS, json={"logical_date": None, "conf": conf})
        begun.raise_for_status()
    path = f"{RUNS}/{begun.json()['dag_run_id']}"
    ended: dict[str, Any] = theirs.wait_for(path, lambda run: run["state"] in ("success", "failed"), 1500)
    return ended


@pytest.fixture(scope="module")
def run(theirs: OwnAirflow) -> dict[str, Any]:
    """Their first run, on an archive of six matches."""
    write_archive(theirs.folder / "league.parquet", islice(simulate_league(), 6))
    ended = run_of(theirs, "archive", theirs.folder / "league.parquet")
    assert ended["state"] == "success", ended
    return ended


def links_in_mails(theirs: OwnAirflow, kind: str) -> set[str]:
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in (theirs.folder / "xgoals" / "outbox").glob(f"*{kind}*.eml")
    ]
    assert mails
    assert {mail["To"] for mail in mails} == {"desk@example.org"}
    bodies = [mail.get_body(("html",)) for mail in mails]
    return {link for body in bodies if body for link in re.findall(r'href="([^"]+)"', body.get_content())}


def test_their_dag_and_ours_are_there_as_the_variable_says(theirs: OwnAirflow) -> None:
    with theirs.client() as client:
        assert client.get("/api/v2/importErrors").json()["import_errors"] == []
        dags = {dag["dag_id"]: dag for dag in client.get("/api/v2/dags").json()["dags"]}
    assert set(dags) - {"xgoals_backfill"} == {"theirs", "xgoals_pipeline", "xgoals_maintenance"}, (
        "that one where Spark is"
    )
    for name in ("xgoals_pipeline", "xgoals_maintenance"):
        assert dags[name]["owners"] == ["league"]
        assert [tag["name"] for tag in dags[name]["tags"]] == ["football"]
    assert dags["theirs"]["owners"] == ["airflow"]


def test_a_run_ends_green_and_everything_is_where_people_look(
    theirs: OwnAirflow, run: dict[str, Any]
) -> None:
    said = theirs.xgoals("models", "list", "--json")
    assert [model["is_champion"] for model in json.loads(said)] == [True]
    with theirs.client("viewer") as client:
        index = client.get("/xgoals/reports/main/index.html")
        assert index.status_code == 200
        pages = set(re.findall(r'href="((?:match|matchday)/[^"#]+\.html)"', index.text))
        assert len([page for page in pages if page.startswith("match/")]) == 6
        assert {client.get(f"/xgoals/reports/main/{page}").status_code for page in pages} == {200}
        tab = client.get(f"/xgoals/runs/xgoals_pipeline/{run['dag_run_id']}")
        assert "matches" in tab.text
    with theirs.client() as client:
        plugins = {plugin["name"]: plugin for plugin in client.get("/api/v2/plugins").json()["plugins"]}
    views = {(view["name"], view["destination"]) for view in plugins["xgoals"]["external_views"]}
    assert {("Reports", "nav"), ("Report", "dag_run")} <= views


def test_links_in_mails_open_in_their_airflow(theirs: OwnAirflow, run: dict[str, Any]) -> None:
    links = links_in_mails(theirs, "digest")
    assert links
    with theirs.client("viewer") as client:
        assert {link for link in links if not link.startswith(f"{theirs.url}/")} == set()
        assert {client.get(link).status_code for link in links} == {200}


def test_a_broken_match_is_one_red_square_and_a_mail_that_leads_to_it(
    theirs: OwnAirflow, run: dict[str, Any]
) -> None:
    matches = theirs.folder / "matches"
    for number, record in enumerate(islice(simulate_matchday(1, 20), 2)):
        write_dfl_match(record, matches / f"m{number}", seed=number)
    for file in (matches / "m0").iterdir():
        if file.stat().st_size > 20_000:
            file.write_bytes(file.read_bytes()[:20_000])
    ended = run_of(theirs, "dfl", matches)
    with theirs.client() as client:
        tasks = client.get(f"{RUNS}/{ended['dag_run_id']}/taskInstances").json()["task_instances"]
        states = {(task["task_id"], task["state"]) for task in tasks}
        assert {("ingest", "failed"), ("ingest", "success"), ("report", "success")} <= states
        links = links_in_mails(theirs, "failure")
        assert any("/tasks/ingest" in link for link in links)
        assert all(link.startswith(f"{theirs.url}/") for link in links)
        assert {client.get(link.replace("&amp;", "&")).status_code for link in links} == {200}


def test_roles_are_theirs(theirs: OwnAirflow, run: dict[str, Any]) -> None:
    index = "/xgoals/reports/main/index.html"
    may_read, may_run = {}, {}
    for user in USERS:
        with theirs.client(user) as client:
            may_read[user] = client.get(index).status_code
            conf = {"feed": "archive", "source": str(theirs.folder / "league.parquet")}
            asked = client.post(f"{RUNS}", json={"logical_date": None, "conf": conf, "dag_run_id": user})
            may_run[user] = asked.status_code
            client.patch(f"{RUNS}/{user}", json={"state": "failed"})
    assert may_read == dict.fromkeys(USERS, 200)
    assert may_run == {"admin": 200, "op": 200, "user": 200, "viewer": 403}
    with theirs.client() as client:
        client.headers.clear()
        assert client.get(index).status_code == 401


def test_a_terminal_says_what_is_ours_and_what_is_not(theirs: OwnAirflow, run: dict[str, Any]) -> None:
    assert "their_results" in theirs.xgoals("db", "url")
    doctor = {found["part"]: found for found in json.loads(theirs.xgoals("doctor", "--json"))}
    assert doctor["database"]["state"] == "ok"
    assert theirs.url in doctor["services"]["says"]
    assert "left behind" not in str(doctor)
    status = theirs.xgoals("status", fails=True)  # exit code 3: nothing was started by us
    assert f"{theirs.url}, of an Airflow that xgoals did not start" in status
    assert f"Airflow's connection '{CONNECTION}'" in status


def test_nothing_of_our_own_services_is_made_and_their_records_are_left_alone(
    theirs: OwnAirflow, run: dict[str, Any]
) -> None:
    ours = theirs.folder / "xgoals"
    assert {path.name for path in ours.iterdir()} <= {"reports", "outbox", "clips", "logs"}
    maintenance = "/api/v2/dags/xgoals_maintenance"
    with theirs.client() as client:
        client.patch(maintenance, json={"is_paused": False}).raise_for_status()
        client.post(f"{maintenance}/dagRuns", json={"logical_date": None}).raise_for_status()
    tasks = theirs.wait_for(
        f"{maintenance}/dagRuns/~/taskInstances",
        lambda found: (
            [task["state"] in ("success", "failed") for task in found["task_instances"]] == [True] * 3
        ),
        900,
    )
    states = {task["task_id"]: task["state"] for task in tasks["task_instances"]}
    assert (states["make_room"], states["check_backup"]) == ("success", "success")
    assert not (ours / "postgres").exists()
    assert not (ours / "airflow").exists()
    with theirs.client() as client:
        assert client.get(f"{RUNS}/{run['dag_run_id']}").status_code == 200
