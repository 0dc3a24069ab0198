"""Who may see the mounted pages, and that nothing outside the reports folder is ever served."""

import os
from urllib.parse import quote

import httpx
import pytest

from xgoals.explore.files import read_page
from xgoals.storage import LocalStorage
from xgoals.store.database import connect
from xgoals.store.locks import one_writer

# The first of these tests waits for a server of Airflow and a whole run of the steps.
pytestmark = pytest.mark.timeout(900)

PAGES = ["/xgoals/", "/xgoals/reports/demo/index.html", "/xgoals/runs/xgoals_pipeline/x"]
JSON = ["/xgoals/openapi.json", "/xgoals/api/v1/demo/matches", "/xgoals/api/v1/demo/matches/p/m/shots"]


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_without_login_is_sent_to_it_and_back(server, path):
    with server.client(logged_in=False) as client:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/api/v2/auth/login?next={quote(path, safe='')}"
        onwards = client.get(answer.headers["location"])
        assert quote(path, safe="") in onwards.headers["location"], "the login knows where to lead back to"


@pytest.mark.parametrize("path", PAGES + JSON)
def test_a_program_without_login_gets_401_and_not_a_byte_more(server, path):
    with server.client(logged_in=False) as client:
        for headers in ({}, {"Authorization": "Bearer guessed"}, {"Cookie": "_token=guessed"}):
            answer = client.get(path, headers=headers)
            assert answer.status_code == 401, headers
            assert set(answer.json()) == {"detail"}
        assert client.post("/xgoals/api/v1/demo/score", json={}).status_code == 401


def test_the_ui_s_cookie_is_a_login_too_and_one_without_rights_is_none(server):
    with server.client(logged_in=False) as client:
        client.cookies.set("_token", server.token())
        assert client.get("/xgoals/reports/demo/index.html").status_code == 200
    with server.client(logged_in=False) as client:
        client.cookies.set("_token", server.token("guest"))
        for path in PAGES + JSON:
            assert client.get(path).status_code == 403


def test_a_page_says_what_browsers_may_do_with_it(server):
    with server.client() as client:
        answer = client.get("/xgoals/reports/demo/index.html")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy, "a script in a page cannot call Airflow's API"


@pytest.fixture
def reports(served):
    folder = served.home / "reports" / "demo"
    secret = served.home / "secret.html"
    secret.write_text("SECRET")
    made = [folder / name for name in ("inside.html", "link.html", "linked", ".hidden.html", "notes.txt")]
    made[0].write_text("INSIDE")
    made[1].symlink_to(secret)
    made[2].symlink_to(served.home)
    made[3].write_text("SECRET")
    made[4].write_text("SECRET")
    yield folder
    for path in [*made, secret]:
        path.unlink()


ESCAPES = [
    "../../secret.html", "%2e%2e/%2e%2e/secret.html", "..%2f..%2fsecret.html", "%252e%252e/%252e%252e/secret.html",
    "model/../../../secret.html", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "link.html", "linked/secret.html",
    ".hidden.html", "notes.txt", "inside.html%00", "%00", "..\\..\\secret.html", "..%5c..%5csecret.html", "model",
    "model/", "", ".", "x" * 5000 + ".html", "inside.html/", "\u202e.html", "~/secret.html", "file:///etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("path", ESCAPES)
def test_no_address_leads_out_of_the_folder(server, reports, path):
    with server.client() as client:
        # Addresses as they are, without httpx's own tidying of dots.
        raw = httpx.URL(server.url).copy_with(
            raw_path=f"/xgoals/reports/demo/{quote(path, safe='/%:~.')}".encode()
        )
        answer = client.get(raw)
    assert answer.status_code in (404, 307, 400) or (answer.status_code == 200 and path == "inside.html/")
    assert "SECRET" not in answer.text
    assert "root:" not in answer.text


def test_what_is_inside_is_served(server, reports):
    with server.client() as client:
        assert client.get("/xgoals/reports/demo/inside.html").text == "INSIDE"
        for database in ("main", "postgres", "..", "%2e%2e"):
            assert client.get(f"/xgoals/reports/{database}/inside.html").status_code in (404, 422)


def test_a_match_without_a_page_gets_one_when_somebody_who_may_read_it_opens_it(server, served):
    page = next((served.home / "reports" / "demo" / "match").glob("*.html"))
    address = f"/xgoals/reports/demo/match/{page.name}"
    page.unlink()
    with server.client(logged_in=False) as client:
        client.cookies.set("_token", server.token("guest"))
        assert client.get(address).status_code == 403
    with server.client() as client:
        from_elsewhere = client.get(address, headers={"Sec-Fetch-Site": "cross-site"})
        assert from_elsewhere.status_code == 403, "another site's link makes nobody write"
        assert not page.exists()
        assert client.get("/xgoals/reports/demo/match/nobody-1.html").status_code == 404
        demo = connect(served, "demo")
        with one_writer(demo, "a night's run", print):
            busy = client.get(address, headers={"Accept": "text/html"})
        demo.dispose()
        assert (busy.status_code, busy.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "none can be written now" in busy.text
        assert "a night&#x27;s run" in busy.text
        assert not page.exists()
        answer = client.get(address)
    assert answer.status_code == 200
    assert answer.text == page.read_text("utf-8")
    assert "sandbox" not in answer.headers["content-security-policy"], (
        "it is a page of ours, whose scripts run"
    )


def test_a_link_that_stays_inside_is_followed_and_one_that_leads_out_is_not(tmp_path):
    root, outside = tmp_path / "reports" / "demo", tmp_path / "outside.html"
    root.mkdir(parents=True)
    (root / "page.html").write_text("page")
    outside.write_text("outside")
    (root / "in.html").symlink_to(root / "page.html")
    (root / "out.html").symlink_to(outside)
    os.link(outside, root / "pipe.txt")
    os.mkfifo(root / "fifo.html")
    storage = LocalStorage(tmp_path)
    assert read_page(storage, "demo", "in.html") == b"page"
    assert read_page(storage, "demo", "out.html") is None
    assert read_page(storage, "demo", "fifo.html") is None, "a pipe would let the server wait for ever"
    assert read_page(storage, "demo", "pipe.txt") is None
    assert read_page(LocalStorage(tmp_path / "absent"), "demo", "page.html") is None
