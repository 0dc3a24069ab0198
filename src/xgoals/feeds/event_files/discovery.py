"""Which files make which match: by what they say of themselves, then by their names, folders and ``matches.csv``."""

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from xgoals.domain.errors import Problem, SourceError
from xgoals.domain.text import MAX_ID_CHARS, clean, is_id
from xgoals.feeds.event_files.adapter import Adapter, Piece
from xgoals.feeds.event_files.matches_csv import MATCHES_CSV, MatchRow, read_matches_csv
from xgoals.feeds.files import why_no_file
from xgoals.feeds.message_time import credible, note_if_ahead
from xgoals.feeds.resends import contradiction
from xgoals.feeds.schedule import SCHEDULE_FILE
from xgoals.feeds.seen import SeenFiles
from xgoals.feeds.tracking.kinds import POSITIONS

_WORDS = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file and what it says about itself."""

    path: Path
    piece: Piece


@dataclass
class Found:
    """What lies in a source: files by match, lines of ``matches.csv`` by match, and what is wrong."""

    files: dict[str, list[FoundFile]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, MatchRow] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)
    """Files whose names may be the provider's and whose content is not."""

    def lists(self) -> set[Path]:
        """Files that tell of several matches, such as the results of a season."""
        counted = Counter(one.path for files in self.files.values() for one in files)
        return {path for path, n in counted.items() if n > 1}


def find_files(adapter: Adapter, source: Path, seen: SeenFiles, *, may_be_nameless: bool = False) -> Found:
    """All files of a provider in a folder and the folders in it.

    Parameters
    ----------
    adapter
        The provider.
    source
        The folder.
    seen
        What is known of files that have not changed.
    may_be_nameless
        Whether files of which nobody knows the match may be called after their place in the folder.

    Raises
    ------
    SourceError
        If there is no such folder, or nothing of the provider's in it.
    """
    if not source.is_dir():
        what = "not a folder" if source.exists() else "no such folder"
        raise SourceError(
            what, where=str(source), advice=f"Name the folder that holds {adapter.files_in_words}"
        )
    found, nameless = Found(), list[FoundFile]()
    paths = list(_candidates(source, found.problems))
    csvs = [path for path in paths if path.name.lower() == MATCHES_CSV and path.is_file()]
    above = source.resolve().parent / MATCHES_CSV
    found.rows, problems = read_matches_csv([*csvs, *([above] if above.is_file() else [])])
    found.problems += problems
    for path in paths:
        if not _may_be_a_piece(path, adapter):
            continue
        for one in _look(adapter, path, seen, found):
            if one.piece.match_id is None:
                nameless.append(one)
            else:
                found.files[one.piece.match_id].append(one)
    left = _join_nameless(nameless, found)
    if may_be_nameless:
        left = _called_after_their_place(left, adapter, source, found)
    found.problems += map(_about_nameless, left)
    found.problems += _about_lines_of_nothing(found)
    _note_unknown(adapter, found)
    if not found.files and not found.problems:
        raise SourceError(
            f"no files of this feed ({adapter.files_in_words})",
            where=str(source),
            advice="Name the folder that they lie in, or the feed that these files are of",
        )
    return found


def _candidates(source: Path, problems: list[Problem]) -> Iterator[Path]:
    def not_listed(error: OSError) -> None:
        reason = f"the folder cannot be listed ({error.strerror})"
        problems.append(Problem(str(error.filename), reason, "Let xgoals read it", severity="match"))

    names = (
        f"{folder}/{name}"
        for folder, folders, files in os.walk(source, onerror=not_listed)
        for name in (*files, *(one for one in folders if Path(one).suffix))  # a folder in place of a file
    )
    yield from map(Path, sorted(names))


def _may_be_a_piece(path: Path, adapter: Adapter) -> bool:
    name = path.name.lower().removesuffix(".gz")
    return name.endswith(adapter.endings) and name not in (MATCHES_CSV, SCHEDULE_FILE)


def _look(adapter: Adapter, path: Path, seen: SeenFiles, found: Found) -> Iterator[FoundFile]:
    """What a file says about itself, now or when it was looked at before; once for each match that it tells of."""
    problems = found.problems
    if not seen.is_file(str(path)):
        reason = why_no_file(path) or "is gone"
        advice = "Put the file there, or take it out of the folder"
        problems.append(Problem(str(path), reason, advice, severity="match"))
        return
    question = f"{adapter.provider} {adapter.version}"
    try:
        piece = _from_text(seen.answer(question, [str(path)], lambda: _as_text(adapter.sniff(path))))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        problems.append(Problem(str(path), reason, "Mend its permissions", severity="match"))
        return
    is_tracking = piece is not None and piece.kind == POSITIONS  # of it the match says, and goes without
    if seen.stat(str(path)).st_size == 0 and not is_tracking:
        problems.append(Problem(str(path), "the file is empty", "Fetch it again", severity="match"))
        return
    if piece is None:
        found.unknown.append(path)
        return
    for one in (piece, *piece.others):
        wrong = _what_is_wrong(one)
        if wrong is None:
            problems += note_if_ahead(path, one.match_id, one.message_time)
            yield FoundFile(path, replace(one, message_time=credible(one.message_time)))
        else:
            problems.append(Problem(str(path), *wrong, severity="match"))


def _what_is_wrong(piece: Piece) -> tuple[str, str] | None:
    """Why a file cannot be anybody's, and what to do."""
    if piece.match_id is not None and not is_id(piece.match_id):
        return f"'{piece.match_id[:60]}' is no id of a match", "Ask the provider"
    return (piece.reason, piece.advice) if piece.reason and piece.match_id is None else None


def _as_text(piece: Piece | None) -> str:
    return json.dumps(None if piece is None else [_as_plain(one) for one in (piece, *piece.others)])


def _as_plain(piece: Piece) -> list[str | None]:
    time = piece.message_time.isoformat() if piece.message_time else None
    return [piece.kind, piece.match_id, time, piece.reason, piece.advice, piece.hint]


def _from_text(text: str) -> Piece | None:
    told = json.loads(text)
    if told is None:
        return None
    first, *others = (
        Piece(kind, match_id, datetime.fromisoformat(time) if time else None, reason, advice, hint)
        for kind, match_id, time, reason, advice, hint in told
    )
    return replace(first, others=tuple(others))


def _join_nameless(nameless: Sequence[FoundFile], found: Found) -> list[FoundFile]:
    """Files that do not name their match: by ``matches.csv``, their name, or the only match of their folder.

    Returns those of which none of these knows the match.
    """
    for one in nameless:
        match_id = _by_csv(one.path, found.rows) or _by_name(one, found)
        if match_id is not None:
            found.files[match_id].append(one)
    named = {one.path for files in found.files.values() for one in files}
    left = []
    for one in nameless:
        if one.path in named:
            continue
        match_id = _only_match_beside(one, found)
        if match_id is not None:
            found.files[match_id].append(one)
        else:
            left.append(one)
    return left


def _called_after_their_place(
    nameless: Sequence[FoundFile], adapter: Adapter, source: Path, found: Found
) -> list[FoundFile]:
    """Let the files of a folder, one of each kind with the events among them, be a match; returns the others."""
    by_folder: defaultdict[Path, list[FoundFile]] = defaultdict(list)
    for one in nameless:
        by_folder[one.path.parent].append(one)
    left, main_kind = list[FoundFile](), next(iter(adapter.kinds))
    for files in by_folder.values():
        by_kind = {one.piece.kind: one for one in files}
        if main_kind not in by_kind or len(by_kind) < len(files):
            left += files
            continue
        parts = by_kind[main_kind].path.relative_to(source).parts
        name = clean("-".join((*parts[:-1], parts[-1].split(".")[0]))).replace(" ", "_")[-MAX_ID_CHARS:]
        found.files[name] += files
    return left


def _about_lines_of_nothing(found: Found) -> list[Problem]:
    """Where some matches have no line and some lines no match, ids may be written wrong."""
    without_file = sorted(found.rows.keys() - found.files.keys())
    without_line = sorted(found.files.keys() - found.rows.keys())
    if not without_file or not without_line:
        return []
    row = found.rows[without_file[0]]
    more = f" and {len(without_file) - 1} more" if len(without_file) > 1 else ""
    reason = (
        f"there are no files of match {row.match_id} ({row.where}){more}, while match {without_line[0]} has files "
        "and no line"
    )
    advice = "Look whether an id is written wrong; lines of matches that are not here do no harm"
    return [Problem(row.path, reason, advice, row.match_id, row.where, field="match_id", value=row.match_id)]


def _about_nameless(one: FoundFile) -> Problem:
    advice = (
        f"Put the match's id into its name, or name the file in the column events of {MATCHES_CSV} (tracking: in "
        "tracking) in a line with an id of your own, or put it alone with the other file of its match into a folder"
    )
    reason = "the file does not say which match it is of, and neither does its name"
    return Problem(str(one.path), reason, advice, severity="match")


def _note_unknown(adapter: Adapter, found: Found) -> None:
    """Files that should be a match's, by their name and ``matches.csv``."""
    for path in found.unknown:
        match_id = next((word for word in _WORDS.findall(path.name) if word in found.rows), None)
        if match_id is None or match_id in found.files:
            continue
        reason = f"match {match_id} by its name, and nothing of {adapter.files_in_words} in it"
        advice = "Fetch the file again, or take it out of the folder"
        found.problems.append(Problem(str(path), reason, advice, match_id, severity="match"))


def _by_csv(path: Path, rows: Mapping[str, MatchRow]) -> str | None:
    return next((match_id for match_id, row in rows.items() if _is_named(path, row)), None)


def _is_named(path: Path, row: MatchRow) -> bool:
    """Whether a line names the file, or the tracking of which it is the metadata (``a_metadata.xml`` of ``a.dat``)."""
    stem = row.tracking.partition(".")[0] if row.tracking else None
    return path.name in (row.events, row.tracking) or (
        stem is not None and path.name.startswith(f"{stem}_metadata")
    )


def _by_name(one: FoundFile, found: Found) -> str | None:
    """The match whose id is a word of the file's name, or the one that it hints at."""
    known, path = found.files.keys() | found.rows.keys(), one.path
    if one.piece.hint in known:
        return one.piece.hint
    words = [word for name in (path.name, path.parent.name) for word in _WORDS.findall(name)]
    ids = {word for word in words if word in known} | {word[1:] for word in words if word[1:] in known}
    return ids.pop() if len(ids) == 1 else None


def _only_match_beside(one: FoundFile, found: Found) -> str | None:
    """The match of the other files in the same folder, where all are of one and none is of this kind."""
    beside = {
        match_id: {other.piece.kind for other in files if other.path.parent == one.path.parent}
        for match_id, files in found.files.items()
    }
    here = [match_id for match_id, kinds in beside.items() if kinds]
    return here[0] if len(here) == 1 and one.piece.kind not in beside[here[0]] else None


def chosen(
    adapter: Adapter,
    files: Sequence[FoundFile],
    match_id: str,
    stored_sha256: Container[str],
    seen: SeenFiles,
) -> tuple[dict[str, FoundFile], list[Problem]]:
    """Of each kind the file that stands: the newest; of two of one time what is stored, else the first by name.

    Problems are what contradicts it, or came a second time without a time that would tell which one stands.
    """
    standing: dict[str, FoundFile] = {}
    problems: list[Problem] = []
    for kind in adapter.kinds:
        of_kind = [one for one in files if one.piece.kind == kind]
        if not of_kind:
            continue
        newest = max(map(_time, of_kind))
        latest = sorted((one for one in of_kind if _time(one) == newest), key=lambda one: str(one.path))
        if len(latest) == 1:
            standing[kind] = latest[0]
            continue
        sha256 = {one.path: seen.sha256(one.path) for one in latest}
        stored = [one for one in latest if sha256[one.path] in stored_sha256]
        stands = standing[kind] = (stored or latest)[0]
        why = "what is stored stands" if stored else "the first one is taken"
        problems += [
            contradiction(one.path, stands.path, why, match_id)
            for one in latest
            if sha256[one.path] != sha256[stands.path]
        ]
    return standing, problems


def _time(one: FoundFile) -> float:
    return one.piece.message_time.timestamp() if one.piece.message_time else float("-inf")
