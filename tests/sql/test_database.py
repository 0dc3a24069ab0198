"""Connecting, and the ways rows travel."""

import numpy as np
import pytest
from sqlalchemy import text

from xgoals.domain.errors import SettingsError, StoreError
from xgoals.settings import load_settings
from xgoals.store.database import connect, copy_frame, copy_rows, database_url, read_frame, upsert


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
