"""All checks of a feed on a folder of its files."""

from collections.abc import Callable, Iterator
from pathlib import Path

from xgoals.domain.errors import SourceError
from xgoals.feed_check.attempts import Attempts
from xgoals.feed_check.figures import figures
from xgoals.feed_check.listing import Listed, about_the_feed, about_the_listing, list_source
from xgoals.feed_check.reading import GoodMatches, code_of, known_feed, read_good
from xgoals.feed_check.records import about_the_records
from xgoals.feed_check.report import Check, FeedReport, failed, not_judged
from xgoals.feed_check.robustness import about_damaged_files
from xgoals.feed_check.small_source import small_source
from xgoals.feed_check.twice import about_reading_again
from xgoals.feed_check.words import about_the_words
from xgoals.feeds import KnownFeed
from xgoals.whole_files import scratch_folder

LEAST_S, PER_MB_S = 10.0, 5.0
"""So long reading a damaged source may take."""

Say = Callable[[str], None]


def check_feed(feed: str, source: Path | str, *, say: Say | None = None) -> FeedReport:
    """Check a feed on files of it: what it lists, what it reads, and what becomes of damaged files.

    Parameters
    ----------
    feed
        Its name, or its code as ``module`` or ``module:object`` where no package brings it yet.
    source
        A folder (for archives also a file) of good files: a few whole matches or more.
    say
        Is told what is being done.

    Raises
    ------
    SettingsError
        If there is no such feed.
    SourceError
        If its package is broken.
    """
    known, folder = known_feed(feed), Path(source).absolute()
    say = say or (lambda text: None)
    checks = list(about_the_feed(known))
    good = GoodMatches((), ())
    say(f"Listing {folder}")
    try:
        listed = list_source(code_of(known), folder)
    except SourceError as error:
        checks.append(failed("listing", str(error), "Name a folder with good files of this feed"))
    else:
        say(f"Reading {len(listed.deliveries)} matches")
        good = read_good(code_of(known), listed.deliveries, folder)
        checks += _all(known, folder, listed, good, say)
    n_shots = sum(len(record.shots) for record in good.records)
    return FeedReport(feed, known.package, str(folder), len(good.matches), n_shots, tuple(checks))


def _all(known: KnownFeed, folder: Path, listed: Listed, good: GoodMatches, say: Say) -> Iterator[Check]:
    yield from about_the_listing(known, folder, listed)
    yield from about_the_records(listed, good)
    if good.matches:
        yield from figures(good.records)
        yield from about_the_words(good.records)
    with scratch_folder("feed-check") as scratch:
        small = small_source(folder, good, scratch.resolve())
        if isinstance(small, str):
            for name in ("fingerprints", "again", "order of files", "damage"):
                yield not_judged(name, small)
            return
        with Attempts(known.name, LEAST_S + PER_MB_S * small.size_bytes / 1e6) as attempts:
            yield from about_reading_again(known, small, attempts)
            yield from about_damaged_files(attempts, small, say)
