"""Fixtures that every kind of test shares; those that give something larger lie in the files named here."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from xgoals.domain import secrets

pytest_plugins = ["once", "counting", "order", "databases", "homes", "leagues", "browsers", "buckets"]

# Each core has a worker of its own: a second thread in XGBoost would burn the time that it waits for its turn.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A hundred programs are started that import Airflow or pandas: what was compiled once is kept, for them too.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"


# A busy machine is no error of the example that it delays; pytest-timeout ends what hangs. Other examples every time:
# fifty of them a run find in two runs what a hundred find in one.
hypothesis_settings.register_profile("patient", deadline=None, max_examples=50)
hypothesis_settings.load_profile("patient")


@pytest.fixture(autouse=True)
def no_secrets_of_others() -> Iterator[None]:
    """What a test keeps secret is no secret of the next one: its words are words again."""
    before = dict(secrets._known)
    yield
    secrets._known.clear()
    secrets._known.update(before)


@pytest.fixture(scope="session")
def run_async() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine to its end, in a thread: the browser's own event loop may occupy this one."""

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(asyncio.run, coroutine).result()

    return run


@pytest.fixture(scope="session")
def kloppy_samples() -> Path:
    """Other providers' files, which kloppy's pinned wheel brings: that they are not there is an error."""
    folder = Path(str(files("kloppy"))) / "tests" / "files"
    if not folder.is_dir():
        pytest.fail(f"KLOPPY'S SAMPLES ABSENT: no folder {folder}; install the pinned version")
    return folder


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
