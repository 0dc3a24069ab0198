"""The explorer's questions over HTTP: what a scene is worth and why, what two differ by, which shots are stored.

Mounted into Airflow's UI behind its login, and served on loopback by ``xgoals explore``. Nothing is written.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response, status

from xgoals.explore.library import Library
from xgoals.explore.requests import Mistakes, as_json, describes, posted_scene
from xgoals.language import Language, language
from xgoals.settings import Database, Settings
from xgoals.store.database import exists
from xgoals.store.explored.shots import search_shots

if TYPE_CHECKING:
    from xgoals.explore.rest import Rest

AT_ONCE = 2
"""So many scenes are worked out at the same time; more would only wait for each other."""
MOST_WAITING = 64

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
            return answer(asked, connection, settings.reports / database, words)

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
