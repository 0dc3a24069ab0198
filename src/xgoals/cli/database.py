"""Where commands get their database: what lives in the embedded Postgres is started here, and nowhere below."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xgoals.services.airflow.asking import terminal_settings
from xgoals.settings import Database, Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection


def settings_with(database: Database, *, make: bool = False) -> Settings:
    """The settings of this process, for a command that needs a results database; that is started if it is ours.

    Parameters
    ----------
    make
        Make the results' schema where there is none: for commands that write. None migrates one that is there.

    Raises
    ------
    ServiceError
        If the embedded Postgres does not start.
    """
    from xgoals.services.postgres.databases import make_results, start_database

    settings = terminal_settings()
    (make_results if make else start_database)(settings, database)
    return settings


@contextmanager
def connection_to(database: Database) -> Iterator["Connection"]:
    """A connection to a results database, started if it is ours.

    Raises
    ------
    ServiceError
        If the embedded Postgres does not start.
    StoreError
        If a server of one's own does not answer.
    """
    from xgoals.store.database import connect

    with connect(settings_with(database), database).connect() as connection:
        yield connection
