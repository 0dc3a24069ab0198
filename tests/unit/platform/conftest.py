"""Homes for a database server: pytest's own folders are closed to other users, these are open to them."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xgoals.store.embedded import EmbeddedPostgres


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A fresh folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="xgoals-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def postgres(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server that was not started yet; it is stopped in the end."""
    server = EmbeddedPostgres(open_folder / "home", state_root=open_folder / "state")
    yield server
    server.stop()
