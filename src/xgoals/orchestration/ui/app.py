"""The application behind ``/xgoals``: reports and JSON, with Airflow's login in front of both."""

import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError

from xgoals.domain.errors import ModelError, StoreError, XgoalsError
from xgoals.orchestration.ui import api, pages
from xgoals.orchestration.ui.login import NotLoggedInError, login_address
from xgoals.orchestration.ui.scene import PostedScene
from xgoals.scoring import Scorer
from xgoals.settings import Settings, load_settings
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
        Of this ``XGOALS_HOME``; read from the environment by default.
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
    app.state.settings = settings or load_settings()
    app.state.scorer = Scorer(app.state.settings)
    app.include_router(pages.router)
    app.include_router(api.router)
    app.middleware("http")(_strict)
    app.add_exception_handler(NotLoggedInError, _ask_for_login)
    app.add_exception_handler(HTTPException, _refuse)
    app.add_exception_handler(RequestValidationError, _name_the_field)
    app.add_exception_handler(XgoalsError, _explain)
    app.add_exception_handler(OperationalError, _say_that_the_database_is_away)
    _describe_scene(app)
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


def _wants_page(request: Request) -> bool:
    is_for_programs = "/api/v1/" in request.url.path
    return (
        request.method == "GET" and not is_for_programs and "text/html" in request.headers.get("accept", "")
    )


def _ask_for_login(request: Request, error: Exception) -> Response:
    if _wants_page(request):
        return RedirectResponse(login_address(request), status.HTTP_303_SEE_OTHER)
    return JSONResponse(
        {"detail": f"{error}. Send Authorization: Bearer with the token of POST /auth/token"},
        status.HTTP_401_UNAUTHORIZED,
        {"WWW-Authenticate": "Bearer"},
    )


def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (it is registered for these)
    if _wants_page(request):
        return pages.error_page(str(error.detail), error.status_code)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def _name_the_field(request: Request, error: Exception) -> Response:
    """A path or query that cannot be: the same form of answer as for a scene."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  (it is registered for these)
    mistakes = [
        {"field": ".".join(map(str, e["loc"][1:])), "problem": e["msg"], "advice": "See /xgoals/openapi.json"}
        for e in error.errors()
    ]
    if _wants_page(request):
        return pages.error_page(
            "There is no such page. See the index under /xgoals/", status.HTTP_404_NOT_FOUND
        )
    return JSONResponse({"detail": mistakes}, status.HTTP_422_UNPROCESSABLE_CONTENT)


def _explain(request: Request, error: Exception) -> Response:
    """An error of ours says what is wrong and what to do; whose fault it is decides the code."""
    code = status.HTTP_422_UNPROCESSABLE_CONTENT
    if isinstance(error, StoreError):
        code = status.HTTP_503_SERVICE_UNAVAILABLE
        log.warning("%s", error)
    elif isinstance(error, ModelError):
        code = status.HTTP_409_CONFLICT
    if _wants_page(request):
        return pages.error_page(str(error), code)
    return JSONResponse({"detail": str(error)}, code)


def _say_that_the_database_is_away(request: Request, error: Exception) -> Response:
    """A database that answered before and does so no longer; the next request tries again."""
    log.warning("the results database does not answer: %s", error)
    outage = StoreError(
        "the results database does not answer", advice="Try again; 'xgoals status' says what runs"
    )
    return _explain(request, outage)


def _describe_scene(app: FastAPI) -> None:
    """Put the posted scene among the schemas: its endpoint reads the body itself."""
    generate = app.openapi

    def openapi() -> dict[str, object]:
        described = generate()
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        if "PostedScene" not in schemas:
            scene = PostedScene.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(scene.pop("$defs", {}))
            schemas["PostedScene"] = scene
        return described

    app.openapi = openapi  # type: ignore[method-assign]
