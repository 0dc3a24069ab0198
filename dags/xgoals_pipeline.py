"""From match feeds to an explained expected-goals model, every night.

The pipeline takes the feed files of matches, builds the features of every shot, trains a model where that is
due, keeps the better one as champion, explains every single prediction, and writes the reports.

**Every task is a transaction that can be repeated.** Whatever went wrong: mend the cause, then *Clear* the red
task; the run goes on from there. Or trigger a new run: the same input gives the same rows, nothing is doubled.

**A task is red.** The last line of its log says in one sentence what is wrong, where, and what to do. Each task
says more about itself: click it, then *Details*.

**Parameters.** `feed`: which kind of files. `source`: the folder to read; empty means the inbox, which scheduled
runs read. `database`: `main` for real data, `demo` for simulated data; the two never meet.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag

from xgoals.orchestration.notifications import tell_failure, tell_success
from xgoals.orchestration.tasks import pipeline_run, step
from xgoals.orchestration.ui.figures import attach_figures
from xgoals.orchestration.ui.links import REPORTS, add_report_button
from xgoals.settings import load_settings

schedule = load_settings().schedule


@dag(  # type: ignore[untyped-decorator]
    schedule=CronTriggerTimetable(schedule.nightly_cron, timezone=schedule.timezone),
    catchup=False,
    max_active_runs=1,
    params={
        "feed": Param(
            "statsbomb", enum=["statsbomb", "dfl", "archive"], description="Kind of the feed's files"
        ),
        "source": Param(None, type=["null", "string"], description="Folder to read; empty: the inbox"),
        "database": Param("main", enum=["main", "demo"], description="Real data, or simulated data"),
    },
    default_args={
        "owner": "xgoals",
        "retries": 1,
        "retry_delay": timedelta(seconds=10),
        "on_failure_callback": tell_failure,
    },
    doc_md=__doc__,
    tags=["xgoals"],
)
def xgoals_pipeline() -> None:
    """The seven tasks and their order."""

    @step()
    def ingest() -> str:
        """Read the feed's files into the database, one transaction a match.

        A match that cannot be read is put into quarantine with its reason, and the others go on: that does not
        make this task red. **Red** means that the source as a whole cannot be read (no such folder, nothing in
        it) or that the database does not answer.

        *What to do:* look at the path in the last line of the log; is the drive mounted, may the user read it?
        `xgoals status` says whether the database runs. Then clear this task.
        """
        from xgoals import steps

        with pipeline_run() as run:
            return steps.ingest(run)

    @step()
    def build_features() -> str:
        """Compute the features of every shot that has none yet under the present catalogue.

        **Red** means a bug of ours, or that the database does not answer: no input file can do it, those are
        judged by `ingest`.

        *What to do:* `xgoals status`; then clear this task. If it stays red, report the log.
        """
        from xgoals import steps

        with pipeline_run() as run:
            return steps.build_features(run)

    @step()
    def train() -> str | None:
        """Train a challenger, where one is due and there is enough data; else the champion stays.

        **Red** means that there is no champion yet and too little data for a first one.

        *What to do:* ingest more matches (the log says how many are needed and how many there are), or lower
        `training.min_matches` and `training.min_goals` in `xgoals.toml`. What was ingested stays.
        """
        from xgoals import steps

        with pipeline_run() as run:
            return steps.train(run)

    @step()
    def register(challenger: str | None) -> str:
        """Compare the challenger with the champion and promote it only on evidence.

        A refused promotion is a result, not a failure. **Red** means that a model's bytes in the registry do
        not match their checksum, or that the database does not answer.

        *What to do:* `xgoals models list`, `xgoals models rollback` to an intact version; then clear this task.
        """
        from xgoals import steps

        with pipeline_run() as run:
            return steps.register(run, challenger)

    @step()
    def compute_baseline(champion: str) -> str:
        """Compute the champion's baseline: the row of average features against which shots are explained.

        **Red** means that the rows that the champion was trained on are gone, or that the database does not
        answer.

        *What to do:* restore the database from a backup, or ingest the matches again; then clear this task.
        """
        from xgoals import steps

        with pipeline_run() as run:
            steps.compute_baseline(run, champion)
        return champion

    @step()
    def explain(champion: str) -> str:
        """Explain every prediction that has no explanation by this champion yet.

        **Red** means that the parts of an explanation do not add up to its prediction. Nothing is stored then.

        *What to do:* this is a bug of ours: report the log. Until then `xgoals models rollback` brings back the
        champion of before; clear this task after that.
        """
        from xgoals import steps

        with pipeline_run() as run:
            steps.explain(run, champion)
        return champion

    @step(on_success_callback=tell_success, outlets=[REPORTS])
    def report(champion: str) -> str:
        """Write the reports, close the run, and send the mail about it.

        **Red** means that the disk is full or the reports folder cannot be written. A mail that cannot be sent
        is a warning in the log, and lies in the outbox.

        *What to do:* make room in `XGOALS_HOME/reports`; then clear this task.
        """
        from xgoals import steps

        with pipeline_run() as run:
            page = steps.report(run, champion)
            steps.close_run(run, "success")
            attach_figures(run)
        return page

    challenger = train()
    champion = register(challenger)
    champion_with_baseline = compute_baseline(champion)
    explained_champion = explain(champion_with_baseline)

    (
        ingest()
        >> build_features()
        >> challenger
        >> champion
        >> champion_with_baseline
        >> explained_champion
        >> add_report_button(report(explained_champion))
    )


xgoals_pipeline()
