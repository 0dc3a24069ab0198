"""Scored rows -> a file in the manner of the one that came in, and the template to begin with."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from xgoals.domain.errors import SettingsError
from xgoals.explore.table.columns import COLUMNS
from xgoals.explore.table.reading import COMMENT, Dialect, Table
from xgoals.explore.table.scored import NEW_COLUMNS, ScoredRow
from xgoals.outputs.tables import without_formulas
from xgoals.whole_files import whole_file

if TYPE_CHECKING:
    from xgoals.explore.table.answer import ScoredTable

_DECIMALS = 6
_EXAMPLES: tuple[dict[str, str], ...] = (
    {},
    {"x_m": "34", "y_m": "-8", "body_part": "left_foot", "set_up": "", "technique": "", "ball_control": "",
     "keeper_x_m": "50.5", "keeper_y_m": "-1", "opponents": "", "teammates": ""},
    {"x_m": "47", "y_m": "1", "body_part": "head", "set_up": "corner", "technique": "", "ball_control": "",
     "keeper_x_m": "52", "keeper_y_m": "0.5", "opponents": "48 0.5; 49.5 3; 50 -2", "teammates": "48 -3",
     "is_won_in_the_air": "yes"},
)  # fmt: skip


def template() -> str:
    """A file to begin with: what each column is, and three shots that can be scored as they are."""
    remarks = [
        "One line a shot; lines that begin with # are remarks. Comma, semicolon, tab, decimal point or comma: all fit.",
        "Needed: x_m, y_m and body_part. Any column of your own is handed through.",
        *(f"{column.name}: {column.says}" for column in COLUMNS),
    ]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerows([f"{COMMENT} {remark}"] for remark in remarks)
    write.writerow(["shot", *(column.name for column in COLUMNS)])
    for n, example in enumerate(_EXAMPLES, start=1):
        write.writerow([str(n), *(example.get(column.name, column.example) for column in COLUMNS)])
    return out.getvalue()


def as_frame(table: Table, rows: Sequence[ScoredRow]) -> pd.DataFrame:
    """The table as it came, as text, with what is known of each row; columns of an earlier answer are replaced."""
    kept = [n for n, name in enumerate(table.header) if name not in NEW_COLUMNS]
    columns = {
        table.titles[n] or f"column_{n + 1}": pd.Series([of.row.cells[n] for of in rows], dtype=object)
        for n in kept
    }
    told = pd.DataFrame([_told(of) for of in rows], columns=list(NEW_COLUMNS))
    return pd.DataFrame(columns | {str(name): told[name] for name in told}).astype({"n_alike": "Int64"})


def as_csv(frame: pd.DataFrame, dialect: Dialect) -> bytes:
    """The same as a file: delimiter, decimal mark and byte order mark as they came; no cell is taken for a formula."""
    written = without_formulas(frame).to_csv(
        index=False,
        sep=dialect.delimiter,
        decimal=dialect.decimal,
        float_format=f"%.{_DECIMALS}f",
        lineterminator="\r\n",
    )
    return written.encode("utf-8-sig" if dialect.has_bom else "utf-8")


def write(scored: "ScoredTable", to: Path) -> None:
    """Write a scored table by the file's ending, whole or not at all.

    Raises
    ------
    SettingsError
        If the ending is neither .csv nor .parquet.
    """
    if to.suffix not in (".parquet", ".csv"):
        raise SettingsError("unknown ending", where=str(to), advice="Let the name end in .parquet or .csv")
    with whole_file(to) as unfinished:
        if to.suffix == ".parquet":
            scored.frame.to_parquet(unfinished, index=False)
        else:
            unfinished.write_bytes(as_csv(scored.frame, scored.dialect))


def _told(of: ScoredRow) -> tuple[object, ...]:
    mistakes = " / ".join(f"{m.column or 'row'}: {m.problem}" for m in of.mistakes)
    return (
        of.xg, of.scored_by or None, of.rank_pct, of.n_alike, of.average_xg, *of.parts, mistakes or None,
        None if of.knows_positions is None else "yes" if of.knows_positions else "no",
    )  # fmt: skip
