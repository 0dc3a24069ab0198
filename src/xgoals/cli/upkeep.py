"""Commands for the person who keeps it running: room on the disk, backups, secrets."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption, JsonOption, in_mb, print_json, print_table
from xgoals.domain.errors import SettingsError
from xgoals.services.airflow.asking import terminal_settings

if TYPE_CHECKING:
    from xgoals.steps.upkeep.backup import BackupFile

app = typer.Typer()


@app.command()
def clean(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    json: JsonOption = False,
) -> None:
    """Remove what is older than [retention] says; never feed files, published numbers or champions."""
    from xgoals.services.clean import clean_all

    freed = clean_all(terminal_settings(), dry_run=dry_run, tell=lambda line: typer.echo(line, err=True))
    if json:
        print_json(freed)
        return
    rows = [
        {"what": part.what, "days": part.older_than_days, "n": f"{part.n:,}", "size": in_mb(part.size_bytes)}
        for part in freed
    ]
    done = "would go" if dry_run else "removed"
    print_table(rows, {"what": "what", "days": "older than days", "n": done, "size": "size"})


@app.command()
def backup(
    to: Annotated[Path, typer.Option("--to", help="File to write.")],
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """Write all results into one file, while everything goes on."""
    from xgoals.steps.upkeep import backup

    folder = to.resolve().parent
    if not folder.is_dir():
        raise SettingsError(
            "there is no such folder",
            where=str(folder),
            advice=f"Mend the path, or make it: mkdir -p {folder}",
        )
    n_rows = backup.backup(settings_with(database), database, to)
    if json:
        print_json({"path": str(to), "rows": n_rows, "size_bytes": to.stat().st_size})
    else:
        typer.echo(f"{n_rows:,} rows -> {to} ({in_mb(to.stat().st_size)})")


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="File that xgoals backup has written.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the results that are there.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only read the file: is it whole, what is in it?")
    ] = False,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """Put a backup in place of the results, wholly or not at all."""
    from xgoals.steps.upkeep import backup

    if check:
        _tell_of(backup.examine(source), json=json)
        return
    n_rows = backup.restore(settings_with(database), database, source, replace=replace)
    if json:
        print_json({"path": str(source), "rows": n_rows})
        return
    typer.echo(
        f"{n_rows:,} rows are in the database now. Pages come back with the next run, or: xgoals report --all"
    )


def _tell_of(found: "BackupFile", *, json: bool) -> None:
    if json:
        print_json(asdict(found))
        return
    whole = "whole" if found.has_checksum else "readable; it has no checksum, as those of earlier releases"
    typer.echo(
        f"{found.path} is {whole}: {found.rows:,} rows, schema {found.schema_version}. Nothing was changed"
    )


@app.command()
def rotate_secrets() -> None:
    """Replace Airflow's keys, the UI's password and the embedded database's; Airflow must be down."""
    from xgoals.services.rotate_secrets import rotate_secrets as rotate

    rotate(terminal_settings(), typer.echo)


@app.command()
def provision() -> None:
    """Make roles, databases, schemas and the UI's password on a server of your own (docker-compose.yml does so).

    Reads XGOALS_ADMIN_DATABASE_URL, XGOALS_DATABASE_URL, XGOALS_AIRFLOW_DATABASE_URL and XGOALS_UI_PASSWORD.
    """
    from xgoals.services.provision import provision as provision_server

    provision_server(terminal_settings(), typer.echo)
