"""Trying a feed on files that may be damaged: what it lists, reads and says, and what must never be."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xgoals.domain.errors import FeedError, Problem, SourceError, XgoalsError
from xgoals.feed_check.reading import code_of, digest_of, known_feed, where_it_failed
from xgoals.feed_check.records import features_that_cannot_be, why_not_valid
from xgoals.feeds import Delivery, Feed


@dataclass(frozen=True, slots=True)
class Attempt:
    """Files to try a feed on; ``backwards`` lists folders in the opposite order."""

    feed: str
    source: str
    backwards: bool = False


@dataclass
class Outcome:
    """What came of an attempt.

    Attributes
    ----------
    digests
        Of the matches that were read, by id.
    fingerprints
        Of those that were listed.
    sentences
        What the feed has said: problems, and the errors that it may raise.
    faults
        What must never be.
    """

    digests: dict[str, str] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def tried(attempt: Attempt) -> Outcome:
    """Try it."""
    outcome, source = Outcome(), Path(attempt.source)
    feed = code_of(known_feed(attempt.feed))
    with _backwards() if attempt.backwards else contextlib.nullcontext():
        try:
            deliveries, problems = feed.discover(source)
        except SourceError as error:
            _tell(error, outcome)
            return outcome
        except Exception as error:
            outcome.faults.append(f"discover: {where_it_failed(error)}")
            return outcome
        _note(problems, outcome)
        for delivery in deliveries:
            outcome.fingerprints[delivery.match_id] = delivery.fingerprint
            _try_match(feed, delivery, source, outcome)
    return outcome


def _try_match(feed: Feed, delivery: Delivery, source: Path, outcome: Outcome) -> None:
    _guarded("announce", lambda: feed.announce(delivery), outcome)
    read = _guarded("read_match", lambda: feed.read_match(delivery), outcome)
    if read is None:
        return
    try:
        record, problems = read
        outcome.digests[delivery.match_id] = digest_of(record, problems, source)
        _note(problems, outcome)
        fault = why_not_valid(record) or next(iter(features_that_cannot_be([record], ("events-9",))), None)
    except Exception as error:
        fault = where_it_failed(error)
    if fault is not None:
        outcome.faults.append(f"read_match gives a record that cannot be: {fault}")


def _guarded(name: str, call: Callable[[], Any], outcome: Outcome) -> Any:
    try:
        return call()
    except FeedError as error:
        _tell(error, outcome)
    except Exception as error:
        outcome.faults.append(f"{name}: {where_it_failed(error)}")
    return None


def _tell(error: XgoalsError, outcome: Outcome) -> None:
    outcome.sentences.append(str(error))
    if not error.where or not error.advice:
        lacks = "where" if not error.where else "advice"
        outcome.faults.append(f"{type(error).__name__} '{error.what}' has no {lacks}")


def _note(problems: Sequence[Problem], outcome: Outcome) -> None:
    for problem in problems:
        outcome.sentences.append(f"{problem.path}: {problem.reason}")
        if not problem.path or not problem.reason or not problem.advice:
            outcome.faults.append(f"Problem '{problem.reason}' lacks path, reason or advice")


class _Entries(contextlib.AbstractContextManager["_Entries"]):
    """A listing of a folder, as `os.scandir` gives it."""

    def __init__(self, entries: list[os.DirEntry[str]]) -> None:
        self._entries = iter(entries)

    def __iter__(self) -> Iterator[os.DirEntry[str]]:
        return self._entries

    def __next__(self) -> os.DirEntry[str]:
        return next(self._entries)

    def __exit__(self, *_: object) -> None:
        return

    def close(self) -> None:
        """Nothing is open."""


@contextlib.contextmanager
def _backwards() -> Iterator[None]:
    """List folders from the last name to the first: file systems have no order."""
    scandir, listdir = os.scandir, os.listdir

    def entries(path: Any = ".") -> Any:
        with scandir(path) as found:
            return _Entries(sorted(found, key=lambda entry: entry.name, reverse=True))

    os.scandir = entries
    os.listdir = lambda path=".": sorted(listdir(path), reverse=True)  # type: ignore[assignment]
    try:
        yield
    finally:
        os.scandir, os.listdir = scandir, listdir
