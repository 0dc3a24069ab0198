"""The weekly DAG as Airflow reads it."""

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.services.airflow.environment import airflow_environment
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.databases import start_database
from xgoals.settings import Settings, load_settings
from xgoals.steps import build_features, ingest
from xgoals.steps.run_context import FeedSource, open_run
from xgoals.store.database import connect

DAG_FILE = Path(__file__).parents[2] / "dags" / "xgoals_maintenance.py"

READ = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
facts = {"errors": list(bag.import_errors.values()), "modules": sorted({n.split(".")[0] for n in sys.modules})}
for dag in bag.dags.values():
    facts[dag.dag_id] = {
        "tasks": {t.task_id: [sorted(t.downstream_task_ids), t.trigger_rule.value, t.doc_md] for t in dag.tasks},
        "on_failure": sorted({c.__name__ for t in dag.tasks for c in t.on_failure_callback}),
        "schedule": dag.timetable.expression,
        "timezone": str(dag.timetable.timezone),
        "limits": [dag.max_active_runs, dag.max_active_tasks, dag.catchup],
    }
print("FACTS" + json.dumps(facts))
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("airflow")
    own = {
        "AIRFLOW_HOME": str(folder),
        "XGOALS_CONFIG": os.devnull,
        "XGOALS_SCHEDULE__WEEKLY_CRON": "5 1 * * 6",
        "XGOALS_SCHEDULE__TIMEZONE": "Europe/London",
    }
    done = subprocess.run(
        [sys.executable, "-c", READ, str(DAG_FILE)],
        env=clean_environment | own,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    read: dict[str, Any] = json.loads(done.stdout.split("FACTS")[1])
    return read


def test_it_is_read_without_error_and_loads_nothing_heavy(facts: dict[str, Any]) -> None:
    assert facts["errors"] == []
    assert not {"pandas", "xgboost", "numba", "fastapi", "matplotlib"} & set(facts["modules"])


def test_three_tasks_one_at_a_time_none_waiting_for_another_s_success(facts: dict[str, Any]) -> None:
    dag = facts["xgoals_maintenance"]
    assert set(dag["tasks"]) == {"search_hyperparameters", "make_room", "check_backup"}
    assert all(downstream == [] for downstream, _, _ in dag["tasks"].values())
    assert dag["limits"] == [1, 1, False]
    assert (dag["schedule"], dag["timezone"]) == ("5 1 * * 6", "Europe/London")


def test_every_task_tells_what_to_do_and_its_failure_is_told(facts: dict[str, Any]) -> None:
    dag = facts["xgoals_maintenance"]
    assert dag["on_failure"] == ["on_task_failure"]
    for task_id, (_, _, doc) in dag["tasks"].items():
        assert "**Red** means" in doc, task_id
        assert "*What to do:*" in doc, task_id


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_week_s_maintenance_searches_makes_room_and_proves_a_backup(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XGOALS_TRAINING__SEARCH_TRIALS", "1")
    prepare_metadata(settings)
    start_database(settings, "main")
    write_archive(tmp_path / "league.parquet", islice(simulate_league(), 40))
    run = open_run(
        load_settings(), database="main", sources=[FeedSource("archive", tmp_path / "league.parquet")], dag_run_id="x",
        started_at=None,
    )  # fmt: skip
    ingest.ingest(run)
    build_features.build_features(run)
    old = settings.home / "outbox" / "old.eml"
    old.parent.mkdir(exist_ok=True)
    old.write_text("x")
    os.utime(old, (0, 0))
    done = subprocess.run(
        [Path(sys.executable).with_name("airflow"), "dags", "test", "xgoals_maintenance"],
        env=airflow_environment(load_settings(), ui_port=8080),
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "trial 0: AUC 0." in said
    assert "mails in the outbox, older than 90 days: 1" in said
    assert "a backup of " in said
    assert not old.exists()
    engine = connect(settings, "main")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from tuning_result")) == 1
        assert connection.scalar(text("select count(*) from run")) == 1, (
            "maintenance is no run of the pipeline"
        )
    engine.dispose()
