"""Whether there is an endpoint for metrics at all; who may fetch it is tried on a real API server (tests/ui)."""

import warnings

import httpx
import pytest

from databases import default_settings
from xgoals.settings import Metrics

with warnings.catch_warnings():  # what Airflow's API imports warns of a library that it does not need
    warnings.simplefilter("ignore")
    from xgoals.orchestration.ui.app import create_app


@pytest.mark.parametrize(("is_on", "code"), [(False, 404), (True, 401)])
def test_it_is_there_only_where_it_is_switched_on_and_is_no_part_of_the_described_api(
    tmp_path, run_async, is_on, code
):
    app = create_app(default_settings(home=tmp_path, metrics=Metrics(endpoint=is_on)))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/metrics", headers={"Authorization": "Bearer None"})

    assert run_async(ask()).status_code == code, "where there is no token yet, none opens it"
    assert "/metrics" not in app.openapi()["paths"]
