"""SQL that lives in files under ``sql/``: functions, migrations and checks."""

from sqlalchemy import Connection

from xgoals.settings import asset_folder
from xgoals.store.schema.quoting import run_as_it_is


def run_migration(name: str) -> None:
    """Run one file of ``sql/migrations`` inside alembic's transaction."""
    from alembic import op

    statements = (asset_folder("sql") / "migrations" / name).read_text(encoding="utf-8")
    run_as_it_is(op.get_bind(), statements)


def functions() -> str:
    """The statements that make the functions which triggers and queries call; they need the schema, not its tables.

    A dump of tables holds no functions: whoever restores one runs these first. So a migration makes none of its own.
    """
    files = sorted((asset_folder("sql") / "functions").glob("*.sql"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def run_functions() -> None:
    """Make the functions inside alembic's transaction, or bring them up to date."""
    from alembic import op

    run_as_it_is(op.get_bind(), functions())


def broken_promises(connection: Connection) -> dict[str, int]:
    """Run every query of ``sql/checks``; each returns the rows that break one promise.

    Returns
    -------
    dict
        Name of the check -> number of offending rows, for the checks that found any.
    """
    found = {}
    for path in sorted((asset_folder("sql") / "checks").glob("*.sql")):
        query = path.read_text(encoding="utf-8").replace("%", "%%")
        n_rows = len(connection.exec_driver_sql(query).fetchall())
        if n_rows:
            found[path.stem] = n_rows
    return found
