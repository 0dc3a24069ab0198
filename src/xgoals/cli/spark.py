"""xgoals spark: the steps that outgrow one machine, on many."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xgoals.cli.options import DatabaseOption, JsonOption, SourceFeedOption, print_json, print_table
from xgoals.cli.pipeline import single_step
from xgoals.domain.model import CatalogueName
from xgoals.settings import Database, load_settings

if TYPE_CHECKING:
    from xgoals.spark.load import Loaded

app = typer.Typer(no_args_is_help=True)

LEFT_OUT = 4
"""Exit code where some matches were left out, and the others are there."""

FromOption = Annotated[str, typer.Option("--source", help="Folder, or URL of a bucket (s3://...), to read.")]
IntoOption = Annotated[str, typer.Option("--to", help="Folder, or URL of a bucket, to write into.")]


@app.command()
def ingest(feed: SourceFeedOption, source: FromOption, to: IntoOption, json: JsonOption = False) -> None:
    """Feed files into a folder of archives, a file a match, with clips; only what is new or changed.

    Load it with: xgoals ingest --feed archive --source DIR. Exit code 4 where some matches were left out.
    """
    from xgoals.spark.ingest import spark_ingest

    done = spark_ingest(load_settings(), feed=feed, source=source, to=to, tell=_tell)
    _say(done, json)
    raise typer.Exit(LEFT_OUT if done.n_left_out else 0)


@app.command()
def features(
    source: FromOption,
    to: IntoOption,
    catalogue: Annotated[
        CatalogueName | None,
        typer.Option("--catalogue", help="Whose features; default: the setting training.catalogue."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """The features of every shot of a folder of archives, as a folder of Parquet; what was in it is replaced.

    Exit code 4 where some matches were left out.
    """
    from xgoals.spark.build import spark_features

    done = spark_features(load_settings(), source=source, to=to, catalogue=catalogue, tell=_tell)
    for problem in done.problems:
        what = "left out" if problem.severity == "match" else "noted"
        place = ", ".join(filter(None, (problem.path, problem.match_id, problem.place)))
        _tell(f"{what}: {place}: {problem.reason}. {problem.advice}")
    if done.n_problems > len(done.problems):
        _tell(f"{done.n_problems:,} in all: see _problems in {to}")
    _say(done, json)
    raise typer.Exit(LEFT_OUT if done.n_left_out else 0)


@app.command()
def explain(
    source: FromOption,
    to: IntoOption,
    database: DatabaseOption = "main",
    load: Annotated[
        bool, typer.Option("--load", help="Also put them into the results database, and publish what is due.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """The champion's number and its exact explanation of every shot of a folder of features, as a folder of Parquet.

    Each number comes from the sister that has not seen the match. Exit code 4 where --load has refused some.
    """
    from xgoals.cli.database import settings_with
    from xgoals.spark.explain import spark_explain

    done = spark_explain(settings_with(database), database, source=source, to=to)
    if not load:
        _say(done, json)
        return
    if not json:
        typer.echo(str(done))
    _say_loaded(_load(database, to), json)


@app.command()
def train(
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, help="How many grow the trees; default: those that are there at once."
        ),
    ] = None,
    database: DatabaseOption = "main",
) -> None:
    """Train a challenger now, its trees grown by Spark's workers: the same model, to the bit, as xgoals train makes.

    It is sooner done without Spark (docs/spark.md). Judge it with: xgoals register.
    """
    from xgoals.spark.fit import growing
    from xgoals.steps import train

    with growing(load_settings(), workers) as grow, single_step("train", database) as context:
        challenger = train.train(context, even_if_not_due=True, grow=grow)
    typer.echo(challenger or "no challenger")


@app.command()
def copy(
    source: Annotated[str, typer.Option("--source", help="URL of a lake (s3://...).")],
    to: Annotated[Path, typer.Option("--to", help="Folder of this machine that is to hold the same.")],
) -> None:
    """A lake in a bucket as a folder, to load it: only what has changed is fetched, what has gone there goes here."""
    from xgoals.spark.copying import copy_lake

    n = copy_lake(source, to.expanduser().resolve())
    typer.echo(f"{n:,} files fetched into {to}. Load them with: xgoals ingest --feed archive --source {to}")


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="In Spark SQL; docs/lake.md has ten.")],
    archives: Annotated[str, typer.Option("--archives", help="Folder or URL of the archives.")],
    features: Annotated[str, typer.Option("--features", help="What xgoals spark features has written.")],
    explanations: Annotated[
        str, typer.Option("--explanations", help="What xgoals spark explain has written.")
    ],
    json: JsonOption = False,
) -> None:
    """Ask the lake: champion_shot, shot_explanation_long, match, player, shot_position, as in Postgres."""
    from xgoals.spark.asking import Lake, ask_lake

    rows = ask_lake(load_settings(), Lake(archives, features, explanations), query, _tell)
    if json:
        print_json(rows)
    elif rows:
        print_table(rows, {name: name for name in rows[0]})
    else:
        typer.echo("no rows")


def _load(database: Database, place: str) -> "Loaded":
    from xgoals.spark.load import load_explanations

    with single_step("load-explanations", database) as context:
        return load_explanations(context, place)


def _say_loaded(loaded: "Loaded", json: bool) -> None:
    for sentence in loaded.sentences:
        _tell(sentence)
    _say(loaded, json)
    raise typer.Exit(LEFT_OUT if loaded.n_refused else 0)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _say(done: Any, json: bool) -> None:
    if json:
        print_json(done)
    else:
        typer.echo(str(done))
