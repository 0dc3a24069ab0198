"""A bucket that speaks S3 as storage: one request for each file, and one for a thousand that are listed or removed."""

import mimetypes
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from xgoals.domain.errors import SettingsError
from xgoals.storage.bucket_errors import MISSING, code_of, told
from xgoals.storage.contract import StoredFile, asked, parts_of
from xgoals.whole_files import UNFINISHED, scratch_folder

CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 10, 60
"""So long a server may take to answer; nobody waits for ever."""
TRIES = 5
"""With growing pauses, some ten seconds in all: what is busy (503), or breaks off, is asked again."""
PART_BYTES = 16 << 20
"""What is held at once of a file that is copied to this machine."""
AT_ONCE = 1000
"""Files of one answer, or of one request to remove them."""


@dataclass(frozen=True, slots=True)
class BucketStorage:
    """The files of a bucket, or below a prefix of it. One put is whole there by itself.

    Attributes
    ----------
    client
        botocore's, which threads may share.
    prefix
        Before each path, with ``/`` at its end; may be empty.
    """

    client: Any
    bucket: str
    prefix: str

    @classmethod
    def at(cls, bucket: str, prefix: str = "") -> "BucketStorage":
        """The storage in a bucket; keys, region and endpoint come from where all AWS programs have them (``AWS_...``).

        Raises
        ------
        SettingsError
            If the package for it is not installed, or botocore cannot read its own settings.
        """
        return cls(_client(os.getpid()), bucket, f"{prefix}/" if prefix else "")

    def where(self, path: str = "") -> str:
        """See :class:`Storage`."""
        return f"s3://{self.bucket}/{self.prefix}{'/'.join(asked(path)) if path else ''}".rstrip("/")

    def exists(self, path: str) -> bool:
        """See :class:`Storage`."""
        return self._size(path) is not None

    def read(self, path: str) -> bytes | None:
        """See :class:`Storage`."""
        if parts_of(path) is None:
            return None
        with self._told(path):
            return self._received(path)

    def read_part(self, path: str, start: int, end: int) -> bytes:
        """See :class:`Storage`."""
        with self._told(path):
            content = self._received(path, f"bytes={start}-{end - 1}")
        if content is None:
            raise FileNotFoundError(path)
        return content

    def write(self, path: str, content: bytes) -> None:
        """See :class:`Storage`."""
        key = self._key(path)
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        with self._told(path, writing=True):
            self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=kind)

    def files(self, folder: str = "", *, suffix: str = "") -> Iterator[StoredFile]:
        """See :class:`Storage`."""
        below = f"{self._key(folder)}/" if folder else self.prefix
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=below)
        with self._told(folder):
            found = [one for page in pages for one in page.get("Contents", ())]
        for one in found:
            path = one["Key"].removeprefix(self.prefix)
            if path.endswith(suffix) and not path.endswith(UNFINISHED) and parts_of(path):
                yield StoredFile(path, one["Size"], one["LastModified"])

    def remove(self, paths: Iterable[str]) -> None:
        """See :class:`Storage`."""
        keys = [self._key(path) for path in paths]
        for begin in range(0, len(keys), AT_ONCE):
            some = [{"Key": key} for key in keys[begin : begin + AT_ONCE]]
            with self._told(some[0]["Key"].removeprefix(self.prefix), writing=True):
                said = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": some, "Quiet": True})
                refused = [one for one in said.get("Errors", ()) if one.get("Code") not in MISSING]
                if refused:
                    raise self.client.exceptions.ClientError({"Error": refused[0]}, "DeleteObjects")

    @contextmanager
    def local(self, path: str) -> Iterator[Path]:
        """See :class:`Storage`."""
        size_bytes = self._size(path)
        if size_bytes is None:
            raise FileNotFoundError(path)
        with scratch_folder("copy") as folder:
            copy = folder / asked(path)[-1]
            with copy.open("wb") as opened:  # never held as a whole: a match of positions has 400 MB
                for start in range(0, size_bytes, PART_BYTES):
                    opened.write(self.read_part(path, start, min(start + PART_BYTES, size_bytes)))
            yield copy

    def _received(self, path: str, part: str | None = None) -> bytes | None:
        """All of a file; begun again if the connection breaks off in the middle, which botocore does not do."""
        from botocore.exceptions import HTTPClientError, IncompleteReadError

        asked_for = {"Range": part} if part else {}
        for attempt in range(TRIES):
            try:
                answer = self.client.get_object(Bucket=self.bucket, Key=self._key(path), **asked_for)
                return bytes(answer["Body"].read())
            except self.client.exceptions.ClientError as error:
                if code_of(error) in MISSING:
                    return None
                raise
            except (HTTPClientError, IncompleteReadError) as error:
                if attempt == TRIES - 1 or not _is_cut(error):
                    raise
        raise AssertionError("the last try returns or raises")

    def _size(self, path: str) -> int | None:
        """Of a file, in bytes; by listing: the answer to a HEAD request does not say what is missing."""
        if parts_of(path) is None:
            return None
        with self._told(path):
            found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix + path, MaxKeys=1)
        return next(
            (one["Size"] for one in found.get("Contents", ()) if one["Key"] == self.prefix + path), None
        )

    def _key(self, path: str) -> str:
        return self.prefix + "/".join(asked(path))

    @contextmanager
    def _told(self, path: str, *, writing: bool = False) -> Iterator[None]:
        """The library's errors as ours: what is wrong, and what to do."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise told(
                error, self.bucket, f"s3://{self.bucket}/{self.prefix}{path}", writing=writing
            ) from None


def _is_cut(error: Exception) -> bool:
    """Whether an answer had begun: a server that nobody reaches was tried often enough."""
    from botocore.exceptions import IncompleteReadError, ReadTimeoutError, ResponseStreamingError

    return isinstance(error, IncompleteReadError | ReadTimeoutError | ResponseStreamingError)


@cache
def _client(_process: int) -> Any:
    """One for each process: connections do not survive a fork."""
    try:
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
        from botocore.session import get_session
    except ImportError:
        raise SettingsError(
            "s3:// needs a package that is not installed",
            where="storage_url",
            advice="Install it: pip install 'xgoals[s3]'",
        ) from None
    config = Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": TRIES},
        max_pool_connections=40,  # as many threads as the UI's server has
        # Not every server that speaks S3 knows the newer check sums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        return get_session().create_client("s3", config=config)
    except (BotoCoreError, ValueError) as error:
        raise SettingsError(
            f"the settings of AWS cannot be used: {error}",
            where="AWS_... variables and ~/.aws",
            advice="Mend what it names",
        ) from None
