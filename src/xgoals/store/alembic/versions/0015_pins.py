"""A champion may be pinned, and bytes of refused models may go."""

from xgoals.store.schema.sql_files import run_migration

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Apply ``sql/migrations/0015_pins.up.sql``."""
    run_migration("0015_pins.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0015_pins.down.sql``."""
    run_migration("0015_pins.down.sql")
