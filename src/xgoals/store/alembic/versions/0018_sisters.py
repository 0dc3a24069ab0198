"""A model version is a champion and its sisters."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Apply ``sql/functions`` and ``sql/migrations/0018_sisters.up.sql``."""
    run_functions()
    run_migration("0018_sisters.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0018_sisters.down.sql``."""
    run_migration("0018_sisters.down.sql")
