"""JSON for programs: matches, their shots with xG and values, and the xG of a posted scene."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response, status
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from xgoals.explore.requests import Mistakes, as_json, describes, from_own_page, posted_scene
from xgoals.orchestration.ui.login import may_read
from xgoals.scoring import Scorer
from xgoals.settings import Database
from xgoals.store import served
from xgoals.store.database import exists

# An id as a feed may write it; the database takes no zero byte.
_Id = Annotated[str, Path(max_length=200, pattern=r"^[^\x00]+$")]
_Name = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]+$")]


class Answer(BaseModel):
    """The champion's number for a scene, and why.

    ``base_value`` plus all ``shap_values`` is ``xg``, and so is ``base_value`` plus all ``group_values``. ``n_alike``
    counts the shots like it that the champion has learned from: with fewer than ten of them, the number is a guess.
    """

    xg: float
    base_value: float
    shap_values: dict[str, float]
    group_values: dict[str, float]
    features: dict[str, float | None]
    model_version: str
    catalogue: str
    scored_by: str
    n_alike: int


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
        return as_json(
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
        return as_json(served.read_match_shots(connection, provider, match_id))


@router.post(
    "/score",
    summary="The xG of a scene, and why",
    response_model=Answer,
    openapi_extra=describes("PostedScene"),
    responses={422: {"model": Mistakes, "description": "What is wrong with the scene, field by field"}},
)
async def score(request: Request, database: Database, scorer: _ScorerDep) -> Response:
    """The champion's xG of a shot that is stored nowhere, and nothing is stored.

    Only where it was taken and the body part are needed; what is left out counts as unknown, and the model treats
    it so. Take the values of a group of features (place, keeper, opponents, execution, situation) for its reason:
    inside a group the features share their credit.
    """
    scene = await posted_scene(request)
    scored = await run_in_threadpool(
        scorer.score,
        database,
        scene.shot(),
        scene.scene(),
        scene.on_pitch(),
        since_own_shot_s=scene.since_own_shot_s,
        match=scene.match,
    )
    return as_json(asdict(scored))
