"""The few calls to Airflow's REST API that we need, on loopback, with the UI's own user."""

from typing import Any
from urllib.parse import quote

import httpx

from xgoals.domain.errors import ServiceError
from xgoals.domain.pipeline import DAG_ID


class AwayError(ServiceError):
    """Airflow does not answer, or its database does not: asked again later, it may."""


class AirflowApi:
    """A client of one API server.

    Parameters
    ----------
    base_url
        Such as ``http://127.0.0.1:8080``.
    user, password
        Of the UI.
    """

    def __init__(self, base_url: str, user: str, password: str) -> None:
        self.base_url = base_url
        self._credentials = {"username": user, "password": password}
        # Loopback: neither a company's proxy nor its certificates take part.
        self._client = httpx.Client(
            base_url=base_url, timeout=30.0, trust_env=False, headers={"Accept": "application/json"}
        )

    def __enter__(self) -> "AirflowApi":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def health(self) -> dict[str, str | None]:
        """State of metadatabase, scheduler, dag_processor and triggerer; empty if nobody answers."""
        return {name: component.get("status") for name, component in self.health_page().items()}

    def health_page(self) -> dict[str, dict[str, str | None]]:
        """State and last heartbeat of the same as Airflow tells them; empty if nobody answers."""
        try:
            answer = self._client.get("/api/v2/monitor/health", timeout=5.0)
        except httpx.TransportError:
            return {}
        return dict(answer.json()) if answer.status_code == httpx.codes.OK else {}

    def dag(self) -> dict[str, Any] | None:
        """The DAG as Airflow knows it, or None while it has not read the file."""
        answer = self._call("GET", f"/api/v2/dags/{DAG_ID}", may_be_missing=True)
        return answer if answer else None

    def import_errors(self) -> list[str]:
        """Why a DAG file could not be read."""
        answer = self._call("GET", "/api/v2/importErrors")
        return [str(entry["stack_trace"]) for entry in answer["import_errors"]]

    def trigger(self, conf: dict[str, Any]) -> str:
        """Ask for a run with these parameters; its id."""
        answer = self._call("POST", f"/api/v2/dags/{DAG_ID}/dagRuns", {"logical_date": None, "conf": conf})
        return str(answer["dag_run_id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """A run with its ``state``."""
        return self._call("GET", f"/api/v2/dags/{DAG_ID}/dagRuns/{quote(run_id)}")

    def runs(self, state: str) -> list[dict[str, Any]]:
        """The runs in a state, oldest first; none while Airflow does not know the DAG."""
        path = f"/api/v2/dags/{DAG_ID}/dagRuns?state={state}&order_by=run_after"
        return list(self._call("GET", path, may_be_missing=True).get("dag_runs", []))

    def fail_abandoned_runs(self) -> None:
        """Mark in-process runs failed that were killed; else the scheduler would go on with them."""
        for run in self.runs("running"):
            if run["triggered_by"] == "test":
                path = f"/api/v2/dags/{DAG_ID}/dagRuns/{quote(run['dag_run_id'])}"
                self._call("PATCH", path, {"state": "failed", "note": "Its process was ended from outside."})

    def tasks(self, run_id: str) -> list[dict[str, Any]]:
        """The tasks of a run with ``task_id``, ``map_index``, ``state``, ``try_number``, ``duration`` in seconds."""
        answer = self._call("GET", f"/api/v2/dags/{DAG_ID}/dagRuns/{quote(run_id)}/taskInstances?limit=100")
        return list(answer["task_instances"])

    def last_error(self, run_id: str, task_id: str, try_number: int, map_index: int = -1) -> str | None:
        """Why a task failed: what its log says at the end, else the last line that is an error."""
        path = f"/api/v2/dags/{DAG_ID}/dagRuns/{quote(run_id)}/taskInstances/{task_id}/logs/{try_number}"
        query = f"full_content=true&map_index={map_index}"
        lines = self._call("GET", f"{path}?{query}", may_be_missing=True).get("content", [])
        errors = [line["event"] for line in lines if isinstance(line, dict) and line.get("level") == "error"]
        ours = [error for error in errors if error.startswith(f"{task_id} failed: ")]
        return str((ours or errors)[-1]) if errors else None

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, may_be_missing: bool = False
    ) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, json=body)
            if answer.status_code == httpx.codes.UNAUTHORIZED:  # the first call, or the token is a day old
                self._log_in()
                answer = self._client.request(method, path, json=body)
        except httpx.TransportError as error:
            raise AwayError(
                f"Airflow does not answer ({error})",
                where=self.base_url,
                advice="'xgoals status' says what runs; the logs lie in XGOALS_HOME/logs",
            ) from None
        if may_be_missing and answer.status_code == httpx.codes.NOT_FOUND:
            return {}
        if answer.is_error:
            kind = AwayError if answer.is_server_error else ServiceError
            raise kind(f"Airflow refused {method} {path}: {answer.text}", where=str(answer.url))
        result: dict[str, Any] = answer.json()
        return result

    def _log_in(self) -> None:
        answer = self._client.post("/auth/token", json=self._credentials)
        if answer.is_server_error:
            raise AwayError(f"Airflow lets nobody in at the moment: {answer.text}", where=self.base_url)
        if answer.is_error:
            raise ServiceError(
                f"Airflow does not let user '{self._credentials['username']}' in",
                where=self.base_url,
                advice="'xgoals down' and 'xgoals up' read the password file anew",
            )
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
