"""Commands that work: one whole run through Airflow, or its steps one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xgoals.cli.options import DatabaseOption, FeedOption, JsonOption, SourceOption, print_json
from xgoals.settings import Database, Settings, load_settings

if TYPE_CHECKING:
    from xgoals.orchestration.runner import RunOutcome
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
        _say_outcome(settings, database, outcome)
    raise typer.Exit(0 if outcome.state == "success" else 1)


@app.command()
def demo() -> None:
    """Simulate a league, run the whole pipeline on it through Airflow, and say where to look."""
    from xgoals.feeds.archive import write_archive
    from xgoals.feeds.simulator import simulate_league
    from xgoals.orchestration.runner import run_pipeline

    settings = load_settings()
    league = settings.home / "demo" / "league.parquet"
    if not league.is_file():
        typer.echo("Simulating three seasons of an invented league; names, shots and goals are made up ...")
        league.parent.mkdir(parents=True, exist_ok=True)
        write_archive(league, simulate_league())
    outcome = run_pipeline(settings, database="demo", feed="archive", source=league)
    _say_outcome(settings, "demo", outcome)
    typer.echo("")
    typer.echo("Everything in this database is simulated. Next:")
    typer.echo("  make up                         Airflow's UI, with this run in it")
    typer.echo("  .venv/bin/xgoals models list --database demo")
    typer.echo("  .venv/bin/xgoals run --feed statsbomb --source DIR      the same on real match data")
    raise typer.Exit(0 if outcome.state == "success" else 1)


def _say_outcome(settings: Settings, database: Database, outcome: "RunOutcome") -> None:
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
        typer.echo(f"Report: {report['path']}")


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
    match: Annotated[str | None, typer.Option("--match", help="Only this match's pages, by its id.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Pages of every match (takes a while).")] = False,
    database: DatabaseOption = "main",
) -> None:
    """Write the champion's reports: the model's, those of the newest matchdays (or as chosen), and the index."""
    from xgoals import steps

    with _single_step("report", "-", None, database) as context:
        typer.echo(steps.report(context, steps.champion(context), steps.Selection(match, every)))


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
