"""Addresses of the mounted pages that people type or cut: they lead to a page, or say that there is none."""

import warnings

import httpx
import pytest

from databases import forget_settings
from xgoals.settings import load_settings


@pytest.fixture
def ask(monkeypatch, tmp_path, run_async):
    """Ask as a logged-in browser before the pages of a home with one index; Airflow's login is not asked."""
    with warnings.catch_warnings():  # of what Airflow's own application imports
        warnings.simplefilter("ignore")
        from xgoals.orchestration.ui.app import create_app
        from xgoals.orchestration.ui.login import logged_in, may_read

    forget_settings(monkeypatch)
    settings = load_settings(home=tmp_path, ui={"warm_scoring": False})
    folder = settings.home / "reports" / "demo"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<p>the index</p>")
    app = create_app(settings)
    app.dependency_overrides |= {may_read: lambda: None, logged_in: lambda: None}

    async def send(method, path, **options):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport,
            base_url="http://here",
            follow_redirects=True,
            headers={"Accept": "text/html"},
        ) as browser:
            return await browser.request(method, path, **options)

    return lambda *asked, **options: run_async(send(*asked, **options))


@pytest.mark.parametrize(
    "path", ["/reports/demo", "/reports/demo/", "/reports/demo/index.html", "/reports", "/reports/", "/"]
)
def test_a_folder_s_address_leads_to_its_index_below_which_links_work(ask, path):
    answer = ask("GET", path)
    assert answer.status_code == 200
    assert answer.text == "<p>the index</p>"
    assert answer.url.path == "/reports/demo/index.html"


@pytest.mark.parametrize(
    "path", ["/reports/demo/index.html/", "/reports/demo/no.html", "/runs/xgoals_pipeline/none"]
)
def test_what_is_not_there_is_404(ask, path):
    assert ask("GET", path).status_code == 404


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "", "http://evil.example"])
def test_an_origin_that_is_no_address_of_ours_is_refused_not_an_error(ask, origin):
    answer = ask("POST", "/api/v1/demo/score", json={}, headers={"Origin": origin})
    assert answer.status_code == 403
