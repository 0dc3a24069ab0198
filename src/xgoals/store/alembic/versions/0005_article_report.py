"""Reports of the kind article: a page that sets the champion beside the article."""

from xgoals.store.schema.sql_files import run_migration

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply ``sql/migrations/0005_article_report.up.sql``."""
    run_migration("0005_article_report.up.sql")


def downgrade() -> None:
    """Apply ``sql/migrations/0005_article_report.down.sql``."""
    run_migration("0005_article_report.down.sql")
