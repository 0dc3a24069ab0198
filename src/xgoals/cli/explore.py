"""xgoals explore: the pitch to play with, without Airflow."""

import webbrowser
from typing import Annotated

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption

app = typer.Typer()


@app.command()
def explore(
    database: DatabaseOption = "main",
    port: Annotated[
        int | None,
        typer.Option(min=1024, max=65535, help="Port on this machine's loopback; default: a free one."),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in your browser.")] = False,
) -> None:
    """A pitch to play with: move people and see what the shot is worth, and why; Ctrl-C ends it.

    Only this machine reaches it, and Airflow need not run. All that is written is the page of a match that has none
    yet, when you open it.
    """
    from xgoals.explore.serve import serve

    def ready(address: str) -> None:
        typer.echo(f"{address}\nCtrl-C ends it.")
        if open_browser:
            webbrowser.open(address)

    serve(settings_with(database), database, port=port, ready=ready)
