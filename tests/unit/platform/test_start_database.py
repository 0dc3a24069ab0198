"""Whoever connects starts nothing; whoever needs a database says so, and then everybody finds it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from xgoals.cli import app
from xgoals.domain.errors import StoreError
from xgoals.services.postgres.databases import bring_up_to_date, start_database, start_databases
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.settings import Settings, load_settings
from xgoals.store.database import connect, database_url, exists
from xgoals.store.embedded_address import left_address, password_file, port_file

OWN = "postgresql://me:secret@127.0.0.1:1/mine"


def settings_of(home: Path, monkeypatch: pytest.MonkeyPatch, **urls: str) -> Settings:
    for name in [name for name in os.environ if name.startswith(("XGOALS_", "AIRFLOW_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XGOALS_HOME", str(home))
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
    for name, url in urls.items():
        monkeypatch.setenv(f"XGOALS_{name}", url)
    return load_settings()


@pytest.fixture
def untouched(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A home that nobody has used yet."""
    settings = settings_of(open_folder / "home", monkeypatch)
    yield settings
    EmbeddedPostgres(settings.home).stop()


@pytest.fixture
def settings(server: EmbeddedPostgres, server_home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The home of the module's server, which runs."""
    return settings_of(server_home, monkeypatch)


def answers(settings: Settings) -> bool:
    engine = connect(settings, "main")
    with engine.connect() as connection:
        found = connection.scalar(text("select count(*) from xgoals.match"))
    engine.dispose()
    return found == 0


def servers_of(home: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(home) in part for part in process.info["cmdline"] or ())
    ]


@pytest.mark.parametrize(("database", "option"), [("main", ""), ("demo", " --database demo")])
def test_to_connect_starts_nothing_and_says_what_does(
    untouched: Settings, database: str, option: str
) -> None:
    for ask in (connect, database_url):
        with pytest.raises(StoreError, match="the embedded Postgres was never started") as caught:
            ask(untouched, database)
        assert f"'xgoals up', or 'xgoals db upgrade{option}'" in str(caught.value)
    assert not exists(untouched, database)
    assert not untouched.home.exists()
    assert servers_of(untouched.home) == []


def test_a_server_that_was_stopped_is_not_started_by_who_connects(
    settings: Settings, server: EmbeddedPostgres
) -> None:
    start_database(settings, "main")
    assert answers(settings)
    server.stop()
    with pytest.raises(StoreError, match="the embedded Postgres does not answer") as caught:
        connect(settings, "main")
    assert "'xgoals up'" in str(caught.value)
    assert server.url("xgoals").split(":")[2].split("@")[0] not in str(caught.value)
    assert exists(settings, "main"), "who connects is told that it is away"
    assert not server.status().running


def test_who_needs_it_starts_it_and_all_find_it(settings: Settings, server: EmbeddedPostgres) -> None:
    server.stop()
    start_database(settings, "main")
    start_database(settings, "main")
    assert server.status().running
    assert database_url(settings, "main") == server.url("xgoals")
    assert answers(settings)
    assert exists(settings, "main")


def test_a_database_is_there_once_it_has_been_used(settings: Settings) -> None:
    start_databases(settings)
    assert not exists(settings, "demo")
    with pytest.raises(StoreError, match=r"no results in this database yet. Run: xgoals db upgrade"):
        connect(settings, "demo")  # who connects makes nothing
    start_database(settings, "demo")
    connect(settings, "demo").dispose()
    assert exists(settings, "demo")


def test_pages_read_and_tasks_write_and_neither_is_the_owner(
    settings: Settings, server: EmbeddedPostgres
) -> None:
    start_database(settings, "main")
    for role, user in (("writer", "xgoals_tasks"), ("reader", "xgoals_pages")):
        one = settings.model_copy(update={"database_role": role})
        engine = connect(one, "main")
        assert engine.url.username == user
        with engine.connect() as connection:
            assert connection.execute(text("select count(*) from xgoals_views.champion_shot")).scalar() == 0
            assert not connection.scalar(
                text("select rolsuper or rolcreatedb from pg_roles where rolname = user")
            )
        write = text(
            "insert into team (provider, team_id, name) values ('p', 't', 'T') on conflict do nothing"
        )
        if role == "writer":
            with engine.begin() as connection:
                connection.execute(write)
        else:
            with pytest.raises(DBAPIError, match="read-only transaction"), engine.begin() as connection:
                connection.execute(write)
            with pytest.raises(DBAPIError, match="permission denied"), engine.begin() as connection:
                connection.exec_driver_sql("set transaction read write; delete from team")
        for statement in ("drop table team", "create database mine", "copy team to program 'cat'"):
            with pytest.raises(DBAPIError), engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(statement)
        engine.dispose()
        assert password_file(settings.home, role).stat().st_mode & 0o077 == 0
    before = password_file(settings.home, "reader").read_text()
    server.make_members(anew=True)
    assert password_file(settings.home, "reader").read_text() != before
    password_file(settings.home, "reader").write_text("somebody was killed between file and server")
    bring_up_to_date(settings, "main")
    connect(settings.model_copy(update={"database_role": "reader"}), "main").dispose()


def test_the_address_follows_another_port_and_a_new_password(
    settings: Settings, server: EmbeddedPostgres
) -> None:
    start_database(settings, "main")
    before = left_address(settings.home)
    assert before
    server.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", before.port))
        other.listen()
        start_database(settings, "main")
        server.change_password()
        after = left_address(settings.home)
        assert after
        assert after.port != before.port
        assert after.password != before.password
        assert after.password not in repr(after)
        assert answers(settings)
    assert password_file(settings.home).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("left", [None, "1\n"])
def test_a_server_whose_starter_was_killed_before_it_left_the_port_is_found(
    settings: Settings, server: EmbeddedPostgres, left: str | None
) -> None:
    process = server.status().port, servers_of(settings.home)
    port_file(settings.home).unlink()
    if left:
        port_file(settings.home).write_text(left)
    with pytest.raises(StoreError):
        connect(settings, "main")
    start_database(settings, "main")
    assert answers(settings)
    assert (server.status().port, servers_of(settings.home)) == process


def test_another_program_on_the_port_is_no_database_and_gets_no_password(
    settings: Settings, server: EmbeddedPostgres
) -> None:
    """It asks for the password in plain words, as Postgres may."""
    address = left_address(settings.home)
    assert address
    server.stop()
    with socket.create_server(("127.0.0.1", address.port)) as other:
        program = subprocess.Popen(
            [sys.executable, "-c", NOSY, str(other.fileno())],
            pass_fds=[other.fileno()],
            stdout=subprocess.PIPE,
        )
        with pytest.raises(StoreError, match="authentication"):
            connect(settings, "main")
        heard = program.communicate(timeout=20)[0]
    assert b"user" in heard
    assert address.password.encode() not in heard


NOSY = """
import socket, sys
server = socket.socket(fileno=int(sys.argv[1]))
heard = b""
while b"user" not in heard:
    client, _ = server.accept()
    while True:
        said = client.recv(4096)
        heard += said
        if not said or said.startswith(b"p"):  # gone, or a password
            break
        # Neither TLS nor GSS encryption; then AuthenticationCleartextPassword.
        client.sendall(b"N" if len(said) == 8 else b"R" + (8).to_bytes(4, "big") + (3).to_bytes(4, "big"))
sys.stdout.buffer.write(heard)
"""


def test_where_everything_lives_elsewhere_nothing_is_started_for_airflow(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(
        open_folder / "home",
        monkeypatch,
        DATABASE_URL=OWN,
        AIRFLOW_DATABASE_URL=OWN.replace("mine", "airflow"),
    )
    start_databases(settings)
    start_database(settings, "main")
    assert not settings.home.exists()
    assert exists(settings, "main"), "one's own server is taken at its word"
    with pytest.raises(StoreError, match=r"(?s)does not answer.*Check XGOALS_DATABASE_URL"):
        connect(settings, "main")
    with pytest.raises(StoreError, match="'xgoals db upgrade --database demo'"):
        connect(settings, "demo")


def test_a_command_starts_what_it_needs(settings: Settings, server: EmbeddedPostgres) -> None:
    server.stop()
    for arguments in (["models", "list"], ["notifications", "list", "--database", "demo"]):
        done = subprocess.run(
            [sys.executable, "-m", "xgoals.cli", *arguments], capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert server.status().running
        server.stop()
    url = subprocess.run(
        [sys.executable, "-m", "xgoals.cli", "db", "url"], capture_output=True, text=True, timeout=120
    )
    assert url.stdout.strip() == server.url("xgoals")
    assert "The server is stopped" in url.stderr, "an address is no reason to start one"
    assert not server.status().running
    status = subprocess.run(
        [sys.executable, "-m", "xgoals.cli", "status"], capture_output=True, text=True, timeout=120
    )
    assert status.returncode == 3, status.stderr
    assert "stopped" in status.stdout
    assert not server.status().running


def test_to_ask_for_the_demo_s_url_beside_a_server_of_one_s_own_makes_nothing(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(open_folder / "home", monkeypatch, DATABASE_URL=OWN)
    asked = CliRunner().invoke(app, ["db", "url", "--database", "demo"])
    assert isinstance(asked.exception, StoreError)
    assert "was never started. Start it: 'xgoals up', or 'xgoals db upgrade --database demo'" in str(
        asked.exception
    )
    assert not settings.home.exists()
    main = CliRunner().invoke(app, ["db", "url"])
    assert main.stdout.strip() == OWN.replace("postgresql", "postgresql+psycopg2")
