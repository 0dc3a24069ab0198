"""The endpoint for Prometheus in a real API server: for its token, for nobody else."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_classic
from sqlalchemy import text

from xgoals.store.database import connect

pytestmark = pytest.mark.timeout(900)


def fetch(server, shown=None, **headers):
    with server.client(logged_in=False) as client:
        if shown is not None:
            headers["Authorization"] = shown
        return client.get("/xgoals/metrics", headers=headers)


def test_without_the_token_there_is_nothing_and_airflow_s_login_is_none(server):
    for shown in (
        None,
        "",
        "Bearer",
        "Bearer guessed",
        f"Basic {server.metrics_token}",
        f"Bearer {server.token()}",
    ):
        answer = fetch(server, shown)
        assert answer.status_code == 401, shown
        assert set(answer.json()) == {"detail"}
        assert "xgoals_" not in answer.text
    with server.client(logged_in=False) as client:
        client.cookies.set("_token", server.token())
        assert client.get("/xgoals/metrics").status_code == 401
        opened = {"Authorization": f"Bearer {server.metrics_token}"}
        assert client.get("/xgoals/api/v1/demo/matches", headers=opened).status_code == 401, (
            "it opens nothing else"
        )


def test_the_token_opens_it_and_values_are_those_of_the_rows(server):
    answer = fetch(server, f"Bearer {server.metrics_token}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    told = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in read_classic(answer.text)
        for sample in family.samples
    }
    engine = connect(server.settings, "demo")
    with engine.connect() as connection:
        count = lambda query: connection.scalar(text(query))  # noqa: E731
        n_success = count(
            "select count(*) from run where state = 'success' and not starts_with(run_id, 'cli__')"
        )
        n_pages = count("select count(*) from match_news where page = 'due'")
        log_loss = count(
            """select (metrics #>> '{held_out,model,log_loss}')::float8
               from model_version join champion using (model_version)"""
        )
    engine.dispose()
    assert told["xgoals_up", "demo"] == 1
    assert told["xgoals_runs", "demo", "success"] == n_success
    assert told["xgoals_pages_owed", "demo", "due"] == n_pages
    assert told["xgoals_champion_log_loss", "demo", "held_out"] == log_loss
    assert told["xgoals_disk_size_bytes",] > told["xgoals_disk_free_bytes",] > 0


def test_openmetrics_is_told_to_who_asks_for_it(server):
    answer = fetch(
        server, f"bearer {server.metrics_token}", Accept="application/openmetrics-text;version=1.0.0"
    )
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.text.endswith("# EOF\n")
    assert "xgoals_champion_auc" in {family.name for family in read_openmetrics(answer.text)}
