"""Commands on the mails about runs."""

from typing import Annotated

import typer

from xgoals.cli.database import connection_to
from xgoals.cli.options import DatabaseOption, JsonOption, print_json, print_table
from xgoals.services.airflow.asking import terminal_settings

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only what has not been sent and will be tried again.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most so many, the newest first.")] = 30,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """What was to be told to whom, and what became of it; the newest first."""
    from xgoals.store import notifications

    states = notifications.WAITING if waiting else None
    with connection_to(database) as connection:
        rows = notifications.list_notifications(connection, states=states, limit=limit)
    if json:
        print_json(rows)
        return
    for row in rows:
        row["written"] = f"{row['created_at']:%Y-%m-%d %H:%M}"
    headings = {
        "written": "written (UTC)", "state": "state", "kind": "kind", "recipient": "recipient", "subject": "subject",
        "attempts": "tries", "unanswered": "unanswered", "last_error": "last error",
    }  # fmt: skip
    print_table(rows, headings)


@app.command()
def resend(
    every: Annotated[
        bool, typer.Option("--all", help="Also what was given up or laid into the outbox.")
    ] = False,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """Try every waiting mail now; exit 0 only if all of them were sent."""
    from xgoals.services.resend import resend as send_again

    ended = send_again(terminal_settings(), database, all_unsent=every)
    if json:
        print_json(ended)
    elif not ended:
        typer.echo("no mail waits")
    else:
        typer.echo(", ".join(f"{n} {state.replace('_', ' ')}" for state, n in sorted(ended.items())))
    raise typer.Exit(0 if set(ended) <= {"sent"} else 1)
