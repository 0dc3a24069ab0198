"""What a delivery is to the stored state of the same match: pure functions, but for hashing files.

Feeds send corrections: the same match again, with a newer ``MessageTime``. A newer message replaces an older
one, an older one never wins, whatever their order of arrival, and each kind of file is judged for itself: a
match stands on the newest message of each kind, so that corrected events go with the positions that came
before. Two messages of the same time that say different things contradict each other; what is stored stands.

The decision tables stand in docs/scheduling.md, under *Which delivery stands*; a test goes through every row.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

from xgoals.domain.errors import Problem
from xgoals.feeds import Delivery, Message

CONTRADICTION_REASON = "same MessageTime as "
"""How the reason of a contradiction begins; the quarantine tells it from what reading a match has shown."""

LARGEST_BYTES = 4 << 30
"""No reader takes a larger file: it need not be hashed as a whole to be refused."""
BEGINNING_BYTES = 1 << 20

MAY_LEAVE = frozenset({"positions", "positions_metadata"})
"""Kinds of files that may leave the inbox once they are read: the frames and clips that came of them are stored."""
KEPT = "kept"
"""In ``Delivery.extra``: the stored files of these kinds that have gone, as `kept_messages` reads them."""


class Resend(StrEnum):
    """What a delivery is to what is stored of the same match."""

    NEW = "new"
    UNCHANGED = "unchanged"
    NEWER = "newer"
    OLDER = "older"
    CONTRADICTION = "contradiction"
    INCOMPLETE = "incomplete"
    """Newer, but a file that it needs is neither in it nor where it was."""

    @property
    def is_to_be_read(self) -> bool:
        """Whether it changes what is stored."""
        return self in (Resend.NEW, Resend.NEWER)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One file that the stored state of a match was read from."""

    kind: str
    path: Path
    sha256: str
    message_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What the stored state of a match was read from; ``messages`` by kind, where the feed has kinds."""

    feed: str
    fingerprint: str
    message_time: datetime | None = None
    messages: Mapping[str, StoredMessage] | None = None


@dataclass(frozen=True, slots=True)
class Classified:
    """A delivery with what it is to what is stored, and what to put into quarantine.

    Where a newer message came alone, ``delivery`` names the stored files beside it.
    """

    resend: Resend
    delivery: Delivery
    problems: tuple[Problem, ...] = ()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file; of one that is larger than any file of a match, of its beginning and its size."""
    with path.open("rb") as file:
        if (size := os.fstat(file.fileno()).st_size) > LARGEST_BYTES:
            return hashlib.sha256(file.read(BEGINNING_BYTES) + str(size).encode()).hexdigest()
        return hashlib.file_digest(file, "sha256").hexdigest()


def classify(
    feed: str, delivery: Delivery, stored: Stored | None, *, sha256: Callable[[Path], str] = sha256_of
) -> Classified:
    """What a delivery is to what is stored of its match, and so whether it is to be read.

    Parameters
    ----------
    feed
        That the delivery came by.
    delivery
        As discovered.
    stored
        None where nothing is stored of this match.
    sha256
        Hashes a file, or knows its hash.
    """
    if stored is None:
        return Classified(Resend.NEW, delivery)
    if (feed, delivery.fingerprint) == (stored.feed, stored.fingerprint):
        return Classified(Resend.UNCHANGED, delivery)
    if delivery.messages and stored.messages:
        return _classify_by_kind(delivery, stored.messages, sha256)
    return Classified(_compare_as_a_whole(feed, delivery, stored), delivery)


def contradiction(path: Path, standing: Path, why: str, match_id: str) -> Problem:
    """What to say of a message that another one of the same time contradicts."""
    return Problem(
        path=str(path),
        reason=f"{CONTRADICTION_REASON}{standing}, but different content: {why}",
        advice="Ask the provider which one stands, and remove the other",
        match_id=match_id,
        severity="match",
    )


def _compare_as_a_whole(feed: str, delivery: Delivery, stored: Stored) -> Resend:
    """For feeds without kinds of messages, and for matches that another feed has brought before."""
    if delivery.message_time is None or stored.message_time is None:  # no times: the latest wins
        return Resend.NEWER
    if delivery.message_time != stored.message_time:
        return Resend.NEWER if delivery.message_time > stored.message_time else Resend.OLDER
    is_copy = feed != stored.feed and not delivery.messages  # an archive of what the feed itself has brought
    return Resend.UNCHANGED if is_copy else Resend.NEWER


def _classify_by_kind(
    delivery: Delivery, stored: Mapping[str, StoredMessage], sha256: Callable[[Path], str]
) -> Classified:
    """Each kind of file for itself; then for the match, in the order of the table's rows."""
    sent = {message.kind: message for message in delivery.messages}
    found = {kind: _compare_message(message, stored.get(kind), sha256) for kind, message in sent.items()}
    contradicting = [kind for kind, resend in found.items() if resend is Resend.CONTRADICTION]
    if contradicting:
        problems = (
            contradiction(sent[kind].path, stored[kind].path, "what is stored stands", delivery.match_id)
            for kind in contradicting
        )
        return Classified(Resend.CONTRADICTION, delivery, tuple(problems))
    if any(resend.is_to_be_read for resend in found.values()):
        kept = [m for kind, m in stored.items() if found.get(kind, Resend.OLDER) is Resend.OLDER]
        return _with_stored_files(delivery, kept)
    if Resend.OLDER in found.values():
        return Classified(Resend.OLDER, delivery)
    has_moved = sent.keys() == stored.keys() and not all(m.path.exists() for m in stored.values())
    return Classified(Resend.NEWER if has_moved else Resend.UNCHANGED, delivery)


def _compare_message(message: Message, stored: StoredMessage | None, sha256: Callable[[Path], str]) -> Resend:
    if stored is None:
        return Resend.NEW
    if message.message_time and stored.message_time and message.message_time != stored.message_time:
        return Resend.NEWER if message.message_time > stored.message_time else Resend.OLDER
    if sha256(message.path) == stored.sha256:
        return Resend.UNCHANGED
    is_timed = message.message_time is not None and stored.message_time is not None
    return Resend.CONTRADICTION if is_timed else Resend.NEWER


def _with_stored_files(delivery: Delivery, kept: list[StoredMessage]) -> Classified:
    """A newer delivery, with the stored files of the kinds that it lacks or has only older ones of."""
    gone = [message for message in kept if not message.path.exists()]
    needed = [message for message in gone if message.kind not in MAY_LEAVE]
    if needed:
        problem = Problem(
            path=str(delivery.files[0]),
            reason=f"a newer delivery without the newest {needed[0].kind}, which are no longer at {needed[0].path}",
            advice="Put the newest files of the match into one folder",
            match_id=delivery.match_id,
            severity="match",
            provider=delivery.provider,
        )
        return Classified(Resend.INCOMPLETE, delivery, (problem,))
    kinds = {message.kind for message in kept}
    messages = (
        *(message for message in delivery.messages if message.kind not in kinds),
        *(Message(m.kind, m.path, m.message_time) for m in kept if m not in gone),
    )
    times = [*(m.message_time for m in messages), *(m.message_time for m in gone)]
    whole = replace(
        delivery,
        messages=messages,
        files=tuple(message.path for message in messages),
        message_time=max((time for time in times if time), default=None),
        extra={**delivery.extra, **({KEPT: list(map(_as_plain, gone))} if gone else {})},
    )
    return Classified(Resend.NEWER, whole)


def kept_messages(delivery: Delivery) -> list[StoredMessage]:
    """The files that a delivery is read without, because they have gone; what is stored of them stays."""
    kept = cast("list[tuple[str, str, str, str | None]]", delivery.extra.get(KEPT, []))
    return [
        StoredMessage(kind, Path(path), sha256, datetime.fromisoformat(time) if time else None)
        for kind, path, sha256, time in kept
    ]


def _as_plain(message: StoredMessage) -> tuple[str, str, str, str | None]:
    time = message.message_time.isoformat() if message.message_time else None
    return message.kind, str(message.path), message.sha256, time
