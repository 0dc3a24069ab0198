"""Connecting, and the ways rows travel."""

import numpy as np
import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from xgoals.domain.errors import SettingsError, StoreError
from xgoals.domain.text import storable
from xgoals.settings import load_settings
from xgoals.store.database import (
    as_json,
    connect,
    copy_frame,
    copy_rows,
    database_url,
    failing_value,
    is_outage,
    read_frame,
    upsert,
)


@pytest.mark.parametrize("url", ["mysql://u@h/d", "nonsense", "sqlite:///x"])
def test_a_url_that_is_not_postgres_is_refused(empty_database, monkeypatch, url):
    monkeypatch.setenv("XGOALS_DATABASE_URL", url)
    with pytest.raises(SettingsError, match="not a Postgres URL"):
        database_url(load_settings(), "main")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_spelling_of_postgres_is_understood(empty_database, monkeypatch, scheme):
    rest = database_url(empty_database, "main").split("://")[1]
    monkeypatch.setenv("XGOALS_DATABASE_URL", f"{scheme}://{rest}")
    connect(load_settings(), "main").dispose()


def test_a_server_that_does_not_answer_is_named_without_its_password(empty_database, monkeypatch):
    monkeypatch.setenv("XGOALS_DATABASE_URL", "postgresql://user:verysecret@127.0.0.1:1/db")
    with pytest.raises(StoreError, match=r"user:\*\*\*@127\.0\.0\.1:1/db") as caught:
        connect(load_settings(), "main")
    assert "verysecret" not in str(caught.value)


def test_a_wrong_password_is_said(empty_database, monkeypatch):
    url = database_url(empty_database, "main")
    user, rest = url.split("://")[1].split(":", 1)
    monkeypatch.setenv("XGOALS_DATABASE_URL", f"postgresql://{user}:wrong@{rest.split('@')[1]}")
    with pytest.raises(StoreError, match="password authentication failed"):
        connect(load_settings(), "main")


def test_copied_values_come_back(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "create temporary table t (a text, b double precision, c double precision[])"
        )
        values = np.array([1.5, np.nan, 1e-300])
        copy_rows(connection, "t", ("a", "b", "c"), [('x, "y"\n', None, values), ("", float("nan"), [2.0])])
        rows = connection.execute(text("select a, b, c from t order by a nulls first")).all()
    assert rows[1][0] == 'x, "y"\n'
    assert rows[1][1] is None
    np.testing.assert_array_equal(rows[1][2], values)
    assert np.isnan(rows[0][1])


AWKWARD = ["", "\\N", "NULL", "a\tb", "a\nb", "a\r\nb", "a\\b", '"', "{}", "\\.", " ", "ü", "NA"]


def test_a_text_is_copied_as_it_is_and_an_empty_one_is_no_null(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("create temporary table t (n int, a text)")
        copy_rows(connection, "t", ("n", "a"), [*enumerate(AWKWARD), (99, None)])
        rows = connection.scalars(text("select a from t order by n")).all()
    assert rows == [*AWKWARD, None]


@pytest.mark.parametrize("value", ["A\x00B", "A\ud800B", {"k\x00": ["A\x00\udc00B"], "n": float("nan")}])
def test_what_no_text_holds_is_left_out_whichever_way_it_goes_in(engine, value):
    with engine.begin() as connection:
        connection.exec_driver_sql("create temporary table t (k int primary key, v jsonb, a text)")
        upsert(connection, "t", ("k", "v", "a"), ("k",), [(1, {"v": value}, str(value))])
        copy_rows(connection, "t", ("k", "v", "a"), [(2, {"v": value}, str(value))])
        connection.execute(
            text("insert into t values (3, cast(:v as jsonb), :a)"),
            {"v": as_json({"v": value}), "a": str(value)},
        )
        rows = connection.execute(text("select v, a from t order by k")).all()
        (found,) = connection.scalars(
            text("select count(*) from t where a = any(:given)"), {"given": [str(value)]}
        )
    assert rows[0] == rows[1] == rows[2]
    assert found == 3, "and is found again by it"
    expected = {"k": ["A\ufffdB"], "n": None} if isinstance(value, dict) else storable(value)
    assert rows[0].v == {"v": expected}


def test_json_of_numbers_that_do_not_fit():
    assert orjson.loads(as_json({"n": 2**70, "m": 10**400})) == {"n": 2.0**70, "m": str(10**400)}


def test_the_value_that_a_column_cannot_hold_is_found(engine):
    row = ("p", "m", "a", "b", 40_000, 1)
    columns = ("provider", "match_id", "team_id", "player_id", "goal_n", "minute")
    with engine.begin() as connection:
        assert failing_value(connection, "own_goal", columns, row) == ("goal_n", 40_000)
        assert failing_value(connection, "own_goal", columns, (*row[:4], 1, 1)) is None
        assert connection.scalar(text("select 1")) == 1, "the transaction goes on"


def test_frames_know_missing_values_and_booleans(engine):
    query = "select 1.5::float8 as x, true as flag union all select null, false order by flag"
    with engine.connect() as connection:
        for frame in (read_frame(connection, query), copy_frame(connection, query)):
            assert frame["flag"].tolist() == [False, True]
            np.testing.assert_array_equal(frame["x"].to_numpy(), [np.nan, 1.5])


def test_upsert_keeps_overwrites_or_ignores_as_asked(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("create temporary table t (k int primary key, v text, w text)")

        def put(row, **options):
            upsert(connection, "t", ("k", "v", "w"), ("k",), [row], **options)
            return tuple(connection.execute(text("select v, w from t")).one())

        assert put((1, "a", "b")) == ("a", "b")
        assert put((1, "c", None)) == ("c", None)
        assert put((1, None, "d"), keep_known=("v",)) == ("c", "d")
        assert put((1, "e", "f"), overwrite=False) == ("c", "d")


def test_an_outage_is_told_from_a_row_that_is_refused(engine):
    for statement in (
        "select pg_terminate_backend(pg_backend_pid())",
        "set local statement_timeout = 1; select pg_sleep(1)",
    ):
        with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
            connection.exec_driver_sql(statement)
        assert is_outage(caught.value)
    with pytest.raises(StoreError) as refused, engine.begin() as connection:
        copy_rows(connection, "team", ("provider", "team_id", "name"), [("p", "t", None)])
    assert not is_outage(refused.value)
    assert 'null value in column "name"' in str(refused.value)
    too_long = "".join(map(chr, range(0x4E00, 0x4E00 + 5000)))
    for statement in ("select 1 / 0", f"insert into team values ('p', '{too_long}', 'x')"):
        with pytest.raises(DBAPIError) as wrong, engine.begin() as connection:
            connection.exec_driver_sql(statement)
        assert not is_outage(wrong.value), statement[:20]
