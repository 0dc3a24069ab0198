"""Writing ``matches.csv``: the lines that are there stay, those that are missing are added with what is known."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from xgoals.domain.errors import Problem, SettingsError
from xgoals.feeds import load_feed
from xgoals.feeds.csv_file import CsvTable, read_csv
from xgoals.feeds.event_files.feed import EventFeed
from xgoals.feeds.event_files.header import Header
from xgoals.feeds.event_files.matches_csv import COLUMNS, MATCHES_CSV, MatchRow, lines_of, read_matches_csv
from xgoals.whole_files import whole_file


def write_matches_csv(feed: str, folder: Path, to: Path | None = None) -> tuple[int, list[Problem]]:
    """Write the ``matches.csv`` of a folder of event files; how many lines were added, and what cannot be read.

    Parameters
    ----------
    feed
        What its files are.
    folder
        Where they lie.
    to
        The file; by default ``matches.csv`` in the folder.

    Raises
    ------
    SettingsError
        If this feed needs no such file, or the present one cannot be read.
    SourceError
        If there are no files of the feed.
    """
    loaded: object = load_feed(feed)
    known = loaded if isinstance(loaded, EventFeed) else getattr(loaded, "FEED", None)
    if not isinstance(known, EventFeed):
        raise SettingsError(f"the files of {feed} say all of it themselves: they need no {MATCHES_CSV}")
    headers, problems = known.headers(folder)
    return add_lines(to or folder / MATCHES_CSV, headers), problems


def add_lines(path: Path, matches: Iterable[Header | MatchRow]) -> int:
    """Add the lines of matches that a file does not have yet; how many. What stands there stays, letter by letter.

    Raises
    ------
    SettingsError
        If the present file cannot be read: it is left as it is.
    """
    if not path.exists():
        listed = list(matches)
        _write(path, lines_of([_Names()], COLUMNS) + lines_of(listed, COLUMNS), "utf-8")
        return len(listed)
    rows, problems = read_matches_csv([path])
    broken = next((problem for problem in problems if problem.severity == "match"), None)
    if broken is not None:
        raise SettingsError(broken.reason, where=str(path), advice=broken.advice)
    added = [match for match in matches if match.match_id not in rows]
    if added:
        table = read_csv(path, MATCHES_CSV)
        _write(path, _with_lines(table, added), table.encoding)
    return len(added)


class _Names:
    """A line of the columns' own names."""

    def __getattr__(self, name: str) -> str:
        return name


def _with_lines(table: CsvTable, added: Sequence[Header | MatchRow]) -> str:
    """The file's text with further lines in its own order of columns; those that it lacks follow at the end."""
    text = table.text if table.text.endswith(("\n", "\r")) else table.text + "\n"
    new_line = "\r\n" if "\r\n" in text else "\n"
    told = {name for name in COLUMNS for match in added if getattr(match, name, None) is not None}
    lacking = [name for name in COLUMNS if name in told and name not in table.columns]
    end = table.header_at + len(text[table.header_at :].splitlines(keepends=True)[0])
    header, rest = text[:end].rstrip("\r\n"), text[end:]
    columns = table.delimiter.join((header, *lacking))
    lines = lines_of(added, (*table.columns, *lacking), table.delimiter)
    return columns + new_line + rest + lines.replace("\n", new_line)


def _write(path: Path, text: str, encoding: str) -> None:
    """In its own encoding, where that has all letters; else in UTF-8 with the mark by which spreadsheets know it."""
    with whole_file(path) as unfinished:
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            data = text.encode("utf-8-sig")
        unfinished.write_bytes(data)
