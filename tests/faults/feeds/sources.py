"""Good sources of two matches each, and what is read of them: what damage is compared with."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from damage import DANGLING, FOLDER, LOOP, PIPE

from record_promises import assert_noted, assert_printable, assert_sentence
from small_event_feeds import EVENT_FEEDS
from small_feeds import Files, excerpt, read_files, statsbomb_files
from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.scene import MatchRecord
from xgoals.feed_check.reading import digest_of
from xgoals.feeds import Delivery, Feed, load_feed
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator.dfl_writer import write_dfl_match

WITH_PEOPLE = ("dfl", "statsbomb", "archive")
FEEDS = (*WITH_PEOPLE, *EVENT_FEEDS)


@dataclass
class Said:
    """What was read of a source, and what was said of it."""

    records: dict[str, MatchRecord] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    """By match id, "" where it is nobody's: sentences."""
    files: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, match_id: str | None, sentence: str) -> None:
        """Something was said of a match."""
        self.told.setdefault(match_id or "", set()).add(sentence)

    @property
    def sentences(self) -> set[str]:
        """All of them."""
        return set().union(*self.told.values())


@dataclass(frozen=True)
class Good:
    """A source as it should be."""

    feed: str
    files: Files
    said: Said


def dfl_pair(folder: Path, *, n_shots: int = 2) -> Files:
    """Two matches of the DFL's feed, with tracking around their shots."""
    for number in (0, 1):
        write_dfl_match(excerpt(n_shots, number=number), folder / f"{number}", seed=7, official_share=0.5)
    return read_files(folder)


def archive_pair(folder: Path, *, n_shots: int = 3) -> Files:
    """Two archives of a match each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in (0, 1):
        write_archive(folder / f"{number}.parquet", [excerpt(n_shots, number=number)])
    return read_files(folder)


def good_source(feed: str, folder: Path) -> Good:
    """The small source of a feed, written and read."""
    makers = {"dfl": lambda: dfl_pair(folder / "made"), "archive": lambda: archive_pair(folder / "made"),
              "statsbomb": statsbomb_files} | EVENT_FEEDS  # fmt: skip
    return as_good(feed, makers[feed](), folder / "read")


def as_good(feed: str, files: Files, folder: Path) -> Good:
    """Files that are good, written and read."""
    write(files, folder)
    return Good(feed, files, read_source(feed, folder))


def write(files: Files, folder: Path) -> None:
    """Files, and what lies in place of one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if data == FOLDER:
            path.mkdir()
        elif data == PIPE:
            os.mkfifo(path)
        elif data in (DANGLING, LOOP):
            path.symlink_to(path if data == LOOP else folder / "nowhere")
        else:
            path.write_bytes(data)


def read_source(feed: str, folder: Path) -> Said:
    """All that can be read; everything else has to be a sentence that names file, reason and advice."""
    module, said = load_feed(feed), Said()
    try:
        deliveries, problems = module.discover(folder)
    except SourceError as error:
        assert_sentence(error, folder)
        said.add(None, f"{error.where}: {error.what}".replace(str(folder), ""))
        return said
    _take(said, problems, folder)
    for delivery in deliveries:
        said.files[delivery.match_id] = frozenset(str(path.relative_to(folder)) for path in delivery.files)
        for record, notes in _read(module, delivery, folder, said):
            assert record.match.match_id == delivery.match_id
            said.records[delivery.match_id] = record
            said.digests[delivery.match_id] = digest_of(record, notes, folder)
            _take(said, notes, folder)
    return said


def _read(
    module: Feed, delivery: Delivery, folder: Path, said: Said
) -> Iterator[tuple[MatchRecord, list[Problem]]]:
    try:
        announced = module.announce(delivery)
        assert_printable([announced.match_id, announced.competition, announced.season])
    except FeedError as error:
        assert_sentence(error, folder)
    try:
        yield module.read_match(delivery)
    except FeedError as error:
        assert_sentence(error, folder)
        said.add(delivery.match_id, f"{error.where}: {error.what}".replace(str(folder), ""))


def _take(said: Said, problems: list[Problem], folder: Path) -> None:
    assert_noted(problems)
    for problem in problems:
        assert problem.path
        said.add(
            problem.match_id, f"{problem.path}, {problem.place}: {problem.reason}".replace(str(folder), "")
        )


def bare(record: MatchRecord) -> MatchRecord:
    """Without its clips, whose arrays cannot be compared."""
    return replace(record, clips=())
