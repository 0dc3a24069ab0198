"""What every task of the DAG needs: the run it belongs to, and errors that a person understands.

Imports of the steps happen inside: Airflow reads the DAG file every half a minute, and must not load pandas,
XGBoost and matplotlib each time.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from xgoals.domain.errors import StoreError, XgoalsError
from xgoals.settings import load_settings

if TYPE_CHECKING:
    from xgoals.steps import RunContext

log = logging.getLogger(__name__)


def step(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Airflow's ``task`` decorator; the function's docstring becomes the documentation that the UI shows.

    Parameters
    ----------
    options
        Of the operator, such as ``on_success_callback``.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        # Airflow would take the docstring as it stands, and Markdown reads indented lines as code.
        decorated: Callable[..., Any] = task(doc_md=inspect.getdoc(function), **options)(function)
        return decorated

    return decorate


@contextmanager
def pipeline_run() -> Iterator[RunContext]:
    """The run of the pipeline that the present task works for, noted in the results; errors as `told_plainly`."""
    from xgoals import steps

    context = get_current_context()
    with told_plainly():
        run = run_of(context)
        yield steps.open_run(
            run.settings,
            database=run.database,
            feed=run.feed,
            source=run.source,
            dag_run_id=run.run_id,
            started_at=context["dag_run"].start_date,
        )


@contextmanager
def maintenance_run() -> Iterator[RunContext]:
    """What the present task of the maintenance works on: no run of the pipeline, and not noted as one."""
    with told_plainly():
        yield run_of(get_current_context())


@contextmanager
def told_plainly() -> Iterator[None]:
    """An error that a person can act on becomes the last line of the task's log.

    It is tried again only where that can help: the database may come back, a broken source stays broken.

    Raises
    ------
    AirflowFailException
        In place of an `XgoalsError`; the task is not tried again.
    StoreError
        As it is; the task is tried again.
    """
    try:
        yield
    except StoreError:
        raise
    except XgoalsError as error:
        log.error("%s", error)  # before the traceback, which is not needed to understand it
        raise AirflowFailException(str(error)) from None


def sentence(error: BaseException | str | None) -> str:
    """An error in words: its own if they were written for people, else its kind and its first line."""
    if error is None:
        return "its process ended without a word"
    if isinstance(error, str | AirflowException | XgoalsError):
        return str(error)
    first_line = next(iter(str(error).splitlines()), "")  # SQL and the like may follow; the log has all of it
    return f"{type(error).__name__}: {first_line}"


def run_of(context: Mapping[str, Any]) -> RunContext:
    """The run to which an Airflow context (of a task or a callback) belongs; nothing is written."""
    from xgoals.steps import RunContext

    settings, params = load_settings(), context["params"]
    source = params["source"]
    return RunContext(
        settings=settings,
        database=params["database"],
        run_id=context["dag_run"].run_id,
        feed=params["feed"],
        source=Path(source) if source else settings.inbox(params["feed"]),
    )
