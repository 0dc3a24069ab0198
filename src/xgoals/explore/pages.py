"""The explorer's page and the reports beside it, for Airflow's UI and for ``xgoals explore`` alike."""

import hashlib
import logging
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request, status
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from xgoals.domain.errors import StoreError
from xgoals.explore.files import read_page
from xgoals.explore.library import Library
from xgoals.explore.on_demand import MATCH_PAGES, written_now
from xgoals.settings import Database, Settings
from xgoals.storage import reports_of, storage_of
from xgoals.store.database import exists
from xgoals.store.runs import has_report

log = logging.getLogger(__name__)

_PAGE_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
# Whatever else lies in the folder is of no origin and runs nothing: it cannot reach into Airflow's page around it. Ours
# cannot do with that: a frame of no origin is sent no cookie, and a link from page to page would end at the login.
_FOREIGN_POLICY = f"{_PAGE_POLICY}; sandbox"
_DATABASES: tuple[Database, ...] = ("main", "demo")

router = APIRouter(include_in_schema=False)


@router.get("/explore")
@router.get("/explore/")
def explorer(request: Request) -> Response:
    """The explorer of real data; of the demo where there is no other."""
    settings: Settings = request.app.state.settings
    found = next((name for name in _DATABASES if exists(settings, name)), "main")
    below = "" if request.url.path.endswith("/") else "explore/"
    return RedirectResponse(f"{below}{found}", status.HTTP_303_SEE_OTHER)


@router.get("/explore/files/{name}")
def file(name: str) -> Response:
    """A script or style sheet of the explorer's page."""
    from xgoals.explore.page import explorer_file

    found = explorer_file(name)
    if found is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such file")
    content, media_type = found
    return Response(content, media_type=media_type)


@router.get("/explore/{database}")
def page(
    request: Request,
    database: Database,
    code: Annotated[Literal["en", "de"] | None, Query(alias="language")] = None,
) -> Response:
    """The page to play on."""
    from xgoals.explore.page import explorer_page

    settings: Settings = request.app.state.settings
    if not exists(settings, database):
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"There is no database '{database}' here yet")
    has_index = storage_of(settings).exists(f"{reports_of(database)}/index.html")
    written = explorer_page(
        code or settings.report.language,
        database=database,
        is_simulated=database == "demo",
        home=f"../reports/{database}/index.html" if has_index else None,
    )
    return HTMLResponse(written.html, headers={"Content-Security-Policy": written.policy})


@router.get("/reports/{database}/{path:path}")
def report(request: Request, database: Database, path: str) -> Response:
    """One report from the folder of reports; its scripts run if it is one that a run has written, byte by byte."""
    if not path:
        return RedirectResponse("index.html", status.HTTP_307_TEMPORARY_REDIRECT)
    settings: Settings = request.app.state.settings
    content = read_page(storage_of(settings), database, path)
    if content is None and path.startswith(MATCH_PAGES):
        content = written_now(request, settings, database, path)
    if content is None:
        prefix: str = request.app.state.public_prefix()
        raise HTTPException(
            status.HTTP_404_NOT_FOUND, f"There is no such report. See the index under {prefix}/"
        )
    is_ours = _is_registered(request, database, content)
    return HTMLResponse(
        content, headers={"Content-Security-Policy": _PAGE_POLICY if is_ours else _FOREIGN_POLICY}
    )


def _is_registered(request: Request, database: Database, content: bytes) -> bool:
    library: Library = request.app.state.library
    try:
        with library.engine(database).connect() as connection:
            return has_report(connection, hashlib.sha256(content).hexdigest())
    except (StoreError, SQLAlchemyError) as outage:
        log.warning("a page is shown without its scripts: %s", outage)
        return False
