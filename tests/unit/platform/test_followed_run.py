"""A run by the services is followed to its end, though Airflow or its database go away on the way and come back."""

import io
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from rich.console import Console

from xgoals.domain.errors import ServiceError
from xgoals.domain.pipeline import DAG_ID, TASK_IDS
from xgoals.services.airflow.api_client import AirflowApi, AwayError
from xgoals.services.runner import by_services
from xgoals.services.runner.display import RunDisplay
from xgoals.services.runner.following import Follower, RunOutcome

RUN = f"/api/v2/dags/{DAG_ID}/dagRuns/r"
Answer = Callable[[httpx.Request], httpx.Response]


class Airflow:
    """Answers as an API server does whose run ends after some looks; ``odd`` says what comes before the good answer."""

    def __init__(self, odd: list[Answer]) -> None:
        self.odd, self.n_asked, self.n_triggered = odd, 0, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.method == "POST":
            self.n_triggered += 1
            return httpx.Response(200, json={"dag_run_id": "r"})
        if path == RUN:
            self.n_asked += 1
            if self.n_asked > 1 and self.odd:
                return self.odd.pop(0)(request)
            return httpx.Response(200, json={"state": "running" if self.n_asked < 3 else "success"})
        if path == f"{RUN}/taskInstances":
            tasks = [
                {"task_id": one, "state": "success", "map_index": -1, "duration": 1.0, "try_number": 1}
                for one in TASK_IDS
            ]
            return httpx.Response(200, json={"task_instances": tasks})
        known: dict[str, Any] = {"is_paused": False} if path.endswith(DAG_ID) else {"dag_runs": []}
        return httpx.Response(200, json=known)


def nobody(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def no_database(_: httpx.Request) -> httpx.Response:
    return httpx.Response(500, json={"detail": {"reason": "Database error"}})


@pytest.fixture
def follow(monkeypatch: pytest.MonkeyPatch) -> Callable[[Airflow], tuple[RunOutcome, str]]:
    clock_s = [0.0]
    monkeypatch.setattr(by_services.time, "monotonic", lambda: clock_s[0])
    monkeypatch.setattr(by_services.time, "sleep", lambda _: clock_s.__setitem__(0, clock_s[0] + 30.0))

    def run(airflow: Airflow) -> tuple[RunOutcome, str]:
        client, output = AirflowApi("http://airflow", "admin", "x"), io.StringIO()
        client._client = httpx.Client(transport=httpx.MockTransport(airflow), base_url="http://airflow")
        with RunDisplay(TASK_IDS, Console(file=output, width=300)) as display:
            return by_services.run_by_services(client, {}, Follower(display, None)), output.getvalue()

    return run


@pytest.mark.parametrize("odd", [nobody, no_database])
def test_who_follows_waits_until_airflow_answers_again(follow, odd: Answer) -> None:
    airflow = Airflow([odd] * 10)
    outcome, said = follow(airflow)
    assert outcome.state == "success"
    assert airflow.n_triggered == 1
    assert said.count("Waiting until Airflow") == 1


def test_one_that_stays_away_is_given_up_and_a_refusal_at_once(follow) -> None:
    away = Airflow([nobody] * 1_000)
    with pytest.raises(AwayError, match="does not answer"):
        follow(away)
    assert len(away.odd) > 900
    refused = Airflow([lambda _: httpx.Response(404, text="no such run")])
    with pytest.raises(ServiceError, match="no such run"):
        follow(refused)
    assert refused.n_asked == 2
