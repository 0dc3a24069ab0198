"""The mounted pages: the reports themselves, the page that leads to them, and a run's tab."""

import logging
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, status
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from xgoals.explore.refusals import PLAIN_PAGE_POLICY
from xgoals.orchestration.ui.figures import run_figures
from xgoals.orchestration.ui.links import public_prefix
from xgoals.orchestration.ui.login import may_read
from xgoals.settings import Database, Settings, asset_folder
from xgoals.storage import reports_of, storage_of
from xgoals.store.database import exists
from xgoals.store.runs import is_chapter

log = logging.getLogger(__name__)

DATABASES: dict[Database, str] = {"main": "Real data", "demo": "Simulated data"}
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
    storage = storage_of(settings)
    found = [name for name in DATABASES if storage.exists(f"{reports_of(name)}/index.html")]
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
            return _Run(database, summary, _pages(summary["reports"], database))
    return None


def _pages(reports: list[dict[str, Any]], database: Database) -> tuple[dict[str, str], ...]:
    """Title and address of a run's pages, the one to show first in front."""
    of_runs = (r for r in reports if r["kind"] in _KINDS and not is_chapter(r))
    shown = [r for r in of_runs if r["path"].startswith(f"{reports_of(database)}/")]
    shown.sort(key=lambda r: (_KINDS.index(r["kind"]), r["title"]))
    return tuple(
        {
            "title": r["title"],
            "kind": r["kind"],
            "address": f"{public_prefix()}/{quote(r['path'])}",
        }
        for r in shown
    )


def _own_page(template: str, code: int = status.HTTP_200_OK, **context: Any) -> HTMLResponse:
    page = _templates.get_template(template).render(prefix=public_prefix(), **context)
    return HTMLResponse(page, code, headers={"Content-Security-Policy": PLAIN_PAGE_POLICY})
