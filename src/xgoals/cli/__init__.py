"""The command line: the same steps as the DAG's, for a terminal."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from xgoals.cli import (
    clarify,
    data,
    demo,
    drift,
    evaluation,
    explore,
    feeds,
    matches,
    metrics,
    models,
    notifications,
    pipeline,
    profile,
    scores,
    services,
    spark,
    upkeep,
)
from xgoals.domain.errors import XgoalsError
from xgoals.domain.secrets import redacted
from xgoals.logs import is_json, set_up
from xgoals.settings import Settings, load_settings
from xgoals.whole_files import unwritable

app = typer.Typer(
    help="Expected goals, explained: from match feeds to reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"xgoals {version('xgoals')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is."),
    ] = False,
) -> None:
    """Expected goals, explained: from match feeds to reports."""


for commands in (
    demo, services, metrics, pipeline, data, feeds, scores, clarify, drift, profile, explore, upkeep,
):  # fmt: skip
    app.registered_commands += commands.app.registered_commands
    app.registered_groups += commands.app.registered_groups
models.app.command()(evaluation.evaluate)
app.add_typer(matches.app, name="matches", help="Single matches.")
app.add_typer(models.app, name="models", help="The model registry.")
app.add_typer(notifications.app, name="notifications", help="The mails about runs.")
app.add_typer(spark.app, name="spark", help="The same steps on many machines, for backfills (docs/spark.md).")


def _in_words(error: OSError) -> str:
    """What the system refuses, by the path that it is about."""
    if error.filename is None:
        return f"{type(error).__name__}: {error}"
    if isinstance(error.filename, str) and (told := unwritable(error, Path(error.filename))):
        return str(told)
    return f"{error.filename}: {error.strerror}. Check the path, and that this system user may use it"


def _outage_of(error: Exception) -> XgoalsError | None:
    """What is said of a database that went away, or refuses; commands without a database do not load it."""
    if "sqlalchemy" not in sys.modules:
        return None
    from xgoals.store.outages import outage_of

    return outage_of(error)


def _settings_for_logs() -> Settings | None:
    """The settings; None where they cannot be read: the command says so itself, if it needs them."""
    try:
        return load_settings()
    except XgoalsError:
        return None


def _say_error(sentence: str, settings: Settings | None) -> None:
    """The last line of a command that failed; what drivers and servers say in it may repeat what is secret."""
    sentence = redacted(sentence)
    if settings and is_json(settings):
        logging.getLogger("xgoals").error("%s", sentence)
    else:
        typer.echo(f"error: {sentence}", err=True)


def main() -> None:
    """Run a command; an error that the user can act on is one sentence and an exit code, not a traceback."""
    settings = _settings_for_logs()
    set_up(settings)
    try:
        with _private_files():
            app()
    except XgoalsError as error:
        _say_error(str(error), settings)
        sys.exit(error.exit_code)
    except OSError as error:
        _say_error(_in_words(error), settings)
        sys.exit(1)
    except Exception as error:
        if (outage := _outage_of(error)) is None:
            raise
        _say_error(str(outage), settings)
        sys.exit(outage.exit_code)
    except KeyboardInterrupt:
        typer.echo("interrupted; what was committed stays, and the command can be run again", err=True)
        sys.exit(130)


@contextmanager
def _private_files() -> Iterator[None]:
    """What commands and services leave in ``XGOALS_HOME`` is for their owner only; exports and lakes follow the
    person's umask.

    Root's folders may be entered by others, not listed: Postgres runs as another user and has its own below.
    """
    commands = [
        of
        for app in (data.app, scores.app, clarify.app, profile.app, metrics.app)
        for of in app.registered_commands
    ]
    names = {command.name or getattr(command.callback, "__name__", "") for command in commands}
    if len(sys.argv) > 1 and sys.argv[1] in names | {"export", "spark"}:
        yield
        return
    before = os.umask(0o066 if os.geteuid() == 0 else 0o077)
    try:
        yield
    finally:
        os.umask(before)
