"""Universal Binary JSON as XGBoost writes it, read without trusting a single length."""

from typing import Final

import numpy as np

_NUMBERS: Final = {"i": ">i1", "U": ">u1", "I": ">i2", "l": ">i4", "L": ">i8", "d": ">f4", "D": ">f8"}
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
            return self._numbers(mark, 1)[0].item()
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
        length = int(self._numbers(mark, 1)[0])
        if not 0 <= length <= len(self.data):
            raise BrokenError(f"a length before byte {self.at:,} is {length:,}")
        return length

    def _numbers(self, mark: str, count: int) -> "np.ndarray[tuple[int], np.dtype[np.generic]]":
        dtype = np.dtype(_NUMBERS[mark])
        return np.frombuffer(self._take(count * dtype.itemsize), dtype)

    def _take(self, n_bytes: int) -> bytes:
        taken = self.data[self.at : self.at + n_bytes]
        if len(taken) < n_bytes:
            raise BrokenError("it is cut off")
        self.at += n_bytes
        return taken

    def _mark(self) -> str:
        return chr(self._take(1)[0])

    def _peek(self) -> str:
        mark = self._mark()
        self.at -= 1
        return mark
