"""Which DAG it is belongs to the key of a run and of its mails; since when a run is waited for."""

from xgoals.store.schema.sql_files import run_migration

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply ``sql/migrations/0016_runs_of_all_dags.up.sql``."""
    run_migration("0016_runs_of_all_dags.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0016_runs_of_all_dags.down.sql``."""
    run_migration("0016_runs_of_all_dags.down.sql")
