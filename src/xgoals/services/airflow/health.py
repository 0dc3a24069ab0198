"""How Airflow's components are by their own heartbeats, each judged for itself."""

from collections.abc import Mapping
from typing import Literal

from xgoals.services.airflow.api_client import AirflowApi
from xgoals.services.airflow.components import API_SERVER, COMPONENTS

Health = Literal["healthy", "unhealthy", "unknown"]


def component_health(client: AirflowApi) -> Mapping[str, Health]:
    """Health of each component; *unknown* where there is nobody to ask: the API server has the others' heartbeats."""
    answer = client.health()
    health: dict[str, Health] = {name: _of(answer, name) for name in COMPONENTS}
    return health | {API_SERVER: "healthy" if answer else "unhealthy"}


def _of(answer: Mapping[str, str | None], name: str) -> Health:
    if not answer or answer.get("metadatabase") != "healthy":
        return "unknown"
    return "healthy" if answer.get(name.replace("-", "_")) == "healthy" else "unhealthy"
