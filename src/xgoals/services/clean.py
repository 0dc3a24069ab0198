"""Retention as a whole: files, results, and Airflow's own records."""

from collections.abc import Callable

from xgoals.services.airflow.files import is_somebody_else_s
from xgoals.settings import Settings
from xgoals.steps.upkeep.clean import Freed, clean


def clean_all(settings: Settings, *, dry_run: bool, tell: Callable[[str], None]) -> list[Freed]:
    """Remove (or with ``dry_run`` count) what is older than ``[retention]`` says; see `xgoals.steps.upkeep.clean`.

    Airflow's rows are not sized. In somebody else's Airflow they are left alone: they are of all DAGs there.

    Raises
    ------
    ServiceError
        If Airflow's records cannot be cleaned.
    """
    freed = clean(settings, dry_run=dry_run, tell=tell)
    if is_somebody_else_s(settings):
        return freed
    from xgoals.services.airflow.records import clean_records

    n_records = clean_records(settings, dry_run=dry_run)
    return [*freed, Freed("records of Airflow", settings.retention.airflow_days, n_records, 0)]
