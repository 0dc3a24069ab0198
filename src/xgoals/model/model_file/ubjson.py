"""Universal Binary JSON as XGBoost writes it, read without trusting a single length."""

import struct
from functools import lru_cache
from typing import Final

import numpy as np

_TYPES: Final = {"i": "i1", "U": "u1", "I": ">i2", "l": ">i4", "L": ">i8", "d": ">f4", "D": ">f8"}
_DTYPES: Final = {mark: np.dtype(name) for mark, name in _TYPES.items()}
_NUMBERS: Final = {
    mark: struct.Struct(f">{code}")
    for mark, code in {"i": "b", "U": "B", "I": "h", "l": "i", "L": "q", "d": "f", "D": "d"}.items()
}
_MARKS: Final = {(dtype.kind, dtype.itemsize): mark for mark, dtype in _DTYPES.items()}
_WHOLE: Final = "iUIlL"
_WORDS: Final = {"T": True, "F": False, "Z": None}
_DEEPEST: Final = 64
MOST_VALUES: Final = 8_000_000
"""Values that are read one by one; a list of numbers of one type, as XGBoost writes all long ones, is one of them."""


class BrokenError(Exception):
    """The bytes are no UBJSON, or end too early."""


def read_ubjson(data: bytes) -> object:
    """What the bytes hold: dicts, lists, texts, numbers; lists of numbers of one type as numpy arrays.

    Raises
    ------
    BrokenError
        If they are no UBJSON; at which byte.
    """
    reader = _Reader(data)
    value = reader.value(0)
    if reader.at != len(data):
        raise BrokenError(f"{len(data) - reader.at:,} bytes too many at its end")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.left = MOST_VALUES

    def value(self, depth: int) -> object:
        """The value that begins here."""
        return self._of_kind(self._mark(), depth)

    def _of_kind(self, mark: str, depth: int) -> object:
        self.left -= 1
        if depth > _DEEPEST or self.left < 0:
            raise BrokenError(
                "nested too deeply" if depth > _DEEPEST else f"more than {MOST_VALUES:,} values"
            )
        if mark in _NUMBERS:
            return self._number(mark)
        if mark == "S":
            return self._text()
        if mark in _WORDS:
            return _WORDS[mark]
        if mark == "{":
            return self._object(depth)
        if mark == "[":
            return self._list(depth)
        raise BrokenError(f"byte {self.at - 1:,} begins no value")

    def _object(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while self._peek() != "}":
            name = self._text()
            if name in found:
                raise BrokenError(f"{name[:40]!r} stands twice in one object, before byte {self.at:,}")
            found[name] = self.value(depth + 1)
        self.at += 1
        return found

    def _list(self, depth: int) -> object:
        kind = None
        if self._peek() == "$":
            self.at += 1
            kind = self._mark()
        if self._peek() == "#":
            self.at += 1
            return self._counted(kind, depth)
        if kind is not None:
            raise BrokenError(f"a list of one type has no length at byte {self.at:,}")
        values = []
        while self._peek() != "]":
            values.append(self.value(depth + 1))
        self.at += 1
        return values

    def _counted(self, kind: str | None, depth: int) -> object:
        count = self._length()
        if kind in _NUMBERS:
            return self._numbers(kind, count)
        if kind in _WORDS:  # takes no byte a value: some bytes would fill all memory
            raise BrokenError(f"a list of words of one type before byte {self.at:,}")
        return [
            self.value(depth + 1) if kind is None else self._of_kind(kind, depth + 1) for _ in range(count)
        ]

    def _text(self) -> str:
        if self._peek() == "S":  # a key has none
            self.at += 1
        try:
            return self._take(self._length()).decode()
        except UnicodeDecodeError:
            raise BrokenError(f"a text before byte {self.at:,} is not in UTF-8") from None

    def _length(self) -> int:
        mark = self._mark()
        if mark not in _WHOLE:
            raise BrokenError(f"byte {self.at - 1:,} begins no length")
        length = int(self._number(mark))
        if not 0 <= length <= len(self.data):
            raise BrokenError(f"a length before byte {self.at:,} is {length:,}")
        return length

    def _number(self, mark: str) -> int | float:
        packed = _NUMBERS[mark]
        try:
            (number,) = packed.unpack_from(self.data, self.at)
        except struct.error:
            raise BrokenError("it is cut off") from None
        self.at += packed.size
        return number  # type: ignore[no-any-return]

    def _numbers(self, mark: str, count: int) -> "np.ndarray[tuple[int], np.dtype[np.generic]]":
        dtype = _DTYPES[mark]
        return np.frombuffer(self._take(count * dtype.itemsize), dtype)

    def _take(self, n_bytes: int) -> bytes:
        taken = self.data[self.at : self.at + n_bytes]
        if len(taken) < n_bytes:
            raise BrokenError("it is cut off")
        self.at += n_bytes
        return taken

    def _mark(self) -> str:
        mark = self._peek()
        self.at += 1
        return mark

    def _peek(self) -> str:
        try:
            return chr(self.data[self.at])
        except IndexError:
            raise BrokenError("it is cut off") from None


def write_ubjson(value: object) -> bytes:
    """The bytes of dicts, lists, texts, whole numbers and numpy arrays of numbers, as XGBoost writes them."""
    parts: list[bytes] = []
    _write(value, parts)
    return b"".join(parts)


def _write(value: object, parts: list[bytes]) -> None:
    if isinstance(value, np.ndarray):
        mark = _MARKS[value.dtype.kind, value.dtype.itemsize]
        parts += (b"[$", mark.encode(), b"#", _whole(len(value)), value.astype(_DTYPES[mark]).tobytes())
    elif isinstance(value, dict):
        parts.append(b"{")
        for name, held in value.items():
            parts.append(_text(name))
            _write(held, parts)
        parts.append(b"}")
    elif isinstance(value, list):
        parts += (b"[#", _whole(len(value)))
        for held in value:
            _write(held, parts)
    elif isinstance(value, str):
        parts += (b"S", _text(value))
    elif isinstance(value, int):
        parts.append(_whole(value))
    else:
        raise TypeError(f"{type(value).__name__} is never in a model")


@lru_cache(1_000)
def _text(text: str) -> bytes:
    encoded = text.encode()
    return _whole(len(encoded)) + encoded


@lru_cache(1_000)
def _whole(number: int) -> bytes:
    return b"L" + _NUMBERS["L"].pack(number)
