"""Roles and databases on a server of one's own: made, mended, and never somebody else's."""

import uuid

import pytest
from sqlalchemy import create_engine, text

from xgoals.domain.errors import SettingsError, StoreError
from xgoals.services.postgres.roles import Login, make_roles_and_databases
from xgoals.services.provision import provision


def test_a_role_and_its_database_are_made_once_and_the_password_follows_the_address(postgres, opens):
    admin = postgres.url("postgres")
    name = f"p{uuid.uuid4().hex[:8]}"
    server = admin.split("@")[1].rsplit("/", 1)[0]

    def address(password: str) -> str:
        return f"postgresql+psycopg2://{name}:{password}@{server}/{name}"

    assert make_roles_and_databases(admin, [Login(address("it's"))]) == [
        f"database {name} of role {name} created"
    ]
    assert opens(address("it%27s"))
    assert make_roles_and_databases(admin, [Login(address("second"))]) == [
        f"database {name} of role {name} is there"
    ]
    assert opens(address("second"))
    assert not opens(address("it%27s"))


def test_a_server_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(StoreError, match="does not answer") as caught:
        make_roles_and_databases("postgresql+psycopg2://postgres:verysecret@127.0.0.1:1/postgres", [])
    assert "verysecret" not in str(caught.value)


def test_what_is_not_given_is_named(empty_database, monkeypatch):
    monkeypatch.setenv("XGOALS_ADMIN_DATABASE_URL", "postgresql://x")
    with pytest.raises(SettingsError, match="not set: XGOALS_UI_PASSWORD, XGOALS_AIRFLOW_DATABASE_URL"):
        provision(empty_database, print)


def test_members_of_the_groups_get_in_and_only_who_proves_backups_may_create_databases(postgres, opens):
    admin, name = postgres.url("postgres"), f"p{uuid.uuid4().hex[:8]}"
    server = admin.split("@")[1].rsplit("/", 1)[0]

    def address(role: str) -> str:
        return f"postgresql+psycopg2://{name}_{role}:secret@{server}/{name}"

    logins = [
        Login(address("owner")),
        Login(address("writer"), member_of="xgoals_writer"),
        Login(address("reader"), member_of="xgoals_reader"),
        Login(address("check"), member_of="xgoals_reader", may_create_databases=True),
    ]
    for _ in range(2):  # at every start
        said = make_roles_and_databases(admin, logins)
    assert said[1] == f"role {name}_writer is a member of xgoals_writer"
    assert all(opens(login.address) for login in logins)
    engine = create_engine(admin)
    with engine.begin() as connection:
        rows = connection.execute(
            text("select rolname, rolcreatedb, rolsuper, rolcreaterole from pg_roles where rolname like :n"),
            {"n": f"{name}%"},
        ).all()
    engine.dispose()
    assert {row.rolname for row in rows if row.rolcreatedb} == {f"{name}_check"}
    assert not any(row.rolsuper or row.rolcreaterole for row in rows)
