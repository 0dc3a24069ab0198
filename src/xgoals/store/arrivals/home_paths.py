"""Paths of feed files as they are stored: relative where they lie in ``XGOALS_HOME``, absolute everywhere else.

So a home may move, or be mounted elsewhere, and its files stay the ones that were read. Which home is this machine's,
a connection knows: :func:`xgoals.store.database.connect` tells it.
"""

from typing import Any

from sqlalchemy import Connection

HOME = "xgoals_home"
"""The option of an engine that holds the path of its machine's ``XGOALS_HOME``."""

BELOW = (
    "(path = :source or starts_with(path, :source || '/') or (:holds_home and not starts_with(path, '/')))"
)
"""Whether the file at ``path`` lies in a source; :func:`below` has the parameters."""


def home_of(connection: Connection) -> str | None:
    """``XGOALS_HOME`` of whoever has opened the connection; None where nobody has said it."""
    home: str | None = connection.get_execution_options().get(HOME)
    return home


def stored_path(connection: Connection, path: str) -> str:
    """A path of this machine, as it is stored."""
    home = home_of(connection)
    return path if home is None else path.removeprefix(f"{home}/")


def path_here(connection: Connection, stored: str) -> str:
    """A stored path, as it is on this machine."""
    home = home_of(connection)
    return stored if home is None or not stored or stored.startswith("/") else f"{home}/{stored}"


def stored_text(connection: Connection, text: str) -> str:
    """A sentence that may name files, as it is stored: the same sentence wherever the home lies."""
    home = home_of(connection)
    return text if home is None else text.replace(f"{home}/", "")


def below(connection: Connection, source: str) -> dict[str, Any]:
    """The parameters of `BELOW`: of a source that is the root of a file system or ends with a slash, too."""
    folder, home = source.rstrip("/"), home_of(connection)
    holds_home = home is not None and f"{home}/".startswith(f"{folder}/")
    return {"source": stored_path(connection, folder), "holds_home": holds_home}
