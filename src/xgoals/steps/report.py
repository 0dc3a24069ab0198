"""report: what is stored -> self-contained HTML files in the storage, below ``reports``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.model import NO_MODEL
from xgoals.domain.page_keys import MatchKey, RoundKey, SeasonKey
from xgoals.steps.pages.catch_up import catch_up, refuse_former_champion
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.index import INDEX_TITLE, write_index
from xgoals.steps.pages.match_pages import write_round
from xgoals.steps.pages.model_pages import write_model
from xgoals.steps.pages.news import note_pages, pages_as_they_are
from xgoals.steps.pages.promises import OvertakenError, check_promises
from xgoals.steps.pages.seasons import write_seasons
from xgoals.steps.pages.selection import Key, PageSelection
from xgoals.steps.pages.under_way import pages_under_way
from xgoals.steps.pages.writer import ReportWriter
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import match_news

if TYPE_CHECKING:
    import pandas as pd


def report(
    context: RunContext,
    model_version: str,
    selection: PageSelection | None = None,
    *,
    language: str | None = None,
    even_if_nothing_new: bool = False,
) -> str:
    """Write the pages of the chosen matches and their matchdays, the index, the model report and the article's page.

    The latter two are left alone where one match or matchday was asked for. Where there is no model yet (`NO_MODEL`)
    the index is all there is to write. Where nothing was chosen, and nothing that a page tells of has changed since
    they were written, all are left alone.

    Parameters
    ----------
    language
        ``"en"`` or ``"de"``; default: the setting ``report.language``.
    even_if_nothing_new
        Write them anew all the same.

    Returns
    -------
    str
        Where to find what was asked for: the path or URL of the model report, or of the match's or matchday's page.

    Raises
    ------
    XgoalsError
        If one of the promises in ``sql/checks`` does not hold (a report on inconsistent rows would mislead), or
        there is no such match or matchday.
    """
    selection, language = selection or PageSelection(), language or context.settings.report.language
    try:
        return _report(context, model_version, selection, language, even_if_nothing_new=even_if_nothing_new)
    except OvertakenError as overtaken:
        log.info("%s. Others were quicker than this run: what is missing comes first", overtaken.what)
    champion = catch_up(context)
    return _report(context, champion, selection, language, even_if_nothing_new=even_if_nothing_new)


def _report(
    context: RunContext,
    model_version: str,
    selection: PageSelection,
    language: str,
    *,
    even_if_nothing_new: bool,
) -> str:
    """As `report`, of what is all computed.

    Raises
    ------
    OvertakenError
        If it is not.
    """
    pages = PageFiles.of(context.settings, context.database)
    with writing(context, "report") as (engine, figures):
        if model_version == NO_MODEL:
            log.info("nothing to do yet: there is no model")
            with pages_under_way(engine, pages) as connection:
                return pages.storage.where(write_index(connection, context, pages, None, language))
        with engine.begin() as connection:
            refuse_former_champion(connection, model_version)
            check_promises(connection)
            known = None
            if selection == PageSelection() and not even_if_nothing_new:
                known = pages_as_they_are(connection, context, model_version, language)
        if known is not None:
            figures.update(match_reports=0, report=known, reports_failed=0)
            log.info("nothing is new: the pages stay as they are, %s", pages.storage.where(known))
            return pages.storage.where(known)
        with engine.connect() as connection:
            writer = ReportWriter.load(connection, context, model_version, language)
        with pages_under_way(engine, pages) as connection:
            chosen = _choose(connection, writer, selection)
            path = _write_pages(connection, writer, selection, chosen)
            if not selection.is_narrow and not writer.failed:
                note_pages(connection, model_version, language)
        figures.update(match_reports=len(chosen), report=path, reports_failed=len(writer.failed))
        where, index = map(pages.storage.where, (path, pages.index))
        log.info("pages of %d matches; %s; index: %s", len(chosen), where, index)
    return where


def _choose(connection: Connection, writer: ReportWriter, selection: PageSelection) -> "pd.DataFrame":
    """The matches to write pages of; of a backfill the older ones are put off, to runs that bring something."""
    match_news.note_corrections(connection)
    writer.pages.remove(match_news.note_renamed(connection))
    due = match_news.pages_owed(connection, "due")
    later = match_news.pages_owed(connection, "later") if due else frozenset[Key]()
    chosen = selection.of(writer.fixtures, due, later)
    if selection == PageSelection():
        left = (due | later) - set(zip(chosen["provider"], chosen["match_id"], strict=True))
        match_news.settle_pages(connection, left, "later")
        if left:
            log.info(
                "pages of %d older matches come with later runs, or with: xgoals report --all", len(left)
            )
    return chosen


def _write_pages(
    connection: Connection, writer: ReportWriter, selection: PageSelection, chosen: "pd.DataFrame"
) -> str:
    """All pages, the index last; the path of what was asked for."""
    writer.links.plan(_keys_of(chosen))
    if not selection.is_narrow:
        write_seasons(connection, writer, every=selection.every)
    rounds = [write_round(connection, writer, matches) for matches in _by_round(chosen)]
    if selection.is_narrow:
        path = rounds[0].match if selection.match_id else rounds[0].matchday
    else:
        path = write_model(connection, writer)
    with writer.or_warn(connection, INDEX_TITLE):
        write_index(connection, writer.context, writer.pages, writer.model_version, writer.language)
    return path


def _keys_of(chosen: "pd.DataFrame") -> "Iterator[MatchKey | RoundKey]":
    """The pages of these matches and of their rounds."""
    columns = ("provider", "match_id", "competition", "season", "round")
    for provider, match_id, competition, season, name in zip(
        *(chosen[column] for column in columns), strict=True
    ):
        yield MatchKey(provider, match_id)
        yield RoundKey(SeasonKey(competition, season), name)


def _by_round(matches: "pd.DataFrame") -> "Iterator[pd.DataFrame]":
    for _, part in matches.groupby(["competition", "season", "round"], sort=False):
        yield part
