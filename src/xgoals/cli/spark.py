"""xgoals spark: the steps that outgrow one machine, on many."""

from pathlib import Path
from typing import Annotated

import typer

from xgoals.cli.options import DatabaseOption, JsonOption, SourceFeedOption, print_json
from xgoals.cli.pipeline import single_step
from xgoals.settings import load_settings

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

    done = spark_ingest(
        load_settings(), feed=feed, source=source, to=to, tell=lambda line: typer.echo(line, err=True)
    )
    if json:
        print_json(done)
    else:
        typer.echo(str(done))
    raise typer.Exit(LEFT_OUT if done.n_left_out else 0)


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
