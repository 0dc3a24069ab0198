"""A table in, a table out: the same for a file of the command line and for one that is dropped on the explorer."""

from dataclasses import dataclass

import pandas as pd

from xgoals.explore.library import Library
from xgoals.explore.table.reading import MAX_ROWS, Dialect, Mistake, read_table
from xgoals.explore.table.scored import score_table
from xgoals.explore.table.writing import as_frame
from xgoals.model.seen.support import FEW
from xgoals.settings import Database
from xgoals.store.sisters import sisters_of_matches


@dataclass(frozen=True, slots=True)
class ScoredTable:
    """The answer to a table.

    Attributes
    ----------
    frame
        Every row as it came, with what is known of it.
    n_scored, n_unlike
        How many could be scored, and how many of them are unlike anything that the champion has learned from.
    mistakes
        Of the others.
    """

    frame: pd.DataFrame
    dialect: Dialect
    n_scored: int
    n_unlike: int
    mistakes: tuple[Mistake, ...]


def answer_table(
    library: Library, database: Database, content: bytes, *, max_rows: int = MAX_ROWS
) -> ScoredTable:
    """Score a table of shots; nothing is stored.

    Raises
    ------
    TableError
        If it is no table of shots.
    ModelError
        If there is no champion.
    """
    table = read_table(content, max_rows=max_rows)
    known = library.knowledge(database)
    matches = [row.scene.match if row.scene else None for row in table.rows]
    asked = {match for match in matches if match is not None}
    with library.engine(database).connect() as connection:
        unseen_by = sisters_of_matches(connection, known.champion.model_version, asked) if asked else {}
    rows = score_table(table, known, [unseen_by.get(match, 0) if match else 0 for match in matches])
    return ScoredTable(
        frame=as_frame(table, rows),
        dialect=table.dialect,
        n_scored=sum(row.xg is not None for row in rows),
        n_unlike=sum(row.n_alike is not None and row.n_alike < FEW for row in rows),
        mistakes=tuple(mistake for row in rows for mistake in row.mistakes),
    )
