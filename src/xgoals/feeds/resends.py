"""What a delivery is to the stored state of the same match: pure functions, but for hashing files.

Feeds send corrections: the same match again, with a newer ``MessageTime``. A newer message replaces an older
one, an older one never wins, whatever their order of arrival, and each kind of file is judged for itself: a
match stands on the newest message of each kind, so that corrected events go with the positions that came
before. Two messages of the same time that say different things contradict each other; what is stored stands.

The decision tables stand in docs/scheduling.md, under *Which delivery stands*; a test goes through every row.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from xgoals.domain.errors import Problem
from xgoals.feeds import Delivery, Message

CONTRADICTION_REASON = "same MessageTime as "
"""How the reason of a contradiction begins; the quarantine tells it from what reading a match has shown."""


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


def classify(feed: str, delivery: Delivery, stored: Stored | None) -> Classified:
    """What a delivery is to what is stored of its match, and so whether it is to be read.

    Parameters
    ----------
    feed
        That the delivery came by.
    delivery
        As discovered.
    stored
        None where nothing is stored of this match.
    """
    if stored is None:
        return Classified(Resend.NEW, delivery)
    if (feed, delivery.fingerprint) == (stored.feed, stored.fingerprint):
        return Classified(Resend.UNCHANGED, delivery)
    if delivery.messages and stored.messages:
        return _classify_by_kind(delivery, stored.messages)
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


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _compare_as_a_whole(feed: str, delivery: Delivery, stored: Stored) -> Resend:
    """For feeds without kinds of messages, and for matches that another feed has brought before."""
    if delivery.message_time is None or stored.message_time is None:  # no times: the latest wins
        return Resend.NEWER
    if delivery.message_time != stored.message_time:
        return Resend.NEWER if delivery.message_time > stored.message_time else Resend.OLDER
    is_copy = feed != stored.feed and not delivery.messages  # an archive of what the feed itself has brought
    return Resend.UNCHANGED if is_copy else Resend.NEWER


def _classify_by_kind(delivery: Delivery, stored: Mapping[str, StoredMessage]) -> Classified:
    """Each kind of file for itself; then for the match, in the order of the table's rows."""
    sent = {message.kind: message for message in delivery.messages}
    found = {kind: _compare_message(message, stored.get(kind)) for kind, message in sent.items()}
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


def _compare_message(message: Message, stored: StoredMessage | None) -> Resend:
    if stored is None:
        return Resend.NEW
    if message.message_time and stored.message_time and message.message_time != stored.message_time:
        return Resend.NEWER if message.message_time > stored.message_time else Resend.OLDER
    if sha256_of(message.path) == stored.sha256:
        return Resend.UNCHANGED
    is_timed = message.message_time is not None and stored.message_time is not None
    return Resend.CONTRADICTION if is_timed else Resend.NEWER


def _with_stored_files(delivery: Delivery, kept: list[StoredMessage]) -> Classified:
    """A newer delivery, with the stored files of the kinds that it lacks or has only older ones of."""
    gone = [message for message in kept if not message.path.exists()]
    if gone:
        problem = Problem(
            path=str(delivery.files[0]),
            reason=f"a newer delivery without the newest {gone[0].kind}, which are no longer at {gone[0].path}",
            advice="Put the newest files of the match into one folder",
            match_id=delivery.match_id,
            severity="match",
        )
        return Classified(Resend.INCOMPLETE, delivery, (problem,))
    kinds = {message.kind for message in kept}
    messages = (
        *(message for message in delivery.messages if message.kind not in kinds),
        *(Message(message.kind, message.path, message.message_time) for message in kept),
    )
    whole = replace(
        delivery,
        messages=messages,
        files=tuple(message.path for message in messages),
        message_time=max((m.message_time for m in messages if m.message_time), default=None),
    )
    return Classified(Resend.NEWER, whole)
