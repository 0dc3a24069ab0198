"""What xgoals does for itself, every week: search better hyperparameters, make room, prove that a backup restores.

The three tasks do not need each other: one that is red does not keep the others from their work. The pipeline may
run meanwhile; whoever writes to the results waits for the other.

**A task is red.** The last line of its log says in one sentence what is wrong, where, and what to do.
"""

from airflow.sdk import CronTriggerTimetable, Param, dag

from xgoals.orchestration.callbacks import on_run_failure, on_task_failure
from xgoals.orchestration.settings import dag_settings
from xgoals.orchestration.tasks import maintenance_run, step, task_defaults
from xgoals.orchestration.timetable import in_words

settings = dag_settings()
schedule = settings.schedule


@dag(  # type: ignore[untyped-decorator]
    schedule=CronTriggerTimetable(schedule.weekly_cron, timezone=schedule.timezone),
    catchup=False,
    max_active_runs=1,
    max_active_tasks=1,
    params={
        "database": Param("main", enum=["main", "demo"], description="Real data, or simulated data"),
    },
    default_args=task_defaults(settings, on_failure_callback=on_task_failure),
    description="Better parameters, room on the disk, proof that a backup restores:"
    f" {in_words(schedule.weekly_cron, schedule.timezone)}",
    on_failure_callback=on_run_failure,
    doc_md=__doc__,
    tags=list(settings.dag.tags),
)
def xgoals_maintenance() -> None:
    """Three tasks, one after the other in time only."""

    @step(settings)
    def search_hyperparameters() -> str | None:
        """Search hyperparameters on the stored shots; the next training uses what is better.

        **Red** means that there is too little data to search on, or that the database does not answer.

        *What to do:* the log says how much is missing; nothing else waits for this task.
        """
        from xgoals.steps.upkeep import tune

        with maintenance_run() as run:
            return tune.tune(run)

    @step(settings)
    def make_room() -> int:
        """Remove what is older than the settings in `[retention]` say; the log lists it.

        Feed files, published numbers, champions and decisions are never touched.

        **Red** means that a file may not be removed, or that a database does not answer.

        *What to do:* see the path in the last line of the log. `xgoals clean --dry-run` says what would go.
        """
        import logging

        from xgoals.services.clean import clean_all

        log = logging.getLogger("xgoals")
        with maintenance_run() as run:
            freed = clean_all(run.settings, dry_run=False, tell=log.info)
            for part in freed:
                log.info("%s, older than %d days: %d", part.what, part.older_than_days, part.n)
            return sum(part.n for part in freed)

    @step(settings)
    def check_backup() -> int:
        """Write a backup of the results, restore it into a scratch database, compare all rows, remove both.

        **Red** means that what came back differs, that there is no room, or that the database's user may not
        create a database.

        *What to do:* the last line of the log says which table, or which right. Keep the backups that you have.
        """
        from xgoals.steps.upkeep import backup

        with maintenance_run() as run:
            return backup.check_backup(run.settings, run.database)

    search_hyperparameters()
    make_room()
    check_backup()


maintenance = xgoals_maintenance()
