"""Who needs a database that lives in the embedded server says so here: the server starts, the database is made.

`xgoals.store.database.connect` starts nothing. Commands call `start_database` at their entrance, ``xgoals up`` calls
`start_databases`: Airflow's tasks find the server running.
"""

from typing import get_args

from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Database, Settings
from xgoals.store.database import connect, exists, is_embedded
from xgoals.store.embedded_address import DATABASE_NAMES
from xgoals.store.migrate import has_schema, upgrade, upgrade_if_behind


def start_database(settings: Settings, database: Database) -> None:
    """Start the embedded server and make the database, if it lives there; done already, it costs milliseconds.

    A new database gets its schema; one from before keeps its own, until `bring_up_to_date` is asked for.

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
    if not exists(settings, database):
        bring_up_to_date(settings, database)


def make_results(settings: Settings, database: Database) -> None:
    """Start the database if it is ours, and make the schema where there is none, also on a server of one's own.

    Raises
    ------
    ServiceError
        If the embedded server does not start.
    StoreError
        If a server of one's own does not answer.
    """
    start_database(settings, database)
    if is_embedded(settings, database):
        return
    engine = connect(settings, database, whatever_schema=True)
    with engine.connect() as connection:
        is_new = not has_schema(connection)
    if is_new:
        upgrade(engine)
    engine.dispose()


def bring_up_to_date(settings: Settings, database: Database) -> None:
    """Migrate the schema of a database that answers, if it is behind.

    Raises
    ------
    StoreError
        If it does not answer, its schema is of a newer xgoals, or somebody holds a table for too long.
    """
    engine = connect(settings, database, whatever_schema=True)
    try:
        upgrade_if_behind(engine)
    finally:
        engine.dispose()
    if is_embedded(settings, database):
        EmbeddedPostgres(settings.home).make_members()


def bring_all_up_to_date(settings: Settings) -> None:
    """The same for the results, and for the demo's if there are such.

    Raises
    ------
    StoreError
        As `bring_up_to_date`.
    """
    for database in get_args(Database):
        if database == "main" or exists(settings, database):
            bring_up_to_date(settings, database)


def start_databases(settings: Settings) -> None:
    """Start what Airflow's tasks may be asked for; nothing where results and metadata both live elsewhere.

    Raises
    ------
    ServiceError
        If the server does not start.
    """
    if settings.database_url and settings.airflow_database_url:
        return
    server = EmbeddedPostgres(settings.home)
    server.ensure_started()
    for database in get_args(Database):
        if is_embedded(settings, database):
            server.create_database(DATABASE_NAMES[database])
