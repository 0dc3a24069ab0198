"""A human decides about a challenger.

This DAG is there when `training.approval` is on. The pipeline starts one run of it for each challenger that is good
enough and waits for approval; the pipeline itself goes on with the champion of before and waits for nobody.

Press *Required Actions* in the run: *Approve* makes the challenger champion, from the next run of the pipeline on;
*Reject*, or no answer for six days, changes nothing. `xgoals models promote` does the same in a terminal.
"""

from datetime import timedelta

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag

from xgoals.orchestration.approval import promote_challenger
from xgoals.orchestration.callbacks import on_task_failure
from xgoals.orchestration.settings import dag_settings
from xgoals.orchestration.tasks import step, task_defaults

settings = dag_settings()
PATIENCE = timedelta(days=6)


@dag(  # type: ignore[untyped-decorator]
    schedule=None,
    catchup=False,
    params={
        "challenger": Param("", type="string", description="The model version to decide about"),
        "database": Param("main", enum=["main", "demo"], description="Real data, or simulated data"),
        "champion": Param(
            None, type=["null", "string"], description="The champion that it was judged against"
        ),
        "decision_n": Param(
            None, type=["null", "integer"], description="The decision that is approved; empty: the latest one"
        ),
        "reason": Param("", type="string", description="What the comparison with the champion has shown"),
    },
    default_args=task_defaults(settings, on_failure_callback=on_task_failure),
    description="A human decides whether a challenger becomes champion; the pipeline starts it",
    doc_md=__doc__,
    tags=list(settings.dag.tags),
)
def xgoals_approval() -> None:
    """Ask, then promote."""

    @step(settings)
    def promote() -> str:
        """Make the approved challenger champion.

        **Red** means that there is no such model, that it is champion already, that the champion is another one by
        now than it was judged against, that this is pinned, or that its bytes are not those that were registered.
        *What to do:* the last line of the log says it; `xgoals models list` has all models.
        """
        return promote_challenger()

    ask = ApprovalOperator(
        task_id="ask",
        subject="Shall {{ params.challenger }} become champion?",
        body="{{ params.reason }}\n\nChampion: {{ params.champion }}. Database: {{ params.database }}."
        " `xgoals models show {{ params.challenger }}` has its figures.",
        response_timeout=PATIENCE,
        defaults="Reject",
    )
    ask >> promote()


approval = xgoals_approval() if settings.training.approval else None
