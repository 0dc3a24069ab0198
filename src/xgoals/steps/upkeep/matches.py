"""One match by hand: what is stored of it, and its removal with everything that hangs on it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from xgoals.settings import Database, Settings
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.index import write_index
from xgoals.steps.pages.match_pages import plain_rows, round_title
from xgoals.steps.pages.selection import with_rounds
from xgoals.steps.pages.under_way import pages_under_way
from xgoals.steps.run_context import RunContext
from xgoals.storage import parts_of
from xgoals.store import match_news, registry
from xgoals.store import records as record_store
from xgoals.store.database import connect
from xgoals.store.locks import one_writer
from xgoals.store.upkeep.erase import Erased, describe_match, erase_match, erase_page, find_match


def show(connection: Connection, match_id: str, provider: str | None = None) -> dict[str, Any]:
    """All that is stored of a match.

    Raises
    ------
    SettingsError
        If there is none of this id, or more than one provider has one.
    """
    return describe_match(connection, find_match(connection, match_id, provider))


def delete(
    settings: Settings,
    database: Database,
    match_id: str,
    *,
    provider: str | None = None,
    tell: Callable[[str], None],
) -> Erased:
    """Remove a match with shots, numbers, clips and pages, and write the index anew.

    The pages of its round are owed from then on: the next run writes them without it. Ended at any moment, it is to be
    said again: either nothing is gone, or pages and clips are and the rows are not.

    Parameters
    ----------
    tell
        Receives a sentence if a run is writing and this has to wait.

    Raises
    ------
    SettingsError
        If there is none of this id, or more than one provider has one.
    """
    engine = connect(settings, database, application="xgoals matches delete")
    context = RunContext(settings, database, "xgoals matches delete")
    try:
        files = PageFiles.of(settings, database)
        with (
            one_writer(engine, "xgoals matches delete", tell, patience=settings.limits.wait),
            pages_under_way(engine, files) as connection,
        ):
            key = find_match(connection, match_id, provider)
            beside, page_of_round = _round_of(connection, key)
            erased = erase_match(connection, key)
            match_news.owe_pages(connection, beside)
            pages = [] if beside else erase_page(connection, "matchday", page_of_round)
            champion = registry.champion_name(connection)
            write_index(connection, context, files, champion, settings.report.language)
            # Before the rows are gone: nobody would find files that are left when this is ended here.
            files.storage.remove(path for path in (*erased.files, *pages) if parts_of(path))
    finally:
        engine.dispose()
    return erased


def _round_of(connection: Connection, key: match_news.Key) -> tuple[list[match_news.Key], str]:
    """The other matches of a match's round, and how the round's page is registered."""
    fixtures = plain_rows(with_rounds(record_store.read_fixtures(connection)))
    (match,) = [m for m in fixtures if (m["provider"], m["match_id"]) == key]
    title = round_title(match)
    beside = [(m["provider"], m["match_id"]) for m in fixtures if round_title(m) == title]
    return [other for other in beside if other != key], title
