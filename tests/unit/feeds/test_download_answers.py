"""Answers that are no files, and servers that want to be left alone: the rest goes on, and nothing bad is kept."""

import json
from pathlib import Path

import pytest
from feed_server import Home

from xgoals.domain.errors import SourceError
from xgoals.feeds.fetching import downloader, open_data
from xgoals.feeds.fetching.open_data import fetch_statsbomb


def names_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


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
    monkeypatch.setattr(downloader.time, "sleep", waited.append)
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
    with downloader.Downloader(open_data.DFL_URL, None) as at_home:
        assert at_home._is_home("https://cdn-lfs.hf.co/x")
        assert at_home._is_home("https://huggingface.co/y")
        assert not at_home._is_home("http://cdn-lfs.hf.co/x")
        assert not at_home._is_home("https://huggingface.co.example.org/x")
        assert not at_home._is_home("https://evilhf.co/x")
        assert not at_home._is_home("file:///etc/passwd")
