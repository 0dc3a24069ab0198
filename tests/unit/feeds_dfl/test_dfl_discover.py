"""Which files belong to which match, which message stands, and what is a contradiction."""

import os
from pathlib import Path

import pytest
from dfl_files import MATCH, HandMade, frame, frame_set, positions

from xgoals.domain.errors import FeedError, SourceError
from xgoals.feeds.dfl import discover, read_delivery, read_match
from xgoals.feeds.resends import sha256_of


def delivery_in(folder: Path, message_time: str, outcome: str, *, arrived: float) -> HandMade:
    match = HandMade(folder, result="0:0", message_time=message_time)
    match.kick_offs()
    match.shot("S1", 10, outcome)
    match.write()
    for path in folder.iterdir():
        os.utime(path, (arrived, arrived))
    return match


FIRST, SECOND = "2023-05-28T10:00:00.000+00:00", "2023-05-29T10:00:00.000+00:00"


@pytest.mark.parametrize("older_arrives_last", [True, False])
def test_the_newer_message_stands_whatever_the_order_of_arrival(
    tmp_path: Path, *, older_arrives_last: bool
) -> None:
    old, new = (200.0, 100.0) if older_arrives_last else (100.0, 200.0)
    delivery_in(tmp_path / "a", FIRST, "<ShotWide/>", arrived=old)
    delivery_in(tmp_path / "b", SECOND, "<SavedShot/>", arrived=new)
    deliveries, problems = discover(tmp_path)
    (delivery,) = deliveries
    assert problems == []
    assert delivery.message_time is not None
    assert delivery.message_time.isoformat() == "2023-05-29T10:00:00+00:00"
    assert read_match(delivery)[0].shots[0].outcome == "saved"


@pytest.mark.parametrize("stored", ["a", "b"])
def test_of_two_contradicting_messages_the_stored_one_stands(tmp_path: Path, stored: str) -> None:
    for name, outcome in (("a", "<ShotWide/>"), ("b", "<SavedShot/>")):
        delivery_in(tmp_path / name, FIRST, outcome, arrived=200.0 if name == stored else 100.0)
    (delivery,), (problem,) = discover(tmp_path, stored_sha256={sha256_of(tmp_path / stored / "events.xml")})
    assert problem.path == str(tmp_path / ("b" if stored == "a" else "a") / "events.xml")
    assert "what is stored stands" in problem.reason
    assert read_match(delivery)[0].shots[0].outcome == ("off_target" if stored == "a" else "saved")


@pytest.mark.parametrize("later", ["a", "b"])
def test_of_two_contradicting_messages_the_later_one_is_reported(tmp_path: Path, later: str) -> None:
    for name, outcome in (("a", "<ShotWide/>"), ("b", "<SavedShot/>")):
        delivery_in(tmp_path / name, FIRST, outcome, arrived=200.0 if name == later else 100.0)
    (delivery,), (problem,) = discover(tmp_path)
    assert problem.path == str(tmp_path / later / "events.xml")
    assert "same MessageTime" in problem.reason
    assert (problem.severity, problem.match_id) == ("match", MATCH)
    assert all(path.parent.name != later for path in delivery.files)  # one folder's files are not mixed
    assert read_match(delivery)[0].shots[0].outcome == ("saved" if later == "a" else "off_target")


def test_the_same_message_twice_is_no_contradiction(tmp_path: Path) -> None:
    for name in ("a", "b"):
        delivery_in(tmp_path / name, FIRST, "<ShotWide/>", arrived=100.0)
    deliveries, problems = discover(tmp_path)
    assert len(deliveries) == 1
    assert problems == []


def test_an_incomplete_newer_message_does_not_replace_a_complete_one(tmp_path: Path) -> None:
    delivery_in(tmp_path / "a", FIRST, "<ShotWide/>", arrived=100.0)
    delivery_in(tmp_path / "b", SECOND, "<SavedShot/>", arrived=200.0)
    events = tmp_path / "b" / "events.xml"
    events.write_text(
        events.read_text().replace('TransmissionSuspended="false"', 'TransmissionSuspended="true"')
    )
    (delivery,), _ = discover(tmp_path)
    assert read_match(delivery)[0].shots[0].outcome == "off_target"


def test_the_fingerprint_changes_with_any_byte_of_the_small_files(tmp_path: Path) -> None:
    match = delivery_in(tmp_path / "a", FIRST, "<ShotWide/>", arrived=100.0)
    before = discover(tmp_path)[0][0].fingerprint
    assert discover(tmp_path)[0][0].fingerprint == before
    events = match.folder / "events.xml"
    events.write_text(events.read_text().replace("ShotWide", "OtherSho"))  # same size
    os.utime(events, (100.0, 100.0))
    assert discover(tmp_path)[0][0].fingerprint != before


def test_content_is_known_again_where_the_same_bytes_come_twice(tmp_path: Path) -> None:
    still = frame_set("ball", "BALL", "".join(frame(n, 0, 0) for n in range(10_000, 10_010)))
    contents = []
    for name in ("a", "b"):
        match = HandMade(tmp_path / name, result="0:0")
        match.kick_offs()
        match.write(positions=positions(still + frame_set("H9", "DFL-CLU-H", frame(10_000, 1, 1))))
        os.utime(match.folder / "positions.xml", (len(name), 50.0 if name == "a" else 60.0))
        (delivery,), _ = discover(tmp_path / name)
        reading = read_delivery(delivery)
        assert dict(reading.sha256) == {path: sha256_of(path) for path in delivery.files}
        contents.append((delivery.fingerprint, sorted(reading.sha256.values())))
    (cheap_a, content_a), (cheap_b, content_b) = contents
    assert cheap_a != cheap_b  # it came at another time
    assert content_a == content_b


def test_other_xml_files_are_left_alone(tmp_path: Path, hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.write()
    (hand_made.folder / "pom.xml").write_text("<project/>")
    (hand_made.folder / "club.xml").write_text("<PutDataRequest><Club/></PutDataRequest>")
    deliveries, problems = discover(hand_made.folder)
    assert [delivery.match_id for delivery in deliveries] == [MATCH]
    assert problems == []


def test_a_file_that_names_no_match_is_reported(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.write()
    (hand_made.folder / "events_2.xml").write_text("<PutDataRequest/>")
    _, (problem,) = discover(hand_made.folder)
    assert problem.reason == "the file names no match"
    assert problem.path.endswith("events_2.xml")


def test_a_folder_without_files_of_the_feed_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no DFL files"):
        discover(tmp_path)
    with pytest.raises(SourceError, match="no such folder"):
        discover(tmp_path / "nowhere")


def test_a_delivery_and_its_reading_cross_process_borders(hand_made: HandMade) -> None:
    import pickle

    hand_made.result = "0:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 10)
    (delivery,), _ = discover(hand_made.write().folder)
    delivery = pickle.loads(pickle.dumps(delivery))
    record, problems = pickle.loads(pickle.dumps(read_match(delivery)))
    assert record.shots[0].shot_id == "S1"
    assert problems == []


def test_endings_in_capitals_and_folders_that_look_like_files(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.write()
    (hand_made.folder / "events.xml").rename(hand_made.folder / "EVENTS.XML")
    (hand_made.folder / "odd.xml").mkdir()
    (delivery,), problems = discover(hand_made.folder)
    assert {path.name for path in delivery.files} == {"matchinformation.xml", "EVENTS.XML"}
    assert problems == []


def test_a_message_time_that_is_none_is_named(tmp_path: Path) -> None:
    delivery_in(tmp_path, "soon", "<ShotWide/>", arrived=200.0)
    (delivery,), _ = discover(tmp_path)
    with pytest.raises(FeedError, match="MessageTime: 'soon' is not a time"):
        read_match(delivery)
