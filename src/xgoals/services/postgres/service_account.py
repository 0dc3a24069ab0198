"""Who runs Postgres: the account of the operating system.

Postgres refuses to run as root. When xgoals runs as root (a container, a fresh server), the server and
``initdb`` run as user ``nobody`` instead; an ordinary user runs them as himself. ``nobody`` may not enter
every folder in which a checkout can lie (``/root`` for one), so this module also finds out whether a path
can be entered. Folders that are not ours keep their modes.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
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
