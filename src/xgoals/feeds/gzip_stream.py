"""Gzip streams from outside, inflated piece by piece and never beyond a limit."""

import zlib
from collections.abc import Iterable, Iterator

from xgoals.domain.errors import FeedError
from xgoals.feeds.safe_xml import RESEND

PIECE_BYTES = 1 << 20


def inflated(chunks: Iterable[bytes], limit: int, where: str) -> Iterator[bytes]:
    """The content of a gzip file, in pieces of at most a megabyte.

    Parameters
    ----------
    chunks
        The compressed bytes; streams can follow each other, and zeros behind the last one are padding.
    limit
        More bytes than this are an attack or a mistake.
    where
        The file's name for messages.

    Raises
    ------
    FeedError
        If the stream is broken or cut off, or inflates to more than ``limit``.
    """
    stream = None
    total = 0
    for chunk in chunks:
        rest = chunk
        while rest:
            if stream is None:
                stream = zlib.decompressobj(wbits=31)
            try:
                piece = stream.decompress(rest, PIECE_BYTES)
            except zlib.error as error:
                raise FeedError(f"broken gzip stream ({error})", where=where, advice=RESEND) from error
            total += len(piece)
            if total > limit:
                raise FeedError(f"inflates to more than {limit:,} bytes", where=where, advice=RESEND)
            yield piece
            is_over = stream.eof
            rest = stream.unused_data.lstrip(b"\0") if is_over else stream.unconsumed_tail
            stream = None if is_over else stream
    if stream is not None:
        raise FeedError("the gzip stream is cut off", where=where, advice=RESEND)
