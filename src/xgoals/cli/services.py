"""Commands on local services: embedded Postgres, Airflow and its UI, the databases."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption, JsonOption, in_mb, print_json, print_table
from xgoals.domain.errors import SettingsError
from xgoals.services.airflow.asking import terminal_settings
from xgoals.services.airflow.files import is_somebody_else_s
from xgoals.settings import Settings, load_settings

if TYPE_CHECKING:
    from xgoals.services.status import ServicesStatus

app = typer.Typer()
db = typer.Typer(no_args_is_help=True)
app.add_typer(db, name="db", help="The results database.")


@app.command()
def up(
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Stay, and watch over it in the foreground; Ctrl-C stops all of it."),
    ] = False,
) -> None:
    """Start embedded Postgres and Airflow with its UI, and wait until all of it is healthy; watched from then on."""
    if watch:
        from xgoals.services.watch import watch_in_foreground

        watch_in_foreground(terminal_settings(), typer.echo)
        return
    from xgoals.services.up import up as start

    start(terminal_settings(), typer.echo)
    _print_status(as_json=False)


@app.command()
def systemd(
    user: Annotated[bool, typer.Option("--user", help="For your own systemd, not the system's.")] = False,
    write: Annotated[
        Path | None, typer.Option("--write", help="Write it into this folder instead of printing it.")
    ] = None,
) -> None:
    """The unit with which systemd starts xgoals with the machine, watches it, and stops it."""
    from xgoals.services.systemd import how_to_use, unit_file, write_unit

    if write is None:
        typer.echo(unit_file(load_settings(), user=user), nl=False)
        return
    path = write_unit(load_settings(), write, user=user)
    typer.echo(f"{path}\n{how_to_use(path, user=user)}")


@app.command()
def down() -> None:
    """Stop what `xgoals up` started; data stays."""
    from xgoals.services.down import down as stop

    stop(load_settings(), typer.echo)


@app.command()
def status(json: JsonOption = False) -> None:
    """What runs, on which ports, with which login, and where the data lies.

    Exit code: 0 if everything runs and is well; 1 if something is down, ill or stuck; 3 if nothing was started.
    """
    raise typer.Exit(_print_status(as_json=json))


@app.command()
def doctor(json: JsonOption = False) -> None:
    """Look at settings, versions, disk, databases, clock, feeds, inbox, mail server, services and processes.

    A line a part: ok, warn or fail, and what to do. Exit code 0: nothing fails; 1: something does.
    """
    from xgoals.services.doctor import Finding, examine

    try:
        findings = list(examine(terminal_settings()))
    except SettingsError as error:
        findings = [Finding("settings", "fail", str(error))]
    if json:
        print_json(findings)
    else:
        for found in findings:
            typer.echo(f"{found.state:<5} {found.part:<10} {found.says}")
            if found.do:
                typer.echo(f"{'':<17}-> {found.do}")
    raise typer.Exit(1 if any(found.state == "fail" for found in findings) else 0)


@db.command()
def url(database: DatabaseOption = "main") -> None:
    """The URL of the results database, password included; nothing is started for it."""
    from xgoals.services.postgres.server import EmbeddedPostgres
    from xgoals.store.database import database_url, is_embedded

    settings = terminal_settings()
    typer.echo(database_url(settings, database))
    if is_embedded(settings, database) and not EmbeddedPostgres(settings.home).runs():
        typer.echo("The server is stopped. 'xgoals up' starts it, or 'xgoals db upgrade'.", err=True)


@db.command()
def upgrade(
    target: Annotated[str, typer.Option("--to", help="Number of a migration; default: the newest.")] = "head",
    database: DatabaseOption = "main",
) -> None:
    """Apply the schema's migrations, and bring views and the rights of readers up to date."""
    from xgoals.store import migrate
    from xgoals.store.database import connect

    engine = connect(settings_with(database), database, whatever_schema=True)
    for sentence in migrate.upgrade(engine, target):
        typer.echo(sentence, err=True)
    typer.echo(f"schema is at {migrate.head() if target == 'head' else target}")


@db.command()
def psql(database: DatabaseOption = "main") -> None:
    """Open psql on the results database (psql must be installed)."""
    import shutil

    from sqlalchemy.engine import make_url

    from xgoals.domain.errors import ServiceError
    from xgoals.store.database import database_url

    program = shutil.which("psql")
    if program is None:
        raise ServiceError("psql is not installed", advice="Use any client with the URL of: xgoals db url")
    address = make_url(database_url(settings_with(database), database)).set(drivername="postgresql")
    environment = os.environ | {
        "PGPASSWORD": address.password or "",
        "PGOPTIONS": "-c search_path=xgoals,public",
    }
    target = address.set(password=None).render_as_string(hide_password=False)
    os.execve(program, [program, target], environment)  # noqa: S606


def _print_status(*, as_json: bool) -> int:
    """Print what runs; the exit code that says it in short."""
    from xgoals.services.status import status as current_status
    from xgoals.steps.models import champions
    from xgoals.steps.upkeep.clean import disk_use

    settings = terminal_settings()
    state = current_status(settings)
    if as_json:
        print_json(
            asdict(state)
            | {
                "exit_code": state.exit_code,
                "disk_use": disk_use(settings),
                "champions": champions(settings),
            }
        )
        return state.exit_code
    postgres = state.postgres
    own = f"{postgres.data_folder}"
    if settings.database_conn_id or settings.database_url:
        conn_id = settings.database_conn_id
        by = f"Airflow's connection '{conn_id}'" if conn_id else "XGOALS_DATABASE_URL"
        own = f"your own server ({by})"
    lines = {
        "Airflow UI": _where_the_ui_is(settings, state),
        "Postgres": f"{'running' if postgres.running else 'stopped'}, port {postgres.port}, version "
        f"{postgres.version}, as system user {postgres.user}",
        "results": own,
        "reports": str(settings.reports),
        "inbox": str(settings.home / "inbox"),
        "outbox": str(settings.outbox),
        "run under way": state.run or "none of this folder's own",
        "watched": f"by process {state.watch_pid}" if state.watch_pid else "by nobody",
    }
    for found in champions(settings):
        pinned = ", pinned: no challenger replaces it (xgoals models pin --none)" if found.is_pinned else ""
        lines[f"champion {found.database}"] = f"{found.model_version}{pinned}"
    for name, text in lines.items():
        typer.echo(f"{name:<14} {text}")
    rows = [
        {"name": c.name, "state": c.state, "pid": c.pid, "memory": f"{c.memory_mib} MiB", "log": c.log}
        for c in state.components
    ]
    if not is_somebody_else_s(settings):
        print_table(
            rows, {"name": "component", "state": "state", "pid": "pid", "memory": "memory", "log": "log"}
        )
    use = [{"what": part.what, "size": in_mb(part.size_bytes)} for part in disk_use(settings)]
    print_table(use, {"what": "disk use", "size": "size"})
    for problem in state.problems:
        typer.echo(f"NOT WELL: {problem}")
    return state.exit_code


def _where_the_ui_is(settings: Settings, state: "ServicesStatus") -> str:
    if is_somebody_else_s(settings):
        return f"{settings.ui.address}, of an Airflow that xgoals did not start"
    if state.url is None:
        return "not running (xgoals up)"
    return f"{state.url}  user {state.user}, password in {state.password_file}"
