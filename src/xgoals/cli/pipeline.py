"""Commands that work: one whole run through Airflow, or its steps one by one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption, FeedOption, JsonOption, SourceOption, feed_of, print_json
from xgoals.services.airflow.asking import terminal_settings
from xgoals.settings import Database, Settings
from xgoals.storage import reports_of, where_is

if TYPE_CHECKING:
    from xgoals.services.runner.following import RunOutcome
    from xgoals.steps.run_context import FeedSource, RunContext

app = typer.Typer()

LISTED = ("model", "article", "matchday", "season")
MOST_LISTED = 10
"""Pages of these kinds are named at the end of a run, where they are no more than this."""


@app.command()
def run(
    feed: FeedOption = None,
    source: SourceOption = None,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """Run the whole pipeline once, through the DAG, to its end; exit 0 only when every task succeeded."""
    from xgoals.services.runner.run_pipeline import run_pipeline

    settings = terminal_settings()
    outcome = run_pipeline(
        settings, database=database, feed=feed_of(feed, source), source=source.resolve() if source else None
    )
    if json:
        print_json(outcome)
    else:
        say_outcome(settings, database, outcome)
    raise typer.Exit(0 if outcome.state == "success" else 1)


def say_outcome(settings: Settings, database: Database, outcome: "RunOutcome") -> None:
    """The few lines that a person wants to read when a run is over."""
    from xgoals.domain.model import RunVerdict
    from xgoals.store import runs
    from xgoals.store.database import connect

    with connect(settings, database).connect() as connection:
        run = runs.read_run(connection, outcome.run_id) or {}
        reports = runs.list_reports(connection, outcome.run_id)
        n_quarantined = len(runs.read_quarantine(connection))
    figures = run.get("figures", {})
    if "matches" in figures:
        typer.echo(f"{figures['matches']:,} matches and {figures['shots']:,} shots are stored.")
    if n_quarantined:
        typer.echo(f"{n_quarantined} entries in quarantine; the report says what and why.")
    if figures.get("champion"):
        typer.echo(f"Champion {figures['champion']}. {RunVerdict.of(figures) or ''}")
    for line in _pages_in_words(settings, reports):
        typer.echo(line)
    if not reports and figures.get("report"):
        typer.echo(f"Nothing is new, the pages stay as they are: {where_is(settings, figures['report'])}")
    if reports:
        typer.echo(f"All pages: {where_is(settings, f'{reports_of(database)}/index.html')}")


def _pages_in_words(settings: Settings, reports: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line a page of the kinds that a run is about, and how many there are of the others."""
    from xgoals.store.runs import is_chapter

    by_kind: dict[str, list[str]] = {}
    for report in reports:
        if report["kind"] != "index" and not is_chapter(report):
            by_kind.setdefault(report["kind"], []).append(where_is(settings, report["path"]))
    listed = [kind for kind, paths in by_kind.items() if kind in LISTED and len(paths) <= MOST_LISTED]
    yield from (f"Report: {path}" for kind in listed for path in by_kind.pop(kind))
    if by_kind:
        yield f"Further pages: {', '.join(f'{kind} {len(paths):,}' for kind, paths in by_kind.items())}"


@app.command()
def ingest(feed: FeedOption = None, source: SourceOption = None, database: DatabaseOption = "main") -> None:
    """Read what is new in a source, or in all inboxes: matches, shots, scenes."""
    from xgoals.steps import ingest
    from xgoals.steps.inbox import feeds_with_files
    from xgoals.steps.run_context import FeedSource

    settings, chosen = terminal_settings(), feed_of(feed, source)
    feeds = [chosen] if chosen else feeds_with_files(settings, database)
    paths = [source.resolve() if source else settings.inbox(name, database) for name in feeds]
    with single_step("ingest", database, *map(FeedSource, feeds, paths)) as context:
        ingest.ingest(context)
        ingest.raise_if_newly_refused(context)


@app.command()
def features(database: DatabaseOption = "main") -> None:
    """Build the features of every shot that has none."""
    from xgoals.steps import build_features

    with single_step("features", database) as context:
        build_features.build_features(context)


@app.command()
def train(database: DatabaseOption = "main") -> None:
    """Train a challenger now, whether or not one is due."""
    from xgoals.steps import train

    with single_step("train", database) as context:
        challenger = train.train(context, even_if_not_due=True)
    typer.echo(challenger or "no challenger")


@app.command()
def tune(
    trials: Annotated[int | None, typer.Option("--trials", help="Stop after so many; default: 60.")] = None,
    minutes: Annotated[float | None, typer.Option("--minutes", help="Stop after so long.")] = None,
    database: DatabaseOption = "main",
) -> None:
    """Search for better parameters now, whether or not a search is due; a killed search is taken up again."""
    from xgoals.steps.upkeep import tune

    with single_step("tune", database) as context:
        typer.echo(tune.tune(context, trials=trials, minutes=minutes, even_if_not_due=True))


@app.command()
def register(
    challenger: Annotated[
        str | None, typer.Argument(help="Model version; default: the one trained last.")
    ] = None,
    database: DatabaseOption = "main",
) -> None:
    """Judge a challenger against the champion and promote it if the evidence says so."""
    from xgoals.steps import models, register

    with single_step("register", database) as context:
        champion = register.register(context, challenger or models.latest_model(context))
    typer.echo(champion)


@app.command()
def baseline(database: DatabaseOption = "main") -> None:
    """Compute the champion's baseline row."""
    from xgoals.steps import compute_baseline, models

    with single_step("baseline", database) as context:
        compute_baseline.compute_baseline(context, models.present_champion(context))


@app.command()
def explain(
    shot: Annotated[
        str | None,
        typer.Option("--shot", help="This shot, by provider/match/shot or a shorter end of it ..."),
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", help="... why it is worth more, or less, than this one.")
    ] = None,
    reasons: Annotated[
        Literal["in-time", "all", "none"],
        typer.Option(
            "--reasons",
            help="Reasons of published numbers: for limits.reasons_minutes, all of them, or none now.",
        ),
    ] = "in-time",
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            "--baseline",
            help="What changes against this baseline beside the stored one: file:ROWS.csv, shot:ID, "
            "segment:competition=...,season=...,team=...,body_part=..., clusters:5, sample:200, model. Several times.",
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="With --baseline: values of every shot, .parquet or .csv.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="With --baseline: all of it as one page, .html.")
    ] = None,
    language: Annotated[
        Literal["en", "de"] | None,
        typer.Option("--language", help="Of that page; default: the setting report.language."),
    ] = None,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """Score and explain every shot that the champion has not explained yet; or hold one shot against another.

    With --shot and --against, and with --baseline, nothing is stored.
    """
    from xgoals.cli.baselines import say_baselines
    from xgoals.cli.two_shots import say_side_by_side
    from xgoals.steps import explain, models

    if baseline and against is None:
        say_baselines(database, baseline, shot, to=to, page=page, language=language, json=json)
        return
    if baseline:
        raise typer.BadParameter("--against is one shot as the baseline: give it as --baseline shot:ID")
    if to or page or language:
        raise typer.BadParameter("--to, --page and --language tell of baselines: give --baseline")
    if shot is not None and against is not None:
        say_side_by_side(database, shot, against, json=json)
        return
    if shot is not None or against is not None:
        raise typer.BadParameter(
            "--shot goes with --against, one shot held against another, or with --baseline"
        )
    if json:
        raise typer.BadParameter("--json tells of two shots or of baselines: give --against or --baseline")
    with single_step("explain", database) as context:
        explain.explain(context, models.present_champion(context), reasons=reasons)


@app.command()
def report(
    match: Annotated[
        str | None, typer.Option("--match", help="This match's page, by its id or provider:id.")
    ] = None,
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
    from xgoals.steps import models, report
    from xgoals.steps.pages.selection import PageSelection

    with single_step("report", database) as context:
        chosen, champion = PageSelection(match, matchday, every), models.present_champion(context)
        typer.echo(report.report(context, champion, chosen, language=language, even_if_nothing_new=True))


@contextmanager
def single_step(name: str, database: Database, *sources: "FeedSource") -> "Iterator[RunContext]":
    """A run of one step, with bookkeeping of its own."""
    from xgoals.steps.run_context import close_run, open_run

    settings = settings_with(database, make=True)
    now = datetime.now(UTC)
    context = open_run(
        settings,
        database=database,
        sources=sources,
        dag_run_id=f"cli__{name}__{now:%Y-%m-%dT%H:%M:%S.%f}",
        started_at=now,
    )
    try:
        yield context
    except BaseException as error:
        close_run(context, "failed", name, str(error) or type(error).__name__)
        raise
    close_run(context, "success")
