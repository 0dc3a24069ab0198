"""Which files belong to which match, by what the files say about themselves.

A file's head (its first 64 kB) has its kind, its ``MatchId`` and its ``MessageTime``; file and folder names
are hints for broken files only. Of several messages of one kind the newest complete one is taken, whatever
the order of arrival. Two messages with the same ``MessageTime`` and different content contradict each other:
the one that is stored already, else the one that arrived first, is taken, the other one is reported.
"""

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import orjson

from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.text import is_id
from xgoals.feeds import Delivery, Message
from xgoals.feeds.dfl.matchinfo import PROVIDER, SIMULATOR_REQUEST
from xgoals.feeds.files import why_no_file
from xgoals.feeds.message_time import credible, note_if_ahead
from xgoals.feeds.resends import contradiction
from xgoals.feeds.safe_xml import MAX_SMALL_FILE_BYTES, RESEND, parse_time, read_head
from xgoals.feeds.seen import SeenFiles

ENDINGS = (".xml", ".xml.gz")
HEAD_BYTES = 1 << 16
EDGE_BYTES = 1 << 16
"""Of a large file, this much of either end goes into the fingerprint, beside size and time of change."""

Kind = Literal["matchinfo", "events", "positions"]

_ROOT = re.compile(r"<(?:[\w.-]+:)?PutDataRequest\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([\w.-]+)\s*=\s*["']([^"']*)["']""")
_MATCH_ID = re.compile(r"""\sMatchId\s*=\s*["']([^"']+)["']""")
_NAMED_ID = re.compile(r"[A-Z]{3}-MAT-[0-9A-Z]+")
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("matchinfo", re.compile(r"<(?:[\w.-]+:)?MatchInformation\b")),
    ("positions", re.compile(r"<(?:[\w.-]+:)?(?:Positions|FrameSet)\b")),
    ("events", re.compile(r"<(?:[\w.-]+:)?Event\b")),
)
_NAMED_KINDS: tuple[tuple[Kind, str], ...] = (
    ("matchinfo", "matchinformation"),
    ("events", "events"),
    ("positions", "positions"),
)


REFUSED = "refused"
"""In ``Delivery.extra``: the files that forbid reading the match, as (file, reason, advice)."""


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a file says about itself; ``reason`` and ``advice`` say why it cannot be used, if it cannot."""

    path: Path
    kind: Kind
    match_id: str
    message_time: datetime | None = None
    is_complete: bool = True
    reason: str = ""
    advice: str = ""


def discover(
    source: Path,
    *,
    stored_sha256: Container[str] = (),
    match_ids: Collection[str] | None = None,
    seen: SeenFiles | None = None,
) -> tuple[list[Delivery], list[Problem]]:
    """List the matches of a folder (and the folders in it), by reading the heads of its XML files.

    Parameters
    ----------
    source
        The folder.
    stored_sha256
        SHA-256 of files that are stored: of messages that contradict each other these stand.
    match_ids
        Ids of the matches to list; None lists all.
    seen
        Knows the heads of files that have not changed.

    Returns
    -------
    deliveries
        One a match, sorted by match id; also those that :func:`read_match` will refuse with a reason.
    problems
        Files that belong to no match, and messages that contradict another one.

    Raises
    ------
    SourceError
        If ``source`` is no folder, or no file of the feed lies in it.
    """
    if not source.is_dir():
        raise SourceError(
            "no such folder", where=str(source), advice="Name the folder that the feed's files lie in"
        )
    problems: list[Problem] = []
    heads: dict[str, list[FileHead]] = defaultdict(list)
    seen = seen or SeenFiles()
    for path in _candidates(source, problems, seen):
        try:
            found = _head_of(path, seen)
        except OSError as error:
            found = _unreadable(path, error)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            problems += note_if_ahead(path, found.match_id, found.message_time)
            heads[found.match_id].append(replace(found, message_time=credible(found.message_time)))
    if not heads and not problems:
        raise SourceError(
            "no DFL files (match information, events, positions as *.xml or *.xml.gz)",
            where=str(source),
            advice="Name the folder that the feed's files lie in",
        )
    wanted = sorted(heads if match_ids is None else heads.keys() & set(match_ids))
    deliveries = []
    for match_id in wanted:
        try:
            deliveries.append(_deliver(match_id, heads[match_id], problems, stored_sha256, seen))
        except OSError as error:  # a file has gone since it was listed
            problems.append(_unreadable(heads[match_id][0].path, error, match_id))
    return deliveries, problems


def _candidates(source: Path, problems: list[Problem], seen: SeenFiles) -> Iterable[Path]:
    """Files with the feed's endings; a pipe or a link that leads nowhere is none, and told if it has a feed's name."""

    def not_listed(error: OSError) -> None:
        reason = f"the folder cannot be listed ({error.strerror})"
        problems.append(Problem(str(error.filename), reason, "Let xgoals read it", severity="match"))

    names = (
        f"{folder}/{name}"
        for folder, _, files in os.walk(source, onerror=not_listed)
        for name in files
        if name.lower().endswith(ENDINGS)
    )
    for name in sorted(names):
        path = Path(name)
        if seen.is_file(name):
            yield path
        elif any(part in path.name.lower() for _, part in _NAMED_KINDS):
            advice = "Put the file there, or take it out of the folder"
            problems.append(Problem(name, why_no_file(path) or "is gone", advice, severity="match"))


def _head_of(path: Path, seen: SeenFiles) -> FileHead | Problem | None:
    """What a file says about itself, now or when it was looked at before."""
    told = orjson.loads(seen.answer("head", [str(path)], lambda: json.dumps(_as_plain(read_file_head(path)))))
    if told is None:
        return None
    if "kind" not in told:
        return Problem(str(path), **told)
    time = told.pop("message_time")
    return FileHead(path, **told, message_time=datetime.fromisoformat(time) if time else None)


def _as_plain(head: FileHead | Problem | None) -> dict[str, object] | None:
    if head is None:
        return None
    if isinstance(head, Problem):
        return {"reason": head.reason, "advice": head.advice, "severity": head.severity}
    return {
        "kind": head.kind,
        "match_id": head.match_id,
        "message_time": head.message_time.isoformat() if head.message_time else None,
        "is_complete": head.is_complete,
        "reason": head.reason,
        "advice": head.advice,
    }


def _unreadable(path: Path, error: OSError, match_id: str | None = None) -> Problem:
    reason = f"the file cannot be read ({error.strerror})"
    return Problem(str(path), reason, RESEND, match_id, severity="match")


def read_file_head(path: Path) -> FileHead | Problem | None:
    """What a file says about itself; a Problem if it belongs to no match; None if it is of no use here."""
    text = _decode(read_head(path, HEAD_BYTES))
    named_kind = next((kind for kind, part in _NAMED_KINDS if part in path.name.lower()), None)
    named_id = next(iter(_NAMED_ID.findall(path.name)), None)
    root = _ROOT.search(text)
    if root is None and named_kind is None:
        return None  # some other XML file
    kind = next((kind for kind, tag in _KINDS if tag.search(text)), named_kind)
    stated = _MATCH_ID.search(text)
    match_id = stated[1] if stated else named_id
    if kind is None:
        return None  # another message of the provider
    if match_id is None:
        return Problem(str(path), "the file names no match", RESEND, severity="match")
    if not is_id(match_id):
        return Problem(str(path), f"MatchId '{match_id[:60]}' is no id of a match", RESEND, severity="match")
    if stated and named_id and stated[1] != named_id:
        reason = f"the file belongs to match {stated[1]}, its name to {named_id}"
        return FileHead(path, kind, named_id, reason=reason, advice="Deliver each match's own file")
    attributes = dict(_ATTRIBUTE.findall(root[1])) if root else {}
    try:
        time = parse_time(attributes["MessageTime"], str(path)) if "MessageTime" in attributes else None
    except FeedError as error:
        return FileHead(path, kind, match_id, reason=f"MessageTime: {error.what}", advice=RESEND)
    is_complete = (
        attributes.get("TransmissionComplete", "true") == "true"
        and attributes.get("TransmissionSuspended", "false") == "false"
    )
    return FileHead(path, kind, match_id, time, is_complete)


def is_simulated(head: bytes) -> bool:
    """Whether a file says at its beginning that nobody has played what it tells."""
    root = _ROOT.search(_decode(head))
    return root is not None and dict(_ATTRIBUTE.findall(root[1])).get("RequestId") == SIMULATOR_REQUEST


def _decode(head: bytes) -> str:
    """The head as text, whatever its encoding: only ASCII is looked for."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\x00", "utf-16-le")):
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    return head.decode("utf-8", "replace")


def _deliver(
    match_id: str,
    heads: Sequence[FileHead],
    problems: list[Problem],
    stored_sha256: Container[str],
    seen: SeenFiles,
) -> Delivery:
    refused = [(head.path, head.reason, head.advice) for head in heads if head.reason]
    of_kind: defaultdict[Kind, list[FileHead]] = defaultdict(list)
    for head in heads:
        if not head.reason:
            of_kind[head.kind].append(head)
    chosen: dict[Kind, FileHead] = {}
    for kind, _ in _NAMED_KINDS:
        if len(of_kind[kind]) == 1:
            (chosen[kind],) = of_kind[kind]
        elif of_kind[kind]:
            chosen[kind], contradictions = _settle(_ranked(of_kind[kind], heads, seen), stored_sha256, seen)
            problems.extend(contradictions)
    for head in chosen.values():
        if not head.is_complete:
            reason = "the transmission is not complete (TransmissionComplete, TransmissionSuspended)"
            refused.append((head.path, reason, "Wait for the complete message"))
    messages = tuple(Message(kind, head.path, head.message_time) for kind, head in chosen.items())
    paths = [message.path for message in messages]
    all_paths = (*paths, *(path for path, _, _ in refused if path not in paths))
    return Delivery(
        provider=PROVIDER,
        match_id=match_id,
        files=all_paths,
        fingerprint=seen.answer("fingerprint", list(map(str, all_paths)), lambda: fingerprint(all_paths)),
        message_time=max((m.message_time for m in messages if m.message_time), default=None),
        messages=messages,
        extra={REFUSED: [(str(path), reason, advice) for path, reason, advice in refused]},
    )


def _ranked(of_kind: Sequence[FileHead], heads: Sequence[FileHead], seen: SeenFiles) -> list[FileHead]:
    """The messages of one kind, the best first; of equals the one that came first, with all of its match."""
    first_seen = _arrivals(heads, seen)
    return sorted(of_kind, key=lambda head: (not head.is_complete, _age(head), first_seen[head.path]))


def _age(head: FileHead) -> float:
    """Smaller is newer."""
    return -head.message_time.timestamp() if head.message_time else 0.0


def _arrivals(heads: Sequence[FileHead], seen: SeenFiles) -> dict[Path, tuple[float, str, str]]:
    """Order of arrival; files of one folder arrived together, so that they are not mixed with another's."""
    by_folder: dict[Path, float] = {}
    for head in heads:
        changed = seen.stat(str(head.path)).st_mtime
        by_folder[head.path.parent] = min(changed, by_folder.get(head.path.parent, changed))
    return {h.path: (by_folder[h.path.parent], str(h.path.parent), h.path.name) for h in heads}


def _settle(
    ranked: Sequence[FileHead], stored_sha256: Container[str], seen: SeenFiles
) -> tuple[FileHead, list[Problem]]:
    """The message that stands among those of one kind, the best first, and those that contradict it."""
    best = ranked[0]
    as_new = [h for h in ranked if (h.message_time, h.is_complete) == (best.message_time, best.is_complete)]
    if len(as_new) == 1:
        return best, []
    sha256 = {head.path: seen.sha256(head.path) for head in as_new}
    stored = [head for head in as_new if sha256[head.path] in stored_sha256]
    stands = (stored or as_new)[0]
    why = "what is stored stands" if stored else "the first one is taken"
    return stands, [
        contradiction(head.path, stands.path, why, head.match_id)
        for head in as_new
        if sha256[head.path] != sha256[stands.path]
    ]


def fingerprint(paths: Iterable[Path]) -> str:
    """A fingerprint of files that is cheap for large ones.

    Of small files all bytes count; of larger ones (positions) size, time of change, and both ends: it changes
    whenever the bytes do, and also where the same bytes come again; their SHA-256 tells the two apart.
    """
    digest = hashlib.sha256()
    for path in paths:
        stat = path.stat()
        digest.update(f"{path.name}\0{stat.st_size}\0".encode())
        with path.open("rb") as file:
            if stat.st_size <= MAX_SMALL_FILE_BYTES and "positions" not in path.name:
                digest.update(file.read())
                continue
            digest.update(f"{stat.st_mtime_ns}\0".encode())
            digest.update(file.read(EDGE_BYTES))
            file.seek(max(stat.st_size - EDGE_BYTES, 0))
            digest.update(file.read(EDGE_BYTES))
    return digest.hexdigest()
