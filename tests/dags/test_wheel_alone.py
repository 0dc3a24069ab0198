"""The wheel in an empty environment, where there is no checkout: the whole demonstration."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from once import Once
from xgoals.services.postgres.server import EmbeddedPostgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of an environment that holds the wheel and what it asks for, by our constraints."""
    folder = tmp_path_factory.mktemp("wheel_alone")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("xgoals-*.whl")
    environment = folder / "environment"
    subprocess.run([UV, "venv", "--python", sys.executable, environment], check=True, capture_output=True)
    python = environment / "bin" / "python"
    install = [UV, "pip", "install", "--python", python, wheel, "-c", ROOT / "constraints.txt"]
    subprocess.run(install, cwd=folder, check=True)
    return python.parent


@pytest.fixture
def home(once: Once) -> Iterator[Path]:
    folder = once.folder / "home-of-the-wheel"
    yield folder
    EmbeddedPostgres(folder).stop()


def test_the_demonstration_ends_well_outside_of_any_checkout(
    installed: Path, home: Path, tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    environment = clean_environment | {"XGOALS_HOME": str(home), "OMP_NUM_THREADS": "1"}
    environment["PATH"] = f"{installed}:{os.environ['PATH']}"

    def xgoals(*arguments: str) -> str:
        done = subprocess.run(
            [installed / "xgoals", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    said = xgoals("demo")
    assert "  xgoals up " in said
    assert ".venv" not in said
    assert "make " not in said
    assert list(tmp_path.iterdir()) == [], "nothing is left in the working folder"
    assert (home / "reports" / "demo" / "index.html").is_file()
    assert "champion" in xgoals("models", "list", "--database", "demo")
    # What `up` starts is what a person opens next: the same programs, from the same environment.
    try:
        assert "healthy" in xgoals("up")
    finally:
        xgoals("down")
