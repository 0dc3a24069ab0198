"""What a session of tests makes only once, however many processes work on it, and takes away in the end."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock
import pytest

from xgoals.services.postgres.server import EmbeddedPostgres

_FOLDER = pytest.StashKey[Path]()


class Once:
    """Something that takes long is made by whoever needs it first; the others wait for it and use it too.

    ``folder`` is for what is made, and for every ``XGOALS_HOME`` with a server of its own: when the session ends,
    those servers are stopped, and the folder is removed. It is open to every user, as a server of Postgres needs it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, make: Callable[[], Any]) -> Any:
        """What ``make()`` returned to the first process that asked under this name; it must be fit for JSON."""
        made = self.folder / f"{name}.json"
        with filelock.FileLock(self.folder / f"{name}.lock"):
            if not made.is_file():
                made.write_text(json.dumps(make()))
            return json.loads(made.read_text())


@pytest.fixture(scope="session")
def once(pytestconfig: pytest.Config) -> Once:
    """``once(name, make)`` in the folder that all processes of this session share."""
    return Once(pytestconfig.stash[_FOLDER])


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """The process that the others are started by makes the folder."""
    if _is_worker(config):
        folder = Path(config.workerinput["shared_folder"])
    else:
        folder = Path(tempfile.mkdtemp(prefix="xgoals-test-"))
        folder.chmod(0o755)
    config.stash[_FOLDER] = folder
    # Airflow chooses its folder when it is first imported, which is when tests are collected: not the caller's.
    os.environ["AIRFLOW_HOME"] = str(folder / f"airflow-{os.getpid()}")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist starts a worker: it is told where the folder is."""
    node.workerinput["shared_folder"] = str(node.config.stash[_FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """All workers have ended by now."""
    if _is_worker(config):
        return
    folder = config.stash[_FOLDER]
    for of_a_server in folder.glob("*/postgres"):
        EmbeddedPostgres(of_a_server.parent).stop()
    shutil.rmtree(folder)
