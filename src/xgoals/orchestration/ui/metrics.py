"""``/xgoals/metrics`` for Prometheus, behind a token of its own: Airflow's logins end after a day."""

from airflow.api.common.airflow_health import get_airflow_health
from fastapi import APIRouter, HTTPException, Request, Response, status

from xgoals.metrics.exposition import expose
from xgoals.metrics.snapshot import Monitored, heartbeats_of
from xgoals.metrics.token import is_token

router = APIRouter()


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """All metrics at this moment, for who shows the token.

    Raises
    ------
    HTTPException
        401 for everybody else.
    StoreError
        503 if an earlier question has not been answered yet.
    """
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_token(request.app.state.settings, shown.strip()):
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "Send Authorization: Bearer with the token for metrics. See docs/monitoring.md",
            {"WWW-Authenticate": "Bearer"},
        )
    monitored: Monitored = request.app.state.monitored
    told = expose(monitored.snapshot(heartbeats_of(get_airflow_health())), request.headers.get("accept", ""))
    return Response(told.text, media_type=told.content_type)
