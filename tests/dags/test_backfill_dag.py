"""The DAG of the backfill as Airflow reads it: there with Spark, absent without."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DAG_FILE = Path(__file__).parents[2] / "dags" / "xgoals_backfill.py"

READ = """
import importlib.util, json, sys
from airflow.dag_processing.dagbag import DagBag
known = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "pyspark" else known(name, *rest)
without = DagBag(sys.argv[1])
importlib.util.find_spec = lambda name, *rest: object() if name == "pyspark" else known(name, *rest)
bag = DagBag(sys.argv[1])
dag = bag.dags["xgoals_backfill"]
facts = {
    "without": [list(without.import_errors.values()), sorted(without.dags)],
    "errors": list(bag.import_errors.values()),
    "modules": sorted({name.split(".")[0] for name in sys.modules}),
    "tasks": {t.task_id: [sorted(t.downstream_task_ids), str(t.trigger_rule.value), t.doc_md] for t in dag.tasks},
    "minutes": {t.task_id: t.execution_timeout.total_seconds() / 60 for t in dag.tasks},
    "on_failure": sorted({c.__name__ for t in dag.tasks for c in t.on_failure_callback}),
    "schedule": str(dag.schedule),
    "params": {name: dag.params.get_param(name).dump() for name in dag.params},
    "doc_md": dag.doc_md,
}
print("FACTS" + json.dumps(facts, default=str))
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("airflow")
    own = {"AIRFLOW_HOME": str(folder), "XGOALS_CONFIG": os.devnull}
    own["XGOALS_LIMITS__TASK_MINUTES"] = '{"spark_ingest": 5000}'
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


def test_files_into_the_lake_then_the_lake_into_the_results(facts: dict[str, Any]) -> None:
    assert facts["errors"] == []
    following = {name: [downstream, rule] for name, (downstream, rule, _) in facts["tasks"].items()}
    assert following == {
        "spark_ingest": [["load_archive"], "all_success"],
        "load_archive": [[], "all_success"],
    }
    assert facts["schedule"] == "None"
    assert facts["minutes"] == {"spark_ingest": 5000, "load_archive": 1440}
    assert facts["on_failure"] == ["on_task_failure"]


def test_without_spark_there_is_no_such_dag_and_no_error(facts: dict[str, Any]) -> None:
    assert facts["without"] == [[], []]


def test_it_asks_for_feed_and_source(facts: dict[str, Any]) -> None:
    params = facts["params"]
    assert params.keys() == {"feed", "source", "target", "database"}
    assert "wyscout" in params["feed"]["schema"]["enum"]
    assert params["source"]["schema"]["minLength"] == 1
    assert all(param["description"] for param in params.values())


def test_reading_it_loads_nothing_heavy(facts: dict[str, Any]) -> None:
    assert not {"pyspark", "pyarrow", "xgboost", "matplotlib", "numba"} & set(facts["modules"])


def test_it_says_what_a_red_task_means(facts: dict[str, Any]) -> None:
    assert "_problems.parquet" in facts["doc_md"]
    for _, _, says in facts["tasks"].values():
        assert "**Red** means" in says
        assert "*What to do:*" in says
