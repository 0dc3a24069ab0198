"""Decades of matches at once, by Spark: feed files into a lake of archives, and the lake into the results.

This DAG is there where Spark is installed (`pip install 'xgoals[spark]'`, and Java 17), and runs only when somebody
starts it: *Trigger*, with the feed and the folder or bucket that its files lie in. Where Spark works says the setting
`spark.master`. The pipeline is not touched by it: its next run builds features of what has come, and explains it.

**It can be repeated.** What lies in the lake and has not changed is not read again, what is stored is not stored again.

**A task is red.** The last line of its log says in one sentence what is wrong, where, and what to do; matches that
could not be read are listed in `_problems.parquet` in the lake, with reason and advice. The others are loaded.
"""

from importlib.util import find_spec

from airflow.sdk import dag

from xgoals.orchestration.backfill import BACKFILL_FORM, load_from_lake, read_into_lake
from xgoals.orchestration.callbacks import on_run_failure, on_task_failure
from xgoals.orchestration.settings import dag_settings
from xgoals.orchestration.tasks import step, task_defaults

settings = dag_settings()


@dag(  # type: ignore[untyped-decorator]
    schedule=None,
    catchup=False,
    max_active_runs=1,
    params=BACKFILL_FORM,
    default_args=task_defaults(settings, on_failure_callback=on_task_failure),
    description="Decades of matches by Spark: feed files into a lake of archives, the lake into the results",
    on_failure_callback=on_run_failure,
    doc_md=__doc__,
    tags=list(settings.dag.tags),
)
def xgoals_backfill() -> None:
    """Two tasks, one after the other."""

    @step(settings)
    def spark_ingest() -> str:
        """Read what is new or changed in the source into the lake, a match a task of Spark's.

        A match that cannot be read is left out with a reason, and the others go on. **Red** means that the source or
        the lake cannot be used, that there is no Java, or that the cluster does not answer or has nothing free.

        *What to do:* the last line of the log says it; Spark's own words stand in `logs/spark.log` in XGOALS_HOME.
        Then clear this task: what is done is not done a second time.
        """
        return read_into_lake()

    @step(settings)
    def load_archive(lake: str) -> int:
        """Load what is new or changed in the lake, one transaction a match, with clips.

        **Red** means that the database does not answer; or that all is loaded, and matches of the source were left
        out: the log lists them.

        *What to do:* mend or replace the files that the log names, then clear both tasks.
        """
        return load_from_lake(lake)

    load_archive(spark_ingest())


backfill = xgoals_backfill() if find_spec("pyspark") else None
