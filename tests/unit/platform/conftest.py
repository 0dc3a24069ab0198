"""Homes for a database server: pytest's own folders are closed to other users, these are open to them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from xgoals.services.postgres.server import EmbeddedPostgres


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A fresh folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="xgoals-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server_home() -> Iterator[Path]:
    """The home of the module's server."""
    folder = Path(tempfile.mkdtemp(prefix="xgoals-test-"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def module_server(server_home: Path) -> Iterator[EmbeddedPostgres]:
    """One server for all tests of a module; to make a cluster anew for each would take them a minute."""
    server = EmbeddedPostgres(server_home, state_root=server_home.parent / "state")
    yield server
    server.stop()


@pytest.fixture
def server(module_server: EmbeddedPostgres) -> EmbeddedPostgres:
    """The module's server, running, with a database ``results`` in which a row waits to survive something."""
    module_server.ensure_started()
    module_server.create_database("results")
    url = module_server.url("results").replace("+psycopg2", "")
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "drop table if exists goal; create table goal (minute int); insert into goal values (54)"
        )
    return module_server


@pytest.fixture
def postgres(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    """A server of its own that was not started yet; it is stopped in the end."""
    server = EmbeddedPostgres(open_folder / "home", state_root=open_folder / "state")
    yield server
    server.stop()
