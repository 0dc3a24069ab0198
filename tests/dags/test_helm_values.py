"""The Helm values for Airflow's own chart: they fit our image, and, where the chart is at hand, its schema."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from compose_files import ROOT, load
from xgoals.settings import Settings
from xgoals.settings.in_words import unknown_variable

VALUES = ROOT / "deploy" / "helm" / "values.yaml"
WITH_ENV = ("apiServer", "triggerer", "workers", "migrateDatabaseJob")


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(VALUES.read_text())
    return loaded


def entries(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from values["env"]
    for name in WITH_ENV:
        yield from values[name]["env"]


def test_the_schema_of_the_chart_takes_them() -> None:
    chart = os.environ.get("AIRFLOW_CHART")
    if not chart:
        pytest.skip("AIRFLOW'S CHART ABSENT: make check-helm fetches it")
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [checker, "--schemafile", Path(chart) / "values.schema.json", VALUES]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_image_is_run_as_its_user_with_a_folder_of_its_own_for_each_worker(
    values: dict[str, Any],
) -> None:
    image = (ROOT / "Dockerfile").read_text()
    assert f"USER {values['uid']}" in image
    assert re.search(rf"install --directory --owner={values['uid']} .* {values['airflowHome']}\n", image)
    shared = values["volumeMounts"][0]["mountPath"]
    assert not values["airflowHome"].startswith(shared), "two workers would take each other for themselves"
    assert f"XGOALS_HOME={shared}" in image
    assert values["config"]["core"]["dags_folder"] == "/opt/xgoals/app/dags"


def test_variables_are_ours_secrets_are_secrets_and_the_documents_name_them(values: dict[str, Any]) -> None:
    docs = (ROOT / "docs" / "several-workers.md").read_text()
    for entry in entries(values):
        assert unknown_variable(Settings, {entry["name"]: ""}) is None
        is_secret = re.search(r"DATABASE_URL$|PASSWORD$|CHECK_URL$|CONN_", entry["name"])
        assert bool(is_secret) is ("valueFrom" in entry), entry["name"]
        if is_secret:
            secret = entry["valueFrom"]["secretKeyRef"]
            assert f"`{secret['name']}`" in docs
            assert f"`{secret['key']}`" in docs
    for name in ("fernetKeySecretName", "apiSecretKeySecretName", "jwtSecretName"):
        assert f"`{values[name]}`" in docs


def test_who_shows_results_cannot_write_them_and_only_the_job_is_owner(values: dict[str, Any]) -> None:
    def secrets(component: str) -> set[str]:
        found = (entry.get("valueFrom", {}).get("secretKeyRef") for entry in values[component]["env"])
        return {secret["name"] for secret in found if secret}

    assert secrets("apiServer") == {"xgoals-reader"}
    assert secrets("workers") == {"xgoals-writer", "xgoals-metadata", "xgoals-mail"}
    assert secrets("triggerer") == {"xgoals-writer", "xgoals-mail"}
    assert "xgoals-provision" in secrets("migrateDatabaseJob")


def test_nothing_calls_what_only_airflow_s_own_image_has(values: dict[str, Any]) -> None:
    for name in ("scheduler", "dagProcessor", "triggerer", "workers"):
        assert values[name]["livenessProbe"]["command"][0] in ("airflow", "python")
        assert values[name]["logGroomerSidecar"] == {"enabled": False}
    assert "/entrypoint" not in VALUES.read_text()


def test_kubernetes_and_compose_agree_on_what_both_say(values: dict[str, Any]) -> None:
    services = load("docker-compose.yml", "docker-compose.workers.yml")["services"]
    compose = services["worker"]["environment"]
    assert values["executor"] == compose["AIRFLOW__CORE__EXECUTOR"]
    assert values["migrateDatabaseJob"]["args"] == services["init"]["command"]
    assert values["workers"]["livenessProbe"]["command"] == services["worker"]["healthcheck"]["test"][1:]
    for section, options in values["config"].items():
        for option, value in options.items():
            other = compose.get(f"AIRFLOW__{section}__{option}".upper())
            if other and "${" not in other and "folder" not in option and "directory" not in option:
                assert str(json.loads(json.dumps(value))).lower() == other.lower(), option
