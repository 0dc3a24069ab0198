"""Pages of matches that are written when somebody opens them: of a long history most are never asked for."""

import logging
import threading

from fastapi import HTTPException, Request, status
from sqlalchemy.exc import DBAPIError

from xgoals.domain.errors import XgoalsError
from xgoals.explore.files import read_page
from xgoals.settings import Database, Settings
from xgoals.storage import storage_of
from xgoals.store.outages import outage_of

log = logging.getLogger(__name__)

MATCH_PAGES = "match/"
"""Where pages of matches lie in the folder of reports; no other page is written on demand."""
_FROM_OUR_PAGES = ("same-origin", "none")
"""What browsers say of a click on a page of ours, and of an address that was typed."""
_one_at_a_time = threading.Lock()


def written_now(request: Request, settings: Settings, database: Database, path: str) -> bytes | None:
    """The page of a match that had none, written in this moment; None where there is no such match.

    Raises
    ------
    HTTPException
        503 while somebody else writes, or where it cannot be written now: it says why, and to try again. 403 where
        another site leads here: a page is written for people who ask for it.
    """
    from xgoals.steps.pages.on_demand import match_of_page, write_match_page

    if request.headers.get("sec-fetch-site", "none") not in _FROM_OUR_PAGES:
        raise HTTPException(
            status.HTTP_403_FORBIDDEN, "This match has no page yet. Open it from the index of reports"
        )
    try:
        key = match_of_page(settings, database, path)
        if key is None:
            return None
        if not _one_at_a_time.acquire(timeout=30):
            raise _not_now("Other pages are being written")
        try:
            storage = storage_of(settings)
            if (content := read_page(storage, database, path)) is None:
                write_match_page(settings, database, key)
                content = read_page(storage, database, path)
        finally:
            _one_at_a_time.release()
    except (XgoalsError, DBAPIError) as problem:
        told = problem if isinstance(problem, XgoalsError) else outage_of(problem)
        if told is None:
            raise
        log.warning("the page %s could not be written: %s", path, told)
        raise _not_now(str(told)) from None
    if content is None:
        raise _not_now("It could not be written; the log of the server says why")
    return content


def _not_now(why: str) -> HTTPException:
    return HTTPException(
        status.HTTP_503_SERVICE_UNAVAILABLE,
        f"This match has no page yet, and none can be written now. {why}. Try again in a minute",
        {"Retry-After": "60"},
    )
