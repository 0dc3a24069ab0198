"""The demonstration: an invented league through the whole pipeline, history first, then its newest matchday."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xgoals.cli.called import called
from xgoals.services.airflow.asking import terminal_settings
from xgoals.settings import Settings

if TYPE_CHECKING:
    from xgoals.domain.scene import MatchRecord

app = typer.Typer()
SEED = 34


@app.command()
def demo(
    next_matchday: Annotated[
        bool,
        typer.Option(
            "--matchday", help="Only drop the next matchday into the demo's inbox, for the watcher to find."
        ),
    ] = False,
) -> None:
    """Simulate a league, run the whole pipeline on it through Airflow, and say where to look.

    Three seasons come as an archive, but for the last matchday: its nine matches come as a league delivers them,
    in the DFL's files with tracking.
    """
    if next_matchday:
        drop_next_matchday(terminal_settings())
        return
    from xgoals.cli.pipeline import say_outcome
    from xgoals.services.runner.run_pipeline import run_pipeline

    settings = terminal_settings()
    folder = settings.home / "demo"
    history, matchday = folder / "history.parquet", folder / "matchday"
    for source, write, what in (
        (history, _write_history, "three seasons of an invented league; names, shots and goals are made up"),
        (matchday, _write_matchday, "its last matchday as files with tracking, 500 MB"),
    ):
        if not source.exists():
            typer.echo(f"Simulating {what} ...")
            write(source)
    for feed, source in (("archive", history), ("dfl", matchday)):
        outcome = run_pipeline(settings, database="demo", feed=feed, source=source)
        say_outcome(settings, "demo", outcome)
        typer.echo("")
        if outcome.state != "success":
            raise typer.Exit(1)
    say_what_is_next()


def say_what_is_next() -> None:
    """Commands that go on from here, as they can be typed."""
    typer.echo("Everything in this database is simulated. Next:")
    for arguments, what in (
        ("up", "Airflow's UI, with these runs in it"),
        ("demo --matchday", "the next matchday arrives; with the services up the run starts by itself"),
        ("models list --database demo", "every model and what was decided about it"),
        ("run --feed statsbomb --source DIR", "the same on real match data"),
    ):
        typer.echo(f"  {called()} {arguments:<34} {what}")


def drop_next_matchday(settings: Settings) -> None:
    """Lay the files of the matchday after the newest one into the demo's inbox, one after the other.

    Raises
    ------
    SourceError
        If the demo has not run yet.
    """
    from xgoals.feeds.schedule import write_schedule
    from xgoals.feeds.simulator import season_schedule, simulate_matchday
    from xgoals.feeds.simulator.dfl_writer import write_dfl_match
    from xgoals.services.status import status

    season, number = _next_matchday(settings)
    inbox = settings.inbox("dfl", "demo")
    staging = settings.home / "demo" / "next.unfinished"
    shutil.rmtree(staging, ignore_errors=True)
    typer.echo(f"Simulating matchday {number} of season {season}; names, shots and goals are made up ...")
    for n, record in enumerate(simulate_matchday(season, number)):
        write_dfl_match(record, staging / record.match.match_id, seed=SEED + 1000 * season + 10 * number + n)
    inbox.mkdir(parents=True, exist_ok=True)
    write_schedule(inbox / "schedule.csv", season_schedule(season))
    for folder in sorted(staging.iterdir()):
        folder.rename(inbox / folder.name)
        typer.echo(f"  {inbox / folder.name}")
    staging.rmdir()
    state = status(settings)
    wait_s = settings.schedule.settle_s + settings.schedule.poll_s
    if state.running:
        typer.echo(
            f"The watcher takes it for arrived after {wait_s:.0f} s at most, and a run starts: {state.url}"
        )
    else:
        typer.echo(
            f"Airflow is not running. Start it: {called()} up. The watcher will find the matchday then."
        )


def _next_matchday(settings: Settings) -> tuple[int, int]:
    """Season and matchday after the newest one that is stored or lies in the inbox."""
    from xgoals.domain.errors import SourceError
    from xgoals.feeds.simulator.fixtures import FIRST_YEAR
    from xgoals.services.postgres.databases import start_database
    from xgoals.store.arrivals.deliveries import read_matches_with_matchday
    from xgoals.store.database import connect

    start_database(settings, "demo")
    engine = connect(settings, "demo")
    with engine.connect() as connection:
        days = {match.matchday for match in read_matches_with_matchday(connection)}
        known = {(day.season_id, day.number) for day in days}
    engine.dispose()
    if not known:
        raise SourceError("there is no demo league yet", advice=f"Run: {called()} demo")
    inbox = settings.inbox("dfl", "demo")
    lying = [folder.name.rsplit("-", 2) for folder in inbox.glob("SIM-*-*-*")]
    season_id, number = max({*known, *((season, int(day)) for season, day, _ in lying)})
    season, last = int(season_id.rsplit("-")[-1]) - FIRST_YEAR + 1, _league()[1]
    return (season, number + 1) if number < last else (season + 1, 1)


def _league() -> tuple[int, int]:
    """Its last season and matchday."""
    from xgoals.feeds.simulator import DEFAULT_CLUBS, DEFAULT_SEASONS
    from xgoals.feeds.simulator.fixtures import matchdays

    return DEFAULT_SEASONS, matchdays(DEFAULT_CLUBS)


def _write_history(path: Path) -> None:
    """The whole league but for its last matchday, as an archive."""
    from xgoals.feeds.archive import write_archive
    from xgoals.feeds.simulator import simulate_matchday

    def history() -> Iterator["MatchRecord"]:
        last_season, last_matchday = _league()
        for season in range(1, last_season + 1):
            for matchday in range(1, last_matchday + (season < last_season)):
                yield from simulate_matchday(season, matchday)

    path.parent.mkdir(parents=True, exist_ok=True)
    write_archive(path, history())


def _write_matchday(folder: Path) -> None:
    """The last matchday in the DFL's files, a folder a match: whole halves of the first one, else excerpts."""
    from xgoals.feeds.simulator import simulate_matchday
    from xgoals.feeds.simulator.dfl_writer import write_dfl_match

    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for number, record in enumerate(simulate_matchday(*_league())):
        target = unfinished / record.match.match_id
        write_dfl_match(record, target, seed=SEED + number, contiguous=number == 0)
    unfinished.rename(folder)
