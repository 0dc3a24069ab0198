"""The explorer's questions over HTTP: what a scene is worth and why, what two differ by, which shots are stored.

Mounted into Airflow's UI behind its login, and served on loopback by ``xgoals explore``. Nothing is written.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response, status

from xgoals.explore.library import Library
from xgoals.explore.requests import Mistakes, as_json, body_of, describes, posted, posted_scene
from xgoals.explore.scene import PostedPair
from xgoals.language import Language, language
from xgoals.settings import Database, Settings
from xgoals.storage import storage_of
from xgoals.store.database import exists
from xgoals.store.explored.shots import search_shots

if TYPE_CHECKING:
    from xgoals.explore.rest import Rest
    from xgoals.explore.two_scenes import TwoScenes

AT_ONCE = 2
"""So many scenes are worked out at the same time; more would only wait for each other."""
MOST_WAITING = 64
MAX_TABLE_BYTES = 2 * 1024 * 1024
MAX_TABLE_ROWS = 2_000

_Id = Annotated[str, Path(max_length=200, pattern=r"^[^\x00]+$")]
_Result = TypeVar("_Result")
_WRONG: dict[int | str, dict[str, Any]] = {
    422: {"model": Mistakes, "description": "What is wrong with the scene, field by field"}
}

router = APIRouter(prefix="/api/v1/{database}/explore")


def _library(request: Request, database: Database) -> Library:
    library: Library = request.app.state.library
    if not library.scorer.knows(database) and not exists(request.app.state.settings, database):
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"There is no database '{database}' here yet")
    return library


def _words(
    request: Request,
    language_code: Annotated[Literal["en", "de"] | None, Query(alias="language")] = None,
) -> Language:
    """The language that is asked for, or that of the reports."""
    settings: Settings = request.app.state.settings
    return language(language_code or settings.report.language)


_LibraryDep = Annotated[Library, Depends(_library)]
_Words = Annotated[Language, Depends(_words)]


async def _worked_out(request: Request, work: Callable[[], _Result]) -> _Result:
    """Do it on a thread, a few at once.

    Raises
    ------
    HTTPException
        503 where too many wait already.
    """
    state = request.app.state
    if not hasattr(state, "explore_limiter"):
        state.explore_limiter = CapacityLimiter(AT_ONCE)
    limiter: CapacityLimiter = state.explore_limiter
    if limiter.statistics().tasks_waiting >= MOST_WAITING:
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, "Too many ask at once. Try again", {"Retry-After": "1"}
        )
    return await to_thread.run_sync(work, limiter=limiter)


@router.post(
    "/move",
    summary="What a scene is worth, its rank, and why",
    openapi_extra=describes("PostedScene"),
    responses=_WRONG,
)
async def move(request: Request, database: Database, library: _LibraryDep, words: _Words) -> Response:
    """The champion's xG of a scene, and its reasons in football's order; nothing is stored.

    ``average`` plus all ``parts`` is ``xg`` (a penalty has no parts). A part is null where the scene lacks what it is
    made of: a keeper, other people. A scene that began with a stored ``shot`` is answered by the sister that has not
    seen its match.
    """
    from xgoals.explore.asked import ask
    from xgoals.explore.moves import move as answer

    scene = await posted_scene(request)
    return as_json(await _worked_out(request, lambda: answer(ask(library, database, scene), words)))


@router.post(
    "/rest",
    summary="Who takes what, how sure the reasons are, and the real shots most like it",
    openapi_extra=describes("PostedScene"),
    responses=_WRONG,
)
async def rest(request: Request, database: Database, library: _LibraryDep, words: _Words) -> Response:
    """What takes longer than a move; ask once the hand rests.

    ``nobody`` minus all that the ``actors`` take is the xG of the same scene. ``distance_m`` says by how many metres
    those who matter would have to move on average to make the scene of the real shot.
    """
    from xgoals.explore.asked import ask
    from xgoals.explore.rest import rest as answer

    scene = await posted_scene(request)
    settings: Settings = request.app.state.settings

    def work() -> "Rest":
        asked = ask(library, database, scene)
        with library.engine(database).connect() as connection:
            return answer(asked, connection, storage_of(settings), words)

    return as_json(await _worked_out(request, work))


@router.post(
    "/compare",
    summary="Why one scene is worth more than another",
    openapi_extra=describes("PostedPair"),
    responses=_WRONG,
)
async def compare(request: Request, database: Database, library: _LibraryDep, words: _Words) -> Response:
    """Both numbers by one model, and four parts that add up to ``a - b``; one in which the scenes are equal has 0."""
    from xgoals.explore.asked import ask
    from xgoals.explore.two_scenes import hold_against

    pair = await posted(request, PostedPair)

    def work() -> "TwoScenes":
        return hold_against(ask(library, database, pair.a), ask(library, database, pair.b), words)

    return as_json(await _worked_out(request, work))


@router.get("/shots", summary="Stored shots by player, team, match or season")
def shots(
    database: Database,
    library: _LibraryDep,
    q: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Shots of which every word of ``q`` is a part of the names, newest first."""
    with library.engine(database).connect() as connection:
        return as_json(search_shots(connection, q, limit=limit))


@router.get("/shots/{provider}/{match_id}/{shot_id}", summary="A stored shot as a scene to start from")
def shot(
    database: Database, provider: _Id, match_id: _Id, shot_id: _Id, library: _LibraryDep, words: _Words
) -> Response:
    """The scene can be posted as it is; ``names`` are those of its people."""
    from xgoals.explore.stored import start_from

    with library.engine(database).connect() as connection:
        found = start_from(connection, provider, match_id, shot_id, words)
    if found is None:
        raise HTTPException(
            status.HTTP_404_NOT_FOUND, f"There is no shot '{provider}/{match_id}/{shot_id}' that counts"
        )
    return as_json(found)


@router.get("/template.csv", summary="A table to begin with")
def template(database: Database) -> Response:
    """What each column is, and three shots that can be scored as they are."""
    from xgoals.explore.table.writing import template as written

    name = {"Content-Disposition": 'attachment; filename="shots.csv"'}
    return Response(written(), media_type="text/csv; charset=utf-8", headers=name)


@router.post(
    "/table",
    summary="A table of shots, scored",
    openapi_extra={
        "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
    },
    responses={422: {"description": "No row could be scored: each mistake with its row, column and value"}},
)
async def table(request: Request, database: Database, library: _LibraryDep) -> Response:
    """The same table with xG, rank and reasons of every row that can be scored.

    Column ``mistake`` says what is wrong with the others; ``X-Rows-Scored`` and ``X-Mistakes`` count both. Nothing is
    stored.
    """
    from xgoals.explore.table.answer import answer_table
    from xgoals.explore.table.writing import as_csv

    content = await body_of(
        request, media_type="text/csv", max_bytes=MAX_TABLE_BYTES,
        too_long=f"A table here takes less than {MAX_TABLE_BYTES // 1024**2} MiB. Larger ones: xgoals score --shots",
    )  # fmt: skip
    scored = await _worked_out(
        request, lambda: answer_table(library, database, content, max_rows=MAX_TABLE_ROWS)
    )
    if not scored.n_scored:
        raise HTTPException(
            status.HTTP_422_UNPROCESSABLE_CONTENT, [asdict(mistake) for mistake in scored.mistakes[:100]]
        )
    counts = {"X-Rows-Scored": str(scored.n_scored), "X-Mistakes": str(len(scored.mistakes))}
    return Response(
        as_csv(scored.frame, scored.dialect), media_type="text/csv; charset=utf-8", headers=counts
    )
