"""Figures of shots that are told apart: sharp dead balls, penalties, shots without a keeper."""

from xgoals.store.schema.sql_files import run_migration

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Apply ``sql/migrations/0021_special_shots.up.sql``."""
    run_migration("0021_special_shots.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0021_special_shots.down.sql``."""
    run_migration("0021_special_shots.down.sql")
