"""Names that others have given, in a statement: whatever stands in them, they are names."""

from sqlalchemy import Connection


def quoted(*names: str) -> str:
    """A name as SQL writes it, below others where there are several.

    >>> print(quoted("bi", 'my "own" view'))
    "bi"."my ""own"" view"
    """
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def run_as_it_is(connection: Connection, statement: str) -> None:
    """Run a statement that has no parameters; a percent sign in it is one."""
    connection.exec_driver_sql(statement.replace("%", "%%"))
