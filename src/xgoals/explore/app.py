"""The explorer by itself: its page and its answers on loopback, without Airflow and without a login.

Only this machine reaches it. A page of another site could still try to, through the reader's own browser: by a name
that leads here (DNS rebinding), which the check of the host refuses, or by posting in his name, which the check of the
origin refuses.
"""

from collections.abc import Awaitable, Callable

from fastapi import Depends, FastAPI, Request, Response
from starlette.middleware.trustedhost import TrustedHostMiddleware

from xgoals.explore import api
from xgoals.explore.library import Library
from xgoals.explore.refusals import add_refusals
from xgoals.explore.requests import describe_scenes, from_own_page
from xgoals.scoring import Scorer
from xgoals.settings import Settings

HOSTS = ("127.0.0.1", "localhost")


def create_app(settings: Settings) -> FastAPI:
    """The application; for whoever serves it on loopback."""
    app = FastAPI(title="xgoals explore", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.settings = settings
    app.state.library = Library(Scorer(settings))
    app.include_router(api.router, dependencies=[Depends(from_own_page)])
    app.middleware("http")(_strict)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    add_refusals(app)
    describe_scenes(app)
    return app


async def _strict(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """What every answer says to browsers."""
    answer = await call_next(request)
    answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer
