"""Paths that outlive a move of the home."""

from xgoals.store.schema.sql_files import run_migration

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Apply ``sql/migrations/0026_relative_paths.up.sql``."""
    run_migration("0026_relative_paths.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0026_relative_paths.down.sql``."""
    run_migration("0026_relative_paths.down.sql")
