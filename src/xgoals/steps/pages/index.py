"""The index of all pages."""

from pathlib import Path

from sqlalchemy import Connection

from xgoals.settings import Database
from xgoals.store import matches as match_store
from xgoals.store import runs


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
