"""What was downloaded is looked at before it gets its name: whether it is a file of its kind, and all of it."""

import base64
import binascii
import re
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import httpx
import orjson

Kind = Literal["json list", "json object", "xml", "zip"]
MAX_BYTES: dict[Kind, int] = {
    "json list": 100_000_000, "json object": 100_000_000, "xml": 2_000_000_000, "zip": 100_000_000,
}  # fmt: skip
"""No file of the feeds is larger: events of a match have some 4 MB, positions some 450 MB."""

_EDGE_BYTES = 1 << 16
_PROLOG = rb"(?>\s+|<\?.*?\?>|<!--.*?-->|<!(?!--)[^>]*>)*+"
_ROOT = re.compile(_PROLOG + rb"<([^\s<>/!?]+)", re.DOTALL)


class NoSuchFileError(Exception):
    """One file cannot be had; others may."""


def check_size(size_bytes: int, kind: Kind) -> None:
    """Refuse what is larger than any file of its kind.

    Raises
    ------
    NoSuchFileError
        Then.
    """
    if size_bytes > MAX_BYTES[kind]:
        raise NoSuchFileError(
            f"the file is larger than {MAX_BYTES[kind] / 1e6:,.0f} MB, which none of them is"
        )


def check_content(path: Path, kind: Kind, replaced: Path) -> None:
    """Refuse a file that is not of its kind, or not whole: JSON is read, of XML both ends are looked at.

    An empty list does not take the place of one with entries, either.

    Parameters
    ----------
    path
        What was downloaded.
    kind
        Of a good file.
    replaced
        The file whose place it is to take, which need not be there.

    Raises
    ------
    NoSuchFileError
        With what it is instead.
    """
    if kind == "xml":
        _check_xml(path)
        return
    if kind == "zip":
        if not zipfile.is_zipfile(path):
            raise NoSuchFileError("no zip archive")
        return
    try:
        content = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise NoSuchFileError(f"no JSON ({error})") from None
    if kind == "json list":
        _check_list(content, replaced)
    elif not isinstance(content, dict) or "events" not in content:
        raise NoSuchFileError("no JSON object with events")


def _check_xml(path: Path) -> None:
    """Look at both ends only: positions of a match are hundreds of megabytes, and whoever ingests them reads them all.

    Where a server does not say how long its answer is, or is wrong about it, one that was cut looks whole.
    """
    with path.open("rb") as file:
        head = file.read(_EDGE_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
        file.seek(max(0, path.stat().st_size - _EDGE_BYTES))
        tail = file.read()
    if not head.startswith(b"<"):
        raise NoSuchFileError("no XML")
    if head[:16].lower().startswith((b"<html", b"<!doctype html")):
        raise NoSuchFileError("the server answers with a web page in place of the file")
    root = _ROOT.match(head)
    if root is None:
        raise NoSuchFileError("no XML")
    name = re.escape(root[1])
    if not re.search(
        rb"(?:</" + name + rb"\s*>|<" + name + rb"\b[^<>]*/>)" + _PROLOG + rb"\Z", tail, re.DOTALL
    ):
        raise NoSuchFileError("the end of the XML is missing")


def _check_list(content: object, replaced: Path) -> None:
    if not isinstance(content, list):
        said = (
            f": {str(content.get('message'))[:200]}"
            if isinstance(content, dict) and "message" in content
            else ""
        )
        raise NoSuchFileError(f"no JSON list{said}")
    if not content and replaced.exists() and len(replaced.read_bytes().strip()) > len(b"[]"):
        raise NoSuchFileError("the list is empty now; the one of before stays")


def published_sha256(answers: Sequence[httpx.Response]) -> str | None:
    """The SHA-256 of the whole file in the answer's headers, or in those of a redirect to it."""
    for answer in answers:
        linked = answer.headers.get("X-Linked-ETag", "").strip('W/"').lower()
        if len(linked) == 64 and set(linked) <= set("0123456789abcdef"):
            return str(linked)
        for part in answer.headers.get("Repr-Digest", "").split(","):
            name, _, value = part.strip().partition("=")
            if name == "sha-256":
                with suppress(binascii.Error):  # what cannot be read promises nothing
                    return base64.b64decode(value.strip(":")).hex()
    return None
