"""Figures of shots of which nobody's position is known."""

from xgoals.store.schema.sql_files import run_migration

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Apply ``sql/migrations/0024_shots_without_positions.up.sql``."""
    run_migration("0024_shots_without_positions.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0024_shots_without_positions.down.sql``."""
    run_migration("0024_shots_without_positions.down.sql")
