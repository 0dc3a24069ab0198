"""Schema upkeep: alembic applies the numbered files of ``sql/migrations``, then the views are created anew."""

import hashlib
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from xgoals.settings import asset_folder

VERSION_TABLE = "xgoals_schema_version"
_MIGRATION_LOCK = 0x78676D  # one process at a time migrates


def head() -> str:
    """The number of the newest migration, such as ``"0001"``."""
    return max(path.name.split("_")[0] for path in (asset_folder("sql") / "migrations").glob("*.up.sql"))


def upgrade_if_behind(engine: Engine) -> bool:
    """Bring the schema and the views up to date; says whether there was anything to do."""
    with engine.connect() as connection:
        if _is_current(connection):
            return False
    upgrade(engine)
    return True


def upgrade(engine: Engine, target: str = "head") -> None:
    """Apply the migrations up to ``target`` and create the views anew, in one transaction."""
    _migrate(engine, "upgrade", target)


def downgrade(engine: Engine, target: str = "base") -> None:
    """Undo the migrations down to ``target``; ``base`` removes all results."""
    _migrate(engine, "downgrade", target)


def _migrate(engine: Engine, direction: str, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic"))
    with engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        _drop_views(connection)
        getattr(command, direction)(config, target)
        if _applied(connection) == head():
            _create_views(connection)


def _views() -> list[Path]:
    """The views in the order of their names; a view that builds on another comes later in it."""
    return sorted((asset_folder("sql") / "views").glob("*.sql"))


def _views_hash() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in _views())).hexdigest()


def has_schema(connection: Connection) -> bool:
    """Whether the results' schema was ever made in this database, in whatever version."""
    name = {"name": f"public.{VERSION_TABLE}"}
    return connection.scalar(text("select to_regclass(:name)"), name) is not None


def _applied(connection: Connection) -> str | None:
    if not has_schema(connection):
        return None
    version: str | None = connection.scalar(text(f"select version_num from public.{VERSION_TABLE}"))  # noqa: S608
    return version


def _is_current(connection: Connection) -> bool:
    if _applied(connection) != head():
        return False
    comment = connection.scalar(text("select obj_description(to_regnamespace('xgoals'), 'pg_namespace')"))
    return bool(comment == _schema_comment())


def _schema_comment() -> str:
    return f"Results of xgoals. Views: sha256 {_views_hash()}"


def _drop_views(connection: Connection) -> None:
    names = connection.scalars(text("select viewname from pg_views where schemaname = 'xgoals'")).all()
    for name in names:
        connection.execute(text(f'drop view if exists xgoals."{name}" cascade'))


def _create_views(connection: Connection) -> None:
    connection.execute(text("set local search_path to xgoals, public"))
    for path in _views():
        connection.exec_driver_sql(path.read_text(encoding="utf-8").replace("%", "%%"))
    connection.exec_driver_sql(f"comment on schema xgoals is '{_schema_comment()}'")
