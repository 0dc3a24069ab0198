"""Making a cluster with ``initdb``, and making sure that one from before fits this user and these programs."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from xgoals.domain.errors import ServiceError
from xgoals.services.postgres.cluster_files import ClusterFiles
from xgoals.services.postgres.service_account import ServiceAccount
from xgoals.services.processes import last_lines
from xgoals.services.secret_files import write_secret
from xgoals.store.embedded_address import DATABASE_USER

_INITDB_TIMEOUT_S = 60.0
_OPTIONS = {
    "username": DATABASE_USER,
    "auth": "scram-sha-256",
    "encoding": "UTF8",
    "locale": "C",
    "locale-provider": "builtin",
    "builtin-locale": "C.UTF-8",
}


def make_cluster(files: ClusterFiles, account: ServiceAccount, binaries: Path) -> None:
    """Run initdb into a folder that gets its name only when it is complete: a killed run leaves none.

    Raises
    ------
    ServiceError
        If initdb fails; the message ends with its words.
    """
    cluster = files.data.parent
    # A name of its own: the initdb of a starter that was killed a moment ago may still be at work.
    unfinished, password_file = cluster / f"data.unfinished.{os.getpid()}", cluster / "password.once"
    cluster.mkdir(exist_ok=True)
    account.give(cluster, 0o700)
    for left_over in cluster.glob("data.unfinished*"):
        shutil.rmtree(left_over, ignore_errors=True)
    password = secrets.token_urlsafe(24)
    files.write_password(password)
    write_secret(password_file, password)
    account.give(password_file, 0o600)
    options = {"pgdata": unfinished, "pwfile": password_file, **_OPTIONS}
    command = [str(binaries / "initdb"), *(f"--{name}={value}" for name, value in options.items())]
    try:
        done = account.run(command, timeout_s=_INITDB_TIMEOUT_S)
    finally:
        password_file.unlink()
    if done.returncode:
        raise ServiceError(f"initdb failed:\n{last_lines(done.stdout + done.stderr)}", where=str(cluster))
    unfinished.rename(files.data)


def check_cluster(data: Path, account: ServiceAccount, binaries: Path) -> None:
    """Make sure that the account and the programs are those that a cluster was made with.

    Raises
    ------
    ServiceError
        If it belongs to another user, or was written by another major version.
    """
    owner = data.stat().st_uid
    if owner != account.uid:
        raise ServiceError(
            f"the database belongs to user id {owner}, but Postgres would run as '{account.name}'",
            where=str(data),
            advice="Run xgoals as the user who did so before, or set XGOALS_HOME to another folder",
        )
    written_by, installed = (data / "PG_VERSION").read_text().strip(), server_version(binaries)
    if written_by != installed.split(".")[0]:
        raise ServiceError(
            f"the database was written by Postgres {written_by}, installed is {installed}",
            where=str(data),
            advice="Dump it with the environment of before, load it with this one: docs/operations.md",
        )


def server_version(binaries: Path) -> str:
    """The version of the server's programs, such as ``18.1``."""
    said = subprocess.run(  # noqa: S603 - our own binary
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout  # "postgres (PostgreSQL) 18.1"
    return said.split()[2]
