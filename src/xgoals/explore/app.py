"""The explorer by itself: its page and its answers on loopback, without Airflow and without a login.

Only this machine reaches it. A page of another site could still try to, through the reader's own browser: by a name
that leads here (DNS rebinding), which the check of the host refuses, or by posting in his name, which the check of the
origin refuses.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from xgoals.explore import api, pages
from xgoals.explore.library import Library
from xgoals.explore.refusals import add_refusals
from xgoals.explore.requests import describe_scenes, from_own_page
from xgoals.scoring import Scorer
from xgoals.settings import Settings

HOSTS = ("127.0.0.1", "localhost")


PREFIX = "/xgoals"
"""As in Airflow's UI, so that links from pages and shared scenes lead to the same in both."""


def create_app(settings: Settings) -> FastAPI:
    """The application; for whoever serves it on loopback."""
    app = FastAPI(
        title="xgoals explore",
        version="1",
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.library = Library(Scorer(settings))
    app.state.public_prefix = lambda: PREFIX
    app.include_router(pages.router, prefix=PREFIX)
    app.include_router(api.router, prefix=PREFIX, dependencies=[Depends(from_own_page)])
    app.add_api_route("/", lambda: RedirectResponse(f"{PREFIX}/explore"), include_in_schema=False)
    app.middleware("http")(_strict)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    add_refusals(app)
    describe_scenes(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.library.scorer.close()


async def _strict(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """What every answer says to browsers."""
    answer = await call_next(request)
    answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer
