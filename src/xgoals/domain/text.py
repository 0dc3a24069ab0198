"""Text from outside: what no database, terminal or page can show is taken out here, and only here.

Feeds carry NUL characters, halves of surrogate pairs and control characters in names; files lie in folders whose
names are not UTF-8. None of it means anything to a reader, and each of it stops a database or a terminal.
"""

import re
import unicodedata

MAX_ID_CHARS = 100
"""Providers' ids have up to 40 characters; a longer one is no id."""
MAX_NAME_CHARS = 200
MAX_SENTENCE_CHARS = 500
"""Of a reason or an advice: what a table's key and a line of a page hold."""
MAX_ERROR_CHARS = 2000

REPLACEMENT = "\ufffd"
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
"""Control characters but tab and line feed, marks that turn the direction of writing, what has no width and joins
nothing, byte order marks."""
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f]"
)
"""What stands above or below the letter before it."""
_TOO_MANY_MARKS = re.compile(rf"(?<!\S){_MARK}+|(?<={_MARK}{{8}}){_MARK}+")
"""Marks without a letter, and more than any language puts on one: a flood of them paints over the lines around."""
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their class, of which nothing is to be seen."""
_TO_THE_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters of Hebrew, Arabic and their kin."""
_SIMPLE = re.compile("[\x20-\x7e\xa1-\xac\xae-\u02ff]*")
"""Latin letters: nothing to be taken out or counted."""


def printable(text: str) -> str:
    r"""The text without control characters; halves of surrogate pairs become U+FFFD.

    >>> printable("A\x00B")
    'AB'
    """
    if text.isprintable():
        return text
    return _CONTROL.sub("", _SURROGATE.sub(REPLACEMENT, _LINE_END.sub("\n", text)))


def storable(text: str) -> str:
    r"""The text as a database takes it: no NUL, and U+FFFD for halves of surrogate pairs; all else stays.

    >>> storable("A\x00\r\n")
    'A\r\n'
    """
    if text.isprintable():
        return text
    return _SURROGATE.sub(REPLACEMENT, text.replace("\x00", ""))


def clean(text: str) -> str:
    r"""A printable text in one line: single spaces between words, none at the ends; empty where nothing is to be seen.

    >>> clean(" FC\tA\x00B "), clean("\u200b\u3164")
    ('FC AB', '')
    """
    if _SIMPLE.fullmatch(text):
        return text if "  " not in text and text == text.strip() else " ".join(text.split())
    line = " ".join(_TOO_MANY_MARKS.sub("", printable(text)).split())
    return line if any(_is_seen(character) for character in line) else ""


def _is_seen(character: str) -> bool:
    return character not in _BLANK and unicodedata.category(character)[0] not in "ZCM"


def is_number(text: str) -> bool:
    """Whether a text is a whole number as everybody writes it: a stage of a cup may be called "²".

    >>> is_number("12"), is_number("²"), is_number("Final")
    (True, False, False)
    """
    return text.isascii() and text.isdigit()


def isolated(text: str) -> str:
    """A name to stand in a sentence: one written from right to left does not turn what follows it.

    It is put between marks that nobody sees; all other names stay as they are.
    """
    return f"\u2066{text}\u2069" if not text.isascii() and _TO_THE_LEFT.search(text) else text


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
