"""The wheel holds all that a checkout has, and finds it where there is no checkout."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from xgoals.settings import asset_folder

ROOT = Path(__file__).parents[2]
FOLDERS = ("dags", "sql", "templates")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(folder.glob("xgoals-*.whl"))) as found:
        yield found


@pytest.mark.parametrize("name", FOLDERS)
def test_every_file_of_a_folder_is_in_it_byte_for_byte(wheel: ZipFile, name) -> None:
    folder = ROOT / name
    shipped = [p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert shipped
    for path in shipped:
        assert wheel.read(f"xgoals/_assets/{name}/{path.relative_to(folder).as_posix()}") == path.read_bytes()


def test_nothing_else_is_in_it(wheel: ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"xgoals"}
    assets = {name.split("/")[2] for name in wheel.namelist() if name.startswith("xgoals/_assets/")}
    assert assets == set(FOLDERS)
    assert not [name for name in wheel.namelist() if "__pycache__" in name]


def test_outside_of_a_checkout_the_folders_are_found_and_the_dags_are_there(
    wheel: ZipFile, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    wheel.extractall(site)
    code = (
        "import xgoals.settings as s, xgoals.dags as d\n"
        "print(*(s.asset_folder(name) for name in ('dags', 'sql', 'templates')), sep='\\n')\n"
        "print(d.pipeline.dag_id, d.maintenance.dag_id, d.approval)"
    )
    environment = {**os.environ, "PYTHONPATH": str(site), "XGOALS_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-c", code]
    out = subprocess.run(
        command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert out[:3] == [str(site / "xgoals" / "_assets" / name) for name in FOLDERS]
    assert out[-1] == "xgoals_pipeline xgoals_maintenance None"


@pytest.mark.slow
def test_without_what_it_asks_for_its_engine_works_beside_three_others(
    wheel: ZipFile, tmp_path: Path
) -> None:
    """As docs/engine.md says, with the versions that are pinned; SciPy is XGBoost's, llvmlite numba's."""
    pinned = (ROOT / "constraints.txt").read_text().splitlines()
    wanted = {"numpy", "numba", "llvmlite", "xgboost", "scipy"}
    versions = [pin for pin in pinned if pin.partition("==")[0] in wanted]
    assert len({pin.partition("==")[0] for pin in versions}) == len(wanted)
    uv, python = Path(sys.executable).with_name("uv"), tmp_path / "venv" / "bin" / "python"
    subprocess.run(
        [uv, "venv", "--python", sys.executable, tmp_path / "venv"], check=True, capture_output=True
    )
    install = [uv, "pip", "install", "--python", python, "--no-deps", *versions, str(wheel.filename)]
    subprocess.run(install, check=True, capture_output=True)
    program = ROOT / "tests" / "unit" / "engine_in_use.py"
    done = subprocess.run([python, program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "all of it, without shap\n", done.stderr


def test_a_checkout_uses_its_own_folders() -> None:
    assert [asset_folder(name) for name in FOLDERS] == [ROOT / name for name in FOLDERS]
