"""Downloads against a server of our own: resume, hashes, refusals, and nothing fetched twice."""

import hashlib
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from feed_server import Home

from xgoals.domain.errors import SourceError
from xgoals.feeds.fetching import downloader, open_data
from xgoals.feeds.fetching.open_data import (
    DFL_MATCHES,
    FetchProgress,
    fetch_dfl,
    fetch_statsbomb,
    progress_bar,
)


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


def dfl_files(home: Home, match_id: str = "J03WPY") -> list[str]:
    names = open_data._dfl_files(match_id)
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
    monkeypatch.setattr(downloader, "TRIES", 1)
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
    monkeypatch.setattr(downloader, "TRIES", 1)
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
    (folder / f"{name}.etag.part").write_text(f'"{tag}"')
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
    monkeypatch.setattr(downloader, "WAIT_S", 0.0)
    with pytest.raises(SourceError, match="broke off"):
        fetch_dfl(tmp_path, ["J03WPY"], base_url="http://127.0.0.1:9")


def test_the_public_home_of_every_match_is_known() -> None:
    assert open_data.DFL_URL.startswith("https://")
    for match_id in DFL_MATCHES:
        names = open_data._dfl_files(match_id)
        assert len(names) == 3
        assert all(match_id in name for name in names)


@pytest.mark.real_data
def test_files_bear_the_names_that_the_dfl_gives_them(real_data: Path) -> None:
    for folder in (real_data / "dfl").iterdir():
        delivered = {path.name for path in folder.iterdir()}
        assert set(open_data._dfl_files(folder.name.split("_")[0])) == delivered


def test_two_matches_are_of_the_bundesliga_and_five_of_the_second() -> None:
    first = {match_id for match_id in DFL_MATCHES if "_DFL-COM-000001_" in open_data._dfl_files(match_id)[0]}
    second = {match_id for match_id in DFL_MATCHES if "_DFL-COM-000002_" in open_data._dfl_files(match_id)[0]}
    assert first == {"J03WMX", "J03WN1"}
    assert second == {"J03WOH", "J03WOY", "J03WPY", "J03WQQ", "J03WR9"}
