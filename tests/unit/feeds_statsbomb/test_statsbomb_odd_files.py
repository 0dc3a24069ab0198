"""StatsBomb files that another program has saved, that are none, or that no listing knows."""

import gzip
import json
import os
from pathlib import Path

import pytest
from open_data import MATCH, put, shot, write

from xgoals.domain.errors import FeedError, SourceError
from xgoals.feeds.reading import read_one
from xgoals.feeds.statsbomb import discover, discover_to_score, read_match

EVENTS = json.dumps([shot()])


def read(folder: Path, content: bytes):
    write(folder, {7: content})
    return read_match(discover(folder)[0][0])


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf" + EVENTS.encode(), EVENTS.replace(", ", ",\r\n").encode(), EVENTS.encode() + b"\n\n"],
    ids=["BOM", "CRLF", "lines at the end"],
)  # fmt: skip
def test_files_of_other_editors_are_read(tmp_path: Path, content: bytes) -> None:
    record, problems = read(tmp_path, content)
    assert (len(record.shots), problems) == (1, [])


def test_a_listing_with_a_byte_order_mark_keeps_its_season(tmp_path: Path) -> None:
    write(tmp_path, {7: [shot()]}, {"1/2": b"\xef\xbb\xbf" + json.dumps([MATCH]).encode()})
    deliveries, problems = discover(tmp_path)
    assert ([d.match_id for d in deliveries], problems) == (["7"], [])


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_nan_is_named_and_counts_as_missing(tmp_path: Path, word: str) -> None:
    record, (problem,) = read(tmp_path, EVENTS.replace("0.25", word).encode())
    assert record.shots[0].provider_xg is None
    assert problem.place == "shot s1, shot.statsbomb_xg"
    assert problem.reason == f"shot.statsbomb_xg is {word}, which is no JSON"


def test_an_infinite_place_is_no_place(tmp_path: Path) -> None:
    record, problems = read(tmp_path, json.dumps([shot(location=[float("inf"), 40])]).encode())
    assert record.shots[0].x_m is None
    assert ["Infinity" in problems[0].reason, problems[1].field] == [True, "location"]


def test_nan_in_a_listing_is_named(tmp_path: Path) -> None:
    write(tmp_path, {7: [shot()]}, {"1/2": json.dumps([MATCH | {"match_week": float("nan")}])})
    deliveries, (problem,) = discover(tmp_path)
    assert read_match(deliveries[0])[0].match.matchday is None
    assert "match_week is NaN" in problem.reason


def test_half_a_surrogate_pair_is_shown_as_a_replaced_character(tmp_path: Path) -> None:
    record, problems = read(tmp_path, EVENTS.replace('"One"', r'"One \ud83d"').encode())
    assert {p.player_id: p.name for p in record.players}["1"] == "One \ufffd"
    assert problems == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (EVENTS.encode("utf-16"), "the file is in UTF-16, not in UTF-8"),
        (EVENTS.encode("utf-16-le"), "the file is in UTF-16, not in UTF-8"),
        (EVENTS.replace("One", "Müller").encode().replace(b"M\\u00fc", b"M\xfc").replace("ü".encode(), b"\xfc"),
         "not in UTF-8 \\(byte 0xfc at"),
        (b"", "the file is empty"),
        (b" \n ", "the file is empty"),
        ("\n".join(json.dumps(shot(id=f"s{n}")) for n in range(3)).encode(), "one object a line"),
        (EVENTS.encode()[:-1] + b",]", "broken JSON"),
        (b"[" * 100_000, "JSON nested too deeply"),
        (b'[{"id": ' + b"9" * 5000 + b"}]", "broken JSON: a number of 5,000 digits\\."),
        (gzip.compress(EVENTS.encode()), "compressed with gzip"),
        (EVENTS.encode("utf-32"), "the file is in UTF-32, not in UTF-8"),
        (b"<!DOCTYPE html><html></html>", "broken JSON"),
        (b'{"message": "rate limit"}', "not a JSON list"),
        (b"[1, 2]", "not a JSON list of objects"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)  # fmt: skip
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason) as caught:
        read(tmp_path, content)
    assert str(caught.value.where).endswith("events/7.json")
    assert caught.value.advice


def test_one_lost_listing_is_told_and_the_other_season_is_read(tmp_path: Path) -> None:
    write(tmp_path, {7: [shot()], 8: [shot()]}, {"1/2": [MATCH], "1/3": json.dumps([MATCH]).encode("utf-16")})
    deliveries, problems = discover(tmp_path)
    assert [d.match_id for d in deliveries] == ["7"]
    assert [(p.severity, p.path.endswith("1/3.json")) for p in problems] == [
        ("match", True),
        ("value", False),
    ]
    assert "No match of it is read" in problems[0].advice


def test_a_source_whose_listings_are_all_lost_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, {7: [shot()]}, {"1/2": b"[{"})
    with pytest.raises(SourceError, match="broken JSON") as caught:
        discover(tmp_path)
    assert str(caught.value.where).endswith("matches/1/2.json")


@pytest.mark.parametrize("n", [1, 2, 10])
def test_events_files_that_no_listing_names_are_counted_in_one_sentence(tmp_path: Path, n: int) -> None:
    write(tmp_path, {7: [shot()]} | {100 + k: [shot()] for k in range(n)}, {"1/2": [MATCH]})
    deliveries, (problem,) = discover(tmp_path)
    assert [d.match_id for d in deliveries] == ["7"]
    assert problem.path == str(tmp_path / "events")
    assert problem.reason.startswith(f"{n} events file{'s' if n > 1 else ''} that no listing names")
    assert "100.json" in problem.reason
    assert discover(tmp_path, match_ids={"7"})[1] == []  # said once, where all is listed


def test_a_zipped_events_file_is_named_as_the_reason(tmp_path: Path) -> None:
    write(tmp_path, {8: [shot()]}, {"1/2": [MATCH, MATCH | {"match_id": 8}]})
    (tmp_path / "events/7.json.gz").write_bytes(gzip.compress(EVENTS.encode()))
    _, (problem,) = discover(tmp_path)
    assert "only 7.json.gz" in problem.reason
    assert "Unpack it" in problem.advice


@pytest.mark.parametrize("match_id", ["../secret", "a/b", "..", "", None, [7], 1.5, "7\\8", "x" * 200])
def test_a_match_id_that_is_none_opens_no_file(tmp_path: Path, match_id: object) -> None:
    put(tmp_path / "secret.json", [shot()])
    write(tmp_path, {7: [shot()]}, {"1/2": [MATCH | {"match_id": match_id}, MATCH]})
    deliveries, (problem,) = discover(tmp_path)
    assert [d.match_id for d in deliveries] == ["7"]
    assert (problem.severity, problem.place) == ("match", "entry 0")
    assert "is no id of a match" in problem.reason


def test_a_match_in_two_listings_is_told(tmp_path: Path) -> None:
    other = MATCH | {"competition": {"competition_id": 5, "competition_name": "Other"}}
    write(tmp_path, {7: [shot()]}, {"1/2": [MATCH], "5/2": [other]})
    deliveries, (problem,) = discover(tmp_path)
    assert read_match(deliveries[0])[0].match.competition == "Cup"
    assert problem.path.endswith("matches/5/2.json")
    assert problem.reason == "match 7 is listed in 1/2.json too, which stands"


def test_of_two_listings_the_one_that_was_updated_last_stands_and_that_is_told(tmp_path: Path) -> None:
    other = MATCH | {"match_week": 21, "last_updated": "2021-01-01"}
    write(tmp_path, {7: [shot()]}, {"1/2": [MATCH | {"last_updated": "2020-01-01"}], "5/2": [other]})
    deliveries, (problem,) = discover(tmp_path)
    assert read_match(deliveries[0])[0].match.matchday == 21
    assert problem.path.endswith("matches/1/2.json")
    assert "5/2.json too, which was updated last and stands" in problem.reason


def test_a_listing_that_two_links_lead_to_is_one(tmp_path: Path) -> None:
    write(tmp_path, {7: [shot()]})
    (tmp_path / "matches/link").symlink_to(tmp_path / "matches/1")
    deliveries, problems = discover(tmp_path)
    assert (len(deliveries), problems) == (1, [])


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    """A pipe that nobody writes to would hang for ever; links may lead in circles or nowhere."""
    write(tmp_path, {n: [shot()] for n in range(1, 6)})
    events, matches = tmp_path / "events", tmp_path / "matches"
    for n in (1, 2, 3):
        (events / f"{n}.json").unlink()
    (events / "1.json").mkdir()
    os.mkfifo(events / "2.json")
    (events / "3.json").symlink_to(tmp_path / "nowhere.json")
    os.mkfifo(matches / "1/pipe.json")
    (matches / "1/folder.json").mkdir()
    (matches / "1/circle.json").symlink_to(matches / "1/circle.json")
    (matches / "circle").symlink_to(matches)
    (tmp_path / "circle").symlink_to(tmp_path)
    (tmp_path / "lineups").mkdir()
    os.mkfifo(tmp_path / "lineups/4.json")
    deliveries, problems = discover(tmp_path)
    assert [d.match_id for d in deliveries] == ["4", "5"]
    assert all(len(read_match(d)[0].shots) == 1 for d in deliveries)
    told = {Path(p.path).name: p.reason for p in problems}
    assert "folder" in told["1.json"]
    assert "pipe" in told["2.json"]
    assert "leads nowhere" in told["3.json"]
    assert ("pipe" in told["pipe.json"], "folder" in told["folder.json"]) == (True, True)
    assert len(discover_to_score(tmp_path)[0]) == 2


def test_a_second_folder_of_open_data_beside_the_first_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a", {7: [shot()]})
    write(tmp_path / "b", {8: [shot()]})
    deliveries, (problem,) = discover(tmp_path)
    assert [d.match_id for d in deliveries] == ["7"]
    assert problem.path == str(tmp_path / "b")


def test_a_folder_whose_name_is_not_utf_8_is_read_and_shown(tmp_path: Path) -> None:
    """As old zip programs unpack it: "München" in Latin-1."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/M\xfcnchen"))
    write(folder, {7: [shot()], 8: b"[{"})
    deliveries, problems = discover(tmp_path)
    assert problems == []
    first, second = (read_one("statsbomb", delivery) for delivery in deliveries)
    assert len(first.record.shots) == 1
    assert isinstance(second, FeedError)
    assert str(second.where).endswith("M\ufffdnchen/events/8.json")
