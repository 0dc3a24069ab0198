"""The command line: the same steps as the DAG's, for a terminal."""

import logging
import sys

import typer

from xgoals.cli import data, demo, evaluation, models, notifications, pipeline, services, upkeep
from xgoals.domain.errors import XgoalsError

app = typer.Typer(
    help="Expected goals, explained: from match feeds to reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
for commands in (demo, services, pipeline, data, upkeep):
    app.registered_commands += commands.app.registered_commands
    app.registered_groups += commands.app.registered_groups
models.app.command()(evaluation.evaluate)
app.add_typer(models.app, name="models", help="The model registry.")
app.add_typer(notifications.app, name="notifications", help="The mails about runs.")


def main() -> None:
    """Run a command; an error that the user can act on is one sentence and an exit code, not a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    logging.getLogger("xgoals").setLevel(logging.INFO)
    try:
        app()
    except XgoalsError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("interrupted; what was committed stays, and the command can be run again", err=True)
        sys.exit(130)
