"""Whether there is anything new for the pages to tell."""

from typing import get_args

from sqlalchemy import Connection

from xgoals.steps.code_version import release_key
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.under_way import is_broken_off
from xgoals.steps.run_context import RunContext
from xgoals.store import match_news, runs
from xgoals.store.derived.states import Content, DerivedState, read_state, save_state, state_key

STATE = "pages"


def pages_as_they_are(
    connection: Connection, context: RunContext, model_version: str, language: str
) -> str | None:
    """The model report as it was written last, if no page would come out differently now; else None.

    A page that a match is owed is news too, whatever run it is owed since. So is another storage, or one that lacks a
    page that every run writes; and that somebody was ended while he wrote pages.
    """
    known = None if is_broken_off(connection) else read_state(connection, STATE)
    if known is None or known.state_key != _state_key(connection, model_version, language):
        return None
    match_news.note_corrections(connection)
    if match_news.pages_owed(connection, "due"):
        return None
    wanted = (("model", model_version), ("article", model_version), ("index", "index"))
    pages = [runs.page_of(connection, kind, scope_id) for kind, scope_id in wanted]
    pages += runs.pages_of_model(connection, model_version)
    files = PageFiles.of(context.settings, context.database)
    if not all(page is not None and files.lies(page) for page in pages):
        return None
    return pages[0]


def note_pages(connection: Connection, model_version: str, language: str) -> None:
    """Note from what all pages were written."""
    save_state(connection, STATE, DerivedState(_state_key(connection, model_version, language)))


def _state_key(connection: Connection, model_version: str, language: str) -> str:
    return state_key(connection, get_args(Content), model_version, language, release_key())
