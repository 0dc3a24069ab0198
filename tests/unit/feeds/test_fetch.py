"""Downloads against a server of our own: resume, hashes, refusals, and nothing fetched twice."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from xgoals.domain.errors import SourceError
from xgoals.feeds import download, fetch
from xgoals.feeds.fetch import DFL_MATCHES, FetchProgress, fetch_dfl, fetch_statsbomb, progress_bar


@dataclass
class Home:
    """A server's files, faults and log."""

    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    break_after: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    style: str = "repr-digest"
    odd: dict[str, list[tuple[int, bytes, dict[str, str]]]] = field(default_factory=dict)
    url: str = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        name = handler.path.lstrip("/")
        wanted = handler.headers.get("Range")
        self.requests.append((name, wanted))
        if self.odd.get(name):
            code, body, headers = self.odd[name][0] if len(self.odd[name]) == 1 else self.odd[name].pop(0)
            handler.send_response(code)
            for key, value in {"Content-Length": str(len(body)), **headers}.items():
                handler.send_header(key, value)
            handler.end_headers()
            handler.wfile.write(body)
            return
        if name not in self.files:
            handler.send_error(404)
            return
        content = self.files[name]
        tag = f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'
        start = 0
        if wanted and handler.headers.get("If-Range") == tag:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                handler.send_response(416)
                handler.send_header("Content-Range", f"bytes */{len(content)}")
                handler.send_header("Content-Length", "0")
                handler.end_headers()
                return
        handler.send_response(206 if start else 200)
        handler.send_header("ETag", tag)
        handler.send_header("Content-Length", str(len(content) - start))
        if name in self.hashes:
            if self.style == "repr-digest":
                digest = base64.b64encode(bytes.fromhex(self.hashes[name])).decode()
                handler.send_header("Repr-Digest", f"sha-256=:{digest}:")
            else:
                handler.send_header("X-Linked-ETag", f'"{self.hashes[name]}"')
        handler.end_headers()
        stop = self.break_after.pop(name, None)
        handler.wfile.write(content[start : len(content) if stop is None else stop])
        handler.wfile.flush()
        handler.close_connection = True


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
    monkeypatch.setattr(download, "WAIT_S", 0.0)
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


def names_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_one_season_in_the_original_layout(statsbomb: Home, tmp_path: Path) -> None:
    fetched = fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)
    assert names_in(tmp_path) == {
        "competitions.json", "matches/9/281.json",
        "events/1.json", "events/2.json", "lineups/1.json", "lineups/2.json",
    }  # fmt: skip
    assert (tmp_path / "events/2.json").read_bytes() == b'["events 2"]'
    assert (fetched.downloaded, fetched.kept) == (6, 0)
    assert "StatsBomb" in fetched.terms


@pytest.mark.parametrize(
    ("competition", "season", "matches"),
    [(9, None, {1, 2, 3}), (None, 43, {4}), (None, None, {1, 2, 3, 4})],
)
def test_left_out_numbers_mean_all(
    statsbomb: Home, tmp_path: Path, competition: int | None, season: int | None, matches: set[int]
) -> None:
    fetch_statsbomb(tmp_path, competition, season, base_url=statsbomb.url)
    assert {int(path.stem) for path in (tmp_path / "events").iterdir()} == matches


def test_what_is_there_is_not_fetched_again_but_listings_are_refreshed(
    statsbomb: Home, tmp_path: Path
) -> None:
    fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)
    statsbomb.requests.clear()
    statsbomb.files["matches/9/281.json"] = b'[{"match_id": 1}, {"match_id": 2}, {"match_id": 3}]'
    again = fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)
    assert [name for name, _ in statsbomb.requests] == [
        "competitions.json", "matches/9/281.json", "events/3.json", "lineups/3.json",
    ]  # fmt: skip
    assert (again.downloaded, again.kept) == (4, 4)


def test_a_season_that_is_not_there(statsbomb: Home, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no competition 9 with season 999"):
        fetch_statsbomb(tmp_path, 9, 999, base_url=statsbomb.url)


def test_a_listing_that_is_no_list(statsbomb: Home, tmp_path: Path) -> None:
    statsbomb.files["matches/9/281.json"] = b"<html>log in, please</html>"
    with pytest.raises(SourceError, match="no JSON"):
        fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)


def test_a_missing_file_is_named_and_the_others_come(statsbomb: Home, tmp_path: Path) -> None:
    del statsbomb.files["lineups/1.json"]
    fetched = fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)
    ((url, reason),) = [(missing.url, missing.reason) for missing in fetched.missing]
    assert url.endswith("lineups/1.json")
    assert "404" in reason
    assert (tmp_path / "lineups/2.json").exists()
    statsbomb.files["lineups/1.json"] = b"[]"
    assert fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url).missing == ()


HTML = b"<html><body>Are you a robot?</body></html>"
NO_FILES = {
    "accepted, no body": ([(202, b"", {})], "202"),
    "a page that says so": ([(200, HTML, {"Content-Type": "text/html; charset=utf-8"})], "a web page"),
    "a page that does not": ([(200, HTML, {})], "no JSON"),
    "an error as JSON": ([(200, b'{"message": "API rate limit exceeded"}', {})], "API rate limit exceeded"),
    "no content": ([(200, b"", {})], "no JSON"),
    "half a file": ([(200, b'[{"id": 1}', {})], "no JSON"),
    "always busy": ([(503, b"", {})], "503"),
    "busy for a day": ([(429, b"", {"Retry-After": "86400"})], "429"),
    "forbidden": ([(403, b"", {})], "403"),
    "elsewhere": (
        [(302, b"", {"Location": "https://elsewhere.invalid/x.json"})],
        "redirects to elsewhere.invalid",
    ),
    "a file of this machine": ([(302, b"", {"Location": "file:///etc/passwd"})], "redirect"),
    "in circles": ([(302, b"", {"Location": "/events/1.json"})], "in circles"),
    "far too large": ([(200, b"[]", {"Content-Length": "200000000"})], "larger than 100 MB"),
}


@pytest.mark.parametrize("answers", NO_FILES.values(), ids=NO_FILES)
def test_an_answer_that_is_no_file_is_kept_nowhere_and_the_rest_goes_on(
    statsbomb: Home, tmp_path: Path, answers: tuple[list[tuple[int, bytes, dict[str, str]]], str]
) -> None:
    odd, said = answers
    statsbomb.odd["events/1.json"] = list(odd)
    fetched = fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)
    (missing,) = fetched.missing
    assert missing.url.endswith("events/1.json")
    assert said in missing.reason
    assert "events/1.json" not in names_in(tmp_path)
    assert {"events/2.json", "lineups/1.json", "lineups/2.json"} <= names_in(tmp_path)
    statsbomb.odd.clear()
    assert fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url).missing == ()
    assert (tmp_path / "events/1.json").read_bytes() == b'["events 1"]'


@pytest.mark.parametrize("code", [429, 503, 500, 202])
def test_a_server_that_is_busy_once_is_waited_for_as_it_wants(
    statsbomb: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(download.time, "sleep", waited.append)
    statsbomb.odd["events/1.json"] = [(code, b"", {"Retry-After": "7"}), (200, b'["events 1"]', {})]
    assert fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url).missing == ()
    assert waited == [7.0]


def test_a_server_that_is_busy_for_all_is_left_alone(statsbomb: Home, tmp_path: Path) -> None:
    for n in (1, 2):
        for kind in ("events", "lineups"):
            statsbomb.odd[f"{kind}/{n}.json"] = [(503, b"", {})]
    with pytest.raises(SourceError, match="no time for us") as caught:
        fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)
    assert "goes on where it stopped" in str(caught.value.advice)


@pytest.mark.parametrize("name", ["competitions.json", "matches/9/281.json"])
@pytest.mark.parametrize("bad", [HTML, b"", b"[]", b'{"message": "no"}'])
def test_a_good_listing_is_never_replaced_by_a_bad_one(
    statsbomb: Home, tmp_path: Path, name: str, bad: bytes
) -> None:
    fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)
    statsbomb.odd[name] = [(200, bad, {})]
    (tmp_path / "events/2.json").unlink()
    fetched = fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url)
    assert [missing.url.endswith(name) for missing in fetched.missing] == [True]
    assert (tmp_path / name).read_bytes() == statsbomb.files[name]
    assert (tmp_path / "events/2.json").exists(), "the old listing goes on counting"


def test_entries_without_numbers_are_passed_over_and_changed_matches_come_again(
    statsbomb: Home, tmp_path: Path
) -> None:
    listing = [{"match_id": None}, {}, 7, {"match_id": 1, "last_updated": "2001-01-01T00:00:00.123"}]
    statsbomb.files["matches/9/281.json"] = json.dumps(listing).encode()
    assert fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url).downloaded == 4
    assert fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url).kept == 2
    listing[-1] = {"match_id": 1, "last_updated": "2999-01-01T00:00:00"}
    statsbomb.files["matches/9/281.json"] = json.dumps(listing).encode()
    statsbomb.files["events/1.json"] = b'["corrected"]'
    assert fetch_statsbomb(tmp_path, 9, 281, base_url=statsbomb.url).downloaded == 4
    assert (tmp_path / "events/1.json").read_bytes() == b'["corrected"]'


def test_redirects_lead_to_hosts_of_the_home_only() -> None:
    with download.Downloader(fetch.DFL_URL, None) as at_home:
        assert at_home._is_home("https://cdn-lfs.hf.co/x")
        assert at_home._is_home("https://huggingface.co/y")
        assert not at_home._is_home("http://cdn-lfs.hf.co/x")
        assert not at_home._is_home("https://huggingface.co.example.org/x")
        assert not at_home._is_home("https://evilhf.co/x")
        assert not at_home._is_home("file:///etc/passwd")


def dfl_files(home: Home, match_id: str = "J03WPY") -> list[str]:
    names = fetch._dfl_files(match_id)
    home.files = {name: f"<{name}/> ".encode() * 20_000 for name in names}
    return names


def test_the_three_files_of_a_dfl_match(home: Home, tmp_path: Path) -> None:
    names = dfl_files(home)
    fetched = fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url)
    assert names_in(tmp_path) == {f"J03WPY/{name}" for name in names}
    assert {name.split("_")[1] for name in names} == {"02", "03", "04"}
    assert "CC BY 4.0" in fetched.terms
    assert "Bassek" in fetched.terms


def test_a_broken_download_goes_on_where_it_stopped(home: Home, tmp_path: Path) -> None:
    *_, positions = dfl_files(home)
    home.break_after[positions] = 1_000_000
    fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url)
    assert (tmp_path / "J03WPY" / positions).read_bytes() == home.files[positions]
    ranges = [wanted for name, wanted in home.requests if name == positions]
    assert ranges[0] is None
    assert ranges[1] is not None
    assert ranges[1].startswith("bytes=")
    assert int(ranges[1][6:-1]) > 0


def test_an_interrupted_command_goes_on_where_it_stopped(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, positions = dfl_files(home)
    monkeypatch.setattr(download, "TRIES", 1)
    home.break_after[positions] = 1_000_000
    with pytest.raises(SourceError, match="broke off") as caught:
        fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url)
    assert "goes on where it stopped" in str(caught.value.advice)
    part = tmp_path / "J03WPY" / f"{positions}.part"
    had = part.stat().st_size
    assert not part.with_suffix("").exists()
    fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url)
    assert home.requests[-1] == (positions, f"bytes={had}-")
    assert part.with_suffix("").read_bytes() == home.files[positions]
    assert not list(tmp_path.rglob("*.part*"))


def test_another_part_than_the_one_asked_for_is_not_put_behind_the_first(home: Home, tmp_path: Path) -> None:
    *_, positions = dfl_files(home)
    home.break_after[positions] = 1_000_000
    home.odd[positions] = []
    answer = home.answer

    def lies(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Range") and not home.odd[positions]:
            home.odd[positions] = [
                (206, b"x", {"Content-Range": "bytes 5-5/9"}),
                (200, home.files[positions], {}),
            ]
        answer(handler)

    home.answer = lies  # type: ignore[method-assign]
    assert fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url).missing == ()
    assert (tmp_path / "J03WPY" / positions).read_bytes() == home.files[positions]


def test_a_file_that_changed_meanwhile_is_fetched_from_the_start(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, positions = dfl_files(home)
    monkeypatch.setattr(download, "TRIES", 1)
    home.break_after[positions] = 1_000_000
    with pytest.raises(SourceError):
        fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url)
    home.files[positions] = b"<new/>" * 400_000
    fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url)
    assert (tmp_path / "J03WPY" / positions).read_bytes() == home.files[positions]


def test_a_part_that_is_already_whole_is_taken(home: Home, tmp_path: Path) -> None:
    name = dfl_files(home)[0]
    folder = tmp_path / "J03WPY"
    folder.mkdir()
    content = home.files[name]
    (folder / f"{name}.part").write_bytes(content)
    tag = hashlib.md5(content, usedforsecurity=False).hexdigest()
    (folder / f"{name}.part.etag").write_text(f'"{tag}"')
    fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url)
    assert (folder / name).read_bytes() == content


@pytest.mark.parametrize("style", ["repr-digest", "linked"])
def test_a_published_hash_is_checked(home: Home, tmp_path: Path, style: str) -> None:
    names = dfl_files(home)
    home.style = style
    home.hashes = {name: hashlib.sha256(home.files[name]).hexdigest() for name in names}
    fetch_dfl(tmp_path / "good", ["J03WPY"], base_url=home.url)
    assert len(names_in(tmp_path / "good")) == 3
    home.hashes[names[1]] = "0" * 64
    (missing,) = fetch_dfl(tmp_path / "bad", ["J03WPY"], base_url=home.url).missing
    assert missing.url.endswith(names[1])
    assert "SHA-256" in missing.reason
    assert names_in(tmp_path / "bad") == {f"J03WPY/{names[0]}", f"J03WPY/{names[2]}"}


def test_progress_ends_at_the_whole_file(home: Home, tmp_path: Path) -> None:
    names = dfl_files(home)
    seen: list[FetchProgress] = []
    fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url, progress=seen.append)
    last = {at.name: at for at in seen}
    assert list(last) == names
    for number, name in enumerate(names, start=1):
        at, size = last[name], len(home.files[name])
        assert (at.number, at.of, at.done_bytes, at.total_bytes) == (number, 3, size, size)


def test_the_progress_bar_shows_the_file(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = dfl_files(home)
    with progress_bar() as progress:
        fetch_dfl(tmp_path, ["J03WPY"], base_url=home.url, progress=progress)
    assert "3/3" in capsys.readouterr().out
    assert names


def test_a_match_outside_the_set(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="X is not in the set") as caught:
        fetch_dfl(tmp_path, ["X"])
    assert all(match in str(caught.value.advice) for match in DFL_MATCHES)


def test_nobody_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "WAIT_S", 0.0)
    with pytest.raises(SourceError, match="broke off"):
        fetch_dfl(tmp_path, ["J03WPY"], base_url="http://127.0.0.1:9")


def test_the_public_home_of_every_match_is_known() -> None:
    assert fetch.DFL_URL.startswith("https://")
    for match_id in DFL_MATCHES:
        names = fetch._dfl_files(match_id)
        assert len(names) == 3
        assert all(match_id in name for name in names)


@pytest.mark.real_data
def test_files_bear_the_names_that_the_dfl_gives_them(real_data: Path) -> None:
    for folder in (real_data / "dfl").iterdir():
        delivered = {path.name for path in folder.iterdir()}
        assert set(fetch._dfl_files(folder.name.split("_")[0])) == delivered


def test_two_matches_are_of_the_bundesliga_and_five_of_the_second() -> None:
    first = {match_id for match_id in DFL_MATCHES if "_DFL-COM-000001_" in fetch._dfl_files(match_id)[0]}
    second = {match_id for match_id in DFL_MATCHES if "_DFL-COM-000002_" in fetch._dfl_files(match_id)[0]}
    assert first == {"J03WMX", "J03WN1"}
    assert second == {"J03WOH", "J03WOY", "J03WPY", "J03WQQ", "J03WR9"}
