"""Damage to what an archive says: values of any kind its columns allow, rows and columns that are not as they were."""

import io
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from damage import Damage, Rng, pick
from damage_bounds import NUMBERS
from damage_json import ODD_TEXTS

from small_feeds import Files

TEXTS = [text for text in ODD_TEXTS if "\ud800" not in text]


def of_table(change: Callable[[Rng, pa.Table], pa.Table]) -> Damage:
    """Damage to a file that is still one of Parquet; another one stays as it is."""

    def damage(rng: Rng, files: Files) -> None:
        name = pick(rng, files)
        try:
            table = pq.read_table(io.BytesIO(files[name]))
        except (pa.ArrowException, OSError):
            return
        if table.num_rows:
            file = io.BytesIO()
            pq.write_table(change(rng, table), file)
            files[name] = file.getvalue()

    return damage


def _value(rng: Rng, kind: pa.DataType) -> Any:
    """Any value that a column of a kind can hold, the odd ones first."""
    if rng.random() < 0.15:
        return None
    if pa.types.is_string(kind):
        return rng.choice(TEXTS)
    if pa.types.is_boolean(kind):
        return rng.random() < 0.5
    if pa.types.is_floating(kind):
        return float(rng.choice([*NUMBERS, float("nan"), float("inf"), -float("inf")]))
    if pa.types.is_integer(kind):
        limit = 2 ** (kind.bit_width - 1)
        return rng.choice([int(n) for n in NUMBERS if -limit <= n < limit])
    return None


def _row_values(rng: Rng, field: pa.Field, old: Any) -> Any:
    kind = field.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return None
    if pa.types.is_list(kind) and old and pa.types.is_struct(kind.value_type):
        items = [dict(item) for item in old]
        part = rng.choice(list(kind.value_type))
        rng.choice(items)[part.name] = _value(rng, part.type)
        return rng.choice([items, items, items + items, items[::-1], items[:1]])
    return _value(rng, kind) if not pa.types.is_nested(kind) else None


def any_values(rng: Rng, table: pa.Table) -> pa.Table:
    """One to three columns have odd values, in one row or in all."""
    for at in rng.sample(range(table.num_columns), rng.choice([1, 1, 3])):
        field, values = table.schema.field(at), table.column(at).to_pylist()
        rows = range(len(values)) if rng.random() < 0.3 else [rng.randrange(len(values))]
        for row in rows:
            values[row] = _row_values(rng, field, values[row])
        table = table.set_column(at, field, pa.array(values, field.type))
    return table


def far_times(rng: Rng, table: pa.Table) -> pa.Table:
    """Dates and times at the ends of what 64 bits hold, and of the calendar."""
    for at, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) or pa.types.is_date(field.type):
            days = rng.choice([-(2**31), 2**31 - 1, -719_162, 2_932_896, -719_163, 2_932_897, 0])
            whole = pa.array([days] * table.num_rows, pa.int32())
            moment = pa.array(
                [
                    rng.choice(
                        [-(2**63) + 1, 2**63 - 1, max(-(2**63) + 1, min(2**63 - 1, days * 86_400_000_000))]
                    )
                ]
                * table.num_rows,
                pa.int64(),
            )
            made = whole.cast(field.type) if pa.types.is_date(field.type) else moment.cast(field.type)
            table = table.set_column(at, field, made)
    return table


def of_another_type(rng: Rng, table: pa.Table) -> pa.Table:
    """A column of texts that was of something else."""
    at = rng.randrange(table.num_columns)
    name = table.schema.field(at).name
    return table.set_column(at, name, pa.array(["x"] * table.num_rows))


def _shuffled(rng: Rng, table: pa.Table) -> pa.Table:
    return table.take(pa.array(rng.sample(range(table.num_rows), table.num_rows)))


PARQUET: dict[str, Damage] = {
    "any values": of_table(any_values),
    "more of any values": of_table(lambda rng, table: any_values(rng, any_values(rng, table))),
    "far times": of_table(far_times),
    "a column of another type": of_table(of_another_type),
    "a column lost": of_table(lambda rng, table: table.remove_column(rng.randrange(table.num_columns))),
    "a column twice": of_table(
        lambda rng, table: table.append_column(table.schema.field(0), table.column(0))
    ),
    "a column renamed": of_table(lambda rng, table: table.rename_columns(["x", *table.column_names[1:]])),
    "rows twice": of_table(lambda rng, table: pa.concat_tables([table, table])),
    "rows in any order": of_table(_shuffled),
    "no rows": of_table(lambda rng, table: table.slice(0, 0)),
    "no word on the version": of_table(lambda rng, table: table.replace_schema_metadata(None)),
    "another version": of_table(
        lambda rng, table: table.replace_schema_metadata(
            {b"xgoals.archive_version": rng.choice([b"", b"9", b"\xff"])}
        )
    ),
    "one row": of_table(lambda rng, table: table.slice(0, 1)),
}
