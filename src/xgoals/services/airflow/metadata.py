"""Airflow's metadata database: created, and migrated once for each version of Airflow."""

import json
from importlib.metadata import version

import filelock
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import NullPool

from xgoals.domain.errors import ServiceError, SettingsError, StoreError
from xgoals.services.airflow.command import run_airflow
from xgoals.services.airflow.environment import METADATA_DATABASE, airflow_environment, metadata_url
from xgoals.services.airflow.files import airflow_home
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.processes import last_lines
from xgoals.settings import Settings
from xgoals.whole_files import write_whole

_MIGRATION_TIMEOUT_S = 600


def prepare_metadata(settings: Settings) -> None:
    """Make Airflow's database ready: start ours if it is to be used, create it, migrate it; fast if done.

    Raises
    ------
    ServiceError
        If Postgres does not start or the migration fails.
    StoreError
        If a configured database cannot be reached.
    """
    if settings.airflow_database_url is None:
        postgres = EmbeddedPostgres(settings.home)
        postgres.ensure_started()
        postgres.create_database(METADATA_DATABASE)
    home = airflow_home(settings)
    home.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(home / "migration.lock", timeout=_MIGRATION_TIMEOUT_S):
        marker = home / "migrated.json"
        known = json.loads(marker.read_text()) if marker.is_file() else None
        if known == _state(settings) and known["revision"]:
            return
        _migrate(settings)
        write_whole(marker, json.dumps(_state(settings)))


def _state(settings: Settings) -> dict[str, str | None]:
    """What the database has, and which Airflow is installed."""
    try:
        engine = create_engine(metadata_url(settings), poolclass=NullPool)
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
    except ArgumentError:
        raise SettingsError(
            "not a database address",
            where="airflow_database_url",
            advice="Write postgresql+psycopg2://user:password@host:port/database",
        ) from None
    except OperationalError as error:
        raise StoreError(
            f"Airflow's database cannot be reached ({str(error.orig).strip()})",
            where="airflow_database_url" if settings.airflow_database_url else "embedded Postgres",
        ) from None
    return {"airflow": version("apache-airflow"), "revision": revision}


def _migrate(settings: Settings) -> None:
    done = run_airflow(
        settings,
        *("db", "migrate"),
        environment=airflow_environment(settings, ui_port=settings.ui.port),
        log="migration.log",
        timeout_s=_MIGRATION_TIMEOUT_S,
    )
    if not done.succeeded:
        raise ServiceError(
            f"Airflow's database could not be migrated:\n{last_lines(done.said, 5)}", where=str(done.log)
        )
