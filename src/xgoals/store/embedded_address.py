"""Where the embedded Postgres of an ``XGOALS_HOME`` answers: two small files that whoever started it has left.

`xgoals.services.postgres` writes them at every start and with every new password; here they are only read. They stay
when the server stops: an address is no promise that somebody answers.
"""

from dataclasses import dataclass, field
from pathlib import Path

from xgoals.settings import Database

DATABASE_USER = "xgoals"
DATABASE_NAMES: dict[Database, str] = {"main": "xgoals", "demo": "xgoals_demo"}


@dataclass(frozen=True, slots=True)
class EmbeddedAddress:
    """Port on loopback, and the password of the database user."""

    port: int
    password: str = field(repr=False)

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database of this server, password included."""
        return f"postgresql+psycopg2://{DATABASE_USER}:{self.password}@127.0.0.1:{self.port}/{database}"


def postgres_folder(home: Path) -> Path:
    """The embedded server's folder in ``XGOALS_HOME``."""
    return home / "postgres"


def port_file(home: Path) -> Path:
    """The file with the TCP port of the last start."""
    return postgres_folder(home) / "port"


def password_file(home: Path) -> Path:
    """The file with the password, readable by its owner only."""
    return postgres_folder(home) / "password"


def left_address(home: Path) -> EmbeddedAddress | None:
    """The address that the last start has left, or None if there never was one."""
    try:
        port = int(port_file(home).read_text())
        return EmbeddedAddress(port, password_file(home).read_text().strip())
    except FileNotFoundError:
        return None
