"""Download of StatsBomb's and the DFL's open data; `xgoals.feeds.fetching.downloader` has how files are got."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import orjson

from xgoals.domain.errors import SourceError
from xgoals.feeds.fetching.downloader import Downloader, FetchProgress, Missing, Progress, Wanted

STATSBOMB_URL = "https://raw.githubusercontent.com/statsbomb/open-data/master/data/"
STATSBOMB_TERMS = (
    "StatsBomb open data: free for research and genuine interest in football analytics under the StatsBomb "
    "Public Data User Agreement (LICENSE.pdf in github.com/statsbomb/open-data), not for commercial use. "
    "Name StatsBomb as the source when you publish."
)
DFL_TERMS = (
    "DFL data: CC BY 4.0. Name the Deutsche Fußball Liga (DFL) and cite Bassek, M., Rein, R., Weber, H., "
    "Memmert, D. (2025): An integrated dataset of spatiotemporal and event data in elite soccer. "
    "Scientific Data 12:195, doi.org/10.1038/s41597-025-04505-y."
)
DFL_URL = "https://huggingface.co/datasets/pysport/idsse-data/resolve/main/"
"""PySport's copy of the set that DFL_TERMS cite, file by file under the DFL's own names."""
_BUNDESLIGA = ("J03WMX", "J03WN1")
_SECOND_BUNDESLIGA = ("J03WPY", "J03WOH", "J03WQQ", "J03WOY", "J03WR9")
DFL_MATCHES = (*_BUNDESLIGA, *_SECOND_BUNDESLIGA)
"""The seven matches of the set; about 400 MB each."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a download brought: files new or refreshed, files that were there, bytes received.

    Attributes
    ----------
    missing
        What could not be had; the same command tries it again.
    """

    downloaded: int
    kept: int
    received_bytes: int
    terms: str
    missing: tuple[Missing, ...] = ()


def fetch_statsbomb(
    target_dir: Path,
    competition_id: int | None = None,
    season_id: int | None = None,
    *,
    base_url: str = STATSBOMB_URL,
    progress: Progress | None = None,
) -> Fetched:
    """Download StatsBomb open data in its original folder layout.

    Parameters
    ----------
    target_dir
        Gets ``competitions.json``, ``matches``, ``events``, ``lineups``.
    competition_id, season_id
        Only these; None takes all (several thousand matches).
    base_url
        The folder that holds ``competitions.json``.
    progress
        Called as bytes arrive.

    Raises
    ------
    SourceError
        If the home cannot be reached, nothing of what was chosen can be had, or nothing was chosen.
    UnwritableError
        If the disk is full.
    """
    base = base_url.rstrip("/") + "/"
    with Downloader(base, progress) as downloader:
        competitions = Wanted(
            urljoin(base, "competitions.json"), target_dir / "competitions.json", "json list"
        )
        chosen = [
            (entry["competition_id"], entry["season_id"])
            for entry in _listed(downloader, [competitions])
            if isinstance(entry.get("competition_id"), int)
            and isinstance(entry.get("season_id"), int)
            and competition_id in (None, entry["competition_id"])
            and season_id in (None, entry["season_id"])
        ]
        if not chosen:
            raise SourceError(
                f"no competition {competition_id} with season {season_id} in the open data",
                where=base,
                advice=f"The numbers are in {competitions.path}",
            )
        listings = [
            Wanted(urljoin(base, name), target_dir / name, "json list")
            for name in (f"matches/{competition}/{season}.json" for competition, season in chosen)
        ]
        matches = [
            (match["match_id"], _moment(match.get("last_updated")))
            for match in _listed(downloader, listings)
            if isinstance(match.get("match_id"), int)
        ]
        downloader.get_all(
            [
                Wanted(urljoin(base, name), target_dir / name, "json list", changed_at)
                for match_id, changed_at in matches
                for name in (f"events/{match_id}.json", f"lineups/{match_id}.json")
            ]
        )
        return fetched_by(downloader, STATSBOMB_TERMS)


def fetch_dfl(
    target_dir: Path,
    match_ids: Sequence[str] = DFL_MATCHES,
    *,
    base_url: str = DFL_URL,
    progress: Progress | None = None,
) -> Fetched:
    """Download matches of the open DFL data set, each into a folder of its own.

    Parameters
    ----------
    target_dir
        Gets a folder a match with its three files.
    match_ids
        Some of DFL_MATCHES.
    base_url
        The folder that holds the files of all matches.
    progress
        Called as bytes arrive.

    Raises
    ------
    SourceError
        As :func:`fetch_statsbomb`.
    """
    unknown = sorted(set(match_ids) - set(DFL_MATCHES))
    if unknown:
        raise SourceError(
            f"match {unknown[0]} is not in the set", advice=f"Matches: {', '.join(DFL_MATCHES)}"
        )
    base = base_url.rstrip("/") + "/"
    wanted = [
        Wanted(urljoin(base, name), target_dir / match_id / name, "xml")
        for match_id in match_ids
        for name in _dfl_files(match_id)
    ]
    with Downloader(base, progress) as downloader:
        downloader.get_all(wanted)
        return fetched_by(downloader, DFL_TERMS)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on the terminal: bytes of the present file, its number, speed, time left."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Bar(TextColumn("{task.description}"), *columns) as bar:
        task = bar.add_task("", total=None)

        def show(at: FetchProgress) -> None:
            """Draw how far the present file is."""
            text = f"{at.number}/{at.of} {at.name}"
            bar.update(task, description=text, completed=at.done_bytes, total=at.total_bytes)

        yield show


def _dfl_files(match_id: str) -> list[str]:
    """The names of a match's information, events and positions, as the DFL delivers them."""
    competition = "DFL-COM-000001" if match_id in _BUNDESLIGA else "DFL-COM-000002"
    contents = ("02_01_matchinformation", "03_02_events_raw", "04_03_positions_raw_observed")
    return [f"DFL_{content}_{competition}_DFL-MAT-{match_id}.xml" for content in contents]


def fetched_by(downloader: Downloader, terms: str) -> Fetched:
    """What came of a download; that nothing at all did is an error.

    Raises
    ------
    SourceError
        Then.
    """
    missing = tuple(downloader.missing)
    if missing and not (downloader.downloaded or downloader.kept):
        raise _nothing_there(missing)
    return Fetched(downloader.downloaded, downloader.kept, downloader.received_bytes, terms, missing)


def _listed(downloader: Downloader, listings: Sequence[Wanted]) -> Iterable[dict[str, Any]]:
    """The entries of listings, refreshed where that can be had; one of before that is good goes on counting.

    Raises
    ------
    SourceError
        If there is none of them, neither a new nor an old one.
    """
    downloader.get_all(listings, refresh=True)
    here = [listing for listing in listings if listing.path.exists()]
    if not here:
        raise _nothing_there(downloader.missing)
    for listing in here:
        yield from (entry for entry in _json_list(listing.path) if isinstance(entry, dict))


def _nothing_there(missing: Sequence[Missing]) -> SourceError:
    return SourceError(
        missing[0].reason, where=missing[0].url, advice="Check the address; the data set may have moved"
    )


def _moment(text: object) -> datetime | None:
    """When a match's files were changed, as listings write it: UTC without a zone."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json_list(path: Path) -> list[dict[str, Any]]:
    try:
        content = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise SourceError(
            f"no JSON ({error})", where=str(path), advice="Remove it and fetch again"
        ) from error
    if not isinstance(content, list):
        raise SourceError("no JSON list", where=str(path), advice="Remove it and fetch again")
    return content
