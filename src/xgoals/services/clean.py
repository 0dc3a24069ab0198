"""Retention as a whole: files, results, and Airflow's own records."""

from collections.abc import Callable
from datetime import UTC, datetime

from xgoals.services.airflow.files import is_somebody_else_s
from xgoals.settings import Settings
from xgoals.steps.upkeep.clean import Freed, ages_of, clean


def clean_all(settings: Settings, *, dry_run: bool, tell: Callable[[str], None]) -> list[Freed]:
    """Remove (or with ``dry_run`` count) what is older than ``[retention]`` says; see `xgoals.steps.upkeep.clean`.

    Airflow's rows are not sized. In somebody else's Airflow they are left alone: they are of all DAGs there.

    Raises
    ------
    ServiceError
        If Airflow's records cannot be cleaned.
    """
    before = ages_of(settings, datetime.now(UTC)).limit(settings.retention.airflow_days)
    freed = clean(settings, dry_run=dry_run, tell=tell)
    if is_somebody_else_s(settings):
        return freed
    from xgoals.services.airflow.records import clean_records

    n_records = clean_records(settings, before=before, dry_run=dry_run)
    return [*freed, Freed("records of Airflow", settings.retention.airflow_days, n_records, 0)]
