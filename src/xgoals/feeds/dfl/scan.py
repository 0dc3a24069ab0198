"""One pass over a positions file: its SHA-256 and where its frame sets start and end."""

import hashlib
from collections.abc import Iterator
from io import FileIO

CHUNK_BYTES = 1 << 20
"""Read and hashed at once."""
TAIL_BYTES = 16
"""Kept from one chunk to the next, so that a tag across the border is seen: longer than ``</FrameSet>``."""
DECLARATION_BYTES = 200
"""An XML declaration ends within so many bytes."""
_TAG = b"FrameSet"
_START, _END = b"<", b"</"
END_TAG = b"</FrameSet>"


class IrregularError(Exception):
    """A guard of the fast path failed: this file needs the XML parser."""


def scan(file: FileIO) -> tuple[str, list[int], list[int]]:
    """Hash a file and find its frame sets: the offsets of their start tags and of their end tags."""
    digest = hashlib.sha256()
    starts: list[int] = []
    ends: list[int] = []
    for offset, buffer, end, view in _chunks(file):
        digest.update(view)
        if _has_markup(buffer, end, offset):
            raise IrregularError("comments, entities, instructions, a document type, or NUL")
        for at in _tags(buffer, end):
            absolute = offset + at - TAIL_BYTES
            if absolute <= max(starts[-1:] + ends[-1:], default=-1) + len(_END):
                continue  # seen with the chunk before
            if buffer[at - len(_START) : at] == _START:
                starts.append(absolute - len(_START))
            elif buffer[at - len(_END) : at + len(_TAG) + 1] == END_TAG:
                ends.append(absolute - len(_END))
            else:
                raise IrregularError("an unusual FrameSet tag")
    return digest.hexdigest(), starts, ends


def _chunks(file: FileIO) -> Iterator[tuple[int, bytearray, int, memoryview]]:
    """(offset of the new bytes, buffer, its filled length, the new bytes after a short tail)."""
    buffer = bytearray(TAIL_BYTES + CHUNK_BYTES)
    view = memoryview(buffer)
    offset = 0
    file.seek(0)
    while count := file.readinto(view[TAIL_BYTES:]):
        end = TAIL_BYTES + count
        yield offset, buffer, end, view[TAIL_BYTES:end]
        buffer[:TAIL_BYTES] = buffer[end - TAIL_BYTES : end]
        offset += count


def _tags(buffer: bytearray, end: int) -> Iterator[int]:
    at = buffer.find(_TAG, 0, end)
    while at >= 0:
        yield at
        at = buffer.find(_TAG, at + len(_TAG), end)


def _has_markup(buffer: bytearray, end: int, offset: int) -> bool:
    """Whether something other than elements and text shows up (the XML declaration apart), or what no XML has."""
    after_declaration = TAIL_BYTES + (
        buffer.find(b"?>", TAIL_BYTES, TAIL_BYTES + DECLARATION_BYTES) + 2 if offset == 0 else 0
    )
    return (
        buffer.find(b"\0", TAIL_BYTES, end) >= 0
        or buffer.find(b"!", TAIL_BYTES, end) >= 0
        or buffer.find(b"&", TAIL_BYTES, end) >= 0
        or buffer.find(b"?", max(after_declaration, TAIL_BYTES), end) >= 0
    )
