"""A glass-box peer as a yardstick of every model."""

from xgoals.store.schema.sql_files import run_migration

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Apply ``sql/migrations/0029_glass_box.up.sql``."""
    run_migration("0029_glass_box.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0029_glass_box.down.sql``."""
    run_migration("0029_glass_box.down.sql")
