"""What damage has found and was mended, each with its own case."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attacks_files import GIANT_BYTES
from sources import archive_pair, as_good, read_source, write

from small_event_feeds import EVENT_FEEDS
from small_feeds import Files, dfl_files, statsbomb_files
from xgoals.domain.errors import FeedError
from xgoals.feeds import load_feed
from xgoals.feeds.archive import write_archive
from xgoals.feeds.clips import read_clips, write_clips
from xgoals.steps.matchdays import schedule_problems


def test_events_of_ten_gigabytes_cost_their_match_only(tmp_path: Path) -> None:
    write(statsbomb_files(), tmp_path)
    os.truncate(tmp_path / "events" / "101.json", GIANT_BYTES)
    said = read_source("statsbomb", tmp_path)
    assert set(said.records) == {"102"}
    assert any("10,737,418,240 bytes" in sentence for sentence in said.sentences)


@pytest.mark.parametrize("year", ["0001", "1500", "9999"])
def test_nobody_played_in_the_year(year: str, tmp_path: Path) -> None:
    """The first day of the calendar stood for 'unknown', and was taken for the date of a match."""
    files = statsbomb_files()
    entries = json.loads(files["matches/1/2.json"])
    entries[0]["match_date"] = f"{year}-01-01"
    write(files | {"matches/1/2.json": json.dumps(entries).encode()}, tmp_path)
    said = read_source("statsbomb", tmp_path)
    assert set(said.records) == {"102"}
    assert any(f"a match on {year}-01-01 cannot be" in sentence for sentence in said.told["101"])


@pytest.mark.parametrize("levels", [250, 500, 900])
def test_an_entry_in_many_lists_is_told(levels: int, tmp_path: Path) -> None:
    files = statsbomb_files()
    entry = b'"attack": ' + b"[" * levels + b"]" * levels + b', "match_id"'
    other = json.loads(files["matches/1/2.json"])[1:]
    listing = files["matches/1/2.json"].replace(b'"match_id"', entry, 1)
    write(files | {"matches/1/2.json": listing, "matches/1/3.json": json.dumps(other).encode()}, tmp_path)
    said = read_source("statsbomb", tmp_path)
    assert set(said.records) == {"102"}
    assert any("nested too deeply" in sentence for sentence in said.sentences)


def test_archives_that_are_none_leave_the_others_alone(tmp_path: Path) -> None:
    write(archive_pair(tmp_path / "made"), tmp_path / "in")
    good = tmp_path / "in" / "0.parquet"
    table = pq.read_table(good)
    pq.write_table(
        table.append_column(table.schema.field(0), table.column(0)), tmp_path / "in" / "twice.parquet"
    )
    pq.write_table(table.slice(0, 0), tmp_path / "in" / "empty.parquet")
    (tmp_path / "in" / "folder.parquet").mkdir()
    (tmp_path / "in" / os.fsdecode(b"no-utf-8-\xff.parquet")).write_bytes(
        (tmp_path / "in" / "1.parquet").read_bytes()
    )
    said = read_source("archive", tmp_path / "in")
    assert len(said.records) == 2
    for words in ("provider", "the archive holds no match", "is a folder without an archive"):
        assert any(words in sentence for sentence in said.sentences), words


def _with_column(path: Path, name: str, value: object) -> None:
    table = pq.read_table(path)
    kind = table.schema.field(name).type
    column = pa.array([value] * table.num_rows, kind)
    pq.write_table(
        table.set_column(table.schema.get_field_index(name), table.schema.field(name), column), path
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("rate_hz", 0.0), ("rate_hz", float("nan")), ("x_cm", None), ("who", None), ("shot_frame", None)],
)
def test_clips_that_are_damaged_cost_the_animation_only(name: str, value: object, tmp_path: Path) -> None:
    write(dfl_files(tmp_path / "made"), tmp_path / "dfl")
    (delivery,), _ = load_feed("dfl").discover(tmp_path / "dfl")
    record, _ = load_feed("dfl").read_match(delivery)
    (tmp_path / "in").mkdir()
    write_archive(tmp_path / "in" / "a.parquet", [record])
    (clips,) = (tmp_path / "in" / "_clips").rglob("*.parquet")
    _with_column(clips, name, value)
    with pytest.raises(FeedError, match="is damaged"):
        read_clips(clips)
    said = read_source("archive", tmp_path / "in")
    (read,) = said.records.values()
    assert read.clips == ()
    assert len(read.shots) == len(record.shots)
    assert any("its shots have no animation" in sentence for sentence in said.sentences)


def test_clips_of_nobody_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_clips([], tmp_path / "none.parquet")
    assert read_clips(tmp_path / "none.parquet") == []


@pytest.mark.parametrize(
    "line", [b"1,2," + b"9" * 5000 + b",7,", b"1,2,1,7,9999-12-31T23:59:59-12:00", b"1,2,1,\0,"]
)
def test_a_line_of_a_schedule_that_cannot_be_loses_no_source(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "schedule.csv"
    path.write_bytes(b"competition_id,season_id,matchday,match_id,kick_off\n" + line + b"\n")
    (problem,) = schedule_problems(tmp_path)
    assert problem.place == "line 2"


def _first_shot_in_period(files: Files, name: str, before: bytes, after: bytes) -> Files:
    assert before in files[name], name
    return files | {name: files[name].replace(before, after, 1)}


def _of_another_period(feed: str) -> Files:
    """The small files of a feed, in which a shot of open play is said to be of the shoot-out."""
    if feed == "statsbomb":
        files = statsbomb_files()
        events = json.loads(files["events/101.json"])
        next(event for event in events if "shot" in event)["period"] = 5
        return files | {"events/101.json": json.dumps(events).encode()}
    files = EVENT_FEEDS[feed]()
    if feed == "opta":
        name = next(name for name in files if "f24" in name and "101" in name)
        return _first_shot_in_period(files, name, b'period_id="1"', b'period_id="5"')
    if feed == "statsperform":
        return _first_shot_in_period(files, "first/ma3.json", b'"periodId": 1', b'"periodId": 5')
    for name in ("events/101.json", "events/events_102.json"):  # a match of each version
        files = _first_shot_in_period(files, name, b'"matchPeriod": "1H"', b'"matchPeriod": "P"')
    return files


@pytest.mark.parametrize("feed", ["statsbomb", "wyscout", "opta", "statsperform"])
def test_a_shot_of_open_play_is_none_of_the_shoot_out(feed: str, tmp_path: Path) -> None:
    """Kicks of a shoot-out are left out without a word, so whatever is called one has to be one."""
    write(statsbomb_files() if feed == "statsbomb" else EVENT_FEEDS[feed](), tmp_path / "good")
    write(_of_another_period(feed), tmp_path / "in")
    good, said = read_source(feed, tmp_path / "good"), read_source(feed, tmp_path / "in")
    news = said.sentences - good.sentences
    told = [sentence for sentence in news if "shoot-out" in sentence]
    assert len(told) == (2 if feed == "wyscout" else 1), news


@pytest.mark.parametrize("type_", [{"name": "Tail"}, {}, {"id": 16}, {"id": 16, "name": None}, None, "Shot"])
def test_a_shot_whose_type_is_odd_is_a_shot(type_: object, tmp_path: Path) -> None:
    """It was taken for none of the other kinds of events, and left out without a word."""
    files = statsbomb_files()
    events = json.loads(files["events/101.json"])
    shot = next(event for event in events if event["type"]["name"] == "Shot")
    shot["type"] = type_
    write(files | {"events/101.json": json.dumps(events).encode()}, tmp_path)
    said, good = read_source("statsbomb", tmp_path), as_good("statsbomb", files, tmp_path / "good").said
    assert said.records["101"].shots == good.records["101"].shots
    is_told = any("of an event with a shot" in sentence for sentence in said.told.get("101", ()))
    assert is_told == (not isinstance(type_, dict) or type_.get("id") != 16)


@pytest.mark.parametrize("other", ["nothing", "a whistle", "another shot"])
def test_a_shot_that_gives_way_to_another_event_of_its_id_is_told(other: str, tmp_path: Path) -> None:
    """Of one id the last event stands, as corrections come; a shot with the id of a whistle was lost."""
    files = dfl_files(tmp_path / "made")
    name = next(name for name in files if "events_raw" in name)
    tree = ElementTree.fromstring(files[name])
    first, second, *_ = (event for event in tree.iter("Event") if event.find(".//ShotAtGoal") is not None)
    whistle = next(event for event in tree.iter("Event") if event.find("FinalWhistle") is not None)
    chosen = {"a whistle": whistle, "another shot": second}.get(other)
    if chosen is not None:
        chosen.set("EventId", first.get("EventId", ""))
    write(files | {name: ElementTree.tostring(tree)}, tmp_path / "in")
    told = [s for told in read_source("dfl", tmp_path / "in").told.values() for s in told if "and later" in s]
    assert len(told) == (chosen is not None)
