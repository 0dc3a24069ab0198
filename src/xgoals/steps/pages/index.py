"""The index of all pages."""

from pathlib import Path

from sqlalchemy import Connection

from xgoals.settings import Database
from xgoals.steps.pages.files import write_atomically
from xgoals.steps.run_context import RunContext
from xgoals.store import matches as match_store
from xgoals.store import runs

INDEX_TITLE = "Index of all reports"


def write_index(
    connection: Connection, context: RunContext, model_version: str | None, language: str
) -> Path:
    """Write and register the index; its path.

    Parameters
    ----------
    model_version
        The champion; None while there is none.
    """
    folder = context.settings.reports / context.database
    path = folder / "index.html"
    html = index_of(connection, folder, context.database, language)
    runs.save_report(
        connection,
        kind="index",
        scope_id="index",
        title=INDEX_TITLE,
        path=str(path),
        model_version=model_version,
        sha256=write_atomically(path, html),
        run_id=context.run_id,
    )
    return path


def index_of(connection: Connection, folder: Path, database: Database, language: str = "en") -> str:
    """The index of all pages that are registered and lie in this folder, as HTML."""
    from xgoals.report import index_page

    reports = [
        {"kind": r["kind"], "title": r["title"], "model_version": r["model_version"], **r["facts"]}
        | {"path": Path(r["path"]).relative_to(folder).as_posix()}
        for r in runs.list_reports(connection)
        if r["kind"] != "index" and Path(r["path"]).is_relative_to(folder) and Path(r["path"]).is_file()
    ]
    return index_page(
        reports, language=language, is_simulated=match_store.is_simulated(connection), database=database
    )
