"""What a run has to tell becomes rows of ``notification``, in the transaction in which the run ends.

Nothing is sent here. Trouble with a text or a picture is logged and never changes how a run ends.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from xgoals.language import Language, language
from xgoals.mail.content import News, Trouble, build_message
from xgoals.mail.content.message import one_line
from xgoals.mail.content.run_news import failure_news, health_news
from xgoals.mail.content.trouble_news import is_about_a_state, trouble_news, troubles_of_run
from xgoals.settings import Settings
from xgoals.steps.run_context import RunContext, close_run, described, log, summary_of
from xgoals.store import matches as match_store
from xgoals.store import notifications as store
from xgoals.store import runs
from xgoals.store.database import connect

Summary = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """A task that has failed for good.

    ``what, where, advice`` are the error's; ``map_index`` and ``label`` say which part of a mapped task it was.
    """

    task: str
    what: str
    where: str | None = None
    advice: str | None = None
    map_index: int = -1
    label: str = ""
    try_number: int = 1

    @property
    def sentence(self) -> str:
        """The error in one sentence."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text.rstrip('.')}. {self.advice}" if self.advice else text


def end_run(context: RunContext) -> Summary:
    """Note that a run has come to its end, together with the mails about it: all of it, or nothing.

    May be called again: what was told is not told twice.
    """

    def tell(connection: Connection, summary: Summary) -> None:
        if store.end_was_told(connection, context.run_id):
            return
        digests = _written(connection, lambda: _digests(connection, context, summary), context)
        reached = {mail.recipient for mail in digests}
        health = health_news(summary, context.settings, _words(context.settings))
        _written(connection, lambda: [health], context, but_not_to=reached)
        _tell_troubles(connection, context, summary)

    return close_run(context, "success", tell=_guarded(tell))


def end_failed_run(context: RunContext, failure: Failure) -> Summary:
    """Note that a run has failed, together with the mails about it: all of it, or nothing.

    Raises
    ------
    StoreError
        If the database does not answer; see `mails_without_database`.
    """

    def tell(connection: Connection, summary: Summary) -> None:
        _written(connection, lambda: [_failure_news(summary, context.settings, failure)], context)
        _tell_troubles(connection, context, summary)

    return close_run(context, "failed", failure.task, failure.sentence, tell=_guarded(tell))


def tell_failure_of_part(context: RunContext, failure: Failure) -> None:
    """Write down the mails about a failure that does not end the run: of one match among others.

    Raises
    ------
    StoreError
        If the database does not answer; see `mails_without_database`.
    """

    def tell(connection: Connection, summary: Summary) -> None:
        news = _failure_news(summary, context.settings, failure, goes_on=True)
        _written(connection, lambda: [news], context)

    engine = connect(context.settings, context.database)
    try:
        with engine.begin() as connection:
            _guarded(tell)(connection, summary_of(connection, context))
    finally:
        engine.dispose()


def warn(context: RunContext, *troubles: Trouble) -> None:
    """Write down warnings while a run goes on; each matter is told once a run."""
    engine = connect(context.settings, context.database)
    try:
        with engine.begin() as connection:
            _warn(connection, context, troubles, match_store.is_simulated(connection))
    finally:
        engine.dispose()


def mails_without_database(
    context: RunContext, failure: Failure, started_at: datetime | None
) -> list[store.Mail]:
    """The mails about a failure that cannot be written down, because the database is what failed."""
    summary = {
        **described(context),
        "started_at": started_at,
        "ended_at": datetime.now(UTC),
        "is_simulated": context.database == "demo",
    }
    return _mails(_failure_news(summary, context.settings, failure), context.settings)


def _failure_news(
    summary: Mapping[str, Any], settings: Settings, failure: Failure, *, goes_on: bool = False
) -> News:
    return failure_news(
        summary,
        settings,
        _words(settings),
        task=failure.task,
        error={"what": failure.what, "where": failure.where, "advice": failure.advice},
        map_index=failure.map_index,
        label=failure.label,
        try_number=failure.try_number,
        goes_on=goes_on,
    )


def _tell_troubles(connection: Connection, context: RunContext, summary: Summary) -> None:
    facts = summary | {"quarantined": runs.quarantined_by(connection, context.run_id)}
    troubles = troubles_of_run(facts, _words(context.settings))
    _warn(connection, context, troubles, bool(summary["is_simulated"]))


def _warn(
    connection: Connection, context: RunContext, troubles: Sequence[Trouble], is_simulated: bool
) -> None:
    run = described(context) | {"is_simulated": is_simulated, "moment": datetime.now(UTC)}
    for trouble in troubles:
        if is_about_a_state(trouble) and store.told_before(connection, "warning", trouble.matter):
            continue
        news = trouble_news(trouble, run, context.settings, _words(context.settings))
        _written(connection, lambda news=news: [news], context)  # type: ignore[misc]


def _digests(connection: Connection, context: RunContext, summary: Summary) -> Iterator[News]:
    """The digests of the matchdays that this run has brought; pandas and pictures only if there are any."""
    published = runs.matches_published_by(connection, context.run_id)
    if published and summary.get("champion"):
        from xgoals.mail.digests import digests

        yield from digests(connection, context, summary, published, _words(context.settings))


def _written(
    connection: Connection,
    compose: Callable[[], Sequence[News] | Iterator[News]],
    context: RunContext,
    *,
    but_not_to: set[str] | frozenset[str] = frozenset(),
) -> list[store.Mail]:
    """Compose news and write its mails down; if that fails, the log says so and nothing else changes."""
    try:
        with connection.begin_nested():
            mails = [
                mail
                for news in compose()
                for mail in _mails(news, context.settings)
                if mail.recipient not in but_not_to
            ]
            store.write_down(connection, mails, datetime.now(UTC))
    except Exception:
        log.exception("A mail about this run could not be written")
        return []
    return mails


def _guarded(tell: Callable[[Connection, Summary], None]) -> Callable[[Connection, Summary], None]:
    def attempt(connection: Connection, summary: Summary) -> None:
        try:
            with connection.begin_nested():
                tell(connection, summary)
        except Exception:
            log.exception("The mails about this run could not be written")

    return attempt


def _mails(news: News, settings: Settings) -> list[store.Mail]:
    mails = []
    for recipient in settings.email.recipients_of(news.kind, news.step):
        message = build_message(
            news, sender=settings.email.sender, recipient=recipient, words=_words(settings)
        )
        mails.append(
            store.Mail(
                message_id=str(message["Message-ID"]),
                run_id=news.run_id,
                kind=news.kind,
                matter=news.matter,
                recipient=recipient,
                subject=one_line(news.subject),
                message=bytes(message),
            )
        )
    return mails


def _words(settings: Settings) -> Language:
    return language(settings.email.language)
