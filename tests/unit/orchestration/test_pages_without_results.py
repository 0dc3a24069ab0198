"""Settings that cannot be used cost the Airflow around us nothing but our own pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from databases import forget_settings
from xgoals.orchestration.ui.plugin import XgoalsPlugin


async def get(app: FastAPI, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        return await client.get(path)


@pytest.mark.filterwarnings("ignore:Using `httpx` with")  # Airflow's API server imports a client for tests
@pytest.mark.parametrize(
    ("variable", "says"),
    [
        ('{"database_conn_id": "nowhere"}', "Airflow does not find the connection 'nowhere'"),
        (
            '{"schedule": {"timezone": "Nowhere"}}',
            "xgoals_settings: schedule.timezone: 'Nowhere' is not a time zone",
        ),
    ],
)
def test_every_page_says_why_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    run_async: Callable[..., Any],
    variable: str,
    says: str,
) -> None:
    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_VAR_XGOALS_SETTINGS", variable)
    (mounted,) = XgoalsPlugin().fastapi_apps
    from xgoals.orchestration.ui.login import may_read

    assert mounted["url_prefix"] == "/xgoals"
    assert run_async(get(mounted["app"], "/api/v1/main/matches")).status_code == 401, (
        "and that only to who may read them"
    )
    mounted["app"].dependency_overrides[may_read] = lambda: None
    for path in ("/", "/reports/main/index.html", "/runs/a/b"):
        answer = run_async(get(mounted["app"], path))
        assert answer.status_code == 503
        assert says in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
