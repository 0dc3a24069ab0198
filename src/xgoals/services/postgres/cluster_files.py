"""Where the embedded Postgres keeps its files, below ``home/postgres``.

::

    password         of the database user "xgoals", readable by its owner only; password.next while it is changed
    port             the TCP port of the last start; the next start takes it again if it is free
    lock             held by who starts or stops the server
    server.log       what the server says
    location         the folder that holds the next two, if it is not this one
    cluster/data     the data, owned by the account that runs the server
    binaries-*/      a copy of the server's binaries, where those of the environment cannot be used

If the server's account may not enter ``home`` (root's own folder, say), the last two go to a folder below
``/var/lib/xgoals``, and ``location`` says which. Port and password are the address that `xgoals.store` reads.
"""

import hashlib
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from xgoals.domain.errors import ServiceError
from xgoals.services.postgres.service_account import ServiceAccount
from xgoals.services.secret_files import write_secret
from xgoals.store.embedded_address import password_file, port_file, postgres_folder
from xgoals.whole_files import write_whole

log = logging.getLogger(__name__)

_MAX_LOG_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class ClusterFiles:
    """The files of one ``XGOALS_HOME``'s server; ``state_root`` is for a cluster that cannot lie in it."""

    home: Path
    state_root: Path

    @property
    def folder(self) -> Path:
        """Our folder in ``XGOALS_HOME``."""
        return postgres_folder(self.home)

    @property
    def pointer(self) -> Path:
        """The file that names the folder of the cluster, where that is not ours."""
        return self.folder / "location"

    @property
    def base(self) -> Path:
        """The folder that holds the cluster and, if need be, the binaries."""
        return Path(self.pointer.read_text().strip()) if self.pointer.is_file() else self.folder

    @property
    def data(self) -> Path:
        """Postgres' data folder."""
        return self.base / "cluster" / "data"

    @property
    def server_log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    def prepare(self, account: ServiceAccount) -> Path:
        """Choose, at the first start, a folder for the cluster that the account may enter; return it.

        Raises
        ------
        ServiceError
            If there is none, or the one chosen before is gone.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.pointer.is_file() and not self.base.is_dir():
            raise ServiceError(
                f"the folder of the database, {self.base}, is gone",
                where=str(self.pointer),
                advice=f"Restore it from a backup, or delete {self.folder} to begin with an empty database",
            )
        if not self.pointer.is_file() and not self.data.is_dir() and not account.may_enter(self.folder):
            self._choose_state_folder(account)
        return self.base

    def _choose_state_folder(self, account: ServiceAccount) -> None:
        name = hashlib.sha256(str(self.home).encode()).hexdigest()[:8]
        self.state_root.mkdir(mode=0o755, parents=True, exist_ok=True)
        for left_over in self.state_root.glob(f"{name}-*"):
            log.warning("%s is left over from an earlier %s: delete it if unwanted", left_over, self.home)
        base = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.state_root))
        base.chmod(0o755)
        if not account.may_enter(base):
            base.rmdir()
            raise ServiceError(
                f"user '{account.name}', as which Postgres runs, may enter neither this folder"
                f" nor {self.state_root}",
                where=str(self.home),
                advice="Set XGOALS_HOME to a folder that others may enter",
            )
        (base / "belongs-to").write_text(f"{self.home}\n")
        write_whole(self.pointer, f"{base}\n")
        log.info("user %s may not enter %s: the database lies in %s", account.name, self.home, base)

    def password(self) -> str:
        """The database user's password.

        Raises
        ------
        ServiceError
            If its file is gone.
        """
        try:
            return password_file(self.home).read_text().strip()
        except FileNotFoundError:
            raise ServiceError(
                "the password of the embedded Postgres is gone",
                where=str(password_file(self.home)),
                advice=f"Restore the file from a backup, or delete {self.folder} to begin anew, empty",
            ) from None

    def write_password(self, password: str) -> None:
        """Keep a new password."""
        write_secret(password_file(self.home), password)

    @property
    def next_password(self) -> Path:
        """The password that is about to be set; it lies there only while that is done, or was killed over it."""
        return self.folder / "password.next"

    def port(self) -> int | None:
        """The port of the last start, or None before the first."""
        path = port_file(self.home)
        return int(path.read_text()) if path.is_file() else None

    def write_port(self, port: int) -> None:
        """Remember the port of this start, for the next one and for whoever connects."""
        write_whole(port_file(self.home), f"{port}\n")

    def roll_log(self) -> int:
        """Put a large log aside (one is kept) and return the size of the present one in bytes."""
        if not self.server_log.is_file():
            return 0
        size = self.server_log.stat().st_size
        if size < _MAX_LOG_BYTES:
            return size
        self.server_log.rename(self.server_log.with_name("server.log.1"))
        return 0
