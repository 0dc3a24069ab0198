"""Servers that lie or break off, lists that mean harm, two at once, and kills: no file gets its name but a good one."""

import io
import json
import random
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from counting import Tries
from xgoals.domain.errors import SourceError
from xgoals.feeds.fetching import downloader
from xgoals.feeds.fetching.downloader import Downloader, Wanted
from xgoals.feeds.fetching.split_wyscout import split_wyscout
from xgoals.feeds.fetching.wyscout import fetch_wyscout

XML = b"<?xml version='1.0'?>\n<!-- of a match --><Put>" + b"<Event/>\n" * 4_000 + b"</Put>\n<!-- end -->\n"
OTHER = XML.replace(b"Event", b"Evant")
TAG = '"this-version"'
Answer = Callable[[str], bytes]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloader, "WAIT_S", 0.0)


def head(status: str = "200 OK", **headers: object) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode()


class Server:
    """Says whatever a test wants, byte by byte, to one request a connection."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked, self.pause_s = answer, list[str](), 0.0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._say, args=(connection,), daemon=True).start()

    def _say(self, connection: socket.socket) -> None:
        with connection:
            asked = b""
            while b"\r\n\r\n" not in asked and (more := connection.recv(1 << 16)):
                asked += more
            self.asked.append(asked.decode())
            answer = self.answer(asked.decode())
            step = 2_000 if self.pause_s else len(answer)
            for start in range(0, len(answer), step):
                try:
                    connection.sendall(answer[start : start + step])
                except OSError:  # nobody listens any more
                    return
                time.sleep(self.pause_s)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def says() -> Iterator[Callable[[Answer], Server]]:
    servers = list[Server]()

    def start(answer: Answer) -> Server:
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def good(asked: str) -> bytes:
    """As an honest server answers, of which a part was wanted that is still of this version, or all."""
    if f"If-Range: {TAG}".lower() in asked.lower():
        at = int(asked.lower().partition("range: bytes=")[2].partition("-")[0])
        content_range = f"bytes {at}-{len(XML) - 1}/{len(XML)}"
        found = head(
            "206 Partial Content", Content_Range=content_range, Content_Length=len(XML) - at, ETag=TAG
        )
        return found + XML[at:]
    return head(Content_Length=len(XML), ETag=TAG) + XML


def get(server: Server, path: Path) -> Downloader:
    with Downloader(server.url, None) as downloader:
        downloader.get_all([Wanted(f"{server.url}f.xml", path, "xml")])
    return downloader


HALF = len(XML) // 2
PART = "206 Partial Content"
BAD: dict[str, bytes] = {
    "no length, and cut": head() + XML[:HALF],
    "a length too short": head(Content_Length=HALF) + XML,
    "a part that nobody asked for": head(PART, Content_Range=f"bytes 0-99/{len(XML)}", Content_Length=100)
    + XML[:100],
    "a part without saying which": head(PART, Content_Length=100) + XML[:100],
    "called gzip, and none": head(Content_Encoding="gzip", Content_Length=len(XML)) + XML,
    "to what is no address": head("302 Found", Location="mailto:a@b", Content_Length=0),
    "only its beginning": head(Content_Length=1) + b"<",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_half_a_file_never_gets_the_name_of_a_whole_one(says, tmp_path: Path, bad: bytes) -> None:
    path = tmp_path / "f.xml"
    with suppress(SourceError):  # a server that always breaks off ends the command
        assert get(says(lambda _: bad), path).missing
    assert not path.exists()
    assert get(says(good), path).downloaded == 1
    assert path.read_bytes() == XML
    assert [left.name for left in tmp_path.iterdir()] == ["f.xml"]


def test_a_hash_that_cannot_be_read_promises_nothing(says, tmp_path: Path) -> None:
    server = says(lambda _: head(Content_Length=len(XML), Repr_Digest="sha-256=:abc:") + XML)
    assert get(server, tmp_path / "f.xml").downloaded == 1


def test_a_part_may_be_shorter_than_what_is_missing(says, tmp_path: Path) -> None:
    def in_pieces(asked: str) -> bytes:
        if "Range:" not in asked:
            return head(Content_Length=len(XML), ETag=TAG) + XML[:1_000]
        at = int(asked.partition("Range: bytes=")[2].partition("-")[0])
        end = min(at + 15_000, len(XML))
        where = f"bytes {at}-{end - 1}/{len(XML)}"
        return head(PART, Content_Range=where, Content_Length=end - at, ETag=TAG) + XML[at:end]

    server = says(in_pieces)
    assert get(server, tmp_path / "f.xml").downloaded == 1
    assert (tmp_path / "f.xml").read_bytes() == XML
    assert len(server.asked) == 4


@pytest.mark.parametrize("tag", ["", 'W/"weak"', '"torn'])
def test_the_beginning_of_an_uncertain_version_is_not_gone_on_with(says, tmp_path: Path, tag: str) -> None:
    """A server that does not understand the condition would send the rest of another file."""
    (tmp_path / "f.xml.part").write_bytes(OTHER[:HALF])
    (tmp_path / "f.xml.etag.part").write_text(tag)

    def careless(asked: str) -> bytes:
        where = f"bytes {HALF}-{len(XML) - 1}/{len(XML)}"
        rest = head(PART, Content_Range=where, Content_Length=len(XML) - HALF) + XML[HALF:]
        return rest if "Range:" in asked else head(Content_Length=len(XML)) + XML

    get(says(careless), tmp_path / "f.xml")
    assert (tmp_path / "f.xml").read_bytes() == XML


def test_whoever_is_killed_between_tag_and_bytes_mixes_no_versions(says, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "f.xml.part").write_bytes(OTHER[:HALF])
    (tmp_path / "f.xml.etag.part").write_text('"other-version"')
    write_text = Path.write_text

    def write_and_die(path: Path, *said, **how) -> int:
        write_text(path, *said, **how)
        raise KeyboardInterrupt

    server = says(good)
    monkeypatch.setattr(Path, "write_text", write_and_die)
    with pytest.raises(KeyboardInterrupt):
        get(server, tmp_path / "f.xml")
    monkeypatch.undo()
    get(says(good), tmp_path / "f.xml")
    assert (tmp_path / "f.xml").read_bytes() == XML


def test_who_sends_a_byte_now_and_then_has_stalled(says, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(downloader, "TRIES", 1)
    monkeypatch.setattr(downloader, "WINDOW_S", 0.2)
    monkeypatch.setattr(downloader, "SLOWEST_BYTES_S", 1e9)
    server = says(good)
    server.pause_s = 0.05
    with pytest.raises(SourceError, match="bytes in 0 s"):
        get(server, tmp_path / "f.xml")
    assert (tmp_path / "f.xml.part").stat().st_size > 0, "the next one goes on there"


def test_two_at_once_are_one_after_the_other(says, tmp_path: Path) -> None:
    server, ended = says(good), list[Downloader]()
    server.pause_s = 0.01
    both = [threading.Thread(target=lambda: ended.append(get(server, tmp_path / "f.xml"))) for _ in range(2)]
    for one in both:
        one.start()
        time.sleep(0.05)
    for one in both:
        one.join()
    assert sorted((one.downloaded, one.kept) for one in ended) == [(0, 1), (1, 0)]
    assert (tmp_path / "f.xml").read_bytes() == XML
    assert [left.name for left in tmp_path.iterdir()] == ["f.xml"]


def test_a_download_is_killed_and_goes_on(says, tmp_path: Path, tries: Tries) -> None:
    n_tries, chance = tries(20, small=2), random.Random(tries.seed)
    program = (
        "import sys; from pathlib import Path; from xgoals.feeds.fetching.downloader import Downloader, Wanted\n"
        "url, path = sys.argv[1:]\n"
        "with Downloader(url, None) as one: one.get_all([Wanted(url + 'f.xml', Path(path), 'xml')])"
    )
    for n in range(n_tries):
        path, server = tmp_path / str(n) / "f.xml", says(good)
        server.pause_s = 0.01
        for _ in range(chance.choice((1, 1, 2, 3))):
            child = subprocess.Popen([sys.executable, "-c", program, server.url, str(path)])
            n_asked = len(server.asked)
            while len(server.asked) == n_asked and child.poll() is None:
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.2))
            child.kill()
            child.wait()
            assert not path.exists() or path.read_bytes() == XML
        server.pause_s = 0.0
        get(server, path)
        assert path.read_bytes() == XML
        assert [left.name for left in path.parent.iterdir()] == ["f.xml"]
    tries.done(1, "a download is killed, and typed again", n_tries, 20)


def listed(match_id: object) -> bytes:
    teams = {"1": {"side": "home", "teamId": 1}, "2": {"side": "away", "teamId": 2}}
    entries = [{"wyId": one, "teamsData": teams, "competitionId": 364} for one in (match_id, 5)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("matches_England.json", json.dumps(entries))
    return packed.getvalue()


@pytest.mark.parametrize(
    "match_id",
    ["../../../outside", "/outside", "a/b", "..", "a\\b", "//elsewhere.invalid/x", "x" * 300, "é" * 200],
)
def test_no_list_of_matches_leads_out_of_the_folder(says, tmp_path: Path, match_id: str) -> None:
    hostile = match_id if match_id != "/outside" else str(tmp_path / "outside")

    def answer(asked: str) -> bytes:
        body = listed(hostile) if "matches.zip" in asked else b'{"events": []}'
        return head(Content_Length=len(body)) + body

    folder = tmp_path / "a" / "b" / "inbox"
    server = says(answer)
    assert fetch_wyscout(folder, base_url=server.url).missing == ()
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {f"a/b/inbox/{name}" for name in ("matches.zip", "matches.csv", "events/5.json")}


def encrypted(packed: bytes) -> bytes:
    changed = bytearray(packed)
    changed[packed.find(b"PK\x01\x02") + 8] |= 1
    changed[packed.find(b"PK\x03\x04") + 6] |= 1
    return bytes(changed)


def bomb(_: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("matches_England.json", b" " * 201_000_000)
    return packed.getvalue()


def turned(_: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("matches_England.json", json.dumps([{"wyId": n} for n in range(200)]))
    changed = bytearray(packed.getvalue())
    changed[60] ^= 0xFF
    changed[70] ^= 0xFF
    return bytes(changed)


@pytest.mark.parametrize("damage", [encrypted, bomb, turned])
def test_an_archive_that_cannot_be_unpacked_is_told(says, tmp_path: Path, damage) -> None:
    packed = damage(listed(7))
    server = says(lambda _: head(Content_Length=len(packed)) + packed)
    with pytest.raises(SourceError, match="no list of matches"):
        fetch_wyscout(tmp_path, base_url=server.url)


def own_files(folder: Path, odd: object = 10) -> None:
    """The set's own archives with one match, as its authors publish them."""
    event = {"matchId": 5, "teamId": 1, "playerId": 7, "eventId": odd}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("events_England.json", json.dumps([event]))
    folder.mkdir()
    (folder / "matches.zip").write_bytes(listed("../../x"))
    (folder / "events.zip").write_bytes(packed.getvalue())


@pytest.mark.parametrize("odd", [10**30, "\ud800", float("inf")])
def test_a_value_that_is_odd_is_left_to_whoever_reads_the_match(tmp_path: Path, odd: object) -> None:
    own_files(tmp_path / "set", odd)
    assert split_wyscout(tmp_path / "set", tmp_path / "inbox").written == 1
    assert b'"eventId"' in (tmp_path / "inbox" / "events" / "5.json").read_bytes()


@pytest.mark.parametrize("at", [0, 6])
def test_an_archive_whose_index_is_broken_is_told(tmp_path: Path, at: int) -> None:
    own_files(tmp_path / "set")
    path = tmp_path / "set" / "events.zip"
    packed = bytearray(path.read_bytes())
    packed[packed.find(b"PK\x01\x02") + at] ^= 0xFF
    path.write_bytes(packed)
    with pytest.raises(SourceError, match=r"events\.zip: cannot be read"):
        split_wyscout(tmp_path / "set", tmp_path / "inbox")
