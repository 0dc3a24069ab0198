"""Where a Postgres answers: the embedded one of an ``XGOALS_HOME``, by two small files; one's own, by its address.

`xgoals.services.postgres` writes the files at every start and with every new password; here they are only read. They
stay when the server stops: an address is no promise that somebody answers.
"""

from dataclasses import dataclass, field
from pathlib import Path

from xgoals.domain.errors import SettingsError
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


def with_driver(given: str) -> str:
    """A Postgres address that a person gave, with the driver that we ship.

    Raises
    ------
    SettingsError
        If it is none, or holds signs that have to be escaped; it is not repeated.
    """
    from sqlalchemy.engine import make_url  # the files are asked by who has no time for it
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(given)
    except (ArgumentError, ValueError):  # the latter where a port is none, and that may be a password
        url = None
    if url is not None and "@" in (url.host or ""):
        raise SettingsError(
            "user or password hold a character that means something else in an address",
            where="XGOALS_DATABASE_URL",
            advice="Write @ as %40, / as %2F, : as %3A, # as %23, ? as %3F and % as %25",
        )
    if url is None or url.get_backend_name() not in ("postgresql", "postgres"):
        raise SettingsError(
            "not a Postgres URL",
            where="XGOALS_DATABASE_URL",
            advice="Write it as postgresql://user:password@host:5432/database",
        )
    # SQLAlchemy 2.1 reads a bare postgresql:// as psycopg 3; we ship psycopg2.
    return url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)
