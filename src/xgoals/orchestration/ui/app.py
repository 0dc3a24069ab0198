"""The application behind ``/xgoals``: reports and JSON, with Airflow's login in front of both."""

import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request, status
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from xgoals.domain.errors import XgoalsError
from xgoals.explore import api as explorer
from xgoals.explore import pages as explorer_pages
from xgoals.explore.library import Library
from xgoals.explore.refusals import add_refusals, wants_page
from xgoals.explore.requests import describe_scenes, from_own_page
from xgoals.orchestration.settings import task_settings
from xgoals.orchestration.ui import api, pages
from xgoals.orchestration.ui.links import public_prefix
from xgoals.orchestration.ui.login import NotLoggedInError, login_address, may_read
from xgoals.scoring import Scorer
from xgoals.settings import Settings
from xgoals.store.database import exists

log = logging.getLogger(__name__)

_DESCRIPTION = """Matches, shots and explained expected goals, beside the reports.

Log in as for Airflow's own API: `POST /auth/token` with `{"username": ..., "password": ...}` returns an
`access_token` for the header `Authorization: Bearer ...`; a browser that is logged in to the UI is so here.
`database` is `main` (real data) or `demo` (simulated data)."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, for Airflow's API server to mount.

    Parameters
    ----------
    settings
        Of this ``XGOALS_HOME``; read from the environment and asked of Airflow by default.

    Raises
    ------
    SettingsError, StoreError
        If they cannot be used, or Airflow does not find the connection to the results.
    """
    # No page of FastAPI's own about the API: it would load its scripts from elsewhere, and ask for no login.
    app = FastAPI(
        title="xgoals",
        version="1",
        description=_DESCRIPTION,
        lifespan=_lifespan,
        openapi_url=None,
        redoc_url=None,
    )
    app.state.settings = settings or task_settings()
    app.state.scorer = Scorer(app.state.settings)
    app.state.library = Library(app.state.scorer)
    app.state.public_prefix = public_prefix
    app.include_router(pages.router)
    app.include_router(explorer_pages.router, dependencies=[Depends(may_read)])
    app.include_router(api.router)
    app.include_router(explorer.router, dependencies=[Depends(may_read), Depends(from_own_page)])
    app.middleware("http")(_strict)
    app.add_exception_handler(NotLoggedInError, _ask_for_login)
    add_refusals(app)
    describe_scenes(app)
    return app


def excuse(problem: XgoalsError) -> FastAPI:
    """An application that says why there is none, so that the Airflow around it starts all the same."""
    app = FastAPI(title="xgoals", openapi_url=None, redoc_url=None)
    says = f"xgoals has no pages here: {problem} (Restart the API server then.)"

    @app.api_route("/{path:path}", dependencies=[Depends(may_read)], methods=["GET", "POST"])
    def unavailable(path: str) -> Response:
        return PlainTextResponse(says, status.HTTP_503_SERVICE_UNAVAILABLE)

    app.middleware("http")(_strict)
    app.add_exception_handler(NotLoggedInError, _ask_for_login)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    if settings.ui.warm_scoring:
        threading.Thread(target=_warm_up, args=(settings, app.state.scorer), daemon=True).start()
    yield
    app.state.scorer.close()


def _warm_up(settings: Settings, scorer: Scorer) -> None:
    """Load what the first scene would wait for; a database without a champion has nothing to load."""
    for database in pages.DATABASES:
        try:
            if exists(settings, database):
                scorer.warm_up(database)
        except XgoalsError as error:
            log.info("scoring for %s is not warmed up: %s", database, error)


async def _strict(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """What every answer says to browsers, whoever wrote it."""
    answer = await call_next(request)
    answer.headers.setdefault("Content-Security-Policy", "frame-ancestors 'self'")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _ask_for_login(request: Request, error: Exception) -> Response:
    if wants_page(request):
        return RedirectResponse(login_address(request), status.HTTP_303_SEE_OTHER)
    return JSONResponse(
        {"detail": f"{error}. Send Authorization: Bearer with the token of POST /auth/token"},
        status.HTTP_401_UNAUTHORIZED,
        {"WWW-Authenticate": "Bearer"},
    )
