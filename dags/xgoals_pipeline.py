"""From match feeds to an explained expected-goals model, every night.

The pipeline takes the feed files of matches, builds the features of every shot, trains a model where that is
due, keeps the better one as champion, explains every single prediction, and writes the reports.

**Every task is a transaction that can be repeated.** Whatever went wrong: mend the cause, then *Clear* the red
task; the run goes on from there. Or trigger a new run: the same input gives the same rows, nothing is doubled.

**A task is red.** The last line of its log says in one sentence what is wrong, where, and what to do. Each task
says more about itself: click it, then *Details*.

**When it runs.** Every night, and whenever the watcher of the inbox has updated the asset *matchday complete*:
see the *Assets* page. One run works at a time; a later one sees what the earlier one has stored.

**Parameters.** Everything can be left as it is: then the run reads what has come. `feed`: which kind of files.
`source`: the folder to read; empty means the inbox. `database`: `main` for real data, `demo` for simulated data; the
two never meet. The others choose matches, to read resent or old ones by hand.
"""

from typing import Any

from airflow.configuration import conf
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, TriggerRule, dag

from xgoals.orchestration.approval import approval_conf
from xgoals.orchestration.callbacks import (
    on_run_end,
    on_run_failure,
    on_run_success,
    on_task_failure,
    on_task_success,
)
from xgoals.orchestration.dead_runs import close_dead_runs
from xgoals.orchestration.lateness import LatenessTrigger
from xgoals.orchestration.portions import check_all_read, ingest_portion, mapped, unmapped
from xgoals.orchestration.run_form import RUN_FORM, wanted_matches
from xgoals.orchestration.settings import dag_settings
from xgoals.orchestration.tasks import pipeline_run, step, task_defaults
from xgoals.orchestration.timetable import time_schedule, when
from xgoals.orchestration.trigger import InboxTrigger
from xgoals.orchestration.ui.figures import attach_figures
from xgoals.orchestration.ui.links import REPORTS, add_report_button

settings = dag_settings()
schedule = settings.schedule
inbox = AssetWatcher(name="inbox", trigger=InboxTrigger(poll_s=schedule.poll_s, settle_s=schedule.settle_s))
# It reports nothing of the inbox: hanging on an asset is how a trigger of Airflow's runs for as long as Airflow does.
lateness = AssetWatcher(
    name="lateness", trigger=LatenessTrigger(late_after_s=schedule.late_after_minutes * 60)
)
matchday_complete = Asset(
    "matchday complete",
    uri="xgoals://inbox",
    watchers=[inbox, lateness] if schedule.watch_inbox else [lateness],
)


def ask_for_approval(champion: Any) -> None:
    """The tasks that are there when a human decides about challengers: beside the chain, which waits for nobody."""

    @step(settings)
    def find_approval_due(champion: str) -> dict[str, Any]:
        """Look whether a challenger waits for approval; skipped where none does."""
        with pipeline_run() as run:
            return approval_conf(run)

    TriggerDagRunOperator(
        task_id="ask_for_approval",
        trigger_dag_id="xgoals_approval",
        # A decision is asked about once; the same model, judged against another champion, is another decision.
        trigger_run_id="{{ ti.xcom_pull('find_approval_due')['database'] }}-decision-"
        "{{ ti.xcom_pull('find_approval_due')['decision_n'] }}",
        conf=find_approval_due(champion),
        skip_when_already_exists=True,
    )


@dag(  # type: ignore[untyped-decorator]
    description=f"Matches in, reports out: {when(schedule)}, and whenever a matchday is complete in the inbox",
    schedule=AssetOrTimeSchedule(timetable=time_schedule(settings), assets=[matchday_complete]),
    catchup=False,
    max_active_runs=1,
    params=RUN_FORM,
    max_active_tasks=max(
        settings.dag.ingest_at_once, conf.getint("core", "max_active_tasks_per_dag", fallback=16)
    ),
    default_args=task_defaults(
        settings,
        execution_timeout=settings.limits.task_timeout("other"),
        on_failure_callback=on_task_failure,
        on_success_callback=on_task_success,
    ),
    on_failure_callback=on_run_failure,
    on_success_callback=on_run_end,
    doc_md=__doc__,
    tags=list(settings.dag.tags),
)
def xgoals_pipeline() -> None:
    """The seven tasks and their order; before them, the list of matches that the first one works through."""

    @step(settings)
    def find_matches(params: dict[str, Any]) -> list[dict[str, Any]]:
        """List what has come, and hand out what is new or changed: a match a task, or portions where there are many."""
        from xgoals.steps import find_matches

        with pipeline_run() as run:
            close_dead_runs(run)
            return mapped(find_matches.find_matches(run, wanted_matches(params)))

    @step(settings, map_index_template="{{ what }}", max_active_tis_per_dag=settings.dag.ingest_at_once)
    def ingest(portion: dict[str, Any], params: dict[str, Any]) -> None:
        """Read matches into the database, one transaction a match."""
        ingest_portion(portion, reread=params["again"])

    @step(settings, trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
    def build_features(portions: list[dict[str, Any]]) -> str:
        """Sum up what has been read, and compute the features of every shot that has none yet."""
        from xgoals.steps import build_features, sum_up

        with pipeline_run() as run:
            check_all_read()
            sum_up.sum_up(run, unmapped(portions))
            return build_features.build_features(run)

    @step(settings)
    def train() -> str | None:
        """Train a challenger, where one is due and there is enough data; else the champion stays."""
        from xgoals.steps import train

        with pipeline_run() as run:
            return train.train(run)

    @step(settings)
    def register(challenger: str | None) -> str:
        """Compare the challenger with the champion and promote it only on evidence."""
        from xgoals.steps import register

        with pipeline_run() as run:
            return register.register(run, challenger)

    @step(settings)
    def compute_baseline(champion: str) -> str:
        """Compute the champion's baseline: the row of average features against which shots are explained."""
        from xgoals.steps import compute_baseline

        with pipeline_run() as run:
            compute_baseline.compute_baseline(run, champion)
        return champion

    @step(settings)
    def explain(champion: str) -> str:
        """Explain every prediction that has no explanation by this champion yet."""
        from xgoals.steps import explain

        with pipeline_run() as run:
            return explain.explain(run, champion)

    @step(settings, on_success_callback=on_run_success, outlets=[REPORTS])
    def report(champion: str) -> str:
        """Write the reports, close the run, and send the mails about it."""
        from xgoals.mail.enqueue import end_run
        from xgoals.steps import report

        with pipeline_run() as run:
            page = report.report(run, champion)
            end_run(run)
            attach_figures(run)
        return page

    portions = find_matches()
    challenger = train()
    champion = register(challenger)
    champion_with_baseline = compute_baseline(champion)
    explained_champion = explain(champion_with_baseline)

    (
        ingest.expand(portion=portions)
        >> build_features(portions)
        >> challenger
        >> champion
        >> champion_with_baseline
        >> explained_champion
        >> add_report_button(report(explained_champion))
    )

    if settings.training.approval:
        ask_for_approval(champion)


pipeline = xgoals_pipeline()
