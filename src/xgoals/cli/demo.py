"""The demonstration: an invented league through the whole pipeline, history first, then its newest matchday."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from xgoals.settings import load_settings

if TYPE_CHECKING:
    from xgoals.domain.scene import MatchRecord

app = typer.Typer()
SEED = 34


@app.command()
def demo() -> None:
    """Simulate a league, run the whole pipeline on it through Airflow, and say where to look.

    Three seasons come as an archive, but for the last matchday: its nine matches come as a league delivers them,
    in the DFL's files with tracking.
    """
    from xgoals.cli.pipeline import say_outcome
    from xgoals.orchestration.runner import run_pipeline

    settings = load_settings()
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
    typer.echo("Everything in this database is simulated. Next:")
    typer.echo("  make up                         Airflow's UI, with these runs in it")
    typer.echo("  .venv/bin/xgoals models list --database demo")
    typer.echo("  .venv/bin/xgoals run --feed statsbomb --source DIR      the same on real match data")


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
