"""Settings in a process of Airflow: beside environment and file, what its variable, connection and ``base_url`` say.

The program ``python -m xgoals.orchestration.settings`` says all of it to a terminal, as one JSON line
(see `xgoals.services.airflow.asking`).
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from airflow.configuration import conf
from airflow.sdk import Connection, Variable
from airflow.sdk.exceptions import AirflowException
from pydantic import SecretStr

from xgoals.domain.errors import SettingsError, StoreError, XgoalsError
from xgoals.settings import AIRFLOW_VARIABLE, Settings, load_settings
from xgoals.settings.secrets import keep_what_is_secret

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 60.0
OF_LIBPQ = frozenset(
    {
        "sslmode", "sslcert", "sslkey", "sslpassword", "sslrootcert", "sslcrl", "sslcrldir", "sslsni",
        "ssl_min_protocol_version", "ssl_max_protocol_version", "channel_binding", "gssencmode", "krbsrvname",
        "target_session_attrs", "options", "passfile", "hostaddr", "tcp_user_timeout", "connect_timeout",
    }
)  # fmt: skip
"""What a connection may say in its extra field, and Postgres' own library understands."""
OF_AIRFLOW = frozenset({"cursor", "client_encoding", "application_name"})
"""What it may say there and is not for us: how rows come to Airflow's own hook, and whose session it is."""


@cache
def dag_settings() -> Settings:
    """The settings for DAG files, asked for once: Airflow parses in processes that live for one file or one task.

    Raises
    ------
    SettingsError
        As `airflow_settings`.
    """
    return airflow_settings()


def airflow_settings() -> Settings:
    """The settings of this process, for what needs no results. One question to Airflow, for its variable.

    Raises
    ------
    SettingsError
        If they cannot be used, wherever they come from.
    """
    return _with_address(load_settings(variable=_variable()))


def task_settings() -> Settings:
    """The same with the address of the results, for tasks, triggers and pages; the connection is asked for, too.

    Raises
    ------
    SettingsError
        If the settings cannot be used, or the connection is none to Postgres.
    StoreError
        If Airflow does not find the connection. It may be found later: a secrets backend that is away is not told
        apart from one that lacks it.
    """
    return with_results(airflow_settings())


async def watcher_settings() -> Settings:
    """`task_settings` for a trigger, which lives as long as Airflow does: it waits until the connection is found.

    Raises
    ------
    SettingsError
        If the settings cannot be used, or the connection is none to Postgres.
    """
    while True:
        try:
            return await asyncio.to_thread(task_settings)
        except StoreError as problem:
            log.warning("%s. The next look is in %g s", problem, LOOK_AGAIN_S)
            await asyncio.sleep(LOOK_AGAIN_S)


def with_results(settings: Settings) -> Settings:
    """The settings with the address of the results where a connection has it.

    Raises
    ------
    SettingsError, StoreError
        As `task_settings`.
    """
    if settings.database_conn_id is None:
        return settings
    try:
        connection = Connection.get(settings.database_conn_id)
    except (AirflowException, PermissionError) as error:
        log.debug("Airflow says: %s", error)
        raise not_found(settings.database_conn_id) from None
    url = results_url(connection, settings.database_conn_id)
    address = url.render_as_string(hide_password=False)
    found = settings.model_copy(update={"database_url": SecretStr(address)})
    keep_what_is_secret(found)
    return found


def not_found(conn_id: str) -> StoreError:
    """What is said of a connection that Airflow does not find."""
    return StoreError(
        f"Airflow does not find the connection '{conn_id}'",
        where="database_conn_id",
        advice="Add it (Admin > Connections in the UI, a secrets backend, or the variable"
        f" AIRFLOW_CONN_{conn_id.upper()}), of type postgres; or see that the secrets backend answers",
    )


def results_url(connection: Any, conn_id: str) -> URL:
    """The address that a connection of Airflow's stands for.

    Parameters
    ----------
    connection
        Airflow's, of the SDK or of the server.

    Raises
    ------
    SettingsError
        If it is none to Postgres, names no database, or asks for what we do not know.
    """
    from sqlalchemy.engine import URL

    where = f"Airflow's connection '{conn_id}'"
    if connection.conn_type not in ("postgres", "postgresql"):
        raise SettingsError(
            f"it is of type {connection.conn_type}, and results are kept in Postgres alone",
            where=where,
            advice="Make it one of type postgres",
        )
    if not connection.schema:
        raise SettingsError(
            "it names no database", where=where, advice="Write the database's name into its field Database"
        )
    extra = connection.extra_dejson
    unknown = sorted(set(extra) - OF_LIBPQ - OF_AIRFLOW)
    if unknown:
        raise SettingsError(
            f"its extra field has {', '.join(unknown)}, which xgoals does not know what to do with",
            where=where,
            advice="Take it out, or make a connection of its own for xgoals",
        )
    return URL.create(
        "postgresql+psycopg2",
        username=connection.login or None,
        password=connection.password or None,
        host=connection.host or None,
        port=connection.port or None,
        database=connection.schema,
        query={name: str(value) for name, value in extra.items() if name in OF_LIBPQ},
    )


def _variable() -> Mapping[str, Any] | None:
    """What Airflow's variable says; None where there is none."""
    written = Variable.get(AIRFLOW_VARIABLE, default=None)
    if written is None or not str(written).strip():
        return None
    where = f"Airflow's variable {AIRFLOW_VARIABLE}"
    advice = 'Write it as {"schedule": {"timezone": "Europe/Berlin"}, "dag": {"pool": "football"}}'
    try:
        given = json.loads(written)
    except ValueError as error:
        raise SettingsError(f"it is no JSON: {error}", where=where, advice=advice) from None
    if not isinstance(given, dict):
        raise SettingsError("it is JSON, but no object with settings", where=where, advice=advice)
    return given


def _with_address(settings: Settings) -> Settings:
    """The settings with the address at which people reach this Airflow, unless they say another one."""
    address = str(conf.get("api", "base_url", fallback="") or "").rstrip("/")
    if settings.ui.base_url or not address.startswith(("http://", "https://")):
        return settings
    return settings.model_copy(update={"ui": settings.ui.model_copy(update={"base_url": address})})


def main() -> None:
    """Print what Airflow says, as JSON: its variable and the results' address, or why it cannot be had."""
    stdout, sys.stdout = sys.stdout, sys.stderr  # what Airflow prints is not the answer
    says: dict[str, Any] = {}
    try:
        settings = task_settings()
        says = {"variable": _variable(), "base_url": settings.ui.base_url}
        says["url"] = settings.database_url.get_secret_value() if settings.database_url else None
    except XgoalsError as error:
        says = {"what": error.what, "where": error.where, "advice": error.advice}
    print(json.dumps(says), file=stdout)


if __name__ == "__main__":
    main()
