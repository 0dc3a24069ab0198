"""Commands that work: one whole run through Airflow, or its steps one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from xgoals.cli.options import DatabaseOption, FeedOption, JsonOption, SourceOption, print_json
from xgoals.settings import Database, Settings, load_settings

if TYPE_CHECKING:
    from xgoals.orchestration.following import RunOutcome
    from xgoals.steps import RunContext

app = typer.Typer()


@app.command()
def run(
    feed: FeedOption = "statsbomb",
    source: SourceOption = None,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """Run the whole pipeline once, through the DAG, to its end; exit 0 only when every task succeeded."""
    from xgoals.orchestration.runner import run_pipeline

    settings = load_settings()
    outcome = run_pipeline(
        settings, database=database, feed=feed, source=source.resolve() if source else None
    )
    if json:
        print_json(outcome)
    else:
        say_outcome(settings, database, outcome)
    raise typer.Exit(0 if outcome.state == "success" else 1)


def say_outcome(settings: Settings, database: Database, outcome: "RunOutcome") -> None:
    """The few lines that a person wants to read when a run is over."""
    from xgoals.store import runs
    from xgoals.store.database import connect

    with connect(settings, database).connect() as connection:
        run = runs.read_run(connection, outcome.run_id) or {}
        reports = [r for r in runs.list_reports(connection) if r["run_id"] == outcome.run_id]
        n_quarantined = len(runs.read_quarantine(connection))
    figures = run.get("figures", {})
    if "matches" in figures:
        typer.echo(f"{figures['matches']:,} matches and {figures['shots']:,} shots are stored.")
    if n_quarantined:
        typer.echo(f"{n_quarantined} entries in quarantine; the report says what and why.")
    if figures.get("champion"):
        typer.echo(f"Champion {figures['champion']}. {figures.get('decision', '')}")
    for report in reports:
        if report["kind"] not in ("match", "index"):
            typer.echo(f"Report: {report['path']}")
    if any(report["kind"] == "match" for report in reports):
        typer.echo(f"All pages, those of the matches too: {settings.reports / database / 'index.html'}")


@app.command()
def ingest(
    feed: FeedOption = "statsbomb", source: SourceOption = None, database: DatabaseOption = "main"
) -> None:
    """Read what is new in a source: matches, shots, scenes."""
    from xgoals import steps

    with _single_step("ingest", feed, source, database) as context:
        steps.ingest(context)


@app.command()
def features(database: DatabaseOption = "main") -> None:
    """Build the features of every shot that has none."""
    from xgoals import steps

    with _single_step("features", "-", None, database) as context:
        steps.build_features(context)


@app.command()
def train(database: DatabaseOption = "main") -> None:
    """Train a challenger now, whether or not one is due."""
    from xgoals import steps

    with _single_step("train", "-", None, database) as context:
        challenger = steps.train(context, even_if_not_due=True)
    typer.echo(challenger or "no challenger")


@app.command()
def tune(
    trials: Annotated[int | None, typer.Option("--trials", help="Stop after so many; default: 60.")] = None,
    minutes: Annotated[float | None, typer.Option("--minutes", help="Stop after so long.")] = None,
    database: DatabaseOption = "main",
) -> None:
    """Search for better parameters now, whether or not a search is due; a killed search is taken up again."""
    from xgoals import steps

    with _single_step("tune", "-", None, database) as context:
        typer.echo(steps.tune(context, trials=trials, minutes=minutes, even_if_not_due=True))


@app.command()
def register(
    challenger: Annotated[
        str | None, typer.Argument(help="Model version; default: the one trained last.")
    ] = None,
    database: DatabaseOption = "main",
) -> None:
    """Judge a challenger against the champion and promote it if the evidence says so."""
    from xgoals import steps

    with _single_step("register", "-", None, database) as context:
        champion = steps.register(context, challenger or steps.latest_model(context))
    typer.echo(champion)


@app.command()
def baseline(database: DatabaseOption = "main") -> None:
    """Compute the champion's baseline row."""
    from xgoals import steps

    with _single_step("baseline", "-", None, database) as context:
        steps.compute_baseline(context, steps.champion(context))


@app.command()
def explain(database: DatabaseOption = "main") -> None:
    """Score and explain every shot that the champion has not explained yet."""
    from xgoals import steps

    with _single_step("explain", "-", None, database) as context:
        steps.explain(context, steps.champion(context))


@app.command()
def report(
    match: Annotated[str | None, typer.Option("--match", help="This match's page, by its id.")] = None,
    matchday: Annotated[
        str | None,
        typer.Option(
            "--matchday", help='One matchday\'s pages: "competition, season, number"; cups: "..., Final".'
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Pages of every match (takes a while).")] = False,
    language: Annotated[
        Literal["en", "de"] | None,
        typer.Option("--language", help="Of the pages; default: the setting report.language."),
    ] = None,
    database: DatabaseOption = "main",
) -> None:
    """Write the champion's reports and the index.

    Without options: the model's, those of the newest matchday of each competition and of corrected matches.
    """
    from xgoals import steps

    with _single_step("report", "-", None, database) as context:
        chosen = steps.Selection(match, matchday, every)
        typer.echo(steps.report(context, steps.champion(context), chosen, language=language))


@contextmanager
def _single_step(name: str, feed: str, source: Path | None, database: Database) -> "Iterator[RunContext]":
    """A run of one step, with bookkeeping of its own."""
    from xgoals import steps

    settings = load_settings()
    now = datetime.now(UTC)
    context = steps.open_run(
        settings,
        database=database,
        feed=feed,
        source=source.resolve() if source else settings.inbox(feed),
        dag_run_id=f"cli__{name}__{now:%Y-%m-%dT%H:%M:%S.%f}",
        started_at=now,
    )
    try:
        yield context
    except BaseException as error:
        steps.close_run(context, "failed", name, str(error) or type(error).__name__)
        raise
    steps.close_run(context, "success")
