"""The index of all pages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.settings import Database
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.match_pages import match_title, plain_rows, scope_id
from xgoals.steps.pages.selection import with_rounds
from xgoals.steps.pages.under_way import write_page
from xgoals.steps.run_context import RunContext
from xgoals.store import matches as match_store
from xgoals.store import records as record_store
from xgoals.store import runs

if TYPE_CHECKING:
    from xgoals.report import IndexEntry

INDEX_TITLE = "Index of all reports"
MOST_MATCHES = 2_000
"""With so many pages of matches listed, those without one are left to the pages of their seasons."""


def write_index(
    connection: Connection,
    context: RunContext,
    pages: PageFiles,
    model_version: str | None,
    language: str,
) -> str:
    """Write and register the index; its path.

    Parameters
    ----------
    pages
        Those of the run's database.
    model_version
        The champion; None while there is none.
    """
    path = pages.index
    html = index_of(connection, pages, context.database, language)
    runs.save_report(
        connection,
        kind="index",
        scope_id="index",
        title=INDEX_TITLE,
        path=path,
        model_version=model_version,
        sha256=write_page(connection, pages, path, html),
        run_id=context.run_id,
    )
    return path


def index_of(connection: Connection, pages: PageFiles, database: Database, language: str = "en") -> str:
    """The index of all pages that are registered and lie there, and of matches without one, as HTML."""
    from xgoals.report import index_page

    written = [
        _entry(report, report["path"].removeprefix(f"{pages.folder}/"))
        for report in runs.list_reports(connection)
        if report["kind"] != "index" and pages.lies(report["path"])
    ]
    return index_page(
        [*written, *_unwritten(connection, pages, {entry.path: entry for entry in written})],
        language=language,
        is_simulated=match_store.is_simulated(connection),
        database=database,
    )


def _entry(report: Mapping[str, Any], path: str) -> "IndexEntry":
    from xgoals.report import IndexEntry

    facts = report["facts"]
    matchday, xg = facts.get("matchday"), facts.get("xg")
    return IndexEntry(
        kind=report["kind"],
        title=report["title"],
        path=path,
        competition=facts.get("competition") or "",
        season=facts.get("season") or "",
        round=facts.get("round") or ("" if matchday is None else str(matchday)),
        match_date=facts.get("match_date") or "",
        clubs=tuple(facts.get("clubs") or ()),
        players=tuple(facts.get("players") or ()),
        model_version=report["model_version"] or "",
        chapter=facts.get("chapter") or "",
        chapter_n=facts.get("chapter_n") or 0,
        xg=(xg[0], xg[1]) if xg and report["kind"] == "match" else None,
    )


def _unwritten(
    connection: Connection, pages: PageFiles, written: Mapping[str, "IndexEntry"]
) -> list["IndexEntry"]:
    """The newest matches that have shots and no page; none where no season has one, as before the first model."""
    from xgoals.report import IndexEntry

    fixtures = with_rounds(record_store.read_fixtures(connection, with_shots=True)) if written else None
    if fixtures is None:
        return []
    found = []
    for match in reversed(plain_rows(fixtures)):
        path = pages.path("match", scope_id(match)).removeprefix(f"{pages.folder}/")
        if path not in written:
            found.append(
                IndexEntry(
                    kind="match",
                    title=match_title(match),
                    path=path,
                    competition=match["competition"],
                    season=match["season"],
                    round=match["round"],
                    match_date=str(match["match_date"]),
                    is_written=False,
                )
            )
    # players' pages take no match's place
    n_written = sum(entry.kind == "match" for entry in written.values())
    return found[: max(0, MOST_MATCHES - n_written)]
