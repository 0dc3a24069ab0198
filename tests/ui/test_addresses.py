"""Addresses of the mounted pages that people type or cut: they lead to a page, or say that there is none."""

import warnings
from urllib.parse import quote

import httpx
import pytest
from fastapi.routing import APIRoute

from databases import forget_settings
from hostile import escapes
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
def app(storage):
    """The pages of a storage with one index, as Airflow mounts them."""
    with warnings.catch_warnings():  # of what Airflow's own application imports
        warnings.simplefilter("ignore")
        from xgoals.orchestration.ui.app import create_app

    return create_app(storage)


@pytest.fixture
def ask(app, run_async):
    """Ask as a logged-in browser; Airflow's login is not asked."""
    from xgoals.orchestration.ui.login import logged_in, may_read

    app.dependency_overrides |= {may_read: lambda: None, logged_in: lambda: None}
    return lambda *asked, **options: run_async(send(app, *asked, **options))


async def send(app, method, path, *, follow_redirects=True, **options):
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://here",
        follow_redirects=follow_redirects,
        headers={"Accept": "text/html"},
    ) as browser:
        return await browser.request(method, path, **options)


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


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
BY_TOKEN = {"/metrics"}
"""For Prometheus, which has a token of its own."""


@pytest.mark.parametrize("storage", ["home"], indirect=True)
def test_whatever_address_there_is_nobody_gets_in_without_a_login(app, storage, run_async):
    """A new address without a login fails here."""
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    assert len(routes) == len(app.routes) > 20, "something is mounted that this test does not see"
    given = {"database": "demo", "path": "index.html", "shade": "dark", "name": "main.js"}
    for route in routes:
        path = route.path.replace(":path}", "}").format_map(Else(given))
        for method in METHODS:
            for headers in (
                {},
                {"Accept": "application/json"},
                {"X-Forwarded-User": "admin", "Authorization": "Basic YTph"},
            ):
                answer = run_async(send(app, method, path, headers=headers, follow_redirects=False))
                told = f"{method} {path} {headers}: {answer.status_code} {answer.text[:200]}"
                if method not in route.methods:
                    assert answer.status_code == 405, told
                elif answer.status_code == 303:
                    assert answer.headers["location"] == f"/api/v2/auth/login?next={quote(path, safe='')}", (
                        told
                    )
                else:
                    assert answer.status_code == 401, told
                assert "the index" not in answer.text, told
                assert answer.headers["x-content-type-options"] == "nosniff", told
                assert answer.headers["cache-control"] == "private, no-store", told
                assert "frame-ancestors 'self'" in answer.headers["content-security-policy"], told


class Else(dict):
    """Any other part of an address."""

    def __missing__(self, key):
        return "x"


@pytest.mark.parametrize("storage", ["home"], indirect=True)
def test_whatever_takes_something_takes_nothing_from_another_site(app, ask):
    posts = [route.path for route in app.routes if isinstance(route, APIRoute) and "POST" in route.methods]
    assert len(posts) >= 5
    for path in posts:
        for origin in (
            "http://evil.example",
            "null",
            "http://here.evil.example",
            "http://here:81",
            "http://[",
            "http://here@evil.example",
        ):
            answer = ask("POST", path.replace("{database}", "demo"), json={}, headers={"Origin": origin})
            assert answer.status_code in (403, 404), f"{path} from {origin}: {answer.status_code}"
            assert "xG" not in answer.text


@pytest.mark.parametrize("storage", ["home"], indirect=True)
def test_no_redirect_leads_to_another_site(app, run_async):
    from xgoals.orchestration.ui.login import logged_in, may_read

    addresses = (
        "//evil.example/", "/\\evil.example/", "/reports//evil.example", "/%2f%2fevil.example", "/reports", "/reports/",
        "/reports/demo", "/reports/demo//evil.example/x.html", "/", "/explore", "/explore/", "/?next=//evil.example",
    )  # fmt: skip
    hosts = (
        {},
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
    )
    for overrides in ({}, {may_read: lambda: None, logged_in: lambda: None}):
        app.dependency_overrides = overrides
        for path in addresses:
            for headers in hosts:
                answer = run_async(send(app, "GET", path, headers=headers, follow_redirects=False))
                leads_to = answer.headers.get("location", "")
                assert not leads_to.startswith(("//", "/\\", "http", "gopher")), (
                    f"{path} {headers}: {leads_to}"
                )


def test_whatever_address_is_made_up_nothing_beside_the_pages_is_read(ask, storage, tries):
    """In a folder and in a bucket; `tests/ui/test_login_and_files.py` asks a real server."""
    stored = storage_of(storage)
    for beside in (
        "secret.html",
        "reports/secret.html",
        "reports/other/secret.html",
        "clips/demo/secret.html",
    ):
        stored.write(beside, b"SECRET")
    n = tries(150, small=12)
    secrets = ("../../secret.html", "../secret.html", "../other/secret.html")
    plain = [
        path for secret in secrets for path in (secret, secret.replace("..", "%2e%2e").replace("/", "%2f"))
    ]
    made_up = [path for secret in secrets for path in escapes(n // 3 - 2, tries.seed, secret)]
    for path in [*plain, *made_up]:
        raw = f"/reports/demo/{quote(path, safe='/%:~.;?=')}"
        answer = ask("GET", httpx.URL("http://here").copy_with(raw_path=raw.encode()))
        told = f"{raw}, seed {tries.seed}"
        assert answer.status_code in (200, 404), f"{told}: {answer.status_code}"
        assert answer.status_code == 404 or answer.text == "<p>the index</p>", told
        assert "SECRET" not in answer.text, told
        assert "root:" not in answer.text, told
        assert "x-evil" not in answer.headers, told
    tries.done(7, f"addresses beside the pages of a {'bucket' if storage.storage_url else 'folder'}", n, 150)
