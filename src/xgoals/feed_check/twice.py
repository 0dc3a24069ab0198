"""Whether the same files give the same, wherever and in whatever order they lie, and changed files do not."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from xgoals.domain.errors import SourceError
from xgoals.feed_check.attempt import Outcome
from xgoals.feed_check.attempts import Attempts
from xgoals.feed_check.listing import FAR_AHEAD_NS, list_source
from xgoals.feed_check.reading import code_of, read_good
from xgoals.feed_check.report import Check, judged
from xgoals.feed_check.small_source import SmallSource
from xgoals.feeds import KnownFeed
from xgoals.feeds.seen import SeenFiles


def about_reading_again(known: KnownFeed, small: SmallSource, attempts: Attempts) -> Iterator[Check]:
    """Reading again, elsewhere, in another process, backwards; and fingerprints of changed files."""
    once = attempts.attempt(str(small.path))
    backwards = attempts.attempt(str(small.path), backwards=True)
    yield _again(known, small, once)
    wrong = list(_differences(once, backwards))
    do = "Sort what is listed: file systems have no order"
    yield judged("order of files", wrong, "does not matter", "the order of files in a folder matters", do)
    yield _fingerprints(known, small)


def _again(known: KnownFeed, small: SmallSource, once: Outcome) -> Check:
    here = {match.delivery.match_id: match.digest for match in small.matches}
    prints = {match.delivery.match_id: match.delivery.fingerprint for match in small.matches}
    wrong = [f"in another process: {fault}" for fault in once.faults]
    deliveries = [match.delivery for match in small.matches]
    second = {
        m.delivery.match_id: m.digest for m in read_good(code_of(known), deliveries, small.original).matches
    }
    wrong += [
        f"match {match_id} is another one when it is read a second time"
        for match_id, digest in here.items()
        if second.get(match_id) != digest
    ]
    if not once.faults:
        wrong += [
            f"match {match_id} is another one in another process and folder"
            for match_id, digest in here.items()
            if once.digests.get(match_id) != digest
        ]
        wrong += [
            f"match {match_id} has another fingerprint in another folder"
            for match_id, value in prints.items()
            if once.fingerprints.get(match_id) not in (value, None)
        ]
        wrong += [
            f"match {match_id} is not found alone" for match_id in prints if match_id not in once.fingerprints
        ]
    do = "What is read depends on the files alone: no clock, no random number, no order of a set, no path"
    return judged(
        "again", wrong, "read twice, in another process and folder, all is the same", "reading differs", do
    )


def _differences(one: Outcome, other: Outcome) -> Iterator[str]:
    yield from (f"listed backwards: {fault}" for fault in other.faults if fault not in one.faults)
    for what, first, second in (
        ("match", one.digests, other.digests),
        ("fingerprint of match", one.fingerprints, other.fingerprints),
    ):
        yield from (
            f"{what} {match_id} is another one"
            for match_id in first | second
            if first.get(match_id) != second.get(match_id)
        )


def _fingerprints(known: KnownFeed, small: SmallSource) -> Check:
    match_id = small.matches[0].delivery.match_id
    learnt = SeenFiles(now_ns=lambda: FAR_AHEAD_NS)
    listed = _prints(known, small.path, learnt)
    fingerprint = listed.get(match_id)
    wrong = [] if fingerprint else [f"match {match_id} is not found in a copy of its files"]
    for path in dict.fromkeys(small.of_first if fingerprint else ()):
        before = path.read_bytes()
        path.write_bytes(changed(before))
        for what, seen in (("", None), (", with what SeenFiles remembers", SeenFiles(known=learnt.found))):
            if _prints(known, small.path, seen).get(match_id) == fingerprint:
                wrong.append(f"{path.name}: a byte is changed, and the fingerprint is not{what}")
        path.write_bytes(before)
    do = (
        "Hash all that read_match would read (SeenFiles.sha256 of each file), and list each in Delivery.files"
    )
    says = "fingerprints do not follow the files"
    return judged("fingerprints", wrong, "a changed byte in any file changes them", says, do)


def _prints(known: KnownFeed, source: Path, seen: SeenFiles | None) -> dict[str, str]:
    try:
        return {one.match_id: one.fingerprint for one in list_source(code_of(known), source, seen).deliveries}
    except SourceError:
        return {}


def changed(data: bytes) -> bytes:
    """The data with its middle digit changed; of data without any its middle byte."""
    middle = len(data) // 2
    at = next((n for n in _from(middle, len(data)) if 0x31 <= data[n] <= 0x38), min(middle, len(data) - 1))
    return data[:at] + bytes([data[at] + 1 if data[at] < 255 else 0]) + data[at + 1 :]


def _from(middle: int, end: int) -> Sequence[int]:
    return [*range(middle, end), *range(middle)]
