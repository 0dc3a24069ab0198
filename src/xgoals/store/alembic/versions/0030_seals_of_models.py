"""Rows of models know whose they are."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Apply ``sql/functions``, which seal, and ``sql/migrations/0030_seals_of_models.up.sql``."""
    run_functions()
    run_migration("0030_seals_of_models.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0030_seals_of_models.down.sql``."""
    run_migration("0030_seals_of_models.down.sql")
