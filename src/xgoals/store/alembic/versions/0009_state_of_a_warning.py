"""The state of a warning as a column, and what a step of a run warns of as rows."""

from xgoals.store.schema.sql_files import run_migration

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply ``sql/migrations/0009_state_of_a_warning.up.sql``."""
    run_migration("0009_state_of_a_warning.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0009_state_of_a_warning.down.sql``."""
    run_migration("0009_state_of_a_warning.down.sql")
