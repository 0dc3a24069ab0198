"""The DAG as Airflow reads it, in an interpreter that knows nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xgoals.feeds import FEEDS
from xgoals.orchestration.task_help import TASK_HELP

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
def names(callbacks):
    several = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    return [callback.__name__ for callback in several if callback]
if dag:
    facts |= {
        "tasks": {
            task.task_id: {
                "downstream": sorted(task.downstream_task_ids),
                "retries": task.retries,
                "retry_delay_s": task.retry_delay.total_seconds(),
                "backoff": task.retry_exponential_backoff,
                "timeout_minutes": task.execution_timeout.total_seconds() / 60,
                "doc_md": task.doc_md,
                "is_mapped": task.is_mapped if hasattr(task, "is_mapped") else False,
                "at_a_time": task.max_active_tis_per_dag,
                "rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
                "on_failure": names(task.on_failure_callback),
                "on_success": names(task.on_success_callback),
            }
            for task in dag.tasks
        },
        "schedule": dag.timetable.timetable.expression,
        "timezone": str(dag.timetable.timetable.timezone),
        "assets": [asset.name for asset in dag.timetable.asset_condition.objects],
        "watchers": [
            (type(watcher.trigger).__name__, watcher.trigger.serialize()[1])
            for asset in dag.timetable.asset_condition.objects
            for watcher in asset.watchers
        ],
        "deadlines": dag.deadline,
        "on_run": names(dag.on_failure_callback) + names(dag.on_success_callback),
        "description": dag.description,
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
    own = {"AIRFLOW_HOME": str(folder), "XGOALS_CONFIG": os.devnull}
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
    chosen = {
        "XGOALS_SCHEDULE__NIGHTLY_CRON": "15 3 * * 1",
        "XGOALS_SCHEDULE__TIMEZONE": "Europe/London",
        "XGOALS_SCHEDULE__POLL_S": "7",
        "XGOALS_SCHEDULE__LATE_AFTER_MINUTES": "90",
        "XGOALS_LIMITS__TASK_MINUTES": '{"train": 20}',
    }
    return read_dag(tmp_path_factory.mktemp("airflow"), clean_environment | chosen)


def test_the_file_holds_one_dag_and_no_error(facts: dict[str, Any]) -> None:
    assert facts["errors"] == []
    assert facts["dags"] == ["xgoals_pipeline"]


def test_the_seven_tasks_are_a_chain_behind_the_list_of_matches(facts: dict[str, Any]) -> None:
    following = {task_id: task["downstream"] for task_id, task in facts["tasks"].items()}
    assert following.pop("find_matches") == ["build_features", "ingest"]
    assert following == {task: [CHAIN[i + 1]] if i < 6 else [] for i, task in enumerate(CHAIN)}


def test_matches_are_read_two_at_a_time_and_a_broken_one_does_not_stop_the_rest(
    facts: dict[str, Any],
) -> None:
    tasks = facts["tasks"]
    assert tasks["ingest"]["at_a_time"] == 2
    assert tasks["build_features"]["rule"] == "all_done_min_one_success"
    others = {task_id: task["rule"] for task_id, task in tasks.items() if task_id != "build_features"}
    assert set(others.values()) == {"all_success"}


def test_it_waits_for_the_matchday_that_the_watcher_reports(facts: dict[str, Any]) -> None:
    assert facts["assets"] == ["matchday complete"]
    assert facts["watchers"][0] == ["InboxTrigger", {"poll_s": 7.0, "settle_s": 15.0}]


def test_a_run_that_takes_too_long_is_told(facts: dict[str, Any]) -> None:
    assert facts["watchers"][1:] == [["LatenessTrigger", {"late_after_s": 5400.0}]]
    assert not facts["deadlines"], "a failed run with a deadline cannot be cleared in Airflow 3.3"


def test_every_task_comes_to_an_end(facts: dict[str, Any]) -> None:
    minutes = {task_id: task["timeout_minutes"] for task_id, task in facts["tasks"].items()}
    assert minutes == dict.fromkeys(minutes, 180) | {"ingest": 720, "train": 20, "explain": 360}


def test_the_list_of_dags_says_when_it_runs(facts: dict[str, Any]) -> None:
    assert facts["description"] == (
        "Matches in, reports out: Mondays at 03:15 (Europe/London), and whenever a matchday is complete in the inbox"
    )


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


def test_a_task_is_tried_again_for_some_minutes(facts: dict[str, Any]) -> None:
    tried = {(task["retries"], task["retry_delay_s"], task["backoff"]) for task in facts["tasks"].values()}
    assert tried == {(3, 20.0, 2)}, "after 20, 40 and 80 seconds at least"


def test_every_task_tells_an_operator_what_to_do_when_it_is_red(facts: dict[str, Any]) -> None:
    for task_id, task in facts["tasks"].items():
        assert "**Red** means" in task["doc_md"], task_id
        assert "*What to do:*" in task["doc_md"], task_id
        assert not any(line.startswith("    ") for line in task["doc_md"].splitlines()), task_id
    assert "**A task is red.**" in facts["doc_md"]


def test_a_task_says_in_a_sentence_what_it_does_and_then_what_its_help_says(facts: dict[str, Any]) -> None:
    for task_id, task in facts["tasks"].items():
        sentence, help_text = task["doc_md"].split("\n\n", 1)
        assert "\n" not in sentence, task_id
        assert help_text == TASK_HELP[task_id]
    assert TASK_HELP.keys() == facts["tasks"].keys() | {"find_approval_due"}


def test_every_failure_is_told_and_the_end_is_told(facts: dict[str, Any]) -> None:
    assert {
        task_id for task_id, task in facts["tasks"].items() if task["on_failure"] == ["on_task_failure"]
    } == {"find_matches", *CHAIN}
    assert facts["on_run"] == ["on_run_failure", "on_run_end"], "for tasks that were killed, or cleared alone"
    assert {task_id: task["on_success"] for task_id, task in facts["tasks"].items()} == {
        task_id: ["on_run_success" if task_id == "report" else "on_task_success"]
        for task_id in ("find_matches", *CHAIN)
    }


def test_the_form_offers_all_that_chooses_matches_and_can_be_left_as_it_is(facts: dict[str, Any]) -> None:
    params = facts["params"]
    assert params["feed"]["schema"]["enum"] == [None, *FEEDS]
    assert params["database"]["schema"]["enum"] == [None, "main", "demo"]
    assert {name: param["value"] for name, param in params.items()} == {
        "feed": None,
        "source": None,
        "database": None,
        "match_ids": None,
        "competition": None,
        "season": None,
        "first_matchday": None,
        "last_matchday": None,
        "again": False,
    }
    assert all(param["description"] for param in params.values())


def test_a_wrong_setting_is_an_import_error_that_names_it(
    tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    broken = read_dag(tmp_path, clean_environment | {"XGOALS_SCHEDULE__TIMEZONE": "Europe/Atlantis"})
    assert broken["dags"] == []
    assert "schedule.timezone" in broken["errors"][0]
    assert "Europe/Atlantis" in broken["errors"][0]


def test_a_human_is_asked_only_where_that_is_wanted(
    facts: dict[str, Any], tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    assert "ask_for_approval" not in facts["tasks"]
    asked = read_dag(tmp_path, clean_environment | {"XGOALS_TRAINING__APPROVAL": "true"})
    assert asked["errors"] == []
    assert asked["tasks"]["register"]["downstream"] == ["compute_baseline", "find_approval_due"]
    assert asked["tasks"]["ask_for_approval"]["downstream"] == []
