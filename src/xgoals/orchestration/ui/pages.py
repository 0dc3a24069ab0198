"""The mounted pages: the reports themselves, the page that leads to them, and a run's tab."""

import hashlib
import html
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request, status
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import OperationalError

from xgoals.domain.errors import StoreError
from xgoals.orchestration.ui.figures import run_figures
from xgoals.orchestration.ui.files import read_page
from xgoals.orchestration.ui.links import public_prefix
from xgoals.orchestration.ui.login import may_read
from xgoals.orchestration.ui.on_demand import MATCH_PAGES, written_now
from xgoals.scoring import Scorer
from xgoals.settings import Database, Settings, asset_folder
from xgoals.store.database import exists
from xgoals.store.runs import has_report

log = logging.getLogger(__name__)

DATABASES: dict[Database, str] = {"main": "Real data", "demo": "Simulated data"}
_PAGE_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
# Whatever else lies in the folder is of no origin and runs nothing: it cannot reach into Airflow's page around it. Ours
# cannot do with that: a frame of no origin is sent no cookie, and a link from page to page would end at the login.
_FOREIGN_POLICY = f"{_PAGE_POLICY}; sandbox"
_OWN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_KINDS = ("matchday", "season", "model", "article", "match")

router = APIRouter(dependencies=[Depends(may_read)], include_in_schema=False)
_templates = Environment(
    loader=FileSystemLoader(asset_folder("templates") / "ui"), autoescape=True, undefined=StrictUndefined
)


@dataclass(frozen=True, slots=True)
class _Run:
    """A run as it is shown: where it worked, what is known of it, and the pages that are still its own."""

    database: Database
    summary: dict[str, Any]
    pages: tuple[dict[str, str], ...]


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


_SettingsDep = Annotated[Settings, Depends(_settings)]


@router.get("/")
def overview(settings: _SettingsDep) -> Response:
    """The index of reports; a choice where there are two; what to do where there is none."""
    found = [name for name in DATABASES if read_page(settings.reports / name, "index.html") is not None]
    if len(found) == 1:
        return RedirectResponse(f"reports/{found[0]}/index.html", status.HTTP_303_SEE_OTHER)
    return _own_page("overview.html", databases={name: DATABASES[name] for name in found})


@router.get("/icon/{shade}.svg")
def icon(shade: Literal["dark", "light"]) -> Response:
    """The icon of our entries in Airflow's UI, for light and for dark grounds."""
    drawn = _templates.get_template("icon.svg").render(colour={"dark": "#3f4a5a", "light": "#e5e9f0"}[shade])
    return Response(drawn, media_type="image/svg+xml")


@router.get("/openapi.json")
def description(request: Request) -> JSONResponse:
    """The description of the JSON beside the pages, for programs and people."""
    return JSONResponse(request.app.openapi())


@router.get("/reports")
@router.get("/reports/")
def reports(request: Request) -> Response:
    """What would list the databases is the page above."""
    return RedirectResponse(
        "../" if request.url.path.endswith("/") else "./", status.HTTP_307_TEMPORARY_REDIRECT
    )


@router.get("/reports/{database}")
def reports_of_database(database: Database) -> Response:
    """The folder's index, by an address from which its links lead on."""
    return RedirectResponse(f"{database}/index.html", status.HTTP_307_TEMPORARY_REDIRECT)


@router.get("/reports/{database}/{path:path}")
def report(request: Request, database: Database, path: str, settings: _SettingsDep) -> Response:
    """One report from the folder of reports; its scripts run if it is one that a run has written, byte by byte."""
    if not path:
        return RedirectResponse("index.html", status.HTTP_307_TEMPORARY_REDIRECT)
    content = read_page(settings.reports / database, path)
    if content is None and path.startswith(MATCH_PAGES):
        content = written_now(request, settings, database, path)
    if content is None:
        raise HTTPException(
            status.HTTP_404_NOT_FOUND, f"There is no such report. See the index under {public_prefix()}/"
        )
    is_ours = _is_registered(request, database, content)
    return HTMLResponse(
        content, headers={"Content-Security-Policy": _PAGE_POLICY if is_ours else _FOREIGN_POLICY}
    )


def _is_registered(request: Request, database: Database, content: bytes) -> bool:
    scorer: Scorer = request.app.state.scorer
    try:
        with scorer.engine(database).connect() as connection:
            return has_report(connection, hashlib.sha256(content).hexdigest())
    except (StoreError, OperationalError) as outage:
        log.warning("a page is shown without its scripts: %s", outage)
        return False


@router.get("/runs/{dag_id}/{run_id}")
def run(dag_id: str, run_id: str, settings: _SettingsDep) -> Response:
    """The tab of a run: its figures, and its report."""
    found = _find_run(settings, run_id) if "\0" not in run_id else None
    if found is None:
        return _own_page("no_run.html", status.HTTP_404_NOT_FOUND, dag_id=dag_id, run_id=run_id)
    figures = {name.replace("_", " "): f"{value:,}" if isinstance(value, int) else value
               for name, value in run_figures(found.summary).items()}  # fmt: skip
    return _own_page("run.html", run=found, label=DATABASES[found.database], figures=figures)


def _find_run(settings: Settings, run_id: str) -> _Run | None:
    from xgoals.steps.run_context import RunContext, summarise_run

    for database in DATABASES:
        if not exists(settings, database):
            continue
        summary = summarise_run(RunContext(settings, database, run_id))
        if "state" in summary:
            return _Run(database, summary, _pages(settings.reports / database, summary["reports"], database))
    return None


def _pages(folder: Path, reports: list[dict[str, Any]], database: str) -> tuple[dict[str, str], ...]:
    """Title and address of a run's pages, the one to show first in front."""
    shown = [r for r in reports if r["kind"] in _KINDS and Path(r["path"]).is_relative_to(folder)]
    shown.sort(key=lambda r: (_KINDS.index(r["kind"]), r["title"]))
    return tuple(
        {
            "title": r["title"],
            "kind": r["kind"],
            "address": f"{public_prefix()}/reports/{database}/{quote(Path(r['path']).relative_to(folder).as_posix())}",
        }
        for r in shown
    )


def _own_page(template: str, code: int = status.HTTP_200_OK, **context: Any) -> HTMLResponse:
    page = _templates.get_template(template).render(prefix=public_prefix(), **context)
    return HTMLResponse(page, code, headers={"Content-Security-Policy": _OWN_POLICY})


def error_page(message: str, code: int) -> HTMLResponse:
    """A refusal for a person at a browser."""
    body = f"<!doctype html><html lang=en><meta charset=utf-8><title>xgoals</title><p>{html.escape(message)}</p></html>"
    return HTMLResponse(body, code, headers={"Content-Security-Policy": _OWN_POLICY})
