"""Which matches lie in a folder of open data: listings against events files."""

import hashlib
import json
import os
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import orjson

from xgoals.domain.errors import FeedError, Problem, SourceError
from xgoals.domain.plausible import plausible_match
from xgoals.domain.text import is_id
from xgoals.feeds import Announcement, Delivery
from xgoals.feeds.files import files_once, why_no_file
from xgoals.feeds.json_file import MAX_BYTES, Json, read_list
from xgoals.feeds.json_values import id_of
from xgoals.feeds.seen import SeenFiles
from xgoals.feeds.statsbomb.entry import PROVIDER, read_entry

UNLISTED_TOLD = 3
"""Of the events files that no listing names, this many are named."""
ADD_FILE = "Add the file and run again; the match is left out until then"


def discover(
    source: Path,
    *,
    stored_sha256: Container[str] = (),
    match_ids: Collection[str] | None = None,
    seen: SeenFiles | None = None,
) -> tuple[list[Delivery], list[Problem]]:
    """List the matches of an open-data folder.

    Parameters
    ----------
    source
        The folder that holds ``matches`` and ``events`` (or the ``data`` folder above them).
    stored_sha256
        Of no use here: a match has one events file, which stands as it is.
    match_ids
        Ids of the matches to list; None lists all.
    seen
        Knows the hashes of files that have not changed.

    Returns
    -------
    deliveries
        Sorted by date and match id. The fingerprint covers the listing's entry and the bytes of the files.
    problems
        Broken listings, matches without an events file or in two listings, events files that no listing names.

    Raises
    ------
    SourceError
        If ``source`` is not a folder, holds no listing, or none that can be read.
    """
    root, problems = _open_data_root(source)
    listings, odd = _json_files(root / "matches")
    if not listings:
        reason = odd[0].reason if odd else "no match listings (matches/<competition>/<season>.json)"
        raise SourceError(
            reason,
            where=odd[0].path if odd else str(source),
            advice="Name the folder that holds competitions.json, matches and events",
        )
    listed = _listed(listings)
    problems += [*odd, *listed.problems]
    if listed.n_read == 0:
        raise SourceError(problems[-1].reason, where=problems[-1].path, advice=problems[-1].advice)
    deliveries: list[Delivery] = []
    seen = seen or SeenFiles()
    for match_id, (listing, entry) in listed.entries.items():
        if match_ids is not None and match_id not in match_ids:
            continue
        found = _deliver(root, listing, match_id, entry, seen)
        if isinstance(found, Delivery):
            deliveries.append(found)
        else:
            problems.append(found)
    if match_ids is None:
        problems += _unlisted(root / "events", listed.entries)
    return sorted(deliveries, key=lambda d: (str(_entry(d).get("match_date")), d.match_id)), problems


def announce(delivery: Delivery) -> Announcement:
    """What the listing's entry says.

    Raises
    ------
    FeedError
        If it is incomplete.
    """
    listing = Path(str(delivery.extra["listing"]))
    return Announcement.of(plausible_match(read_entry(_entry(delivery), listing=listing).match, str(listing)))


def discover_to_score(source: Path) -> tuple[list[Delivery], list[Problem]]:
    """List the matches that can be scored: also those that no listing names, or names in full.

    Scores need places and people, which the events have; competition, season and date of such a match are unknown.

    Raises
    ------
    SourceError
        If there are neither listings nor events.
    """
    root, problems = _open_data_root(source)
    listings, odd = _json_files(root / "matches")
    events_files, odd_events = _json_files(root / "events")
    listed = _listed(listings)
    problems += [*odd, *odd_events, *listed.problems]
    deliveries = []
    for events in events_files:
        if not is_id(events.stem):
            problems.append(_no_id(events, events.stem))
            continue
        listing, entry = listed.entries.pop(events.stem, (events, None))
        try:
            read_entry(entry or {}, listing=listing)
        except FeedError as error:
            reason = error.what if entry else "no listing names it"
            problems.append(Problem(str(listing), reason, "Scored all the same"))
            entry = None
        extra = {"entry": entry, "listing": str(listing)}
        files = _files(root, events)
        deliveries.append(Delivery(PROVIDER, events.stem, files, fingerprint="", extra=extra))
    problems += [
        _without_events(root, listing, match_id) for match_id, (listing, _) in listed.entries.items()
    ]
    if not deliveries:
        raise SourceError(
            "no events (events/<match>.json)",
            where=str(source),
            advice="Name the folder that holds events, and matches where there are listings",
        )
    return deliveries, problems


@dataclass
class _Listed:
    """Match id -> its listing and its entry; what is wrong with the listings, and how many could be read."""

    entries: dict[str, tuple[Path, Json]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    n_read: int = 0


def _json_files(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Of a folder and its subfolders, which may be links; and what bears the name of a file but is none."""
    found = {*folder.glob("*.json"), *folder.glob("*/*.json")}
    reasons = {path: why_no_file(path) for path in found}
    odd = [
        Problem(str(path), reason, "Put the file there, or take it out of the folder", severity="match")
        for path, reason in sorted(reasons.items())
        if reason is not None
    ]
    return files_once({path for path, reason in reasons.items() if reason is None}), odd


def _listed(listings: Iterable[Path]) -> _Listed:
    listed = _Listed()
    for listing in listings:
        try:
            entries, no_numbers = read_list(listing)
        except FeedError as error:
            advice = f"No match of it is read. {error.advice}"
            listed.problems.append(Problem(str(listing), error.what, advice, severity="match"))
            continue
        listed.n_read += 1
        for n, entry in enumerate(entries):
            _keep_newest(listed, listing, n, entry)
        for found in no_numbers:
            match_id = id_of(entries[found.item_n].get("match_id"))
            reason = f"{found.field} is {found.value}, which is no JSON"
            listed.problems.append(
                Problem(str(listing), reason, "It counts as missing", match_id, f"entry {found.item_n}")
            )
    return listed


def _keep_newest(listed: _Listed, listing: Path, n: int, entry: Json) -> None:
    """Of two entries of a match the one that was updated last stands, else the first; either way it is told."""
    match_id = id_of(entry.get("match_id"))
    if match_id is None or not is_id(match_id):
        listed.problems.append(_no_id(listing, entry.get("match_id"), f"entry {n}"))
        return
    known = listed.entries.get(match_id)
    if known is None:
        listed.entries[match_id] = (listing, entry)
        return
    is_newer = str(known[1].get("last_updated") or "") < str(entry.get("last_updated") or "")
    if is_newer:
        listed.entries[match_id] = (listing, entry)
    stands, left = (listing, known[0]) if is_newer else (known[0], listing)
    why = "was updated last and stands" if is_newer else "stands"
    where = (
        "again further down" if stands == left else f"in {stands.parent.name}/{stands.name} too, which {why}"
    )
    listed.problems.append(
        Problem(str(left), f"match {match_id} is listed {where}", "Remove the entry that is wrong", match_id)
    )


def _no_id(path: Path, value: object, place: str | None = None) -> Problem:
    reason = f"'{str(value)[:40]}' is no id of a match (letters, digits, - and _)"
    return Problem(str(path), reason, "Correct it; the match is left out until then", None, place, "match")


def _deliver(root: Path, listing: Path, match_id: str, entry: Json, seen: SeenFiles) -> Delivery | Problem:
    events, lineups = f"{root}/events/{match_id}.json", f"{root}/lineups/{match_id}.json"
    if not seen.is_file(events):
        return _without_events(root, listing, match_id)
    paths = [events, lineups] if seen.is_file(lineups) else [events]
    digest = hashlib.sha256(_canonical(entry))
    try:
        digest.update(bytes.fromhex(seen.answer("sha256 of all", paths, lambda: _hashes(paths))))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        path = error.filename or events
        return Problem(str(path), reason, "Mend its permissions", match_id, severity="match")
    return Delivery(
        provider=PROVIDER,
        match_id=match_id,
        files=tuple(map(Path, paths)),
        fingerprint=digest.hexdigest(),
        extra={"entry": entry, "listing": str(listing)},
    )


def _hashes(paths: Iterable[str]) -> str:
    """SHA-256 of each file, one after the other; of one that is too large to be read of its beginning and its size."""
    return "".join(_hash(Path(path)) for path in paths)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES)
        size = b"" if not file.read(1) else str(path.stat().st_size).encode()
    return hashlib.sha256(content + size).hexdigest()


def _files(root: Path, events: Path) -> tuple[Path, ...]:
    """The events and, where there is one, the line-ups."""
    lineups = root / "lineups" / events.name
    return (events, lineups) if lineups.is_file() else (events,)


def _canonical(entry: Json) -> bytes:
    """The entry as bytes that depend on what it says only."""
    try:
        return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # whole numbers beyond 64 bits, halves of surrogate pairs
        return json.dumps(entry, sort_keys=True).encode()


def _without_events(root: Path, listing: Path, match_id: str) -> Problem:
    events = root / "events" / f"{match_id}.json"
    listed = f"a match that {listing.parent.name}/{listing.name} lists"
    reason, advice = f"no events file for {listed}", ADD_FILE
    if events.exists() or events.is_symlink():
        reason = f"the events of {listed}: {why_no_file(events) or 'has just come'}"
    elif (zipped := events.with_suffix(".json.gz")).is_file():
        reason, advice = f"{reason}, only {zipped.name}", "Unpack it and run again"
    return Problem(str(events), reason, advice, match_id, severity="match")


def _unlisted(folder: Path, entries: Collection[str]) -> list[Problem]:
    """One sentence on the events files that no listing names."""
    listed = {f"{match_id}.json" for match_id in entries}
    names = sorted(name for name in _names_in(folder) if name.endswith(".json") and name not in listed)
    if not names:
        return []
    told = ", ".join(names[:UNLISTED_TOLD]) + (", ..." if len(names) > UNLISTED_TOLD else "")
    files = (
        "1 events file that no listing names is"
        if len(names) == 1
        else f"{len(names)} events files that no listing names are"
    )
    return [
        Problem(
            str(folder), f"{files} not read: {told}", "Add the listing (matches/<competition>/<season>.json)"
        )
    ]


def _names_in(folder: Path) -> list[str]:
    return os.listdir(folder) if folder.is_dir() else []  # noqa: PTH208  (names alone, tens of thousands)


def _open_data_root(source: Path) -> tuple[Path, list[Problem]]:
    """The folder that holds ``matches`` and ``events``; of several the first one, and a word on the others."""
    if not source.exists():
        raise SourceError("no such folder", where=str(source), advice="Check the path given as --source")
    if not source.is_dir():
        raise SourceError(
            "not a folder", where=str(source), advice="Name the folder that holds matches and events"
        )
    folders = [
        source,
        source / "data",
        *sorted(p for p in source.glob("*") if p.is_dir()),
        *sorted(source.glob("*/data")),
    ]
    roots: dict[Path, Path] = {}
    for folder in folders:
        if (folder / "matches").is_dir() or (folder / "events").is_dir():
            roots.setdefault(folder.resolve(), folder)
    first, *others = roots.values() or (source,)
    reason = f"a second folder of open data beside {first.name}, which is read"
    return first, [Problem(str(other), reason, "Name it as a source of its own") for other in others]


def _entry(delivery: Delivery) -> Json:
    return cast(Json, delivery.extra["entry"])
