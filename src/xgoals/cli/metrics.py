"""The command that prints what a monitoring system is told."""

from pathlib import Path
from typing import Annotated

import typer

from xgoals.services.airflow.asking import terminal_settings

app = typer.Typer()


@app.command()
def metrics(
    to: Annotated[
        Path | None,
        typer.Option(
            "--to", help="Write it into this file, as a whole: for node_exporter's textfile collector."
        ),
    ] = None,
) -> None:
    """Print all metrics in Prometheus' text format; nothing is started for it.

    A results database that does not answer is told as `xgoals_up 0`, and is no error.
    """
    from xgoals.metrics.exposition import expose
    from xgoals.metrics.snapshot import Monitored, heartbeats_of
    from xgoals.services.airflow.components import api
    from xgoals.whole_files import whole_file

    settings = terminal_settings()
    monitored, airflow = Monitored(settings), api(settings)
    try:
        text = expose(monitored.snapshot(heartbeats_of(airflow.health_page() if airflow else {}))).text
    finally:
        monitored.close()
    if to is None:
        typer.echo(text, nl=False)
        return
    with whole_file(to) as unfinished:
        unfinished.write_bytes(text)
