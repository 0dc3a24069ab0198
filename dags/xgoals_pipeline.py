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

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import (
    Asset,
    AssetOrTimeSchedule,
    AssetWatcher,
    Param,
    TriggerRule,
    dag,
)
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from xgoals.orchestration.callbacks import on_run_late, on_run_success, on_task_failure, on_task_success
from xgoals.orchestration.tasks import (
    approval_conf,
    ingest_portion,
    mapped,
    pipeline_run,
    step,
    unmapped,
    wanted_matches,
)
from xgoals.orchestration.timetable import time_schedule
from xgoals.orchestration.trigger import InboxTrigger
from xgoals.orchestration.ui.figures import attach_figures
from xgoals.orchestration.ui.links import REPORTS, add_report_button
from xgoals.settings import load_settings

settings = load_settings()
schedule = settings.schedule
watcher = AssetWatcher(name="inbox", trigger=InboxTrigger(poll_s=schedule.poll_s, settle_s=schedule.settle_s))
matchday_complete = Asset(
    "matchday complete", uri="xgoals://inbox", watchers=[watcher] if schedule.watch_inbox else []
)


def ask_for_approval(champion: Any) -> None:
    """The tasks that are there when a human decides about challengers: beside the chain, which waits for nobody."""

    @step()
    def find_approval_due(champion: str) -> dict[str, str]:
        """Look whether a challenger waits for approval; skipped where none does.

        **Red** means that the database does not answer. *What to do:* `xgoals status`, then clear this task.
        """
        with pipeline_run() as run:
            return approval_conf(run)

    TriggerDagRunOperator(
        task_id="ask_for_approval",
        trigger_dag_id="xgoals_approval",
        trigger_run_id="{{ ti.xcom_pull('find_approval_due')['challenger'] }}",
        conf=find_approval_due(champion),
        skip_when_already_exists=True,
    )


@dag(  # type: ignore[untyped-decorator]
    schedule=AssetOrTimeSchedule(timetable=time_schedule(schedule), assets=[matchday_complete]),
    catchup=False,
    max_active_runs=1,
    params={
        "feed": Param(
            None,
            type=["null", "string"],
            enum=[None, "statsbomb", "dfl", "archive"],
            description="Kind of the feed's files; empty: of all that has come",
        ),
        "source": Param(None, type=["null", "string"], description="Folder to read; empty: the inbox"),
        "database": Param(
            None,
            type=["null", "string"],
            enum=[None, "main", "demo"],
            description="Real data (main), or simulated data; empty: main, or that of the inbox that was reported",
        ),
        "match_ids": Param(
            None,
            type=["null", "array"],
            items={"type": "string"},
            description="Only these matches, by the provider's ids, one a line; empty: all that are new or changed",
        ),
        "competition": Param(
            None, type=["null", "string"], description="Only this competition, by id or name"
        ),
        "season": Param(None, type=["null", "string"], description="Only this season, by id or name"),
        "first_matchday": Param(
            None, type=["null", "integer"], minimum=1, description="Only matchdays from this one on"
        ),
        "last_matchday": Param(
            None, type=["null", "integer"], minimum=1, description="Only matchdays up to this one"
        ),
        "again": Param(
            False, type="boolean", description="Read also what has not changed since it was read last"
        ),
    },
    default_args={
        "owner": "xgoals",
        "retries": 1,
        "retry_delay": timedelta(seconds=10),
        "on_failure_callback": on_task_failure,
        "on_success_callback": on_task_success,
    },
    deadline=DeadlineAlert(
        name="the run is late",
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=timedelta(minutes=schedule.late_after_minutes),
        callback=AsyncCallback(on_run_late),
    ),
    doc_md=__doc__,
    tags=["xgoals"],
)
def xgoals_pipeline() -> None:
    """The seven tasks and their order; before them, the list of matches that the first one works through."""

    @step()
    def find_matches(params: dict[str, Any]) -> list[dict[str, Any]]:
        """List what has come, and hand out what is new or changed: a match a task, or portions where there are many.

        What can be attributed to no match, and what contradicts what is stored, goes into quarantine; that does
        not make this task red. **Red** means that the source as a whole cannot be read (no such folder, nothing
        in it), that a match that was asked for is not in it, or that the database does not answer.

        *What to do:* look at the path in the last line of the log; is the drive mounted, may the user read it?
        `xgoals status` says whether the database runs. Then clear this task.
        """
        from xgoals.steps import find_matches

        with pipeline_run() as run:
            return mapped(find_matches.find_matches(run, wanted_matches(params)))

    @step(map_index_template="{{ what }}", max_active_tis_per_dag=2)
    def ingest(portion: dict[str, Any], params: dict[str, Any]) -> None:
        """Read matches into the database, one transaction a match.

        A match that cannot be read is put into quarantine with its reason, and makes **its** square red; the
        others, and the tasks after this one, go on without it. **Red** means that a match is broken (as long as
        nothing changes, the next runs only mention it), or that the database does not answer.

        *What to do:* the last line of the log names the file, the place and the advice. Mend or replace the file,
        then clear this square: the match is read, and the tasks after it take it in.
        """
        ingest_portion(portion, again=params["again"])

    @step(trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
    def build_features(portions: list[dict[str, Any]]) -> str:
        """Sum up what has been read, and compute the features of every shot that has none yet.

        **Red** means a bug of ours, or that the database does not answer: no input file can do it, those are
        judged by `ingest`.

        *What to do:* `xgoals status`; then clear this task. If it stays red, report the log.
        """
        from xgoals.steps import build_features, sum_up

        with pipeline_run() as run:
            sum_up.sum_up(run, unmapped(portions))
            return build_features.build_features(run)

    @step()
    def train() -> str | None:
        """Train a challenger, where one is due and there is enough data; else the champion stays.

        **Red** means that there is no champion yet and too little data for a first one.

        *What to do:* ingest more matches (the log says how many are needed and how many there are), or lower
        `training.min_matches` and `training.min_goals` in `xgoals.toml`. What was ingested stays.
        """
        from xgoals.steps import train

        with pipeline_run() as run:
            return train.train(run)

    @step()
    def register(challenger: str | None) -> str:
        """Compare the challenger with the champion and promote it only on evidence.

        A refused promotion is a result, not a failure. **Red** means that a model's bytes in the registry do
        not match their checksum, or that the database does not answer.

        *What to do:* `xgoals models list`, `xgoals models rollback` to an intact version; then clear this task.
        """
        from xgoals.steps import register

        with pipeline_run() as run:
            return register.register(run, challenger)

    @step()
    def compute_baseline(champion: str) -> str:
        """Compute the champion's baseline: the row of average features against which shots are explained.

        **Red** means that the rows that the champion was trained on are gone, or that the database does not
        answer.

        *What to do:* restore the database from a backup, or ingest the matches again; then clear this task.
        """
        from xgoals.steps import compute_baseline

        with pipeline_run() as run:
            compute_baseline.compute_baseline(run, champion)
        return champion

    @step()
    def explain(champion: str) -> str:
        """Explain every prediction that has no explanation by this champion yet.

        **Red** means that the parts of an explanation do not add up to its prediction. Nothing is stored then.

        *What to do:* this is a bug of ours: report the log. Until then `xgoals models rollback` brings back the
        champion of before; clear this task after that.
        """
        from xgoals.steps import explain

        with pipeline_run() as run:
            explain.explain(run, champion)
        return champion

    @step(on_success_callback=on_run_success, outlets=[REPORTS])
    def report(champion: str) -> str:
        """Write the reports, close the run, and send the mails about it.

        **Red** means that the disk is full or the reports folder cannot be written. A mail that cannot be sent
        is a warning in the log, and is sent later: `xgoals notifications list`.

        *What to do:* make room in `XGOALS_HOME/reports`; then clear this task.
        """
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


xgoals_pipeline()
