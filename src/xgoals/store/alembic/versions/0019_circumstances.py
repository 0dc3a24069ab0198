"""How chances came about, cards and substitutions."""

from xgoals.store.schema.sql_files import run_migration

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Apply ``sql/migrations/0019_circumstances.up.sql``."""
    run_migration("0019_circumstances.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0019_circumstances.down.sql``."""
    run_migration("0019_circumstances.down.sql")
