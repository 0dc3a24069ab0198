"""What a run has to tell becomes rows of ``notification``, in the transaction in which the run ends.

Nothing is sent here. Trouble with a text or a picture is logged and never changes how a run ends.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from xgoals.domain.pipeline import DAG_ID
from xgoals.domain.trouble import Trouble
from xgoals.mail.compose import compose_mails, mail_language
from xgoals.mail.content import News, RunSummary
from xgoals.mail.content.failure import TaskFailure, failure_news
from xgoals.mail.content.health import health_news
from xgoals.mail.content.service import ServiceDeath, service_news
from xgoals.mail.content.troubles import late_trouble, stuck_trouble, troubles_of_run
from xgoals.mail.content.warning import warning_news
from xgoals.settings import Database, Settings
from xgoals.steps.run_context import RunContext, close_run, described, log, run_of_row, summary_of
from xgoals.store import match_news, runs
from xgoals.store import matches as match_store
from xgoals.store import notifications as store
from xgoals.store.database import connect, is_outage
from xgoals.store.troubles import troubles_of


def end_run(context: RunContext) -> dict[str, Any]:
    """Note that a run has come to its end, and queue the mails about it: all of it, or nothing.

    May be called again: what is queued is not queued twice.
    """

    def enqueue(connection: Connection, run: RunSummary) -> None:
        if store.end_is_enqueued(connection, context.run_id):
            return
        digests = _compose_and_enqueue(connection, context.settings, _digests(connection, context, run))
        health = health_news(run, context.settings, mail_language(context.settings))
        _compose_and_enqueue(
            connection, context.settings, [health], but_not_to={mail.recipient for mail in digests}
        )
        _enqueue_warnings_of_run(connection, context, run)

    return close_run(context, "success", enqueue_mails=_in_savepoint(enqueue))


def end_failed_run(context: RunContext, failure: TaskFailure) -> dict[str, Any]:
    """Note that a run has failed, and queue the mails about it: all of it, or nothing.

    Raises
    ------
    StoreError
        If the database does not answer; see `mails_without_database`.
    """
    if context.dag_id != DAG_ID:  # the pipeline's run of the same id has not failed
        enqueue_failure_of_part(context, failure)
        return described(context)

    def enqueue(connection: Connection, run: RunSummary) -> None:
        _compose_and_enqueue(connection, context.settings, _failure_news(failure, run, context.settings))
        if context.is_pipeline:
            _enqueue_warnings_of_run(connection, context, run)

    return close_run(
        context, "failed", failure.task, str(failure.error), enqueue_mails=_in_savepoint(enqueue)
    )


def end_failed_run_unless_told(
    context: RunContext, failure: TaskFailure, *, told_as: str | None = None
) -> bool:
    """The same where nobody has told it yet: the task's process does, unless it is killed; whether it was to be told.

    What the task had noted of its error before it ended counts more than what is known from outside.

    Parameters
    ----------
    told_as
        What the matter of a mail begins with that has told it; by default, it is that of the failure.

    Raises
    ------
    StoreError
        If the database does not answer.
    """
    with _transaction(context) as connection:
        known = runs.read_run(connection, context.run_id, dag_id=context.dag_id) or {}
        is_told = store.failure_is_told(connection, context.dag_id, context.run_id, told_as or failure.matter)
    if known.get("state") == "failed" or (is_told and not known):
        return False
    if is_told:
        close_run(context, "failed", failure.task, str(failure.error))
        return False
    end_failed_run(context, failure.with_noted_error(known.get("error")))
    return True


def enqueue_late_runs(settings: Settings, database: Database, allowed: timedelta, now: datetime) -> int:
    """Queue a warning for each run that Airflow began longer ago than is allowed and that is not over; how many.

    A run is told once. One that has ended, well or not, is not late any more.

    Raises
    ------
    StoreError
        If the database does not answer.
    """
    engine = connect(settings, database, application="xgoals lateness", statement_timeout_s=30)
    try:
        with engine.begin() as connection:
            late = runs.late_runs(connection, now - allowed)
            for run in late:
                _enqueue_late_run(connection, settings, run_of_row(settings, database, run), run, allowed)
            return len(late)
    finally:
        engine.dispose()


def enqueue_service_death(settings: Settings, database: Database, death: ServiceDeath) -> None:
    """Queue the mails about a service that was found dead.

    Raises
    ------
    StoreError
        If the database does not answer.
    """
    with _transaction(RunContext(settings, database, "")) as connection:
        _compose_and_enqueue(connection, settings, [service_news(death, settings, mail_language(settings))])


def enqueue_stuck_run(context: RunContext, since: datetime, waiting: str) -> None:
    """Queue the warning about a run of which nothing works, unless it was told already that it is late.

    Raises
    ------
    StoreError
        If the database does not answer.
    """
    enqueue_warnings(context, stuck_trouble(since, waiting, mail_language(context.settings)))


def _enqueue_late_run(
    connection: Connection, settings: Settings, context: RunContext, run: runs.OpenRun, allowed: timedelta
) -> None:
    assert run.watched_since is not None  # noqa: S101  (else it would not be late)
    known = RunSummary(**described(context), is_simulated=match_store.is_simulated(connection))
    trouble = late_trouble(run.watched_since + allowed, mail_language(settings))
    _enqueue_warnings(connection, settings, known, [trouble])


def enqueue_failure_of_part(context: RunContext, failure: TaskFailure) -> None:
    """Queue the mails about a failure that does not end the run: of one match among others.

    Raises
    ------
    StoreError
        If the database does not answer; see `mails_without_database`.
    """

    def enqueue(connection: Connection, run: RunSummary) -> None:
        _compose_and_enqueue(
            connection, context.settings, _failure_news(failure, run, context.settings, goes_on=True)
        )

    with _transaction(context) as connection:
        _in_savepoint(enqueue)(connection, summary_of(connection, context))


def enqueue_warnings(context: RunContext, *troubles: Trouble) -> None:
    """Queue the mails about troubles while a run goes on; each matter is told once a run.

    Raises
    ------
    StoreError
        If the database does not answer.
    """
    with _transaction(context) as connection:
        run = RunSummary(**described(context), is_simulated=match_store.is_simulated(connection))
        _enqueue_warnings(connection, context.settings, run, troubles)


def mails_without_database(
    context: RunContext, failure: TaskFailure, started_at: datetime | None
) -> list[store.Mail]:
    """The mails about a failure that cannot be queued, because the database is what failed."""
    run = RunSummary(
        **described(context),
        is_simulated=context.database == "demo",
        started_at=started_at,
        ended_at=datetime.now(UTC),
    )
    return [
        mail
        for news in _failure_news(failure, run, context.settings)
        for mail in compose_mails(news, context.settings)
    ]


def _failure_news(
    failure: TaskFailure, run: RunSummary, settings: Settings, *, goes_on: bool = False
) -> Iterator[News]:
    yield failure_news(failure, run, settings, mail_language(settings), goes_on=goes_on)


def _digests(connection: Connection, context: RunContext, run: RunSummary) -> Iterator[News]:
    """The mails about matchdays with news, which are settled by it; pandas and pictures only if there are any."""
    untold = match_news.read_news(connection)
    if untold.news and run.champion:
        from xgoals.mail.digest_facts import digests_of_run

        words = mail_language(context.settings)
        yield from digests_of_run(connection, run, run.champion, untold.news, context.settings, words)
    match_news.settle_mails(connection, untold.keys)


def _enqueue_warnings_of_run(connection: Connection, context: RunContext, run: RunSummary) -> None:
    troubles = troubles_of_run(
        run,
        runs.quarantined_by(connection, context.run_id),
        troubles_of(connection, context.run_id),
        mail_language(context.settings),
    )
    _enqueue_warnings(connection, context.settings, run, troubles)


def _enqueue_warnings(
    connection: Connection, settings: Settings, run: RunSummary, troubles: Iterable[Trouble]
) -> None:
    for trouble in troubles:
        if trouble.state_key:
            store.lock_warnings(connection, log.info)
        if trouble.state_key and store.state_is_known(connection, trouble.matter, trouble.state_key):
            continue
        news = warning_news(trouble, run, settings, mail_language(settings), moment=datetime.now(UTC))
        _compose_and_enqueue(connection, settings, [news])


def _compose_and_enqueue(
    connection: Connection, settings: Settings, news: Iterable[News], *, but_not_to: Iterable[str] = ()
) -> list[store.Mail]:
    """Compose mails and add them to the queue; none if that fails."""
    left_out = frozenset(but_not_to)
    with _savepoint(connection, "A mail about this run could not be written"):
        mails = [
            mail for one in news for mail in compose_mails(one, settings) if mail.recipient not in left_out
        ]
        store.enqueue(connection, mails, datetime.now(UTC))
        return mails
    return []


def _in_savepoint(
    compose_and_add: Callable[[Connection, RunSummary], None],
) -> Callable[[Connection, dict[str, Any]], None]:
    """The same for all that is known of a run; whatever goes wrong, the transaction goes on without it."""

    def attempt(connection: Connection, known: dict[str, Any]) -> None:
        with _savepoint(connection, "The mails about this run could not be written"):
            compose_and_add(connection, RunSummary.of(known))

    return attempt


@contextmanager
def _savepoint(connection: Connection, complaint: str) -> Iterator[None]:
    """What fails inside is undone and logged, and nothing else changes.

    The database's outage goes on: who tries again, when it is over, loses no mail.
    """
    try:
        with connection.begin_nested():
            yield
    except Exception as error:
        if is_outage(error):
            raise
        log.exception(complaint)


@contextmanager
def _transaction(context: RunContext) -> Iterator[Connection]:
    engine = connect(context.settings, context.database)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
