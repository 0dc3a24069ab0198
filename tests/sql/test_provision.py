"""Roles and databases on a server of one's own: made, mended, and never somebody else's."""

import uuid

import pytest

from xgoals.domain.errors import SettingsError, StoreError
from xgoals.services.postgres.roles import make_roles_and_databases
from xgoals.services.provision import provision


def test_a_role_and_its_database_are_made_once_and_the_password_follows_the_address(postgres, opens):
    admin = postgres.url("postgres")
    name = f"p{uuid.uuid4().hex[:8]}"
    server = admin.split("@")[1].rsplit("/", 1)[0]

    def address(password: str) -> str:
        return f"postgresql+psycopg2://{name}:{password}@{server}/{name}"

    assert make_roles_and_databases(admin, [address("it's")]) == [f"database {name} of role {name} created"]
    assert opens(address("it%27s"))
    assert make_roles_and_databases(admin, [address("second")]) == [
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
