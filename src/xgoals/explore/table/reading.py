"""A table of shots as spreadsheets save it -> scenes, and every mistake with its row, column and cell."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import ValidationError

from xgoals.domain.errors import SourceError
from xgoals.explore.scene import PostedScene, problems_of
from xgoals.explore.table.columns import BY_NAME, COLUMNS, CellError
from xgoals.outputs.tables import FORMULA_STARTS

COMMENT = "#"
MAX_ROWS = 50_000
_MISSPELT = 0.86
"""Names as near as this to a known one are taken for slips of the pen; ``match_date`` is none of ``match_id``."""
_DELIMITERS = ("\t", ";", ",")
_ALIASES = {"pitch.length_m": "pitch_length_m", "pitch.width_m": "pitch_width_m"}


class TableError(SourceError):
    """A file that is no table of shots at all."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one cell, and what to write.

    Attributes
    ----------
    row
        As a spreadsheet counts: the first line of the file is row 1.
    column
        Empty where the whole row is meant.
    value
        What stands there.
    """

    row: int
    column: str
    value: str
    problem: str
    advice: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column or 'all of it'}: '{self.value}': {self.problem}. {self.advice}"


@dataclass(frozen=True, slots=True)
class Row:
    """One shot: its cells as they were written, in the order of the header, and its scene or its mistakes."""

    number: int
    cells: tuple[str, ...]
    scene: PostedScene | None
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written, so that what comes back is written in the same way."""

    delimiter: str
    decimal: Literal[".", ","]
    has_bom: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read.

    Attributes
    ----------
    titles, header
        The names of its columns as they were written, and as they are known.
    """

    titles: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    dialect: Dialect

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All that is wrong with its rows."""
        return tuple(mistake for row in self.rows for mistake in row.mistakes)


def read_table(content: bytes, *, max_rows: int = MAX_ROWS) -> Table:
    """Read a table: comma, semicolon or tab between cells, decimal point or comma, UTF-8, UTF-16 or Windows' letters.

    Lines that begin with ``#`` are remarks, and so is ``sep=;``, which Excel knows.

    Raises
    ------
    TableError
        If it has no header with the columns that are needed, a column twice, no shot, or too many.
    """
    decoded, has_bom = _decoded(content)
    delimiter = _delimiter(decoded)
    lines = [(n, cells) for n, cells in enumerate(_lines(decoded, delimiter), start=1) if _is_told(cells)]
    if not lines:
        raise TableError("there is nothing in this table", advice="Begin with: xgoals score --template")
    header = tuple(_name(cell) for cell in lines[0][1])
    _check_header(header)
    if not 0 < len(lines) - 1 <= max_rows:
        raise TableError(
            f"there are {len(lines) - 1:,} shots in this table; 1 to {max_rows:,} can be scored at once",
            advice="Cut it into several files"
            if len(lines) > 1
            else "Write one line a shot below the header",
        )
    rows = tuple(_row(number, cells, header) for number, cells in lines[1:])
    told = (cell for row in rows for cell in row.cells)
    has_commas = delimiter != "," and any(re.fullmatch(r"\s*-?\d+,\d+\s*", cell) for cell in told)
    titles = tuple(cell.strip() for cell in lines[0][1])
    return Table(titles, header, rows, Dialect(delimiter, "," if has_commas else ".", has_bom))


def _decoded(content: bytes) -> tuple[str, bool]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), True
    try:
        return content.decode("utf-8-sig"), content.startswith(b"\xef\xbb\xbf")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), True


def _delimiter(decoded: str) -> str:
    """What stands between the cells of the header; of several, what cuts it into the most known names."""
    lines = (line for line in decoded.splitlines() if line.strip(" \t;,\"'") and not _is_remark(line))
    header = next(lines, "")
    known = {of: sum(_name(cell) in BY_NAME for cell in header.split(of)) for of in _DELIMITERS}
    return max(_DELIMITERS, key=lambda of: known[of])


def _lines(decoded: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise TableError(f"this is no table: {error}", advice="Save it as CSV") from None


def _is_told(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells) and not _is_remark(cells[0])


def _is_remark(line: str) -> bool:
    plain = line.strip().lstrip("\"'").lower()
    return plain.startswith((COMMENT, "sep="))


def _name(cell: str) -> str:
    return re.sub(r"\s+", "_", cell.strip().strip("\"'").lower())


def _check_header(header: Sequence[str]) -> None:
    missing = [column.name for column in COLUMNS if column.is_needed and column.name not in header]
    if missing:
        raise TableError(
            f"the header lacks {', '.join(missing)}",
            advice="The first line names the columns: xgoals score --template shows them",
        )
    for n, name in enumerate(header):
        if name and name in header[:n]:
            raise TableError(f"there are two columns {name}", advice="Take one of them away")
        near = get_close_matches(name, list(BY_NAME), n=1, cutoff=_MISSPELT)
        if near and name not in BY_NAME:
            raise TableError(
                f"there is no column {name}; did you mean {near[0]}?",
                advice="Give it its name, or quite another one",
            )


def _row(number: int, written: Sequence[str], header: Sequence[str]) -> Row:
    cells = tuple(_as_written(cell) for cell in written)
    if extra := [cell for cell in cells[len(header) :] if cell]:
        told = Mistake(
            number, "", extra[0], f"the row has {len(cells)} cells, the header {len(header)}",
            "Put a cell with the delimiter in it in quotation marks",
        )  # fmt: skip
        return Row(number, cells[: len(header)], None, (told,))
    cells = (*cells[: len(header)], *[""] * (len(header) - len(cells)))
    by_name = {name: cell for name, cell in zip(header, cells, strict=True) if name in BY_NAME}
    values, mistakes = _values(number, by_name)
    if mistakes:
        return Row(number, cells, None, tuple(mistakes))
    try:
        return Row(number, cells, PostedScene.model_validate(_posted(values), strict=False))
    except ValidationError as error:
        told_of = [_mistake(number, by_name, values, problem) for problem in problems_of(error)]
        return Row(number, cells, None, tuple(dict.fromkeys(told_of)))


def _as_written(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    plain = cell.strip()
    return plain[1:] if plain.startswith("'") and plain[1:].startswith(FORMULA_STARTS) else plain


def _values(number: int, cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Mistake]]:
    values: dict[str, Any] = {}
    mistakes = []
    for name, cell in cells.items():
        column = BY_NAME[name]
        if not cell:
            if column.is_needed:
                mistakes.append(Mistake(number, name, cell, "this is needed", f"Write: {column.says}"))
            continue
        try:
            values[name] = column.read(cell)
        except CellError as error:
            mistakes.append(Mistake(number, name, cell, str(error), error.advice))
    for one, other in (("keeper_x_m", "keeper_y_m"), ("provider", "match_id")):
        if (one in values) != (other in values) and not any(m.column in (one, other) for m in mistakes):
            missing = other if one in values else one
            mistakes.append(
                Mistake(number, missing, "", "one without the other says nothing", "Write both or none")
            )
    return values, mistakes


def _posted(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the scene that one would post."""
    people = _people(values)
    pitch = {name: values[f"pitch_{name}"] for name in ("length_m", "width_m") if f"pitch_{name}" in values}
    own = {name: value for name, value in values.items() if name in PostedScene.model_fields}
    return own | {"people": [person for _, person in people], "pitch": pitch}


def _people(values: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The people of a row, each with the column that tells of him."""
    found = []
    if "keeper_x_m" in values:
        at = values["keeper_x_m"], values["keeper_y_m"]
        found.append(("keeper", _person(at, is_keeper=True)))
    for name, is_teammate in (("opponents", False), ("teammates", True)):
        found += [(name, _person(at, is_teammate=is_teammate)) for at in values.get(name, ())]
    return found


def _person(at: tuple[float, float], *, is_teammate: bool = False, is_keeper: bool = False) -> dict[str, Any]:
    return {"x_m": at[0], "y_m": at[1], "is_teammate": is_teammate, "is_keeper": is_keeper}


def _mistake(
    number: int, cells: Mapping[str, str], values: Mapping[str, Any], problem: Mapping[str, str]
) -> Mistake:
    """A mistake of the scene, told by the column that it is in."""
    field = problem["field"]
    column = _ALIASES.get(field, field)
    if found := re.fullmatch(r"people\.(\d+)\.(x_m|y_m)", field):
        of = _people(values)[int(found[1])][0]
        column = f"keeper_{found[2]}" if of == "keeper" else of
    elif field == "people":
        column = "opponents"
    says = BY_NAME[column].says if column in BY_NAME else problem["advice"]
    return Mistake(number, column, cells.get(column, ""), problem["problem"], f"Write: {says}")
