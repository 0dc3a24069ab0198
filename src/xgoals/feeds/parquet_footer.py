"""What the footer of a Parquet file says of its columns, read by ourselves.

Arrow has the same to tell, through calls that let no error of its own out: where a flipped bit makes a column's
statistics contradict each other, the whole process ends. Its own reading of rows says so with an error. So nobody asks
Arrow for the metadata of a column, and all that is needed of them is taken from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow as pa

MAX_FOOTER_BYTES: Final = 64 << 20
"""An archive of 5,000 matches has 3 MB."""
_MAGIC: Final = b"PAR1"
_TAIL_BYTES: Final = 8
_MOST_LEVELS: Final = 32
_BYTE_ARRAY: Final = 6
"""The number of texts among Parquet's physical types."""
_TRUE, _FALSE, _BYTE, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 6, 7, 8, 9, 10, 11, 12
"""Types of Thrift's compact protocol; whole numbers of 16, 32 and 64 bits are 4 to 6."""
_FIXED_BYTES: Final = {_TRUE: 0, _FALSE: 0, _BYTE: 1, _DOUBLE: 8}
"""In a field yes and no are types: no byte follows."""


@dataclass(frozen=True, slots=True)
class ColumnChunk:
    """A column of a row group.

    Attributes
    ----------
    path
        Its name, with dots between the levels: by the schema, by which Arrow reads, too.
    is_text
        Whether its values are of any length.
    n_values, n_bytes
        As the file says, without compression.
    start, end
        Where its bytes lie in the file, as the file says.
    """

    path: str
    is_text: bool
    n_values: int
    n_bytes: int
    start: int
    end: int

    @property
    def root(self) -> str:
        """The column of the table that it is, or is a part of."""
        return self.path.partition(".")[0]


def row_groups_of(path: Path) -> tuple[tuple[ColumnChunk, ...], ...]:
    """The columns of each row group, in the order of the file; kept until the file is another one.

    Raises
    ------
    ArrowInvalid
        If the footer is damaged.
    OSError
        If the file cannot be read.
    """
    state = path.stat()
    return _row_groups_of(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=4)
def _row_groups_of(path: Path, size: int, _changed_ns: int) -> tuple[tuple[ColumnChunk, ...], ...]:
    with path.open("rb") as file:
        file.seek(max(size - _TAIL_BYTES, 0))
        tail = file.read(_TAIL_BYTES)
        n_bytes = int.from_bytes(tail[:4], "little")
        if len(tail) < _TAIL_BYTES or tail[4:] != _MAGIC or n_bytes > size - _TAIL_BYTES:
            raise pa.ArrowInvalid("it does not end as a Parquet file")
        if n_bytes > MAX_FOOTER_BYTES:
            raise pa.ArrowInvalid(f"a footer of more than {MAX_FOOTER_BYTES:,} bytes is not plausible")
        file.seek(size - _TAIL_BYTES - n_bytes)
        data = file.read(n_bytes)
    try:
        groups = _file(_Thrift(data))
    except (
        IndexError,
        TypeError,
        KeyError,
        UnicodeDecodeError,
    ) as error:  # it ends early, or is of other types
        raise pa.ArrowInvalid("its footer is damaged") from error
    if any(column.end > size for group in groups for column in group):
        raise pa.ArrowInvalid("its footer names bytes beyond the end of the file")
    return groups


class _Thrift:
    """Reads Thrift's compact protocol; IndexError where the bytes end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def fields(self) -> Iterator[tuple[int, int]]:
        """Number and type of each field of a struct; read or skip its value before you ask for the next."""
        number = 0
        while (header := self._byte()) & 0x0F:
            step, type_ = header >> 4, header & 0x0F
            number = number + step if step else self.whole()
            yield number, type_

    def items(self, type_: int) -> Iterator[int]:
        """The type of each item of a list; read or skip it before you ask for the next."""
        if type_ not in (_LIST, _SET):
            raise TypeError(type_)
        header = self._byte()
        n = header >> 4
        n = self._varint() if n == 0x0F else n
        if n > len(self._data) - self._at:  # every item takes a byte
            raise IndexError(n)
        for _ in range(n):
            yield header & 0x0F

    def struct(self, type_: int) -> Iterator[tuple[int, int]]:
        """The fields of a value that has to be a struct."""
        if type_ != _STRUCT:
            raise TypeError(type_)
        return self.fields()

    def whole(self) -> int:
        """A whole number of 16, 32 or 64 bits."""
        found = self._varint()
        return (found >> 1) ^ -(found & 1)

    def number(self, type_: int) -> int:
        """The same, where it has to be one."""
        if not _BYTE < type_ <= _I64:
            raise TypeError(type_)
        return self.whole()

    def text(self, type_: int) -> str:
        """A text."""
        if type_ != _BINARY:
            raise TypeError(type_)
        start = self._skip_bytes(self._varint())
        return self._data[start : self._at].decode()

    def skip(self, type_: int, level: int = 0) -> None:
        """Pass over a value of any type."""
        if level > _MOST_LEVELS:
            raise TypeError("nested too deeply")
        if type_ in _FIXED_BYTES:
            self._skip_bytes(_FIXED_BYTES[type_])
        elif _BYTE < type_ <= _I64:
            self._varint()
        elif type_ == _BINARY:
            self._skip_bytes(self._varint())
        elif type_ in (_LIST, _SET):
            for item in self.items(type_):
                self._skip_item(item, level)
        elif type_ == _MAP:
            self._skip_map(level)
        else:
            for _, field_type in self.struct(type_):
                self.skip(field_type, level + 1)

    def _skip_item(self, type_: int, level: int) -> None:
        """Pass over what a list or a map holds; yes and no take a byte there."""
        self.skip(_BYTE if type_ in (_TRUE, _FALSE) else type_, level + 1)

    def _skip_map(self, level: int) -> None:
        n = self._varint()
        types = self._byte() if n else 0
        if n > len(self._data) - self._at:
            raise IndexError(n)
        for _ in range(n):
            self._skip_item(types >> 4, level)
            self._skip_item(types & 0x0F, level)

    def _byte(self) -> int:
        found = self._data[self._at]
        self._at += 1
        return found

    def _varint(self) -> int:
        found = shift = 0
        while shift < 70:  # ten bytes of seven bits are the most for 64
            byte = self._byte()
            found |= (byte & 0x7F) << shift
            if byte < 0x80:
                return found
            shift += 7
        raise TypeError("a number of more than 64 bits")

    def _skip_bytes(self, n: int) -> int:
        """Pass over bytes; where they began."""
        start = self._at
        if n > len(self._data) - start:
            raise IndexError(n)
        self._at = start + n
        return start


def _file(thrift: _Thrift) -> tuple[tuple[ColumnChunk, ...], ...]:
    leaves: list[tuple[str, bool]] = []
    groups: tuple[tuple[ColumnChunk, ...], ...] = ()
    for number, type_ in thrift.fields():
        if number == 2:
            leaves = _leaves(thrift, type_)
        elif number == 4:
            groups = tuple(_group(thrift, item, leaves) for item in thrift.items(type_))
        else:
            thrift.skip(type_)
    return groups


def _leaves(thrift: _Thrift, type_: int) -> list[tuple[str, bool]]:
    """The path of each column, and whether it has texts."""
    leaves: list[tuple[str, bool]] = []
    above: list[
        tuple[str, int]
    ] = []  # from the table down: its name, and how many children are still to come
    for item in thrift.items(type_):
        name, physical, n_children = "", 0, 0
        for number, field_type in thrift.struct(item):
            if number == 1:
                physical = thrift.number(field_type)
            elif number == 4:
                name = thrift.text(field_type)
            elif number == 5:
                n_children = thrift.number(field_type)
            else:
                thrift.skip(field_type)
        if above:
            above[-1] = above[-1][0], above[-1][1] - 1
        if n_children > 0 or not above:
            above.append((name, n_children))
        else:
            path = ".".join([*(holder for holder, _ in above[1:]), name])
            leaves.append((path, physical == _BYTE_ARRAY))
        while len(above) > 1 and above[-1][1] <= 0:
            above.pop()
        if len(above) > _MOST_LEVELS:
            raise TypeError("nested too deeply")
    return leaves


def _group(thrift: _Thrift, type_: int, leaves: list[tuple[str, bool]]) -> tuple[ColumnChunk, ...]:
    columns: tuple[ColumnChunk, ...] = ()
    for number, field_type in thrift.struct(type_):
        if number == 1:
            items = enumerate(thrift.items(field_type))
            columns = tuple(_column(thrift, item, leaves[n]) for n, item in items)
        else:
            thrift.skip(field_type)
    if len(columns) != len(leaves):
        raise KeyError("columns")
    return columns


def _column(thrift: _Thrift, type_: int, leaf: tuple[str, bool]) -> ColumnChunk:
    said: dict[int, int] = {}
    for number, field_type in thrift.struct(type_):
        if number != 3:
            thrift.skip(field_type)
            continue
        for inner, inner_type in thrift.struct(field_type):
            if inner in (5, 6, 7, 9, 11):
                said[inner] = thrift.number(inner_type)
            else:
                thrift.skip(inner_type)
    n_values, n_bytes, n_packed_bytes, data_at = (said[number] for number in (5, 6, 7, 9))
    start = said.get(11, data_at)
    if min(n_values, n_bytes, n_packed_bytes, start) < 0:
        raise KeyError("a number below zero")
    return ColumnChunk(*leaf, n_values, n_bytes, start, start + n_packed_bytes)
