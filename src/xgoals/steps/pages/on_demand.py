"""The page of one match, written when somebody asks for it and not when a run does."""

from datetime import timedelta

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError
from xgoals.domain.page_keys import MatchKey
from xgoals.settings import Database, Settings
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.index import write_index
from xgoals.steps.pages.match_pages import write_round
from xgoals.steps.pages.under_way import pages_under_way
from xgoals.steps.pages.writer import ReportWriter
from xgoals.steps.run_context import RunContext, log
from xgoals.store import records as record_store
from xgoals.store import registry
from xgoals.store.database import connect, exists
from xgoals.store.locks import one_writer

RUN_ID = "on demand"
"""As whose the page is registered: no run has written it."""
PATIENCE = timedelta(seconds=5)
"""Who waits before a browser does not wait for a night's run."""


def match_of_page(settings: Settings, database: Database, path: str) -> MatchKey | None:
    """The match with shots whose page would lie at this path below the database's reports; None where there is none."""
    if not exists(settings, database):
        return None
    pages = PageFiles.of(settings, database)
    wanted = f"{pages.folder}/{path}"
    engine = connect(settings, database)
    try:
        with engine.connect() as connection:
            keys = record_store.match_keys(connection)
    finally:
        engine.dispose()
    return next((key for key in keys if pages.path("match", key.scope_id) == wanted), None)


def write_match_page(settings: Settings, database: Database, key: MatchKey) -> None:
    """Write the pages of a match and of its round, and the index, under the writers' lock.

    Raises
    ------
    StoreError
        If somebody else is writing.
    ModelError
        If there is no champion whose numbers could be shown.
    """
    engine = connect(settings, database, application="xgoals page on demand")
    try:
        with (
            one_writer(engine, "a page on demand", log.info, patience=PATIENCE),
            pages_under_way(engine, PageFiles.of(settings, database)) as connection,
        ):
            _write(connection, RunContext(settings, database, RUN_ID), key)
    finally:
        engine.dispose()


def _write(connection: Connection, context: RunContext, key: MatchKey) -> None:
    champion = registry.champion_name(connection)
    if champion is None:
        raise ModelError("there is no champion yet", advice="Run the pipeline once: xgoals run")
    writer = ReportWriter.load(connection, context, champion, context.settings.report.language)
    fixtures = writer.fixtures
    chosen = fixtures[(fixtures["provider"] == key.provider) & (fixtures["match_id"] == key.match_id)]
    writer.links.plan([key])
    write_round(connection, writer, chosen)
    write_index(connection, context, writer.pages, champion, writer.language)
