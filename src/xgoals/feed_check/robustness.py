"""Damaged files: a record that can be, or a sentence that says what is wrong; never anything else."""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from xgoals.feed_check.attempt import Outcome
from xgoals.feed_check.attempts import Attempts
from xgoals.feed_check.damage import ANOTHERS_FILE, KINDS, Damage, NoFile, damages
from xgoals.feed_check.report import Check, failed, judged, not_judged
from xgoals.feed_check.small_source import SmallSource

DO = (
    "Raise FeedError (from read_match and announce) or SourceError (from discover) with what, where and advice, or "
    "return a Problem; a value that cannot be read is None or UNKNOWN, and nothing is lost without a word"
)


@dataclass
class _Tally:
    n: int = 0
    wrong: list[str] = field(default_factory=list)


def about_damaged_files(
    attempts: Attempts, small: SmallSource, say: Callable[[str], None]
) -> Iterator[Check]:
    """Damage each file of a match in all ways, one at a time, and try the feed on it."""
    by_kind = defaultdict[str, _Tally](_Tally)
    before = attempts.attempt(str(small.path))
    if not before.digests:
        yield failed("damage", "good files cannot be read in a process of their own", DO, before.faults)
        return
    said_at_s = time.monotonic()
    for damage in _all(small):
        tally = by_kind[damage.kind]
        tally.n += 1
        tally.wrong += _tried(attempts, small, damage, before)
        if time.monotonic() - said_at_s > 5:
            said_at_s = time.monotonic()
            say(f"Damaging files: {sum(t.n for t in by_kind.values())} ways so far")
    for kind, words in KINDS.items():
        tally = by_kind[kind]
        if not tally.n:
            yield not_judged(kind, f"{words}: not of these files")
            continue
        bad = f"{words}: {len(tally.wrong)} of {tally.n} ways bring about what must not be"
        yield judged(kind, tally.wrong, f"{words}: {tally.n} ways, each a record or a sentence", bad, DO)


def _all(small: SmallSource) -> Iterator[Damage]:
    """Of the first match's files, where each is damaged alone."""
    others = small.files[1] if len(small.files) > 1 else ()
    for n, path in enumerate(dict.fromkeys(small.of_first)):
        other = others[n] if n < len(others) and others[n] not in small.of_first else None
        yield from damages(path, other, small.size_bytes)


def _tried(attempts: Attempts, small: SmallSource, damage: Damage, before: Outcome) -> Iterator[str]:
    """What is wrong, in sentences; the file is put back."""
    good = damage.path.read_bytes()
    name = f"{damage.path.name} {damage.how}"
    try:
        _lay(damage)
        outcome = attempts.attempt(str(small.path))
    finally:
        _remove(damage.path)
        damage.path.write_bytes(good)
    faults = [fault for fault in outcome.faults if fault not in before.faults]
    if faults:
        yield f"{name}: {faults[0]}"
        return
    lost = before.digests.keys() - outcome.digests.keys()
    is_renamed = bool(outcome.digests.keys() - before.digests.keys())
    may_be_lost = (
        is_renamed or damage.data is NoFile.NOTHING or damage.kind == ANOTHERS_FILE
    )  # nobody can know of it
    if lost and not may_be_lost and not set(outcome.sentences) - set(before.sentences):
        yield f"{name}: match {min(lost)} is lost without a word"


def _lay(damage: Damage) -> None:
    _remove(damage.path)
    if damage.data is NoFile.FOLDER:
        damage.path.mkdir()
    elif damage.data is NoFile.PIPE:
        os.mkfifo(damage.path)
    elif damage.data is NoFile.LINK:
        damage.path.symlink_to(damage.path.parent / "leads nowhere")
    elif isinstance(damage.data, bytes):
        damage.path.write_bytes(damage.data)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
