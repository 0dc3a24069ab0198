"""Fixtures that every kind of test shares."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from xgoals.settings import Settings, load_settings
from xgoals.store.embedded import EmbeddedPostgres

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real match data: ``XGOALS_REAL_DATA``, else ``../shared/data`` beside the checkout."""
    folder = Path(os.environ.get("XGOALS_REAL_DATA", _BESIDE_THE_CHECKOUT))
    if folder.is_dir():
        return folder
    reason = f"REAL DATA ABSENT: no folder {folder}; set XGOALS_REAL_DATA to run this test"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A server of its own for the tests, ended with them."""
    home = Path(tempfile.mkdtemp(prefix="xgoals-test-"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home)
    server.ensure_started()
    yield server
    server.stop()
    shutil.rmtree(home)


@pytest.fixture
def empty_database(postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a new ``XGOALS_HOME`` whose results go to an empty database; nothing of the caller's."""
    for name in [name for name in os.environ if name.startswith(("XGOALS_", "AIRFLOW_"))]:
        monkeypatch.delenv(name)
    database = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(database)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XGOALS_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("XGOALS_DATABASE_URL", postgres.url(database))
    return load_settings()
