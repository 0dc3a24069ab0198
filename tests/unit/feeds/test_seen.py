"""Nothing that has not changed is opened twice, and nothing that has changed is missed."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from xgoals.feeds import Delivery, Message, load_feed
from xgoals.feeds.archive import write_archive
from xgoals.feeds.handover import as_text, from_text
from xgoals.feeds.seen import SETTLED_NS, SeenFiles, state_of
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match

LATER_NS = 10 * SETTLED_NS


def much_later() -> int:
    """The files of a test have just been written; it is not to wait for them."""
    return time.time_ns() + LATER_NS


class Question:
    """What a file says, and how often it was opened."""

    def __init__(self, path: Path) -> None:
        self.path, self.opened = path, 0

    def ask(self, seen: SeenFiles) -> str:
        return seen.answer("says", [str(self.path)], self._open)

    def _open(self) -> str:
        self.opened += 1
        return self.path.read_text()


@pytest.fixture
def question(tmp_path: Path) -> Question:
    path = tmp_path / "file"
    path.write_text("one")
    return Question(path)


def test_an_unchanged_file_is_opened_once(question: Question) -> None:
    first = SeenFiles(now_ns=much_later)
    assert question.ask(first) == "one"
    second = SeenFiles(first.found, now_ns=much_later)
    assert question.ask(second) == "one"
    assert question.opened == 1
    assert second.found == {}, "what is known need not be written again"


@pytest.mark.parametrize(
    "how", ["written over", "written over with the same time", "replaced", "renamed over"]
)
def test_a_file_of_the_same_size_that_was_replaced_is_opened_again(question: Question, how: str) -> None:
    first = SeenFiles(now_ns=much_later)
    question.ask(first)
    before = question.path.stat()
    if how == "renamed over":
        other = question.path.with_name("other")
        other.write_text("two")
        os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
        other.rename(question.path)
    else:
        if how == "replaced":
            question.path.unlink()
        question.path.write_text("two")
    if how == "written over with the same time":  # as rsync --times and cp --preserve do
        os.utime(question.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert question.ask(SeenFiles(first.found)) == "two"


def test_what_has_just_changed_is_not_remembered(question: Question) -> None:
    seen = SeenFiles()
    question.ask(seen)
    assert seen.found == {}, "a second change within one tick of the clock could not be told"


def test_what_changes_while_it_is_looked_at_is_not_remembered(question: Question) -> None:
    seen = SeenFiles(now_ns=much_later)

    def find_out() -> str:
        question.path.write_text("longer")
        return "one"

    assert seen.answer("says", [str(question.path)], find_out) == "one"
    assert seen.found == {}


def test_an_answer_about_two_files_depends_on_both(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in "ab"]
    for path in paths:
        Path(path).write_text("x")
    first = SeenFiles(now_ns=much_later)
    first.answer("both", paths, lambda: "old")
    Path(paths[1]).write_text("xy")
    assert SeenFiles(first.found).answer("both", paths, lambda: "new") == "new"
    assert SeenFiles(first.found).answer("both", paths[:1], lambda: "one alone") == "one alone"


def test_the_state_of_a_file_that_is_gone_is_no_state(tmp_path: Path) -> None:
    assert state_of([tmp_path / "gone"]) == ""


@pytest.fixture(params=["dfl", "archive", "statsbomb"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    records = simulate_matchday(1, 1, clubs=4)
    if request.param == "dfl":
        write_dfl_match(records[0], tmp_path / "m", seed=1)
    elif request.param == "archive":
        write_archive(tmp_path / "a.parquet", records)
    else:
        (tmp_path / "matches" / "1").mkdir(parents=True)
        (tmp_path / "matches" / "1" / "1.json").write_text('[{"match_id": 7, "match_date": "2020-01-01"}]')
        (tmp_path / "events").mkdir()
        (tmp_path / "events" / "7.json").write_text("[]")
    return request.param, tmp_path


def test_a_feed_lists_the_same_from_what_it_knows_and_opens_nothing(
    source: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, folder = source
    feed, first = load_feed(name), SeenFiles(now_ns=much_later)
    deliveries, problems = feed.discover(folder, seen=first)
    assert deliveries
    opened, open_it = set[str](), Path.open

    def watched(path: Path, *given: Any, **named: Any) -> Any:
        opened.add(path.name)
        return open_it(path, *given, **named)

    monkeypatch.setattr(Path, "open", watched)
    monkeypatch.setattr("xgoals.feeds.archive.listing._list_matches", None)
    second = SeenFiles(first.found)
    again, told = feed.discover(folder, seen=second)
    assert list(map(as_text, again)) == list(map(as_text, deliveries))
    assert told == problems
    assert second.found == {}
    assert opened == ({"1.json"} if name == "statsbomb" else set()), "StatsBomb's listings, which are few"


def test_a_delivery_survives_being_handed_over() -> None:
    path = Path(os.fsdecode(b"/inbox/M\xfcnchen/7.json"))
    delivery = Delivery(
        "p", "7", (path,), "f", datetime(2026, 1, 1, tzinfo=UTC),
        (Message("events", path, datetime(2026, 1, 2, tzinfo=UTC)), Message("positions", path)),
        {"entry": {"name": "A\x00\ud800", "n": 2**70, "x": None}},
    )  # fmt: skip
    assert from_text(as_text(delivery)) == delivery
    assert as_text(delivery).isascii()
