"""Writing ``matches.csv``: the lines that are there stay, those that are missing are added with what is known."""

from collections.abc import Iterable
from pathlib import Path

from xgoals.domain.errors import Problem, SettingsError
from xgoals.feeds import load_feed
from xgoals.feeds.event_files.feed import EventFeed
from xgoals.feeds.event_files.header import Header
from xgoals.feeds.event_files.matches_csv import MATCHES_CSV, MatchRow, read_matches_csv, write_skeleton
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
    """Add the lines of matches that a file does not have yet; how many.

    Raises
    ------
    SettingsError
        If the present file cannot be read: it is left as it is.
    """
    rows, problems = read_matches_csv([path] if path.exists() else [])
    broken = next((problem for problem in problems if problem.severity == "match"), None)
    if broken is not None:
        raise SettingsError(broken.reason, where=str(path), advice=broken.advice)
    added = [match for match in matches if match.match_id not in rows]
    with whole_file(path) as unfinished:
        unfinished.write_text(write_skeleton([*rows.values(), *added]), encoding="utf-8")
    return len(added)
