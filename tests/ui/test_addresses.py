"""Addresses of the mounted pages that people type or cut: they lead to a page, or say that there is none."""

import warnings

import httpx
import pytest

from databases import forget_settings
from xgoals.settings import load_settings
from xgoals.storage import bucket as bucket_module
from xgoals.storage import storage_of


@pytest.fixture(params=["home", "bucket"])
def storage(request, monkeypatch, tmp_path):
    """Where one index lies, and settings that lead there."""
    forget_settings(monkeypatch)
    place = request.getfixturevalue("bucket").where() if request.param == "bucket" else None
    settings = load_settings(home=tmp_path, ui={"warm_scoring": False}, storage_url=place)
    storage_of(settings).write("reports/demo/index.html", b"<p>the index</p>")
    return settings


@pytest.fixture
def ask(storage, run_async):
    """Ask as a logged-in browser before the pages of a storage with one index; Airflow's login is not asked."""
    with warnings.catch_warnings():  # of what Airflow's own application imports
        warnings.simplefilter("ignore")
        from xgoals.orchestration.ui.app import create_app
        from xgoals.orchestration.ui.login import logged_in, may_read

    app = create_app(storage)
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


@pytest.mark.parametrize("storage", ["bucket"], indirect=True)
@pytest.mark.parametrize("path", ["/reports/demo/index.html", "/", "/explore/demo"])
def test_a_bucket_that_does_not_answer_is_told_and_no_page_is_called_missing(ask, use_s3, monkeypatch, path):
    monkeypatch.setattr(bucket_module, "TRIES", 1)
    monkeypatch.setattr("xgoals.explore.pages.exists", lambda *_: True)
    use_s3("http://127.0.0.1:9")
    answer = ask("GET", path)
    assert answer.status_code == 503
    assert "the storage does not answer" in answer.text
