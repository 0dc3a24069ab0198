"""Where the embedded Postgres of an ``XGOALS_HOME`` answers: two small files that whoever started it has left.

`xgoals.services.postgres` writes them at every start and with every new password; here they are only read. They stay
when the server stops: an address is no promise that somebody answers.
"""

from dataclasses import dataclass, field
from pathlib import Path

from xgoals.settings import Database, DatabaseRole

DATABASE_USER = "xgoals"
MEMBERS: dict[DatabaseRole, str] = {"writer": "xgoals_tasks", "reader": "xgoals_pages"}
"""Who logs in as what, beside the owner: tasks write, the server of pages and JSON reads."""
DATABASE_NAMES: dict[Database, str] = {"main": "xgoals", "demo": "xgoals_demo"}


@dataclass(frozen=True, slots=True)
class EmbeddedAddress:
    """Port on loopback, and a database user with the password."""

    port: int
    password: str = field(repr=False)
    user: str = DATABASE_USER

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database of this server, password included."""
        return f"postgresql+psycopg2://{self.user}:{self.password}@127.0.0.1:{self.port}/{database}"


def postgres_folder(home: Path) -> Path:
    """The embedded server's folder in ``XGOALS_HOME``."""
    return home / "postgres"


def port_file(home: Path) -> Path:
    """The file with the TCP port of the last start."""
    return postgres_folder(home) / "port"


def password_file(home: Path, role: DatabaseRole = "owner") -> Path:
    """The file with the password of a role, readable by its owner only."""
    return postgres_folder(home) / ("password" if role == "owner" else f"password.{role}")


def left_address(home: Path, role: DatabaseRole = "owner") -> EmbeddedAddress | None:
    """The address that the last start has left, or None if there never was one.

    A cluster of before knows its owner only, until it is brought up to date.
    """
    if not password_file(home, role).is_file():
        role = "owner"
    try:
        port = int(port_file(home).read_text())
        return EmbeddedAddress(
            port, password_file(home, role).read_text().strip(), MEMBERS.get(role, DATABASE_USER)
        )
    except FileNotFoundError:
        return None
