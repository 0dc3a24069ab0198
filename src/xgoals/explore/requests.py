"""What comes in with a request, guarded: whose page has sent it, how long it is, whether it is a scene."""

from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
from fastapi import FastAPI, HTTPException, Request, Response, status
from pydantic import BaseModel, ValidationError

from xgoals.explore.scene import Posted, PostedPair, PostedScene, problems_of

MAX_SCENE_BYTES = 64 * 1024

OnePosted = TypeVar("OnePosted", bound=Posted)


class Mistake(BaseModel):
    """What is wrong with a posted scene, and what to do."""

    field: str
    problem: str
    advice: str


class Mistakes(BaseModel):
    """All that is wrong with it."""

    detail: list[Mistake]


def from_own_page(request: Request) -> None:
    """Refuse a request with a body that another site's page has sent in the name of a logged-in person.

    Browsers name the page's origin with every POST. The cookie itself is not sent along from other sites
    (``SameSite=Lax``), but ports of one host are one site. Programs send no origin and a token of their own.

    Raises
    ------
    HTTPException
        403 if the page is not of this server.
    """
    origin = request.headers.get("origin")
    if origin is not None and _host_of(origin) != request.headers.get("host"):
        raise HTTPException(
            status.HTTP_403_FORBIDDEN,
            f"A page of {origin} may not ask in your name. Send the request from a program",
        )


def _host_of(origin: str) -> str | None:
    """Host and port of an origin; None where it is no address at all."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


async def body_of(request: Request, *, media_type: str, max_bytes: int, too_long: str) -> bytes:
    """The body of a request.

    Parameters
    ----------
    media_type
        What it has to be.
    too_long
        What is said of more than ``max_bytes``; no more of it is read.

    Raises
    ------
    HTTPException
        415 if it is something else, 413 if it is too long.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != media_type:
        raise HTTPException(
            status.HTTP_415_UNSUPPORTED_MEDIA_TYPE, f"Send it with Content-Type: {media_type}"
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, too_long)
    return bytes(body)


async def posted(request: Request, what: type[OnePosted]) -> OnePosted:
    """The scene, or what is made of scenes, in the body of a request.

    Raises
    ------
    HTTPException
        415 and 413 as :func:`body_of`, 422 with all that is wrong with it.
    """
    too_long = f"A scene takes less than {MAX_SCENE_BYTES // 1024} KiB. Post one at a time"
    body = await body_of(request, media_type="application/json", max_bytes=MAX_SCENE_BYTES, too_long=too_long)
    try:
        return what.model_validate_json(body)
    except ValidationError as error:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, problems_of(error)) from None


async def posted_scene(request: Request) -> PostedScene:
    """The scene in the body of a request.

    Raises
    ------
    HTTPException
        As :func:`posted`.
    """
    return await posted(request, PostedScene)


def as_json(value: Any) -> Response:
    """An answer for programs; NaN, which JSON lacks, as null."""
    content = orjson.dumps(value, default=str, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(content, media_type="application/json")


def describes(model: str) -> dict[str, Any]:
    """How the description of the API names the body of a request that its endpoint reads itself."""
    reference = {"schema": {"$ref": f"#/components/schemas/{model}"}}
    return {"requestBody": {"required": True, "content": {"application/json": reference}}}


def describe_scenes(app: FastAPI) -> None:
    """Put what is posted among the schemas of an application: its endpoints read the bodies themselves."""
    generate = app.openapi

    def openapi() -> dict[str, object]:
        described = generate()
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        for model in (PostedScene, PostedPair):
            if model.__name__ not in schemas:
                scene = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas.update(scene.pop("$defs", {}))
                schemas[model.__name__] = scene
        return described

    app.openapi = openapi  # type: ignore[method-assign]
