"""Whether numbers are fair to every club."""

from xgoals.store.schema.sql_files import run_functions, run_migration

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Apply ``sql/functions`` and ``sql/migrations/0027_fairness.up.sql``."""
    run_functions()
    run_migration("0027_fairness.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0027_fairness.down.sql``."""
    run_migration("0027_fairness.down.sql")
