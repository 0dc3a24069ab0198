"""What a server of ours answers where something is wrong: to people a page, to programs JSON with what to do."""

import html
import logging

from fastapi import FastAPI, HTTPException, Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from xgoals.domain.errors import ModelError, StoreError, XgoalsError
from xgoals.store.outages import outage_of

log = logging.getLogger(__name__)

PLAIN_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


def add_refusals(app: FastAPI) -> None:
    """Let an application answer errors in this way."""
    app.add_exception_handler(HTTPException, _refuse)
    app.add_exception_handler(RequestValidationError, _name_the_field)
    app.add_exception_handler(XgoalsError, _explain)
    for kind in (DBAPIError, PendingRollbackError, PoolTimeoutError):
        app.add_exception_handler(kind, _say_that_the_database_is_away)


def wants_page(request: Request) -> bool:
    """Whether a person at a browser asks for a page."""
    is_for_programs = "/api/v1/" in request.url.path
    return (
        request.method == "GET" and not is_for_programs and "text/html" in request.headers.get("accept", "")
    )


def error_page(message: str, code: int) -> HTMLResponse:
    """A refusal for a person at a browser."""
    body = f"<!doctype html><html lang=en><meta charset=utf-8><title>xgoals</title><p>{html.escape(message)}</p></html>"
    return HTMLResponse(body, code, headers={"Content-Security-Policy": PLAIN_PAGE_POLICY})


def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (it is registered for these)
    if wants_page(request):
        return error_page(str(error.detail), error.status_code)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def _name_the_field(request: Request, error: Exception) -> Response:
    """A path or query that cannot be: the same form of answer as for a scene."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  (it is registered for these)
    mistakes = [
        {"field": ".".join(map(str, e["loc"][1:])), "problem": e["msg"], "advice": "See /xgoals/openapi.json"}
        for e in error.errors()
    ]
    if wants_page(request):
        return error_page("There is no such page. See the index under /xgoals/", status.HTTP_404_NOT_FOUND)
    return JSONResponse({"detail": mistakes}, status.HTTP_422_UNPROCESSABLE_CONTENT)


def _explain(request: Request, error: Exception) -> Response:
    """An error of ours says what is wrong and what to do; whose fault it is decides the code."""
    code = status.HTTP_422_UNPROCESSABLE_CONTENT
    if isinstance(error, StoreError):
        code = status.HTTP_503_SERVICE_UNAVAILABLE
        log.warning("%s", error)
    elif isinstance(error, ModelError):
        code = status.HTTP_409_CONFLICT
    if wants_page(request):
        return error_page(str(error), code)
    return JSONResponse({"detail": str(error)}, code)


def _say_that_the_database_is_away(request: Request, error: Exception) -> Response:
    """A database that answered before and does so no longer; the next request tries again."""
    if (outage := outage_of(error)) is None:
        raise error  # a bug of ours: the server's log has it
    return _explain(request, outage)
