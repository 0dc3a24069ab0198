"""A league of thirty matches, and homes for its runs: each with a database of its own."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import psycopg2
import pytest
from fault_home import Home
from inbox_pipeline import pipeline  # noqa: F401 - a fixture
from pydantic import SecretStr
from small_disks import open_folder, small_disk  # noqa: F401 - fixtures
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from databases import drop_database
from once import Once
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_league
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings

N_MATCHES = 30


@pytest.fixture(scope="session")
def thirty_matches(once: Once) -> Path:
    """An archive of the first thirty matches of the simulated league."""
    path = once.folder / "thirty" / "thirty.parquet"

    def simulate() -> int:
        path.parent.mkdir(exist_ok=True)
        return write_archive(path, islice(simulate_league(), N_MATCHES))

    assert once("thirty", simulate) == N_MATCHES
    return path


@pytest.fixture
def another_home(
    home: Home, postgres: EmbeddedPostgres, copy_database: Callable[[str, str], str], template_database: str
) -> Iterator[Callable[[], Home]]:
    """``another_home()`` is one more like `home`, empty; for those that are compared."""
    made: list[Home] = []

    def make() -> Home:
        name = f"{home.database}_{len(made)}"
        url, folder = copy_database(template_database, name), home.folder.with_name(name)
        engine = create_engine(url)
        settings = home.settings.model_copy(update={"home": folder, "database_url": SecretStr(url)})
        env = {**home.env, "XGOALS_HOME": str(folder), "XGOALS_DATABASE_URL": url}
        made.append(Home(settings, engine, env))
        return made[-1]

    yield make
    for one in made:
        one.engine.dispose()
        drop_database(postgres, one.database)


@pytest.fixture
def home(empty_database: Settings) -> Iterator[Home]:
    """A new one, its database migrated and empty."""
    assert empty_database.database_url
    engine = create_engine(empty_database.database_url.get_secret_value())
    yield Home(empty_database, engine, dict(os.environ))
    engine.dispose()


@pytest.fixture
def as_administrator(home) -> Callable[[str], None]:
    """``as_administrator(statement)``, from beside the database."""
    url = make_url(home.engine.url).set(database="postgres", drivername="postgresql")

    def do(statement: str) -> None:
        database = home.database if "database" not in statement and "role" not in statement else "postgres"
        home.engine.dispose()
        with closing(
            psycopg2.connect(url.set(database=database).render_as_string(hide_password=False))
        ) as session:
            session.autocommit = True
            session.cursor().execute(statement)

    return do


@pytest.fixture
def role(home, as_administrator) -> Iterator[dict[str, str]]:
    """Variables of a role that may write the results and no more."""
    name = f"r_{home.database}"
    as_administrator(f"create role {name} login password 'right'")
    with home.engine.begin() as connection:
        connection.exec_driver_sql(f"grant usage on schema xgoals, xgoals_views to {name}")
        connection.exec_driver_sql(f"grant all on all tables in schema xgoals, public to {name}")
        connection.exec_driver_sql(f"grant all on all sequences in schema xgoals to {name}")
        connection.exec_driver_sql(f"grant temporary on database {home.database} to {name}")
    url = home.engine.url.set(username=name, password="right").render_as_string(hide_password=False)
    yield {**home.env, "XGOALS_DATABASE_URL": url, "ROLE": name}
    with home.engine.begin() as connection:
        connection.exec_driver_sql(f"drop owned by {name}")
    as_administrator(f"drop role {name}")
