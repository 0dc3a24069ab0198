"""An ``XGOALS_HOME`` of its own for Airflow's tests."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xgoals.settings import Settings, load_settings


@pytest.fixture(scope="session")
def home(new_home: Callable[[], Path], end_home: Callable[[Path], None]) -> Iterator[Path]:
    """A home that has been started before; whatever was started in it is ended in the end."""
    folder = new_home()
    yield folder
    end_home(folder)


@pytest.fixture(scope="session")
def clean_environment() -> dict[str, str]:
    """The caller's environment without his settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("XGOALS_", "AIRFLOW_"))}


@pytest.fixture
def settings(
    home: Path, clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Settings:
    """Settings of that home, and nothing of the caller's: neither his file nor his variables."""
    for name in set(os.environ) - set(clean_environment):
        monkeypatch.delenv(name)
    monkeypatch.setenv("XGOALS_HOME", str(home))
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
    return load_settings()
