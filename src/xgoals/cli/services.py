"""Commands on local services: embedded Postgres, Airflow and its UI, the databases."""

import os
from dataclasses import asdict
from typing import Annotated

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption, JsonOption, in_mb, print_json, print_table
from xgoals.domain.errors import SettingsError
from xgoals.settings import load_settings

app = typer.Typer()
db = typer.Typer(no_args_is_help=True)
app.add_typer(db, name="db", help="The results database.")


@app.command()
def up() -> None:
    """Start embedded Postgres and Airflow with its UI, and wait until all of it is healthy."""
    from xgoals.services.up import up as start

    start(load_settings(), typer.echo)
    _print_status(as_json=False)


@app.command()
def down() -> None:
    """Stop what `xgoals up` started; data stays."""
    from xgoals.services.down import down as stop

    stop(load_settings(), typer.echo)


@app.command()
def status(json: JsonOption = False) -> None:
    """What runs, on which ports, with which login, and where the data lies."""
    _print_status(as_json=json)


@app.command()
def doctor(json: JsonOption = False) -> None:
    """Look at settings, versions, disk, databases, clock, inbox, mail server, services and processes.

    A line a part: ok, warn or fail, and what to do. Exit code 0: nothing fails; 1: something does.
    """
    from xgoals.services.doctor import Finding, examine

    try:
        findings = list(examine(load_settings()))
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
    """The URL of the results database, password included."""
    from xgoals.store.database import database_url

    typer.echo(database_url(settings_with(database), database))


@db.command()
def upgrade(
    target: Annotated[str, typer.Option("--to", help="Number of a migration; default: the newest.")] = "head",
    database: DatabaseOption = "main",
) -> None:
    """Apply the schema's migrations and create the views anew."""
    from xgoals.store import migrate
    from xgoals.store.database import connect

    migrate.upgrade(connect(settings_with(database), database), target)
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


def _print_status(*, as_json: bool) -> None:
    from xgoals.services.status import status as current_status
    from xgoals.steps.upkeep.clean import disk_use

    settings = load_settings()
    state = current_status(settings)
    if as_json:
        print_json(asdict(state) | {"disk_use": disk_use(settings)})
        return
    postgres = state.postgres
    own = "your own server (XGOALS_DATABASE_URL)" if settings.database_url else f"{postgres.data_folder}"
    lines = {
        "Airflow UI": f"{state.url}  user {state.user}, password in {state.password_file}"
        if state.url
        else "not running (xgoals up)",
        "Postgres": f"{'running' if postgres.running else 'stopped'}, port {postgres.port}, version "
        f"{postgres.version}, as system user {postgres.user}",
        "results": own,
        "reports": str(settings.reports),
        "inbox": str(settings.home / "inbox"),
        "outbox": str(settings.outbox),
        "run under way": state.run or "none of this folder's own",
    }
    for name, text in lines.items():
        typer.echo(f"{name:<14} {text}")
    rows = [
        {"name": c.name, "state": c.state, "pid": c.pid, "memory": f"{c.memory_mib} MiB", "log": c.log}
        for c in state.components
    ]
    print_table(rows, {"name": "component", "state": "state", "pid": "pid", "memory": "memory", "log": "log"})
    use = [{"what": part.what, "size": in_mb(part.size_bytes)} for part in disk_use(settings)]
    print_table(use, {"what": "disk use", "size": "size"})
