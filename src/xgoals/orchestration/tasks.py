"""What every task of the DAG needs: the run it belongs to, and errors that a person understands.

Imports of the steps happen inside: Airflow reads the DAG file every half a minute, and must not load pandas,
XGBoost and matplotlib each time.
"""

from __future__ import annotations

import inspect
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowFailException,
    AirflowSkipException,
    AirflowTaskTimeout,
)
from airflow.sdk.log import mask_secret

from xgoals.domain.errors import ForbiddenError, StoreError, XgoalsError
from xgoals.domain.secrets import known_secrets, redacted
from xgoals.orchestration.settings import task_settings
from xgoals.orchestration.task_help import TASK_HELP
from xgoals.settings import Database, Settings

if TYPE_CHECKING:
    from xgoals.steps.run_context import FeedSource, RunContext

log = logging.getLogger(__name__)


_LONGEST_PAUSE = timedelta(minutes=5)


def task_defaults(settings: Settings, **options: Any) -> dict[str, Any]:
    """What all tasks of a DAG have in common, by the section ``[dag]``; its ``default_args``.

    A database or a drive that is away for two minutes fails no run. What stays broken is tried once. Airflow waits
    up to twice as long as it is told: 20 to 40 s, then 40 to 80, then 80 to 160.

    Parameters
    ----------
    options
        Further ones of this DAG, such as ``on_failure_callback``.
    """
    own, pause = settings.dag, timedelta(seconds=settings.dag.retry_delay_s)
    where = {"pool": own.pool, "queue": own.queue}
    return {
        "owner": own.owner,
        "retries": own.retries,
        "retry_delay": pause,
        "retry_exponential_backoff": 2,
        "max_retry_delay": max(_LONGEST_PAUSE, pause),
        "priority_weight": own.priority_weight,
        **{name: value for name, value in where.items() if value is not None},
        **options,
    }


def step(settings: Settings, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Airflow's ``task`` decorator; the UI shows the function's docstring and what `TASK_HELP` says of the task.

    It may take as long as the settings say for a task of this name.

    Parameters
    ----------
    options
        Of the operator, such as ``on_success_callback``.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        # Airflow would take the docstring as it stands, and Markdown reads indented lines as code.
        says = (inspect.getdoc(function), TASK_HELP.get(function.__name__))
        limit = settings.limits.task_timeout(function.__name__)
        given = {"execution_timeout": limit} | options
        return task(doc_md="\n\n".join(text for text in says if text), **given)(function)

    return decorate


@contextmanager
def pipeline_run() -> Iterator[RunContext]:
    """The run of the pipeline that the present task works for, noted in the results; errors as `told_plainly`."""
    from xgoals.steps.allowed_sources import refuse_elsewhere
    from xgoals.steps.run_context import open_run

    context = get_current_context()
    started_at = context["dag_run"].start_date
    with told_plainly():
        run = run_of(context)
        if given := context["params"].get("source"):
            refuse_elsewhere(run.settings, Path(given))
        opened = open_run(
            run.settings,
            database=run.database,
            sources=run.sources,
            dag_run_id=run.run_id,
            started_at=started_at,
            watched_since=started_at,
            lists_sources=context["ti"].task_id == "find_matches",
        )
        with _errors_noted(opened, context):
            yield opened


@contextmanager
def _errors_noted(run: RunContext, context: Mapping[str, Any]) -> Iterator[None]:
    """Why a try fails stands in the results before Airflow hears of it: should its process die, others can tell it."""
    from xgoals.orchestration.failures import failure_of
    from xgoals.steps.run_context import note_error

    try:
        yield
    except AirflowSkipException:
        raise
    except (Exception, AirflowTaskTimeout) as error:
        note_error(run, failure_of({**context, "exception": error}).noted_error())
        raise


@contextmanager
def maintenance_run() -> Iterator[RunContext]:
    """What the present task of the maintenance works on: no run of the pipeline, and not noted as one."""
    with told_plainly():
        yield run_of(get_current_context())


@contextmanager
def told_plainly() -> Iterator[None]:
    """An error that a person can act on becomes the last line of the task's log.

    It is tried again only where that can help: the database, a drive or room may come back, a broken source stays
    broken, and so does our code.

    Raises
    ------
    AirflowFailException
        In place of an error that stays; the task is not tried again.
    StoreError
        If the database does not answer, or went away; the task is tried again.
    """
    from xgoals.store.database import RefusedError
    from xgoals.store.outages import outages_told

    hide_secrets()
    try:
        with outages_told():
            yield
    except (RefusedError, ForbiddenError) as error:
        raise AirflowFailException(sentence(error)) from None
    except StoreError as error:
        raise error from None  # the driver's own error repeats statements and what stood in them
    except (OSError, MemoryError, AirflowException):
        raise
    except XgoalsError as error:
        log.error("%s", sentence(error))  # before the traceback, which is not needed to understand it
        raise AirflowFailException(sentence(error)) from None
    except Exception as error:
        # Airflow would tell the error behind ours in the words of whoever has raised it, secrets and all.
        log.error("A bug of ours, please report it\n%s", redacted(traceback.format_exc()))
        raise AirflowFailException(sentence(error)) from None


def sentence(error: BaseException | str | None) -> str:
    """An error in words: its own if they were written for people, else its kind and its first line."""
    if error is None:
        return "its process ended without a word"
    if isinstance(error, str | AirflowException | XgoalsError):
        return redacted(str(error))
    first_line = next(iter(str(error).splitlines()), "")  # SQL and the like may follow; the log has all of it
    return redacted(f"{type(error).__name__}: {first_line}")


def hide_secrets() -> None:
    """Let Airflow hide our secrets, too, wherever it logs, renders or passes on: in tracebacks above all."""
    for secret in known_secrets():
        mask_secret(secret)


def run_of(context: Mapping[str, Any], settings: Settings | None = None) -> RunContext:
    """The run to which an Airflow context (of a task or a callback) belongs; nothing is written.

    What the form leaves open is decided by the event of the watcher that started the run, if one did; else
    the run is one of a night, for real data and all feeds that something has come of.

    Raises
    ------
    SettingsError, StoreError
        As `task_settings`, where no settings are given.
    """
    from xgoals.steps.inbox import feeds_with_files
    from xgoals.steps.run_context import RunContext

    settings, params = settings or task_settings(), context["params"]
    event = watchers_event(context)
    database: Database = params["database"] or event.get("database", "main")
    sources: tuple[FeedSource, ...] = ()
    if "feed" in params:  # a DAG that has no such parameter reads nothing
        feed = params["feed"] or event.get("feed")
        feeds = [feed] if feed else feeds_with_files(settings, database)
        sources = tuple(_source(settings, database, feed, params["source"]) for feed in feeds)
    dag_run = context["dag_run"]
    return RunContext(settings, database, dag_run.run_id, sources, dag_run.dag_id)


def _source(settings: Settings, database: Database, feed: str, given: str | None) -> FeedSource:
    from xgoals.steps.run_context import FeedSource

    return FeedSource(feed, Path(given) if given else settings.inbox(feed, database))


def watchers_event(context: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of the newest event that started this run; empty for runs of the night or by hand."""
    by_asset = context.get("triggering_asset_events") or {}
    events = sorted(
        (event for of_asset in by_asset.values() for event in of_asset), key=lambda e: e.timestamp
    )
    payload = (events[-1].extra or {}).get("payload") if events else None
    return dict(payload or {})
