"""Fixtures that every kind of test shares."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine

from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings, load_settings
from xgoals.store.migrate import upgrade_if_behind

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"


# A busy machine is no error of the example that it delays; pytest-timeout ends what hangs.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.fixture(scope="session")
def run_async() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine to its end, in a thread: the browser's own event loop may occupy this one."""

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(asyncio.run, coroutine).result()

    return run


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


_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def _chromium() -> str | None:
    named = os.environ.get("XGOALS_CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; a test that needs one is skipped aloud where there is none, and fails in CI."""
    path = _chromium()
    if path is None:
        reason = "NO CHROMIUM: install it (Debian: chromium) or name it in XGOALS_CHROMIUM to run this test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()


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


@pytest.fixture(scope="session")
def opens() -> Callable[[str], bool]:
    """``opens(url)``: whether the address lets somebody in."""

    def try_it(url: str) -> bool:
        try:
            psycopg2.connect(url.replace("+psycopg2", "")).close()
        except psycopg2.OperationalError:
            return False
        return True

    return try_it


@pytest.fixture(scope="session")
def template_database(postgres: EmbeddedPostgres) -> str:
    """A migrated database that others are copied from, which is faster than migrating each."""
    postgres.create_database("template_xgoals")
    engine = create_engine(postgres.url("template_xgoals"))
    upgrade_if_behind(engine)
    engine.dispose()
    return "template_xgoals"


@pytest.fixture
def empty_database(
    postgres: EmbeddedPostgres, template_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Settings of a new ``XGOALS_HOME`` whose results go to a migrated database without rows."""
    database = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(postgres.url("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database {database} template {template_database}")
    engine.dispose()
    return _settings_of(postgres.url(database), tmp_path, monkeypatch)


@pytest.fixture
def bare_database(postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same with a database that xgoals has never seen."""
    database = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(database)
    return _settings_of(postgres.url(database), tmp_path, monkeypatch)


def _settings_of(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Nothing of the caller's settings, neither his file nor his variables."""
    for name in [name for name in os.environ if name.startswith(("XGOALS_", "AIRFLOW_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XGOALS_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("XGOALS_DATABASE_URL", url)
    return load_settings()
