"""Withdrawn shots are marked, and a database knows its world."""

from xgoals.store.schema.sql_files import run_migration

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply ``sql/migrations/0014_withdrawn_shots_and_worlds.up.sql``."""
    run_migration("0014_withdrawn_shots_and_worlds.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0014_withdrawn_shots_and_worlds.down.sql``."""
    run_migration("0014_withdrawn_shots_and_worlds.down.sql")
