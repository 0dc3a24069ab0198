"""Commands that bring data in from outside, or take results out."""

from pathlib import Path
from typing import Annotated

import typer

from xgoals.cli.options import DatabaseOption, FeedOption
from xgoals.settings import load_settings

app = typer.Typer()
export = typer.Typer(no_args_is_help=True)
app.add_typer(export, name="export", help="Take results out as .parquet or .csv.")

fetch = typer.Typer(no_args_is_help=True)
app.add_typer(fetch, name="fetch", help="Download open match data from its public home.")

ToOption = Annotated[Path, typer.Option("--to", help="File to write: .parquet or .csv by its ending.")]


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Folder to write league.parquet into.")],
    seasons: Annotated[int, typer.Option(help="Seasons of 306 matches.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed gives the same league.")] = 1863,
) -> None:
    """Write an invented league (18 clubs, about 8,000 shots a season) as an archive; everything in it is made up."""
    from xgoals.feeds.archive import write_archive
    from xgoals.feeds.simulator import simulate_league

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "league.parquet"
    n_matches = write_archive(path, simulate_league(seasons=seasons, seed=seed))
    typer.echo(f"{n_matches} simulated matches -> {path}")


@export.command("shots")
def export_shots(to: ToOption, database: DatabaseOption = "main") -> None:
    """One row a shot: identity, place, manner, outcome, synchronisation, published xG."""
    from xgoals import outputs

    typer.echo(f"{outputs.export_shots(load_settings(), database, to)} shots -> {to}")


@export.command("explanations")
def export_explanations(to: ToOption, database: DatabaseOption = "main") -> None:
    """One row a shot: identity, xG, base value, the features, and the Shapley value of each."""
    from xgoals import outputs

    typer.echo(f"{outputs.export_explanations(load_settings(), database, to)} shots -> {to}")


@export.command("scenes")
def export_scenes(to: ToOption, database: DatabaseOption = "main") -> None:
    """An archive of canonical scenes that `xgoals ingest --feed archive` reads back loss-free (.parquet)."""
    from xgoals import outputs

    typer.echo(f"{outputs.export_scenes(load_settings(), database, to)} matches -> {to}")


@app.command()
def score(
    to: ToOption,
    source: Annotated[Path, typer.Option("--source", help="Folder (archive: folder or file).")],
    feed: FeedOption = "statsbomb",
    database: DatabaseOption = "main",
) -> None:
    """The champion's xG for shots from outside; nothing is trained or stored."""
    from xgoals import outputs

    n_shots = outputs.score(load_settings(), database, feed=feed, source=source.resolve(), to=to)
    typer.echo(f"{n_shots} shots scored -> {to}")
