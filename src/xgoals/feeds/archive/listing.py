"""Which matches lie in archives: a cheap listing, without a look into their scenes."""

import hashlib
import json
import os
from collections.abc import Collection, Container, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.text import is_id
from xgoals.feeds import Delivery
from xgoals.feeds.archive.opening import ADVICE, byte_range, open_archive, read_group, rows_of
from xgoals.feeds.archive.schema import CLIPS_FILE, age_order_s, from_stored_time
from xgoals.feeds.files import why_no_file
from xgoals.feeds.handover import as_text, from_text
from xgoals.feeds.message_time import credible, note_if_ahead
from xgoals.feeds.seen import SeenFiles

_KEY_COLUMNS = ["provider", "match_id", "message_time", "message_time_offset_s", CLIPS_FILE]
_NO_ARCHIVE = ("_", ".")

Key = tuple[str, str]


def discover(
    source: Path,
    *,
    stored_sha256: Container[str] = (),
    match_ids: Collection[str] | None = None,
    seen: SeenFiles | None = None,
) -> tuple[list[Delivery], list[Problem]]:
    """List the matches of an archive without reading its scenes.

    Parameters
    ----------
    source
        A Parquet file, or a folder of them, in folders of their own or not. Names that begin with ``_`` or ``.`` are
        not looked at: clips and tables about the archive are called so.
    stored_sha256
        Of no use here: of a match that comes twice the last file stands.
    match_ids
        Ids of the matches to list; None lists all.
    seen
        Knows the matches of files that have not changed.

    Returns
    -------
    list of Delivery
        ``fingerprint`` is the SHA-256 of the row groups that hold the match, and of its clips; ``extra["row_groups"]``
        are their numbers. Of a match that comes in several files, the one with the latest message time is taken, then
        the last by file name.
    list of Problem
        Files of a folder that cannot be read, matches that come more than once.

    Raises
    ------
    SourceError
        If there is no such source, nothing in it, or nothing in it that can be read.
    """
    deliveries: dict[Key, Delivery] = {}
    problems: list[Problem] = []
    seen = seen or SeenFiles()
    for path in _files(source, problems):
        try:
            listed = _matches_of(path, seen)
        except FeedError as error:
            place = (error.where or "").removeprefix(str(path)).removeprefix(", ") or None
            advice = error.advice or ADVICE
            problems.append(Problem(str(path), error.what, advice, place=place, severity="match"))
            continue
        if not listed:
            problems.append(Problem(str(path), "the archive holds no match", ADVICE))
        for delivery in listed:
            if match_ids is not None and delivery.match_id not in match_ids:
                continue
            if not is_id(delivery.match_id):
                reason = f"'{delivery.match_id[:60]}' is no id of a match"
                problems.append(Problem(str(path), reason, ADVICE, severity="match"))
                continue
            problems += note_if_ahead(path, delivery.match_id, delivery.message_time)
            timed = replace(delivery, message_time=credible(delivery.message_time))
            _keep_latest(deliveries, timed, problems)
    if not deliveries and match_ids is None:
        first = problems[0] if problems else Problem(str(source), "the archive holds no match", ADVICE)
        raise SourceError(first.reason, where=first.path, advice=first.advice)
    return list(deliveries.values()), problems


def _files(source: Path, problems: list[Problem]) -> list[Path]:
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise SourceError("there is no such file or folder", where=str(source), advice=ADVICE)
    files = []
    for path in _candidates(source, problems):
        reason = why_no_file(path)
        if reason is None:
            files.append(path)
        else:
            advice = "Put the file there, or take it out of the folder"
            problems.append(Problem(str(path), reason, advice, severity="match"))
    if not files:
        raise SourceError("the folder holds no .parquet file", where=str(source), advice=ADVICE)
    return files


def _candidates(source: Path, problems: list[Problem]) -> list[Path]:
    """Whatever is called as an archive in a folder and the folders in it."""

    def not_listed(error: OSError) -> None:
        reason = f"the folder cannot be listed ({error.strerror})"
        problems.append(Problem(str(error.filename), reason, "Let xgoals read it", severity="match"))

    found, called, been = list[Path](), list[Path](), {os.path.realpath(source)}
    for folder, folders, names in os.walk(source, onerror=not_listed, followlinks=True):
        inside = [name for name in sorted(folders) if not name.startswith(_NO_ARCHIVE)]
        folders[:] = list(_not_seen(folder, inside, been))
        called += [Path(folder, name) for name in folders if name.endswith(".parquet")]
        archives = [name for name in names if name.endswith(".parquet") and not name.startswith(_NO_ARCHIVE)]
        found += [Path(folder, name) for name in archives]
    for folder_of_parts in called:  # Spark writes such
        if not any(folder_of_parts in path.parents for path in found):
            advice = "Put the file there, or take it out of the folder"
            problems.append(
                Problem(str(folder_of_parts), "is a folder without an archive", advice, severity="match")
            )
    return sorted(found)


def _not_seen(folder: str, names: list[str], been: set[str]) -> Iterator[str]:
    """The folders in which nobody has looked yet, whatever links lead to them: links can go in circles."""
    for name in names:
        place = os.path.realpath(f"{folder}/{name}")
        if place not in been:
            been.add(place)
            yield name


def _matches_of(path: Path, seen: SeenFiles) -> list[Delivery]:
    """The matches of a file, as listed now or when it was looked at before."""

    def find_out() -> str:
        return json.dumps([as_text(delivery) for delivery in _list_matches(path)])

    try:
        listed = [from_text(text) for text in json.loads(seen.answer("matches", [str(path)], find_out))]
        return [_with_clips(delivery, seen) for delivery in listed]
    except OSError as error:
        raise FeedError(f"cannot be read: {error.strerror}", where=str(path), advice="Run again") from error


def _with_clips(delivery: Delivery, seen: SeenFiles) -> Delivery:
    """The delivery with the file of its clips, where it names one and that is there."""
    named = delivery.extra.get(CLIPS_FILE)
    if not isinstance(named, str) or PurePosixPath(named).is_absolute() or ".." in PurePosixPath(named).parts:
        return delivery
    clips = delivery.files[0].parent / named
    if not seen.is_file(str(clips)):
        return delivery
    fingerprint = hashlib.sha256(f"{delivery.fingerprint} {seen.sha256(clips)}".encode()).hexdigest()
    return replace(delivery, files=(*delivery.files, clips), fingerprint=fingerprint)


def _list_matches(path: Path) -> list[Delivery]:
    groups: dict[Key, list[int]] = {}
    clips: dict[Key, str] = {}
    times: dict[Key, datetime | None] = {}
    hashes = []
    with open_archive(path) as file, path.open("rb") as raw:
        for number in range(file.num_row_groups):
            rows = rows_of(read_group(file, path, number, _KEY_COLUMNS), path)
            start, end = byte_range(path, number)
            raw.seek(start)
            hashes.append(hashlib.sha256(raw.read(end - start)).digest())
            for row in rows:
                key = row["provider"], row["match_id"]
                if groups.setdefault(key, [number])[-1] != number:
                    groups[key].append(number)
                times[key] = from_stored_time(row["message_time"], row["message_time_offset_s"])
                if row.get(CLIPS_FILE):
                    clips[key] = row[CLIPS_FILE]
    if any(part is None for key in groups for part in key):
        raise FeedError("a row names no provider or no match", where=str(path), advice=ADVICE)
    return [
        Delivery(
            provider=provider,
            match_id=match_id,
            files=(path,),
            fingerprint=hashlib.sha256(b"".join(hashes[n] for n in numbers)).hexdigest(),
            message_time=times[provider, match_id],
            extra={"row_groups": tuple(numbers), CLIPS_FILE: clips.get((provider, match_id))},
        )
        for (provider, match_id), numbers in groups.items()
    ]


def _keep_latest(deliveries: dict[Key, Delivery], new: Delivery, problems: list[Problem]) -> None:
    key = new.provider, new.match_id
    old = deliveries.get(key)
    newer = old is None or age_order_s(new.message_time) >= age_order_s(old.message_time)
    if newer:
        deliveries[key] = new
    if old is not None and old.fingerprint != new.fingerprint:
        taken, left = (new, old) if newer else (old, new)
        reason = f"the match comes in {taken.files[0].name} too, which is taken"
        problems.append(
            Problem(
                str(left.files[0]),
                reason,
                "Remove the file that is out of date",
                new.match_id,
                provider=new.provider,
            )
        )
