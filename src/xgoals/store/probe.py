"""What a results database says of itself, with nothing started, made or migrated for the answer."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from xgoals.domain.errors import StoreError
from xgoals.domain.secrets import shown
from xgoals.settings import Database, Settings
from xgoals.store.database import database_url, is_embedded
from xgoals.store.derived.states import training_state
from xgoals.store.migrate import VERSION_TABLE

_PATIENCE_S = 5


@dataclass(frozen=True, slots=True)
class Probe:
    """An answer of a database.

    Attributes
    ----------
    server_version
        Of Postgres.
    schema_version
        Number of the newest migration that was applied; None where the results were never made there.
    clock_offset_s
        The server's clock minus ours.
    training_notes
        What the last training on the catalogue of the settings has left out, or advises.
    """

    server_version: str
    schema_version: str | None
    clock_offset_s: float
    training_notes: tuple[str, ...] = ()


def probe(settings: Settings, database: Database) -> Probe:
    """Ask a results database.

    Raises
    ------
    StoreError
        If it was never started or does not answer; the message has no password in it.
    SettingsError
        If its address is none.
    """
    url = make_url(database_url(settings, database))
    options = {"connect_timeout": str(_PATIENCE_S)}
    if is_embedded(settings, database):
        options["require_auth"] = "scram-sha-256"
    engine = create_engine(url, connect_args=options, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            asked_at = datetime.now(UTC)
            now, server = connection.execute(
                text("select clock_timestamp(), current_setting('server_version')")
            ).one()
            answered_at = datetime.now(UTC)
            has_schema = connection.scalar(text("select to_regclass(:t)"), {"t": f"public.{VERSION_TABLE}"})
            applied = f"select version_num from public.{VERSION_TABLE}"  # noqa: S608
            schema = connection.scalar(text(applied)) if has_schema else None
            notes = _training_notes(connection, settings.training.catalogue)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        raise StoreError(f"the database does not answer: {reason}", where=shown(url)) from None
    between = asked_at + (answered_at - asked_at) / 2
    return Probe(server, schema, (now - between).total_seconds(), notes)


def _training_notes(connection: Connection, catalogue: str) -> tuple[str, ...]:
    """Of results of whatever release: none where there are none."""
    if connection.scalar(text("select to_regclass('xgoals.derived_state')")) is None:
        return ()
    state = text("select facts -> 'notes' from xgoals.derived_state where name = :name")
    return tuple(connection.scalar(state, {"name": training_state(catalogue)}) or ())
