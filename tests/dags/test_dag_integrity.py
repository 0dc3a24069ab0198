"""The DAG as Airflow reads it, in an interpreter that knows nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DAG_FILE = Path(__file__).parents[2] / "dags" / "xgoals_pipeline.py"

READ = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
before = set(sys.modules)
bag = DagBag(sys.argv[1])
loaded = {name.split(".")[0] for name in set(sys.modules)}
dag = bag.dags.get("xgoals_pipeline")
facts = {"errors": list(bag.import_errors.values()), "modules": sorted(loaded), "dags": sorted(bag.dags)}
facts["own_modules"] = sorted(name for name in sys.modules if name.startswith("xgoals"))
if dag:
    facts |= {
        "tasks": {
            task.task_id: {
                "downstream": sorted(task.downstream_task_ids),
                "retries": task.retries,
                "retry_delay_s": task.retry_delay.total_seconds(),
                "doc_md": task.doc_md,
                "on_failure": [callback.__name__ for callback in task.on_failure_callback],
                "on_success": [callback.__name__ for callback in task.on_success_callback],
            }
            for task in dag.tasks
        },
        "schedule": dag.timetable.expression,
        "timezone": str(dag.timetable.timezone),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "params": {name: dag.params.get_param(name).dump() for name in dag.params},
        "doc_md": dag.doc_md,
        "tags": sorted(dag.tags),
    }
print("FACTS" + json.dumps(facts, default=str))
"""

CHAIN = ["ingest", "build_features", "train", "register", "compute_baseline", "explain", "report"]


def read_dag(folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    own = {"AIRFLOW_HOME": str(folder), "XGOALS_CONFIG": str(folder / "none.toml")}
    done = subprocess.run(
        [sys.executable, "-c", READ, str(DAG_FILE)],
        env=environment | own,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    facts: dict[str, Any] = json.loads(done.stdout.split("FACTS")[1])
    return facts


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> dict[str, Any]:
    chosen = {"XGOALS_SCHEDULE__NIGHTLY_CRON": "15 3 * * 1", "XGOALS_SCHEDULE__TIMEZONE": "Europe/London"}
    return read_dag(tmp_path_factory.mktemp("airflow"), clean_environment | chosen)


def test_the_file_holds_one_dag_and_no_error(facts: dict[str, Any]) -> None:
    assert facts["errors"] == []
    assert facts["dags"] == ["xgoals_pipeline"]


def test_the_seven_tasks_are_a_chain_and_nothing_but_a_chain(facts: dict[str, Any]) -> None:
    following = {task_id: task["downstream"] for task_id, task in facts["tasks"].items()}
    assert following == {task: [CHAIN[i + 1]] if i < 6 else [] for i, task in enumerate(CHAIN)}


def test_reading_it_loads_nothing_heavy(facts: dict[str, Any]) -> None:
    heavy = {
        "pandas",
        "xgboost",
        "shap",
        "matplotlib",
        "sklearn",
        "numba",
        "mplsoccer",
        "kloppy",
        "numpy",
        "scipy",
        "PIL",
    }
    assert heavy & set(facts["modules"]) == set()
    assert "xgoals.steps" not in facts["own_modules"]


def test_the_schedule_is_that_of_the_settings(facts: dict[str, Any]) -> None:
    assert (facts["schedule"], facts["timezone"]) == ("15 3 * * 1", "Europe/London")
    assert facts["catchup"] is False
    assert facts["max_active_runs"] == 1


def test_a_task_is_tried_again_once_and_soon(facts: dict[str, Any]) -> None:
    assert {task["retries"] for task in facts["tasks"].values()} == {1}
    assert {task["retry_delay_s"] for task in facts["tasks"].values()} == {10.0}


def test_every_task_tells_an_operator_what_to_do_when_it_is_red(facts: dict[str, Any]) -> None:
    for task_id, task in facts["tasks"].items():
        assert "**Red** means" in task["doc_md"], task_id
        assert "*What to do:*" in task["doc_md"], task_id
        assert not any(line.startswith("    ") for line in task["doc_md"].splitlines()), task_id
    assert "**A task is red.**" in facts["doc_md"]


def test_every_failure_is_told_and_the_end_is_told(facts: dict[str, Any]) -> None:
    assert {
        task_id for task_id, task in facts["tasks"].items() if task["on_failure"] == ["tell_failure"]
    } == set(CHAIN)
    assert {task_id: task["on_success"] for task_id, task in facts["tasks"].items()} == {
        task_id: ["tell_success" if task_id == "report" else "tell_waiting"] for task_id in CHAIN
    }


def test_the_form_offers_feed_source_and_database(facts: dict[str, Any]) -> None:
    params = facts["params"]
    assert params["feed"]["schema"]["enum"] == ["statsbomb", "dfl", "archive"]
    assert params["database"]["schema"]["enum"] == ["main", "demo"]
    assert (params["source"]["value"], params["database"]["value"]) == (None, "main")


def test_a_wrong_setting_is_an_import_error_that_names_it(
    tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    broken = read_dag(tmp_path, clean_environment | {"XGOALS_SCHEDULE__TIMEZONE": "Europe/Atlantis"})
    assert broken["dags"] == []
    assert "schedule.timezone" in broken["errors"][0]
    assert "Europe/Atlantis" in broken["errors"][0]
