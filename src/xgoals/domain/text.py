"""Text from outside: what no database, terminal or page can show is taken out here, and only here.

Feeds carry NUL characters, halves of surrogate pairs and control characters in names; files lie in folders whose
names are not UTF-8. None of it means anything to a reader, and each of it stops a database or a terminal.
"""

import re

MAX_ID_CHARS = 100
"""Providers' ids have up to 40 characters; a longer one is no id."""
MAX_NAME_CHARS = 200
MAX_SENTENCE_CHARS = 500
"""Of a reason or an advice: what a table's key and a line of a page hold."""
MAX_ERROR_CHARS = 2000

REPLACEMENT = "\ufffd"
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Control characters but tab and line feed, marks that turn the direction of writing, byte order marks."""


def printable(text: str) -> str:
    r"""The text without control characters; halves of surrogate pairs become U+FFFD.

    >>> printable("A\x00B")
    'AB'
    """
    if text.isprintable():
        return text
    return _CONTROL.sub("", _SURROGATE.sub(REPLACEMENT, text))


def storable(text: str) -> str:
    r"""The text as a database takes it: no NUL, and U+FFFD for halves of surrogate pairs; all else stays.

    >>> storable("A\x00\r\n")
    'A\r\n'
    """
    if text.isprintable():
        return text
    return _SURROGATE.sub(REPLACEMENT, text.replace("\x00", ""))


def clean(text: str) -> str:
    r"""A printable text in one line: single spaces between words, none at the ends.

    >>> clean(" FC\tA\x00B ")
    'FC AB'
    """
    if text.isprintable() and text == text.strip() and "  " not in text:
        return text
    return " ".join(printable(text).split())


def shortened(text: str, limit: int) -> str:
    """The text, cut off with an ellipsis where it has more characters than ``limit``."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def is_id(text: str) -> bool:
    """Whether a text can be the id of a match, as it is: one clean word that names no place in a file system.

    >>> is_id("DFL-MAT-J03WMX"), is_id("../secret"), is_id("")
    (True, False, False)
    """
    is_word = 0 < len(text) <= MAX_ID_CHARS and text == clean(text) and not {"/", "\\", " "} & set(text)
    return is_word and text.strip(".") != ""
