"""One pipeline run to its end: by the services if they are up, else by a process of its own.

Both work through the same DAG on the same metadata database, and the Airflow UI shows both.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from xgoals.domain.pipeline import DAG_ID, TASK_IDS
from xgoals.logs import is_json
from xgoals.services.airflow.components import api
from xgoals.services.airflow.files import task_log_folder
from xgoals.services.postgres.databases import bring_up_to_date, start_database
from xgoals.services.runner.by_services import run_by_services
from xgoals.services.runner.child import run_in_child
from xgoals.services.runner.display import RunDisplay
from xgoals.services.runner.following import Follower, RunOutcome, Shares, TaskOutcome
from xgoals.settings import Database, Settings
from xgoals.steps.allowed_sources import allow


def run_pipeline(
    settings: Settings,
    *,
    database: Database,
    feed: str | None,
    source: Path | None = None,
    conf: Mapping[str, Any] | None = None,
    shares: Shares | None = None,
    console: Console | None = None,
) -> RunOutcome:
    """Run the DAG once, show how it goes, and return how it ended.

    Parameters
    ----------
    settings
        Of this ``XGOALS_HOME``.
    database
        ``main`` or ``demo``.
    feed
        Kind of the feed's files; None means all that have come to the inbox.
    source
        Folder (or file) to read; None means the feed's inbox.
    conf
        Further parameters of the DAG.
    shares
        Tells how far tasks are that count their work; asked twice a second.
    console
        Where to show the progress; the terminal's error stream by default.

    Raises
    ------
    ServiceError
        If Postgres or Airflow cannot be started or asked, or the DAG file cannot be read.
    """
    parameters = {
        **(conf or {}),
        "database": database,
        "feed": feed,
        "source": str(source.resolve()) if source else None,
    }
    with RunDisplay(TASK_IDS, console, as_log=is_json(settings)) as display:
        follower = Follower(display, shares)
        start_database(settings, database)
        bring_up_to_date(settings, database)
        if source:
            allow(settings, source)
        outcome = None
        while outcome is None:
            if client := api(settings):
                with client:
                    outcome = run_by_services(client, parameters, follower)
            else:
                outcome = run_in_child(settings, parameters, follower)
    _say_how_it_ended(outcome, display, settings)
    return outcome


def _say_how_it_ended(outcome: RunOutcome, display: RunDisplay, settings: Settings) -> None:
    if outcome.state == "success":
        display.say(f"Run {outcome.run_id}: done in {outcome.seconds:.0f} s")
        return
    if outcome.reached_its_end:
        display.say(
            f"Run {outcome.run_id}: came to its end in {outcome.seconds:.0f} s, without the matches that are broken"
        )
    else:
        display.say(f"Run {outcome.run_id}: failed after {outcome.seconds:.0f} s")
    for failed in outcome.failed_tasks:
        display.say(failed.error or f"{failed.task_id}: its process ended without a word")
        display.say(f"log: {_log_of(failed, outcome.run_id, settings)}")


def _log_of(task: TaskOutcome, run_id: str, settings: Settings) -> Path:
    folder = task_log_folder(settings) / f"dag_id={DAG_ID}" / f"run_id={run_id}" / f"task_id={task.task_id}"
    mapped = [f"map_index={task.map_index}"] if task.map_index >= 0 else []
    return folder.joinpath(*mapped, f"attempt={task.try_number}.log")
