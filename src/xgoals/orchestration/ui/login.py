"""Airflow's login and its permissions, for the pages beside its own.

Whoever may look at the runs of the pipeline may look at what they wrote. The login is Airflow's token, in the
cookie that its UI sets, or in a header for programs.
"""

from typing import Annotated, Any
from urllib.parse import quote

from airflow.api_fastapi.app import API_ROOT_PATH, get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
from airflow.models.dag import DagModel
from fastapi import Depends, HTTPException, Request, status

from xgoals.domain.pipeline import DAG_ID


class NotLoggedInError(Exception):
    """Nobody is logged in, or the login is too old, or it was signed with another key."""


async def logged_in(request: Request, credentials: Annotated[Any, Depends(bearer_scheme)]) -> Any:
    """Airflow's user of this request.

    Raises
    ------
    NotLoggedInError
        If there is none.
    """
    try:
        return await get_user(request, None, credentials)
    except HTTPException as refusal:
        raise NotLoggedInError(refusal.detail) from None


def may_read(user: Annotated[Any, Depends(logged_in)]) -> None:
    """Let pass who may see the runs of the pipeline.

    Raises
    ------
    HTTPException
        403 for everybody else.
    """
    # In an installation of several teams, a role of another team's says nothing about these runs.
    details = DagDetails(id=DAG_ID, team_name=DagModel.get_team_name(DAG_ID))
    manager = get_auth_manager()
    if not manager.is_authorized_dag(
        method="GET", access_entity=DagAccessEntity.RUN, details=details, user=user
    ):
        raise HTTPException(
            status.HTTP_403_FORBIDDEN,
            f"You may not see the runs of {DAG_ID}. Ask an administrator of this Airflow",
        )


def login_address(request: Request) -> str:
    """Where a browser logs in, to come back to where it wanted to go."""
    path, root = str(request.url.path), API_ROOT_PATH.removesuffix("/")
    if not path.startswith(f"{root}/"):  # the proxy in front has taken it away
        path = root + path
    wanted = path + (f"?{request.url.query}" if request.url.query else "")
    return f"{API_ROOT_PATH}api/v2/auth/login?next={quote(wanted, safe='')}"
