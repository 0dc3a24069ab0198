"""A server of a feed's files, and StatsBomb's open data on it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from feed_server import Home

from xgoals.feeds.fetching import downloader


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    site = Home()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setattr(downloader, "WAIT_S", 0.0)
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def statsbomb(home: Home) -> Home:
    home.files = {
        "competitions.json": json.dumps(
            [
                {"competition_id": 9, "season_id": 281},
                {"competition_id": 9, "season_id": 27},
                {"competition_id": 55, "season_id": 43},
            ]
        ).encode(),
        "matches/9/281.json": b'[{"match_id": 1}, {"match_id": 2}]',
        "matches/9/27.json": b'[{"match_id": 3}]',
        "matches/55/43.json": b'[{"match_id": 4}]',
        **{
            f"{kind}/{n}.json": f'["{kind} {n}"]'.encode()
            for kind in ("events", "lineups")
            for n in (1, 2, 3, 4)
        },
    }
    return home
