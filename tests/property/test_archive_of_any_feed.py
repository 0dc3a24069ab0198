"""What any feed has read comes back from an archive of it: people, circumstances, line-ups, clips, all of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from small_event_feeds import EVENT_FEEDS
from small_feeds import dfl_files, statsbomb_files
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Delivery, load_feed
from xgoals.feeds.archive import announce, discover, read_match, write_archive
from xgoals.feeds.clips import write_clips

FEEDS = ("dfl", "statsbomb", *EVENT_FEEDS)


def records_of(feed: str, folder: Path) -> list[tuple[Delivery, MatchRecord]]:
    """What a feed reads from a small source of its own."""
    files = (
        dfl_files(folder)
        if feed == "dfl"
        else statsbomb_files()
        if feed == "statsbomb"
        else EVENT_FEEDS[feed]()
    )
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    module = load_feed(feed)
    return [(delivery, module.read_match(delivery)[0]) for delivery in module.discover(folder)[0]]


def clips_file(record: MatchRecord, path: Path) -> bytes:
    """What is stored of clips: whole centimetres, every frame."""
    write_clips(record.clips, path)
    return path.read_bytes()


@pytest.mark.parametrize("feed", FEEDS)
def test_an_archive_says_what_the_feed_has_said(feed: str, tmp_path: Path) -> None:
    read = records_of(feed, tmp_path / "source")
    assert read
    for n, (_, record) in enumerate(read):  # a file a match, in folders of their own
        write_archive(tmp_path / "lake" / f"provider={feed}" / f"season={n}" / f"{n}.parquet", [record])
    deliveries, problems = discover(tmp_path / "lake")
    assert problems == []
    back = {delivery.match_id: (delivery, *read_match(delivery)) for delivery in deliveries}
    assert back.keys() == {delivery.match_id for delivery, _ in read}
    for of_feed, record in read:
        delivery, archived, notes = back[record.match.match_id]
        assert notes == []
        assert replace(archived, clips=()) == replace(record, clips=())
        assert clips_file(archived, tmp_path / "a.parquet") == clips_file(record, tmp_path / "b.parquet")
        assert announce(delivery) == load_feed(feed).announce(of_feed)
        # An archive of the archive is the same once more.
        again = tmp_path / "again" / f"{feed}.parquet"
        write_archive(again, [archived])
        (second,), _ = discover(again)
        assert replace(read_match(second)[0], clips=()) == replace(record, clips=())
        assert len(read_match(second)[0].clips) == len(record.clips)
    assert any(record.clips for _, record in read) == (feed == "dfl")
