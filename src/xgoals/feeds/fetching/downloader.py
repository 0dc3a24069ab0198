"""Files from a public home: resumable, checked, whole or not at all; what cannot be had is named, and the rest goes on.

A file grows as ``name.part`` and gets its name when it is complete and is what it should be, so that what has its name
is never fetched again, an interrupted download goes on where it stopped, and an answer that is no such file (a page
that asks for a login, an error as JSON) never takes the place of one.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import filelock
import httpx

from xgoals.domain.errors import SourceError
from xgoals.domain.secrets import keep_secret, redacted
from xgoals.feeds.fetching.checks import Kind, NoSuchFileError, check_content, check_size, published_sha256
from xgoals.whole_files import writable

TRIES = 4
WAIT_S = 1.0
"""Before the second try; doubled each time."""
LONGEST_WAIT_S = 120.0
"""A server that wants to be left alone for longer is asked another day."""
TIMEOUT_S = 30.0
SLOWEST_BYTES_S = 1_000.0
"""Who sends less than this, measured over WINDOW_S, has stalled, though a byte comes now and then."""
WINDOW_S = 120.0
MAX_REDIRECTS = 5
MAX_BUSY = 3
"""Files in a row for which the server had no time: then it is left alone."""

HOSTS_OF = {"huggingface.co": (".huggingface.co", ".hf.co")}
"""Where the home of a host keeps what it only points to."""
_BUSY = frozenset({202, 408, 425, 429, 500, 502, 503, 504})
"""Not now. 202 without a file is what some protections against robots answer."""


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
class Missing:
    """A file that could not be had, and why; what was there before stays."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to get.

    Attributes
    ----------
    changed_at
        When the home has changed it, if it says so: an older copy is fetched again.
    """

    url: str
    path: Path
    kind: Kind
    changed_at: datetime | None = None

    @property
    def is_here(self) -> bool:
        """Whether there is a copy that is new enough."""
        if not self.path.exists():
            return False
        here = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        return self.changed_at is None or self.changed_at <= here


class _BusyError(Exception):
    """The server has no time; ``wait_s``: how long it wants to be left alone, where it says so."""

    def __init__(self, what: str, wait_s: float | None) -> None:
        super().__init__(what)
        self.wait_s = wait_s


_STRONG_TAG = re.compile(r'"[!#-~]+"')
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


def _tag_file(part: Path) -> Path:
    """Which version of a file its beginning is of; as unfinished as that is."""
    return part.with_name(f"{part.stem}.etag.part")


def _beginning(part: Path) -> tuple[int, str]:
    """How many bytes of a file are here, and the tag of the version that they are of; none that has no certain tag."""
    if part.exists() and (tag_file := _tag_file(part)).exists():
        tag = tag_file.read_text(encoding="ascii", errors="replace")
        if _STRONG_TAG.fullmatch(tag):
            return part.stat().st_size, tag
    return 0, ""


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time gets a file; its lock goes with it, and is called unfinished until then.

    Raises
    ------
    NoSuchFileError
        If another one is at it for too long.
    """
    lock = filelock.FileLock(path.with_name(f"{path.name}.lock.part"))
    try:
        lock.acquire(timeout=LONGEST_WAIT_S, poll_interval=0.1)
    except filelock.Timeout:
        raise NoSuchFileError("another process is downloading this file") from None
    try:
        yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)  # while it is held: who waits sees that it is gone
        lock.release()


class Downloader:
    """Gets files one after the other over one connection.

    Parameters
    ----------
    home
        The address that the files lie below; no redirect leads elsewhere, but to hosts of the same home.
    """

    def __init__(self, home: str, progress: Progress | None) -> None:
        keep_secret(home)  # it may hold a password or a token
        self._home = urlsplit(home)
        self._progress = progress
        self._client = httpx.Client(follow_redirects=False, timeout=TIMEOUT_S)
        self._busy_in_a_row = 0
        self.downloaded = self.kept = self.received_bytes = 0
        self.missing: list[Missing] = []

    def __enter__(self) -> "Downloader":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get_all(self, wanted: Sequence[Wanted], *, refresh: bool = False) -> None:
        """Get all files, in order; those that are there already only with ``refresh`` or where they have changed.

        Raises
        ------
        SourceError
            If the connection breaks off, or the server has no time for anybody: the same command goes on later.
        UnwritableError
            If the disk is full.
        """
        for number, one in enumerate(wanted, start=1):
            if one.is_here and not refresh:
                self.kept += 1
                continue
            with writable(one.path):
                one.path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    with _alone(one.path):
                        self._get(one, number, len(wanted), refresh=refresh)
                except NoSuchFileError as error:
                    self.missing.append(Missing(redacted(one.url), redacted(str(error))))

    def _get(self, wanted: Wanted, number: int, of: int, *, refresh: bool) -> None:
        if wanted.is_here and not refresh:  # who was at it before has brought it
            self.kept += 1
            return
        part = wanted.path.with_name(wanted.path.name + ".part")
        published = self._receive_patiently(wanted, part, number, of)
        _tag_file(part).unlink(missing_ok=True)
        try:
            if published is not None and _sha256(part) != published:
                raise NoSuchFileError("the file does not have the SHA-256 that its home publishes")
            check_content(part, wanted.kind, wanted.path)
        except NoSuchFileError:
            part.unlink()
            raise
        part.replace(wanted.path)
        self.downloaded += 1

    def _receive_patiently(self, wanted: Wanted, part: Path, number: int, of: int) -> str | None:
        for attempt in range(TRIES):
            is_last = attempt == TRIES - 1
            try:
                published = self._receive(wanted, part, number, of)
                self._busy_in_a_row = 0
                return published
            except httpx.TransportError as error:
                if is_last:
                    raise _broken_off(wanted.url, error) from error
                time.sleep(WAIT_S * 2**attempt)
            except httpx.InvalidURL:
                raise NoSuchFileError("the server redirects to what is no address") from None
            except httpx.DecodingError as error:  # nobody has asked for it to be packed
                for unfinished in (part, _tag_file(part)):
                    unfinished.unlink(missing_ok=True)
                raise NoSuchFileError(f"the server's answer cannot be unpacked ({error})") from None
            except _BusyError as error:
                if is_last or (error.wait_s or 0) > LONGEST_WAIT_S:
                    self._leave_alone(wanted.url, error)
                    raise NoSuchFileError(f"{error}, {attempt + 1} times") from None
                time.sleep(WAIT_S * 2**attempt if error.wait_s is None else error.wait_s)
        raise AssertionError("the last try returns or raises")

    def _leave_alone(self, url: str, error: _BusyError) -> None:
        self._busy_in_a_row += 1
        if self._busy_in_a_row >= MAX_BUSY:
            raise SourceError(
                f"the server has no time for us ({error})",
                where=url,
                advice="Run the same command again later: it goes on where it stopped",
            )

    def _receive(self, wanted: Wanted, part: Path, number: int, of: int) -> str | None:
        """Get what is missing of a file; returns the SHA-256 that the server publishes, if it does."""
        have, tag = _beginning(part)
        headers = {"Accept-Encoding": "identity"}
        if have:  # the rest, but only if the file is still the one whose beginning we have
            headers |= {"Range": f"bytes={have}-", "If-Range": tag}
        response, history = self._ask(wanted.url, headers)
        try:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                if _has_all(response, have):
                    return None
                part.unlink()
                raise httpx.ReadError("the file has changed meanwhile")
            _check_answer(response, wanted.kind)
            if response.status_code == httpx.codes.PARTIAL_CONTENT:
                total: int | None = _total_of_part(response, part, have)
            else:  # the server sends the whole file
                have, total = 0, _begin(response, part)
            window = _Window()
            with part.open("ab") as file:
                for chunk in response.iter_bytes():
                    have += len(chunk)
                    check_size(have, wanted.kind)
                    file.write(chunk)
                    self.received_bytes += len(chunk)
                    self._report(FetchProgress(wanted.path.name, number, of, have, total))
                    window.note(len(chunk))
            if total is not None and have != total:
                raise httpx.ReadError(f"{have:,} of {total:,} bytes")
            return published_sha256([*history, response])
        finally:
            response.close()

    def _ask(self, url: str, headers: dict[str, str]) -> tuple[httpx.Response, list[httpx.Response]]:
        """The answer, after redirects inside the home, and the redirects."""
        request, history = self._client.build_request("GET", url, headers=headers), list[httpx.Response]()
        while True:
            response = self._client.send(request, stream=True)
            if response.next_request is None:
                return response, history
            response.close()
            history.append(response)
            request = response.next_request
            if len(history) > MAX_REDIRECTS:
                raise NoSuchFileError("the server redirects in circles")
            if not self._is_home(str(request.url)):
                raise NoSuchFileError(
                    f"the server redirects to {request.url.host}, which does not belong to it"
                )

    def _is_home(self, url: str) -> bool:
        """Whether an address belongs to the home: the same host, or https to a host that keeps its files."""
        target, host = urlsplit(url), self._home.hostname or ""
        if target.scheme == self._home.scheme and target.netloc == self._home.netloc:
            return True
        name = target.hostname or ""
        return target.scheme == "https" and (name == host or name.endswith(HOSTS_OF.get(host, ("/",))))

    def _report(self, at: FetchProgress) -> None:
        if self._progress is not None:
            self._progress(at)


class _Window:
    """How much has come lately."""

    def __init__(self) -> None:
        self._began_s, self._n_bytes = time.monotonic(), 0

    def note(self, n_bytes: int) -> None:
        """So many bytes have come.

        Raises
        ------
        httpx.ReadTimeout
            If the server sends next to nothing.
        """
        self._n_bytes += n_bytes
        if (passed_s := time.monotonic() - self._began_s) > WINDOW_S:
            if self._n_bytes < SLOWEST_BYTES_S * passed_s:
                raise httpx.ReadTimeout(f"{self._n_bytes:,} bytes in {passed_s:.0f} s")
            self._began_s, self._n_bytes = time.monotonic(), 0


def _begin(response: httpx.Response, part: Path) -> int | None:
    """Make room for a file from its start, and write down which version of it comes; its length, if that is said.

    What came of another version goes first: who is killed in between must not find it beside the new tag.
    """
    part.unlink(missing_ok=True)
    is_plain = response.headers.get("Content-Encoding", "identity") == "identity"
    # Of a file that comes packed nobody knows where in it the bytes that are here end.
    tag = response.headers.get("ETag", "") if is_plain else ""
    _tag_file(part).write_text(tag, encoding="ascii", errors="replace")
    length = response.headers.get("Content-Length")
    return int(length) if length and is_plain else None


def _total_of_part(response: httpx.Response, part: Path, have: int) -> int:
    """The length of a file of which the server sends a part; that part need not be all that is missing.

    Raises
    ------
    httpx.ReadError
        If it is another part than the one that was asked for.
    """
    given = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if not given or not have or int(given[1]) != have:
        part.unlink(missing_ok=True)
        raise httpx.ReadError("the server sends another part of the file than it was asked for")
    return int(given[2]) + 1 if given[3] == "*" else int(given[3])


def _broken_off(url: str, error: Exception) -> SourceError:
    return SourceError(
        f"the download broke off ({error or type(error).__name__})",
        where=url,
        advice="Check the connection and run the same command again: it goes on where it stopped",
    )


def _check_answer(response: httpx.Response, kind: Kind) -> None:
    """Refuse what is no file, by its head alone.

    Raises
    ------
    _BusyError, NoSuchFileError
        The first where the server may answer otherwise later.
    """
    said = f"the server answers {response.status_code} {response.reason_phrase}".rstrip()
    if response.status_code in _BUSY:
        raise _BusyError(said, _retry_after_s(response.headers.get("Retry-After", "")))
    if response.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        raise NoSuchFileError(said)
    if "html" in response.headers.get("Content-Type", "").lower():
        raise NoSuchFileError("the server answers with a web page in place of the file")
    check_size(int(response.headers.get("Content-Length") or 0), kind)


def _retry_after_s(given: str) -> float | None:
    """How long to wait, of a header that holds seconds or a date; None where it says neither."""
    if given.strip().isdecimal():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _has_all(response: httpx.Response, have: int) -> bool:
    """Whether a range was refused because nothing is left to send."""
    return bool(response.headers.get("Content-Range") == f"bytes */{have}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
