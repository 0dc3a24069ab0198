"""Homes as they are after the first start of Airflow: prepared once a session, then copied with their database."""

import shutil
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from databases import default_settings
from once import Once
from xgoals.services.airflow.files import keys_path, password_path
from xgoals.services.airflow.metadata import prepare_metadata
from xgoals.services.postgres.server import EmbeddedPostgres


@pytest.fixture(scope="session")
def new_home(once: Once) -> Callable[[], Path]:
    """``new_home()`` is an ``XGOALS_HOME`` with a migrated database of Airflow in a server of its own, not started.

    To migrate takes ten seconds, to copy less than one. Keys and passwords of Airflow are made anew by who needs them.
    """
    prepared = once.folder / "prepared"

    def prepare() -> None:
        settings = default_settings(home=prepared)
        prepare_metadata(settings)
        EmbeddedPostgres(prepared).stop()
        for secret in (keys_path(settings), password_path(settings)):
            secret.unlink(missing_ok=True)

    def copy() -> Path:
        once("prepared", prepare)
        home = once.folder / f"home-{uuid.uuid4().hex[:8]}"
        # Not shutil: the files of the database stay those of the user that the server runs as.
        subprocess.run(["cp", "-a", prepared, home], check=True)
        (home / "postgres" / "port").unlink()  # or every copy would want the same
        return home

    return copy


@pytest.fixture(scope="session")
def end_home() -> Callable[[Path], None]:
    """``end_home(home)`` stops its server and removes it."""

    def end(home: Path) -> None:
        EmbeddedPostgres(home).stop()
        shutil.rmtree(home)

    return end
