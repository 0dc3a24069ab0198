"""Explanations of executors into Postgres: all that is right in one transaction, what is not told in a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xgoals.domain.errors import ModelError, SourceError
from xgoals.features.catalogue import Catalogue, find_catalogue
from xgoals.feeds.archive.opening import UNREADABLE
from xgoals.spark.explain import KEYS, SISTER, explanations_schema
from xgoals.spark.folders import check_whole, parquet_files
from xgoals.storage import storage_at

if TYPE_CHECKING:
    from xgoals.steps.run_context import RunContext
    from xgoals.store.bulk.staged_explanations import Reason, Refusal

ROWS_AT_ONCE = 20_000
MADE_BY = "xgoals spark explain --source FEATURES --to {place}"
_AS_THEY_ARE = (*KEYS, "catalogue", "catalogue_version", "model_version", SISTER, "xg", "base_value")

_WHY: "dict[Reason, tuple[str, str]]" = {
    "model": ("are of another model than the champion", "Explain them again by the champion of today"),
    "unknown": ("are not stored", "Load their matches first: xgoals ingest --feed archive"),
    "withdrawn": (
        "were taken back by their feed: they count nowhere",
        "Write the features anew from today's archives",
    ),
    "features": (
        "have other features by now, or none",
        "Run: xgoals features; if the shot was corrected, write features and explanations anew",
    ),
    "speaker": (
        "were explained by a booster that does not speak for their match (it may have learned from it)",
        "Explain them again: the champion's sisters, or what other feeds tell, have changed since",
    ),
    "sum": (
        "do not add up to their number, or it is none",
        "The files were changed after they were written: explain again",
    ),
    "twice": ("come twice; the first is taken", "Write the features anew"),
    "number": ("have another number by the same model: the stored one stays", "Look whose files these are"),
}
"""What is wrong with refused rows, and what to do."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What `load_explanations` has done."""

    model_version: str
    n_added: int
    n_before: int
    n_published: int
    refusals: "tuple[Refusal, ...]"

    @property
    def n_refused(self) -> int:
        """Rows that were not put in."""
        return sum(refusal.n_rows for refusal in self.refusals)

    @property
    def sentences(self) -> list[str]:
        """Why rows were refused, each with how many and the first."""
        return [
            f"{refusal.n_rows:,} rows refused: they {_WHY[refusal.reason][0]}; the first: shot {refusal.first}. "
            f"{_WHY[refusal.reason][1]}"
            for refusal in self.refusals
        ]

    def __str__(self) -> str:
        return (
            f"{self.n_added:,} shots have explanations by {self.model_version} now, {self.n_before:,} had them; "
            f"{self.n_published:,} numbers published. Sums and pages follow with the next run, or: xgoals explain"
        )


def load_explanations(context: "RunContext", place: str) -> Loaded:
    """Put a folder of explanations into the results database, and publish what is due.

    Rows that are not right are left out, and told; what is stored stays, so that a repeated load changes nothing.

    Raises
    ------
    ModelError
        If there is no champion.
    SourceError
        If the folder is not there, was not written to its end, or holds something else.
    StoreError
        If the database is away, or its writers' lock is lost: nothing is stored then.
    """
    from xgoals.steps.explaining.honest import prepare_sisters
    from xgoals.steps.run_context import writing
    from xgoals.store import registry
    from xgoals.store.bulk.staged_explanations import add_explanations
    from xgoals.store.database import analyse
    from xgoals.store.published import publish

    check_whole(place, MADE_BY.format(place=place))
    with writing(context, "explain") as (engine, figures), engine.begin() as connection:
        champion = registry.champion_name(connection)
        if champion is None:
            raise ModelError("there is no champion yet", advice="Run: xgoals run")
        model = registry.load_model(connection, champion)
        prepare_sisters(connection, champion)
        staged = add_explanations(
            connection, model, staged_tables(place, find_catalogue(model.catalogue)), context.run_id
        )
        analyse(connection, "shot_xg", "shot_explanation")
        published = publish(connection, champion)
        figures.update(shots_explained=staged.n_added, shots_explained_before=staged.n_before)
    return Loaded(champion, staged.n_added, staged.n_before, published.n_numbers, staged.refusals)


def staged_tables(place: str, catalogue: Catalogue) -> Iterator[pa.Table]:
    """The rows of a folder of explanations, some thousand at once, their values as two lists.

    Raises
    ------
    SourceError
        If a file is damaged, or has not the columns of explanations by this catalogue.
    """
    storage = storage_at(place)
    for path in parquet_files(storage):
        with storage.local(path) as local:
            try:
                with pq.ParquetFile(local) as file:
                    _check_columns(file.schema_arrow, catalogue, storage.where(path))
                    for batch in file.iter_batches(ROWS_AT_ONCE):
                        yield _staged(batch, catalogue)
            except UNREADABLE as error:
                raise SourceError(
                    f"the file is damaged ({error})",
                    where=storage.where(path),
                    advice=f"Run again: {MADE_BY.format(place=place)}",
                ) from error


def _check_columns(schema: pa.Schema, catalogue: Catalogue, where: str) -> None:
    expected = explanations_schema(catalogue)
    wrong = [
        field.name
        for field in expected
        if field.name not in schema.names or not schema.field(field.name).type.equals(field.type)
    ]
    if wrong:
        raise SourceError(
            f"no explanations by features of {catalogue.name}: columns are missing or of another type: "
            f"{', '.join(wrong)}",
            where=where,
            advice="Name the folder that xgoals spark explain has written with the champion of today",
        )


def _staged(batch: pa.RecordBatch, catalogue: Catalogue) -> pa.Table:
    columns = {name: batch.column(name) for name in _AS_THEY_ARE}
    columns["shap_values"] = _lists(batch, [f"shap_{name}" for name in catalogue.names])
    columns["group_values"] = _lists(batch, [f"group_{name}" for name in catalogue.groups])
    return pa.table(columns)


def _lists(batch: pa.RecordBatch, names: list[str]) -> pa.Array:
    """Some columns as one of lists; null, which no such value is, as NaN: that adds up to nothing."""
    numbers = [pc.fill_null(batch.column(name), float("nan")).to_numpy() for name in names]
    return pa.FixedSizeListArray.from_arrays(pa.array(np.column_stack(numbers).ravel()), len(names))
