"""JSON for programs: matches, their shots with xG and values, and the xG of a posted scene."""

from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ValidationError

from xgoals.orchestration.ui.login import from_own_page, may_read
from xgoals.orchestration.ui.scene import PostedScene, problems_of, read_scene
from xgoals.scoring import Scorer
from xgoals.settings import Database
from xgoals.store import served
from xgoals.store.database import exists

MAX_BODY_BYTES = 64 * 1024

# An id as a feed may write it; the database takes no zero byte.
_Id = Annotated[str, Path(max_length=200, pattern=r"^[^\x00]+$")]
_Name = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]+$")]


class Answer(BaseModel):
    """The champion's number for a scene, and why.

    ``base_value`` plus all ``shap_values`` is ``xg``, and so is ``base_value`` plus all ``group_values``.
    """

    xg: float
    base_value: float
    shap_values: dict[str, float]
    group_values: dict[str, float]
    features: dict[str, float | None]
    model_version: str
    catalogue: str
    scored_by: str


class Mistake(BaseModel):
    """What is wrong with a posted scene, and what to do."""

    field: str
    problem: str
    advice: str


class Mistakes(BaseModel):
    """All that is wrong with it."""

    detail: list[Mistake]


router = APIRouter(prefix="/api/v1/{database}", dependencies=[Depends(may_read), Depends(from_own_page)])


def _scorer(request: Request, database: Database) -> Scorer:
    scorer: Scorer = request.app.state.scorer
    if not scorer.knows(database) and not exists(request.app.state.settings, database):
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"There is no database '{database}' here yet")
    return scorer


_ScorerDep = Annotated[Scorer, Depends(_scorer)]


@router.get("/matches", summary="Matches, newest first", response_model=list[dict[str, Any]])
def matches(
    database: Database,
    scorer: _ScorerDep,
    competition: _Name = None,
    season: _Name = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """Matches with their score, and shots and published xG of both sides."""
    with scorer.engine(database).connect() as connection:
        return _json(
            served.list_matches(
                connection, competition=competition, season=season, limit=limit, offset=offset
            )
        )


@router.get(
    "/matches/{provider}/{match_id}/shots",
    summary="A match's shots with xG and why",
    response_model=list[dict[str, Any]],
)
def shots(database: Database, provider: _Id, match_id: _Id, scorer: _ScorerDep) -> Response:
    """Every shot of a match in order.

    ``xg``, ``model_version`` and ``scored_by`` (which names a sister behind the version, as ``xg-abc/3``) are what was
    published for the shot; ``champion_xg`` is the present champion's
    number, and ``base_value``, ``shap_values`` (by feature) and ``group_values`` (by group of features) add up to it,
    in probability. Places are metres from the pitch's centre, x towards the goal attacked.
    """
    with scorer.engine(database).connect() as connection:
        if not served.has_match(connection, provider, match_id):
            raise HTTPException(
                status.HTTP_404_NOT_FOUND,
                f"There is no match '{match_id}' of provider '{provider}'. See: /xgoals/api/v1/{database}/matches",
            )
        return _json(served.read_match_shots(connection, provider, match_id))


@router.post(
    "/score",
    summary="The xG of a scene, and why",
    response_model=Answer,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PostedScene"}}},
        }
    },
    responses={422: {"model": Mistakes, "description": "What is wrong with the scene, field by field"}},
)
async def score(request: Request, database: Database, scorer: _ScorerDep) -> Response:
    """The champion's xG of a shot that is stored nowhere, and nothing is stored.

    Only where it was taken and the body part are needed; what is left out counts as unknown, and the model treats
    it so. Take the values of a group of features (place, keeper, opponents, execution, situation) for its reason:
    inside a group the features share their credit.
    """
    scene = await _posted(request)
    scored = await run_in_threadpool(
        scorer.score,
        database,
        scene.shot(),
        scene.scene(),
        scene.on_pitch(),
        since_own_shot_s=scene.since_own_shot_s,
        match=scene.match,
    )
    return _json(asdict(scored))


async def _posted(request: Request) -> PostedScene:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise HTTPException(
            status.HTTP_415_UNSUPPORTED_MEDIA_TYPE, "Send JSON, with Content-Type: application/json"
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(
                status.HTTP_413_CONTENT_TOO_LARGE,
                f"A scene takes less than {MAX_BODY_BYTES // 1024} KiB. Post one at a time",
            )
    try:
        return read_scene(bytes(body))
    except ValidationError as error:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, problems_of(error)) from None


def _json(value: Any) -> Response:
    content = orjson.dumps(value, default=str, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(content, media_type="application/json")
