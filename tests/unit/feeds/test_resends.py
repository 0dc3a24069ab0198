"""What a delivery is to what is stored: newer wins, older never does, each kind of file for itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xgoals.feeds import Delivery, Message
from xgoals.feeds.handover import as_text, from_text
from xgoals.feeds.resends import Resend, Stored, StoredMessage, classify, kept_messages, sha256_of

T0 = datetime(2023, 5, 28, tzinfo=UTC)
T1, T2 = T0 + timedelta(hours=1), T0 + timedelta(hours=2)


def message(folder: Path, kind: str, time: datetime | None, content: str | None = None) -> Message:
    folder.mkdir(exist_ok=True)
    path = folder / kind
    path.write_text(content or f"{kind} of {time}")
    return Message(kind, path, time)


def delivery(*messages: Message, fingerprint: str = "new", time: datetime | None = None) -> Delivery:
    times = [m.message_time for m in messages if m.message_time]
    return Delivery(
        "dfl", "M", tuple(m.path for m in messages), fingerprint, max(times, default=time), messages
    )


def stored(*messages: Message, feed: str = "dfl", time: datetime | None = None) -> Stored:
    kinds = {m.kind: StoredMessage(m.kind, m.path, sha256_of(m.path), m.message_time) for m in messages}
    times = [m.message_time for m in messages if m.message_time]
    return Stored(feed, "old", max(times, default=time), kinds)


def test_nothing_is_stored_yet(tmp_path: Path) -> None:
    came = delivery(message(tmp_path, "events", T0))
    assert classify("dfl", came, None).resend is Resend.NEW


def test_a_known_fingerprint_of_the_same_feed_is_not_looked_at_again(tmp_path: Path) -> None:
    events = message(tmp_path, "events", T0)
    before = stored(events)
    events.path.unlink()
    assert classify("dfl", delivery(events, fingerprint="old"), before).resend is Resend.UNCHANGED


@pytest.mark.parametrize(("ours", "expected"), [(T2, Resend.NEWER), (T0, Resend.OLDER)])
def test_the_newer_time_wins_and_the_older_never(tmp_path: Path, ours: datetime, expected: Resend) -> None:
    before = stored(message(tmp_path / "a", "events", T1))
    classified = classify("dfl", delivery(message(tmp_path / "b", "events", ours)), before)
    assert (classified.resend, classified.problems) == (expected, ())


def test_the_same_content_again_is_unchanged(tmp_path: Path) -> None:
    before = stored(message(tmp_path / "a", "events", T1))
    assert classify("dfl", delivery(message(tmp_path / "b", "events", T1)), before).resend is Resend.UNCHANGED


def test_the_same_content_is_read_again_where_the_stored_files_have_gone(tmp_path: Path) -> None:
    first = message(tmp_path / "a", "events", T1)
    before = stored(first)
    first.path.unlink()
    assert classify("dfl", delivery(message(tmp_path / "b", "events", T1)), before).resend is Resend.NEWER


def test_the_same_time_and_other_content_is_a_contradiction_that_names_both_files(tmp_path: Path) -> None:
    before = stored(message(tmp_path / "a", "events", T1), message(tmp_path / "a", "positions", T1))
    came = delivery(message(tmp_path / "b", "events", T1, "other"), message(tmp_path / "b", "positions", T1))
    classified = classify("dfl", came, before)
    assert classified.resend is Resend.CONTRADICTION
    (problem,) = classified.problems
    assert (problem.path, problem.match_id, problem.severity) == (str(tmp_path / "b/events"), "M", "match")
    assert str(tmp_path / "a/events") in problem.reason


def test_a_contradiction_beats_a_newer_file_beside_it(tmp_path: Path) -> None:
    before = stored(message(tmp_path / "a", "events", T1), message(tmp_path / "a", "positions", T1))
    came = delivery(message(tmp_path / "b", "events", T1, "other"), message(tmp_path / "b", "positions", T2))
    assert classify("dfl", came, before).resend is Resend.CONTRADICTION


def test_without_times_the_latest_wins(tmp_path: Path) -> None:
    before = stored(message(tmp_path / "a", "events", None, "one"))
    came = delivery(message(tmp_path / "b", "events", None, "two"))
    assert classify("dfl", came, before).resend is Resend.NEWER


def test_corrected_events_go_with_the_positions_that_came_before(tmp_path: Path) -> None:
    old = [message(tmp_path / "a", "events", T0), message(tmp_path / "a", "positions", T1)]
    new = message(tmp_path / "b", "events", T2)
    classified = classify("dfl", delivery(new), stored(*old))
    assert classified.resend is Resend.NEWER
    assert classified.delivery.files == (new.path, old[1].path)
    assert classified.delivery.message_time == T2
    assert classified.delivery.fingerprint == "new"


def test_positions_that_come_later_are_taken_with_the_events_that_stand(tmp_path: Path) -> None:
    events = message(tmp_path / "a", "events", T2)
    older, positions = message(tmp_path / "b", "events", T0), message(tmp_path / "b", "positions", T1)
    classified = classify("dfl", delivery(older, positions), stored(events))
    assert classified.resend is Resend.NEWER
    assert set(classified.delivery.files) == {events.path, positions.path}


def test_a_newer_file_without_the_stored_one_that_it_needs_is_incomplete(tmp_path: Path) -> None:
    old = [message(tmp_path / "a", "events", T0), message(tmp_path / "a", "positions", T1)]
    before = stored(*old)
    old[0].path.unlink()
    classified = classify("dfl", delivery(message(tmp_path / "b", "positions", T2)), before)
    assert classified.resend is Resend.INCOMPLETE
    assert "events" in classified.problems[0].reason
    assert not classified.resend.is_to_be_read


def test_positions_may_leave_once_they_are_read(tmp_path: Path) -> None:
    old = [message(tmp_path / "a", "events", T0), message(tmp_path / "a", "positions", T2)]
    before = stored(*old)
    old[1].path.unlink()
    classified = classify("dfl", delivery(message(tmp_path / "b", "events", T1)), before)
    assert classified.resend is Resend.NEWER
    assert [path.parent.name for path in classified.delivery.files] == ["b"]
    assert kept_messages(from_text(as_text(classified.delivery))) == [before.messages["positions"]]
    assert classified.delivery.message_time == T2, "what is kept counts"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (T2, T1, Resend.NEWER),
        (T0, T1, Resend.OLDER),
        (T1, T1, Resend.UNCHANGED),
        (None, T1, Resend.NEWER),
    ],
)
def test_an_archive_is_a_copy_of_what_the_feed_has_brought(
    tmp_path: Path, ours: datetime | None, theirs: datetime, expected: Resend
) -> None:
    before = stored(message(tmp_path, "events", theirs))
    assert classify("archive", delivery(time=ours), before).resend is expected


def test_the_feed_itself_replaces_an_archive_of_the_same_time(tmp_path: Path) -> None:
    before = stored(feed="archive", time=T1)
    assert classify("dfl", delivery(message(tmp_path, "events", T1)), before).resend is Resend.NEWER
