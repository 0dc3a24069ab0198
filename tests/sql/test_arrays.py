"""Rows as arrays by binary COPY, and Arrow tables as text: every value as it is, and no guess where one is missing."""

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import Engine

from xgoals.domain.errors import StoreError
from xgoals.store import database
from xgoals.store.bulk.arrays import blocks, read_arrays
from xgoals.store.bulk.arrow_tables import copy_arrow
from xgoals.store.database import RefusedError

COLUMNS = {"key": "i8", "n": "i4", "is_goal": "?", "xg": "f8", "feature_values": ("f8", 2)}


def read(engine, values, columns=COLUMNS):
    with engine.connect() as connection:
        return read_arrays(
            connection, f"select * from (values {values}) t where %(wanted)s", {"wanted": True}, columns
        )


def test_values_come_back_to_the_bit(engine):
    found = read(
        engine,
        "(1::bigint, 2, true, 0.1::float8, '{0.1,NaN}'::float8[]), "
        "(-9007199254740993, -1, false, 'NaN', '{-1e300,5e-324}')",
    )
    assert found["key"].tolist() == [1, -9007199254740993]
    assert found["n"].tolist() == [2, -1]
    assert found["is_goal"].tolist() == [True, False]
    np.testing.assert_array_equal(found["xg"], [0.1, np.nan])
    np.testing.assert_array_equal(found["feature_values"], [[0.1, np.nan], [-1e300, 5e-324]])


def test_no_rows_are_empty_arrays(engine):
    with engine.connect() as connection:
        found = read_arrays(
            connection, "select 1::bigint, '{1}'::float8[] where false", {}, {"k": "i8", "v": ("f8", 1)}
        )
    assert found["k"].shape == (0,)
    assert found["v"].shape == (0, 1)


@pytest.mark.parametrize("values", ["(1::bigint, null::float8)", "(1::bigint, 1.0::float8), (null, 1.0)"])
def test_a_null_is_refused(engine, values):
    with pytest.raises(StoreError, match="null"):
        read(engine, values, {"key": "i8", "xg": "f8"})


@pytest.mark.parametrize(
    "values", ["('{1,2,3}'::float8[])", "('{1,2}'::float8[]), ('{1,null}')", "('{}'::float8[])"]
)
def test_arrays_of_another_length_are_refused(engine, values):
    with pytest.raises(StoreError, match="as many as they should be"):
        read(engine, values, {"v": ("f8", 2)})


def test_blocks_cover_all_rows_once():
    assert [(b.start, b.stop) for b in blocks(5, 2)] == [(0, 2), (2, 4), (4, 5)]
    assert list(blocks(0, 2)) == []


def test_rows_are_copied_in_blocks_from_a_generator(engine, monkeypatch):
    monkeypatch.setattr(database, "_COPIED_AT_ONCE", 2)
    held = []

    def rows():
        for n in range(5):
            held.append(n)
            yield n, [n / 2, float("nan")]

    with engine.begin() as connection:
        connection.exec_driver_sql("create temporary table t (n int, v float8[])")
        database.copy_rows(connection, "t", ("n", "v"), rows())
        database.copy_rows(connection, "t", ("n", "v"), ())
        found = read_arrays(connection, "select n, v from t order by n", {}, {"n": "i4", "v": ("f8", 2)})
    assert found["n"].tolist() == held == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(found["v"][:, 0], [0, 0.5, 1, 1.5, 2])


def test_arrow_tables_arrive_to_the_bit_and_null_is_no_empty_text(engine: Engine) -> None:
    floats = [0.1, 1 / 3, 5e-324, -0.0, 1.7976931348623157e308, float("nan"), None]
    words = ["plain", "", None, 'with "quotes", and\ttab', "two\nlines", "{1,2}", "\\N"]
    rows = pa.table(
        {
            "word": pa.array(words),
            "number": pa.array(floats),
            "numbers": pa.array(
                [[x, 2.5] if x is not None else None for x in floats], pa.list_(pa.float64())
            ),
            "n": pa.array([1, None, 3, 4, 5, 6, 7], pa.int32()),
        }
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "create temporary table arrived (place int generated always as identity, word text, "
            "number double precision, numbers double precision[], n integer)"
        )
        copy_arrow(connection, "arrived", rows)
        copy_arrow(connection, "arrived", rows.slice(0, 0))
        found = connection.exec_driver_sql(
            "select word, number, numbers, n from arrived order by place"
        ).all()
        with pytest.raises(RefusedError):
            copy_arrow(connection, "arrived", pa.table({"n": pa.array([2**40])}))
    assert repr([tuple(row) for row in found]) == repr(
        list(zip(*(rows.column(name).to_pylist() for name in rows.column_names), strict=True))
    )
