"""Evaluation: the figures of every model version, overall and slice by slice."""

from xgoals.store.schema.sql_files import run_migration

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply ``sql/migrations/0003_evaluation.up.sql``."""
    run_migration("0003_evaluation.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0003_evaluation.down.sql``."""
    run_migration("0003_evaluation.down.sql")
