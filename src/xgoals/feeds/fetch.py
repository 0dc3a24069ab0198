"""Download of the two open data sets from their public homes: resumable, checked, whole or not at all.

A file grows as ``name.part`` and gets its name when it is complete, so that what has its name is never fetched
again and an interrupted download goes on where it stopped. Where the server publishes a SHA-256 it is checked.
"""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import orjson

from xgoals.domain.errors import SourceError

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

CHUNK_BYTES = 1 << 18
TRIES = 4
WAIT_S = 1.0
"""Before the second try; doubled each time."""
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """Where a download stands: file ``number`` of ``of`` files, bytes of that file so far and in total."""

    name: str
    number: int
    of: int
    done_bytes: int
    total_bytes: int | None


Progress = Callable[[FetchProgress], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a download brought: files new or refreshed, files that were there, bytes received."""

    downloaded: int
    kept: int
    received_bytes: int
    terms: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    url: str
    path: Path


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
        If the home cannot be reached, a file is not there or not what it should be, or nothing was chosen.
    """
    base = base_url.rstrip("/") + "/"
    with _Downloader(progress) as downloader:
        competitions = target_dir / "competitions.json"
        downloader.get_all([_Wanted(urljoin(base, "competitions.json"), competitions)], refresh=True)
        chosen = [
            (int(entry["competition_id"]), int(entry["season_id"]))
            for entry in _json_list(competitions)
            if competition_id in (None, entry.get("competition_id"))
            and season_id in (None, entry.get("season_id"))
        ]
        if not chosen:
            raise SourceError(
                f"no competition {competition_id} with season {season_id} in the open data",
                where=base,
                advice=f"The numbers are in {competitions}",
            )
        listings = [
            _Wanted(urljoin(base, name), target_dir / name)
            for name in (f"matches/{competition}/{season}.json" for competition, season in chosen)
        ]
        downloader.get_all(listings, refresh=True)
        match_ids = [int(match["match_id"]) for listing in listings for match in _json_list(listing.path)]
        names = [f"{kind}/{match_id}.json" for match_id in match_ids for kind in ("events", "lineups")]
        downloader.get_all([_Wanted(urljoin(base, name), target_dir / name) for name in names])
        return downloader.summary(STATSBOMB_TERMS)


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
        _Wanted(urljoin(base, name), target_dir / match_id / name)
        for match_id in match_ids
        for name in _dfl_files(match_id)
    ]
    with _Downloader(progress) as downloader:
        downloader.get_all(wanted)
        return downloader.summary(DFL_TERMS)


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


class _Downloader:
    """Gets files one after the other over one connection."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._client = httpx.Client(follow_redirects=True, timeout=TIMEOUT_S)
        self._downloaded = self._kept = self._received = 0

    def __enter__(self) -> "_Downloader":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def summary(self, terms: str) -> Fetched:
        """What was downloaded so far, and under which terms."""
        return Fetched(self._downloaded, self._kept, self._received, terms)

    def get_all(self, wanted: Sequence[_Wanted], *, refresh: bool = False) -> None:
        """Get all files, in order; those that are there already only with ``refresh``."""
        for number, one in enumerate(wanted, start=1):
            if one.path.exists() and not refresh:
                self._kept += 1
                continue
            one.path.parent.mkdir(parents=True, exist_ok=True)
            self._get(one, number, len(wanted))
            self._downloaded += 1

    def _get(self, wanted: _Wanted, number: int, of: int) -> None:
        part = wanted.path.with_name(wanted.path.name + ".part")
        for attempt in range(TRIES):
            try:
                published = self._receive(wanted, part, number, of)
                break
            except httpx.TransportError as error:
                if attempt == TRIES - 1:
                    raise SourceError(
                        f"the download broke off ({error or type(error).__name__})",
                        where=wanted.url,
                        advice="Check the connection and run the same command again: it goes on where it stopped",
                    ) from error
                time.sleep(WAIT_S * 2**attempt)
        part.with_name(part.name + ".etag").unlink(missing_ok=True)
        if published is not None and _sha256(part) != published:
            part.unlink()
            raise SourceError(
                "the file does not have the SHA-256 that its home publishes",
                where=wanted.url,
                advice="Run the same command again",
            )
        part.replace(wanted.path)

    def _receive(self, wanted: _Wanted, part: Path, number: int, of: int) -> str | None:
        """Get what is missing of a file; returns the SHA-256 that the server publishes, if it does."""
        tag_file = part.with_name(part.name + ".etag")
        have = part.stat().st_size if part.exists() and tag_file.exists() else 0
        headers = {"Accept-Encoding": "identity"}
        if have:  # the rest, but only if the file is still the one whose beginning we have
            headers |= {"Range": f"bytes={have}-", "If-Range": tag_file.read_text(encoding="ascii")}
        with self._client.stream("GET", wanted.url, headers=headers) as response:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                if _has_all(response, have):
                    return None
                part.unlink()
                raise httpx.ReadError("the file has changed meanwhile")
            if response.is_error:
                raise SourceError(
                    f"the server answers {response.status_code} {response.reason_phrase}",
                    where=wanted.url,
                    advice="Check the address; the data set may have moved",
                )
            if response.status_code != httpx.codes.PARTIAL_CONTENT:
                have = 0  # the server sends the whole file
            length = response.headers.get("Content-Length")
            is_plain = response.headers.get("Content-Encoding", "identity") == "identity"
            total = have + int(length) if length and is_plain else None
            tag_file.write_text(response.headers.get("ETag", ""), encoding="ascii", errors="ignore")
            with part.open("ab" if have else "wb") as file:
                for chunk in response.iter_bytes(CHUNK_BYTES):
                    file.write(chunk)
                    have += len(chunk)
                    self._received += len(chunk)
                    self._report(FetchProgress(wanted.path.name, number, of, have, total))
            if total is not None and have != total:
                raise httpx.ReadError(f"{have:,} of {total:,} bytes")
            return _published_sha256(response)

    def _report(self, at: FetchProgress) -> None:
        if self._progress is not None:
            self._progress(at)


def _has_all(response: httpx.Response, have: int) -> bool:
    """Whether a range was refused because nothing is left to send."""
    return bool(response.headers.get("Content-Range") == f"bytes */{have}")


def _published_sha256(response: httpx.Response) -> str | None:
    """The SHA-256 of the whole file in the answer's headers, or in those of a redirect to it."""
    for answer in (*response.history, response):
        linked = answer.headers.get("X-Linked-ETag", "").strip('W/"').lower()
        if len(linked) == 64 and set(linked) <= set("0123456789abcdef"):
            return str(linked)
        for part in answer.headers.get("Repr-Digest", "").split(","):
            name, _, value = part.strip().partition("=")
            if name == "sha-256":
                return base64.b64decode(value.strip(":")).hex()
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json_list(path: Path) -> list[dict[str, Any]]:
    try:
        content = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise SourceError(
            f"no JSON ({error})", where=str(path), advice="Remove it and fetch again"
        ) from error
    if not isinstance(content, list):
        raise SourceError("no JSON list", where=str(path), advice="Remove it and fetch again")
    return content
