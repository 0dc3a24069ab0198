"""Who needs a database that lives in the embedded server says so here: the server starts, the database is made.

`xgoals.store.database.connect` starts nothing. Commands call `start_database` at their entrance, ``xgoals up`` calls
`start_databases`: Airflow's tasks find the server running.
"""

from typing import get_args

from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Database, Settings
from xgoals.store.database import is_embedded
from xgoals.store.embedded_address import DATABASE_NAMES


def start_database(settings: Settings, database: Database) -> None:
    """Start the embedded server and make the database, if it lives there; done already, it costs milliseconds.

    Raises
    ------
    ServiceError
        If the server does not start.
    """
    if not is_embedded(settings, database):
        return
    server = EmbeddedPostgres(settings.home)
    server.ensure_started()
    server.create_database(DATABASE_NAMES[database])


def start_databases(settings: Settings) -> None:
    """Start what Airflow's tasks may be asked for; nothing where results and metadata both live elsewhere.

    Raises
    ------
    ServiceError
        If the server does not start.
    """
    if settings.database_url and settings.airflow_database_url:
        return
    for database in get_args(Database):
        start_database(settings, database)
