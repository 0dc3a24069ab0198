"""Runs that fail with a secret in their hands: nobody reads it anywhere."""

import io
import json
import logging
import random
import string
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from xgoals import cli
from xgoals.domain import secrets
from xgoals.domain.errors import Problem, XgoalsError
from xgoals.domain.trouble import Trouble
from xgoals.feeds.fetching.downloader import Downloader, Wanted
from xgoals.logs import formatter
from xgoals.settings import Settings, load_settings
from xgoals.steps.run_context import open_run
from xgoals.store import runs
from xgoals.store.arrivals.quarantine import save_problems
from xgoals.store.database import connect
from xgoals.store.troubles import save_troubles

SPECIAL = "@:/?#%&=+ '\"\\$!(){}[]<>;,~^äß€"


@dataclass(frozen=True)
class Run:
    """What a run that fails has in its hands."""

    secret: str
    chance: random.Random
    folder: Path
    env: Callable[[str, str], None]

    @property
    def escaped(self) -> str:
        """As it has to be written in an address."""
        return quote(self.secret, safe="")


def _secret(chance: random.Random) -> str:
    characters = string.ascii_letters + string.digits
    plain = "".join(chance.choice(characters) for _ in range(10))
    return plain[:5] + "".join(chance.choice(SPECIAL) for _ in range(chance.randrange(4))) + plain[5:]


def _database(run: Run, address: str) -> None:
    run.env("XGOALS_DATABASE_URL", address)
    connect(load_settings(home=run.folder), "main")


def no_server(run: Run) -> None:
    _database(run, f"postgresql://ann:{run.escaped}@127.0.0.1:1/x")


def no_host(run: Run) -> None:
    _database(run, f"postgresql://ann:{run.escaped}@no-such-host.invalid/x?connect_timeout=2")


def password_as_an_option(run: Run) -> None:
    _database(run, f"postgresql://127.0.0.1:1/x?user=ann&password={run.escaped}")


def not_escaped(run: Run) -> None:
    _database(run, f"postgresql://ann:{run.secret}@127.0.0.1:1/x")


def password_as_port(run: Run) -> None:
    _database(run, f"postgresql://ann:{run.escaped}/x")


def another_kind_of_database(run: Run) -> None:
    _database(run, f"mysql://ann:{run.escaped}@127.0.0.1/x")


def settings_of_another_type(run: Run) -> None:
    key = run.chance.choice(["backup_check_url", "airflow_database_url", "[metrics]\ntoken"])
    value = run.chance.choice(["[{}]", "{{ a = {} }}"]).format(json.dumps(f"postgresql://u:{run.secret}@h/d"))
    (run.folder / "x.toml").write_text(f"{key} = {value}\n")
    run.env("XGOALS_CONFIG", str(run.folder / "x.toml"))
    load_settings(home=run.folder)


def token_too_weak(run: Run) -> None:
    run.env("XGOALS_METRICS__TOKEN", run.secret[:15] + "\x01")
    load_settings(home=run.folder)


def a_statement_that_fails(run: Run) -> None:
    run.env("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps({"conn_type": "smtp", "password": run.secret}))
    load_settings(home=run.folder)
    raise DBAPIError(
        "insert into connection values (%(password)s)", {"password": run.secret}, ValueError("no")
    )


def a_chain_of_errors(run: Run) -> None:
    name = run.chance.choice(
        ["AWS_SECRET_ACCESS_KEY", "AIRFLOW__CORE__FERNET_KEY", "XGOALS_UI_PASSWORD",
         "AIRFLOW__API_AUTH__JWT_SECRET", "SLACK_WEBHOOK", "KEYCLOAK_CLIENT_SECRET"]
    )  # fmt: skip
    run.env(name, run.secret)
    load_settings(home=run.folder)
    try:
        raise ValueError(f"refused: {run.secret!r}")
    except ValueError as error:
        try:
            raise KeyError(run.secret) from error
        except KeyError as other:
            raise RuntimeError(f"the server does not take {run.escaped}") from other


def a_download_that_breaks_off(run: Run) -> None:
    run.env("FEED_TOKEN", run.secret)
    load_settings(home=run.folder)
    url = run.chance.choice(
        ["http://ann:{}@127.0.0.1:1/a", "http://127.0.0.1:1/a?token={}", "http://127.0.0.1:1/{}"]
    )
    with Downloader("http://127.0.0.1:1/", None) as downloader:
        downloader.get_all([Wanted(url.format(run.escaped), run.folder / "a.json", "json object")])


def a_refused_request(run: Run) -> None:
    request = httpx.Request("GET", f"https://host.invalid/m.json?api_key={run.escaped}&x=1")
    httpx.Response(403, request=request).raise_for_status()


def a_header_that_is_none(run: Run) -> None:
    raise ValueError(f"Illegal header value b'Bearer {''.join(c for c in run.secret if c.isalnum())}'")


FAULTS = (
    no_server, no_host, password_as_an_option, not_escaped, password_as_port, another_kind_of_database,
    settings_of_another_type, token_too_weak, a_statement_that_fails, a_chain_of_errors, a_download_that_breaks_off,
    a_refused_request, a_header_that_is_none,
)  # fmt: skip


def _failing(fault: Callable[[Run], None], run: Run) -> Exception | None:
    try:
        fault(run)
    except Exception as error:
        return error
    return None


def _logged(settings: Settings | None, error: Exception) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(settings))
    record = logging.LogRecord(
        "xgoals", logging.ERROR, "x", 1, "it fails: %s", (error,), (type(error), error, error.__traceback__)
    )
    handler.handle(record)
    return stream.getvalue()


def _told_by_airflow(error: Exception) -> str:
    """As a task fails: its exception, and what Airflow logs of its traceback."""
    from airflow.sdk.exceptions import AirflowFailException

    from xgoals.orchestration.tasks import told_plainly

    try:
        with told_plainly():
            raise error
    except AirflowFailException as failed:
        return str(failed)
    except XgoalsError as failed:
        return str(failed)


def _in_any_form(secret: str) -> set[str]:
    return {secret, quote(secret), quote(secret, safe=""), repr(secret)[1:-1], json.dumps(secret)[1:-1]}


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", {})
    monkeypatch.setattr("xgoals.feeds.fetching.downloader.WAIT_S", 0.0)


def test_no_secret_of_a_failing_run_is_said_logged_or_stored(home, tmp_path, tries, fresh, capsys):
    n = tries(100, small=len(FAULTS))
    json_logs = home.settings.model_copy(
        update={"logs": home.settings.logs.model_copy(update={"format": "json"})}
    )
    open_run(home.settings, database="main", sources=[], dag_run_id="r", started_at=None)
    with home.engine.begin() as connection:
        connection.execute(text("set search_path to xgoals, public"))
        for number in range(n):
            chance = random.Random(f"{tries.seed}:{number}")
            fault = FAULTS[number % len(FAULTS)]
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(secrets, "_known", {})
                run = Run(_secret(chance), chance, tmp_path, patch.setenv)
                error = _failing(fault, run)
                assert error is not None, f"seed {tries.seed}, number {number}: {fault.__name__} fails nobody"
                cli._say_error(str(error), None)
                said = [
                    capsys.readouterr().err,
                    _logged(None, error),
                    _logged(json_logs, error),
                    _told_by_airflow(error),
                ]
                runs.note_error(connection, "r", {"what": str(error)})
                problem = Problem(path="f", reason=str(error), advice="None", severity="match", match_id="m")
                save_problems(connection, "test", "p", "m", [problem], run_id="r")
                save_troubles(connection, "r", "ingest", [Trouble("service", str(error))])
                for table in ("run", "quarantine", "trouble"):
                    said += [
                        row[0] for row in connection.execute(text(f"select to_jsonb(t)::text from {table} t"))
                    ]
                if isinstance(error, XgoalsError):
                    said.append(str(error))
            for what in said:
                for form in _in_any_form(run.secret):
                    assert form not in what, (
                        f"seed {tries.seed}, number {number}, {fault.__name__}: {what[:400]}"
                    )
                # No half of it either: of an address that is cut in the wrong place, a piece is left over.
                if run.secret[:5] in what and fault is not a_header_that_is_none:
                    pytest.fail(
                        f"seed {tries.seed}, number {number}, {fault.__name__}: half of it in {what[:400]}"
                    )
    tries.done(8, "a run that fails with a secret in its hands", n, 100)


@pytest.mark.parametrize("command", [("models", "list"), ("db", "url"), ("status", "--json")])
def test_commands_say_no_secret(tmp_path, monkeypatch, capsys, fresh, command):
    for name in ("XGOALS_DATABASE_URL", "XGOALS_AIRFLOW_DATABASE_URL", "XGOALS_BACKUP_CHECK_URL"):
        monkeypatch.setenv(name, "postgresql://ann:Geh%40im%2Fnis7@127.0.0.1:1/x")
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["xgoals", *command])
    with pytest.raises(SystemExit):
        cli.main()
    printed = "".join(capsys.readouterr())
    assert printed
    if command != ("db", "url"):  # which is asked for the address
        assert "Geh" not in printed
        assert "nis7" not in printed


@pytest.mark.parametrize("who", ["ann:Geh-im-nis7@", "Geh-im-nis7@", "ann:Geh%2Dim-nis7@"])
def test_what_could_not_be_fetched_is_named_without_the_token_of_its_home(
    tmp_path, monkeypatch, capsys, fresh, who
):
    listings = {"competitions.json": [{"competition_id": 9, "season_id": 281}], "281.json": [{"match_id": 1}]}

    def answers(request: httpx.Request) -> httpx.Response:
        listing = listings.get(request.url.path.rpartition("/")[2])
        return httpx.Response(404 if listing is None else 200, json=listing)

    client = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **_: client(transport=httpx.MockTransport(answers)))
    home = f"http://{who}127.0.0.1:1/data"
    monkeypatch.setattr(
        sys,
        "argv",
        ["xgoals", "fetch", "statsbomb", "--home", home, "--to", str(tmp_path), "--competition", "9"],
    )
    with pytest.raises(SystemExit):
        cli.main()
    printed = "".join(capsys.readouterr())
    assert "missing: http://" in printed
    assert "nis7" not in printed
