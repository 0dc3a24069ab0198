"""Who may see the mounted pages, and that nothing outside the reports folder is ever served."""

import base64
import os
import socket
import time
from contextlib import suppress
from urllib.parse import quote

import httpx
import jwt
import pytest

from hostile import escapes
from xgoals.explore.files import read_page
from xgoals.services.airflow.environment import airflow_environment
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


NO_ALGORITHM = b'{"alg":"None","typ":"JWT"}'
ESCAPES = [
    "../../secret.html", "%2e%2e/%2e%2e/secret.html", "..%2f..%2fsecret.html", "%252e%252e/%252e%252e/secret.html",
    "model/../../../secret.html", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "link.html", "linked/secret.html",
    ".hidden.html", "notes.txt", "inside.html%00", "%00", "..\\..\\secret.html", "..%5c..%5csecret.html", "model",
    "model/", "", ".", "x" * 5000 + ".html", "inside.html/", "\u202e.html", "~/secret.html", "file:///etc/passwd",
    "../main/secret.html", "linked/reports/demo/inside.html", "inside.html.part", "link.html?x", "\\\\host\\x.html",
]  # fmt: skip


def test_no_address_leads_out_of_the_folder(server, reports, tries):
    n = tries(150, small=30)
    with server.client() as client:
        for path in [*ESCAPES, *escapes(n - len(ESCAPES), tries.seed, "../../secret.html")]:
            # Addresses as they are, without httpx's own tidying of dots.
            raw = f"/xgoals/reports/demo/{quote(path, safe='/%:~.;?=')}"
            answer = client.get(httpx.URL(server.url).copy_with(raw_path=raw.encode()))
            told = f"{raw[:200]}, seed {tries.seed}: {answer.status_code}"
            assert answer.status_code in (404, 307, 400) or answer.text == "INSIDE", told
            assert "SECRET" not in answer.text, told
            assert "root:" not in answer.text, told
            assert "x-evil" not in answer.headers, told
    tries.done(7, "addresses beside the pages, of Airflow's server", n, 150)


@pytest.mark.parametrize(
    ("method", "headers", "code"),
    [
        ("HEAD", {}, 405), ("POST", {}, 405), ("OPTIONS", {}, 405), ("DELETE", {}, 405), ("PUT", {}, 405),
        ("GET", {"Range": "bytes=0-2"}, 200), ("GET", {"If-None-Match": "*"}, 200),
        ("GET", {"If-Modified-Since": "Wed, 21 Oct 2099 07:28:00 GMT"}, 200), ("GET",
        {"X-HTTP-Method-Override": "DELETE"}, 200),
        ("GET", {"X-Original-URL": "/xgoals/reports/demo/../../secret.html"}, 200), ("GET",
        {"X-Rewrite-URL": "/etc/passwd"}, 200),
    ],
)  # fmt: skip
def test_a_page_is_asked_for_in_one_way_and_kept_by_nobody(server, reports, method, headers, code):
    with server.client() as client:
        answer = client.request(method, "/xgoals/reports/demo/inside.html", headers=headers)
    assert answer.status_code == code
    assert answer.headers["cache-control"] == "private, no-store"
    assert code != 200 or answer.text == "INSIDE", "a part of it, or nothing, would be what a cache had"
    assert (reports / "inside.html").read_text() == "INSIDE"


def test_requests_that_are_told_in_two_ways_are_answered_once_or_refused(server, reports):
    """What servers in front and behind might understand otherwise."""
    host, port = httpx.URL(server.url).host, httpx.URL(server.url).port
    login = f"Host: {host}:{port}\r\nAuthorization: Bearer {server.token()}\r\n"
    path = "/xgoals/reports/demo/inside.html"
    smuggled = f"GET /xgoals/reports/demo/%2e%2e/%2e%2e/secret.html HTTP/1.1\r\n{login}\r\n"
    for request in (
        f"GET http://evil.example{path} HTTP/1.1\r\n{login}Connection: close\r\n\r\n",
        f"GET {path}/../../../secret.html HTTP/1.1\r\n{login}Connection: close\r\n\r\n",
        (
            f"GET {path} HTTP/1.1\r\n{login}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"
            f"Connection: close\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        f"GET {path} HTTP/1.1\r\n{login}Content-Length: 0\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{smuggled}",
        f"GET {path} HTTP/1.1\r\n{login}X: a\r\n b\r\nConnection: close\r\n\r\n",
        f"GET {path}\x00 HTTP/1.1\r\n{login}Connection: close\r\n\r\n",
        f"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{smuggled}",
        f"GET {path} HTTP/1.1\r\nHost: a\r\n{login}Connection: close\r\n\r\n",
        f"GET {'/x' * 60_000} HTTP/1.1\r\n{login}Connection: close\r\n\r\n",
    ):
        answer = _answer_to(host, port, request.encode("latin-1"))
        assert b"SECRET" not in answer, request[:200]
        assert b"root:" not in answer, request[:200]


def _answer_to(host, port, request):
    with socket.create_connection((host, port), timeout=20) as connection:
        answer = b""
        with suppress(ConnectionError, TimeoutError):
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(65536):
                answer += more
    return answer


def test_a_token_that_is_forged_too_old_or_somebody_else_s_lets_nobody_in(server):
    key = airflow_environment(server.settings, ui_port=1)["AIRFLOW__API_AUTH__JWT_SECRET"]
    own = server.token()
    header, claims = jwt.get_unverified_header(own), jwt.decode(own, options={"verify_signature": False})
    algorithm, before = header["alg"], int(time.time()) - 3600
    assert jwt.decode(own, key, algorithms=[algorithm], options={"verify_aud": False, "verify_iss": False}), (
        "this is the key"
    )
    head, body, signature = own.split(".")
    other = jwt.encode({**claims, "sub": "nobody"}, "k" * 64, algorithm=algorithm)
    forged = {
        "none": jwt.encode(claims, None, algorithm="none"),
        "None": f"{_b64(NO_ALGORITHM)}.{body}.",
        "no signature": f"{head}.{body}.",
        "another's signature": f"{head}.{body}.{other.split('.')[2]}",
        "other claims": f"{head}.{other.split('.')[1]}.{signature}",
        "another key": jwt.encode(claims, "k" * 64, algorithm=algorithm),
        "expired": jwt.encode({**claims, "exp": before, "iat": before - 10, "nbf": before - 10}, key,
        algorithm=algorithm),
        "not yet": jwt.encode({**claims, "nbf": before + 99999, "iat": before + 99999}, key, algorithm=algorithm),
        "another audience": jwt.encode({**claims, "aud": "elsewhere"}, key, algorithm=algorithm),
        "for ever": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, key, algorithm=algorithm),
        "nobody's": jwt.encode({k: v for k, v in claims.items() if k != "sub"}, key, algorithm=algorithm),
        "key in it": jwt.encode(claims, "x" * 64, algorithm=algorithm, headers={"jwk": {"kty": "oct", "k": "eHg"},
        "kid": "../../dev/null"}),
        "not ascii": "é.é.é", "a blank": "x x", "dots": "..", "long": "a" * 6_000, "sql": "' or 1=1 --",
    }  # fmt: skip
    with server.client(logged_in=False) as client:
        for what, token in forged.items():
            for headers in (
                {"Authorization": f"Bearer {token}".encode()}, {"Cookie": f"_token={token}".encode()},
                {"Authorization": b"bearer  " + token.encode(), "Cookie": b"_token=" + token.encode()},
            ):  # fmt: skip
                for path in (
                    "/xgoals/reports/demo/index.html",
                    "/xgoals/api/v1/demo/matches",
                    "/xgoals/metrics",
                ):
                    answer = client.get(path, headers=headers)
                    assert answer.status_code in (400, 401, 431), (
                        f"{what}: {answer.status_code} {answer.text[:200]}"
                    )
                    assert not answer.content or b"simulated" not in answer.content, what


def _b64(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


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
