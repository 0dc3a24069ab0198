"""Damage to a table of text, a column at a time; of other files nothing is known, and a slice is taken out."""

import csv
import io
import random
from collections.abc import Iterator, Sequence

ODD = (
    "",
    "x",
    "NaN",
    "inf",
    "-1",
    "1e300",
    "9" * 400,
    "12,5",
    "=1+1",
    "x" * 30_000,
    "\u202e",
    "2024-13-45",
    '"',
)
SHORTEST = 2


def contents(data: bytes, rng: random.Random, ways: int) -> Iterator[tuple[str, str, bytes]]:
    """Kind, how, and content."""
    table = _table(data)
    if table is None:
        for n in range(min(ways, 10)):
            at = rng.randrange(len(data) + 1)
            yield "lost fields", f"a slice lost ({n + 1})", data[:at] + data[at + rng.choice([1, 10, 1000]) :]
        return
    delimiter, rows = table
    names = rows[0]
    for n in _some(len(names), rng, ways):
        yield (
            "lost fields",
            f"without the column {names[n]}",
            _written([_without(row, n) for row in rows], delimiter),
        )
    yield "lost fields", "without its first line", _written(rows[1:], delimiter)
    yield "lost fields", "with its first line only", _written(rows[:1], delimiter)
    yield (
        "lost fields",
        "with lines that end early",
        _written([row[: len(row) // 2] for row in rows], delimiter),
    )
    for n in _some(len(names), rng, ways // 2):
        value = rng.choice(ODD)
        odd = [names, *([*row[:n], value, *row[n + 1 :]] for row in rows[1:])]
        yield "odd values", f"{names[n]} is '{value[:20]}'", _written(odd, delimiter)


def _table(data: bytes) -> tuple[str, list[list[str]]] | None:
    """Delimiter and rows, where the data are a table."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return None
    header = lines[0] if lines else ""
    delimiter = max(",;\t|", key=header.count)
    if header.count(delimiter) < SHORTEST - 1 or len(lines) < SHORTEST:
        return None
    try:
        return delimiter, list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return None


def _some(n: int, rng: random.Random, ways: int) -> list[int]:
    return list(range(n)) if n <= ways else rng.sample(range(n), ways)


def _without(row: Sequence[str], n: int) -> list[str]:
    return [*row[:n], *row[n + 1 :]]


def _written(rows: Sequence[Sequence[str]], delimiter: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
