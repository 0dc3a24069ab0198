"""xgoals score: the champion's xG of shots from outside, of a feed's files or of a table of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption, FeedOption, JsonOption, feed_of, print_json, there
from xgoals.domain.errors import SettingsError, SourceError
from xgoals.settings import Database

app = typer.Typer()

SOME_MISTAKES = 4
"""Exit code where some rows could not be scored, and the others are."""
SHOWN_MISTAKES = 20


def _there(context: typer.Context, shots: Path | None) -> Path | None:
    """A table that is there; told before anything is started for it."""
    if shots is not None and not shots.is_file() and not context.resilient_parsing:
        raise SourceError("no such file", where=str(shots), advice="Check the path given as --shots")
    return shots


@app.command()
def score(
    to: Annotated[
        Path | None, typer.Option("--to", help="File to write: .parquet or .csv by its ending.")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--source", callback=there, help="Files of a feed: a folder (archive: folder or file)."),
    ] = None,
    shots: Annotated[
        Path | None,
        typer.Option(
            "--shots", callback=_there, help="A table of your own shots (CSV) in place of a feed's files."
        ),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="Only print (or, with --to, write) a table to begin with.")
    ] = False,
    feed: FeedOption = None,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """The champion's xG for shots from outside; nothing is trained or stored.

    Exit code with --shots: 0 where every row was scored, 4 where some could not be and the others were.
    """
    if sum((source is not None, shots is not None, template)) != 1:
        raise SettingsError(
            "one of --source, --shots and --template is needed",
            advice="A feed's files: --source DIR. Your own shots: --shots FILE; --template shows how they look",
        )
    if template:
        _write_template(to)
    elif to is None:
        raise SettingsError("--to is missing", advice="Name the file to write: --to xg.csv")
    elif shots is not None:
        if to.resolve() == shots.resolve():
            raise SettingsError(
                "--to is the table that --shots reads",
                advice="Name another file: your table is kept as it is",
            )
        _score_table(shots, to, database, json=json)
    elif source is not None and (named := feed_of(feed, source)) is not None:
        _score_feed(named, source, to, database, json=json)


def _score_feed(feed: str, source: Path, to: Path, database: Database, *, json: bool) -> None:
    from xgoals.outputs import scores

    found = scores.score(settings_with(database), database, feed=feed, source=source.resolve(), to=to)
    if json:
        print_json({"shots": found.n_shots, "unlike_anything_seen": found.n_unlike, "path": str(to)})
    else:
        typer.echo(_scored(found.n_shots, to))


def _scored(n: int, to: Path) -> str:
    return f"{'one shot' if n == 1 else f'{n} shots'} scored -> {to}"


def _write_template(to: Path | None) -> None:
    from xgoals.explore.table.writing import template
    from xgoals.whole_files import whole_file

    if to is None:
        typer.echo(template(), nl=False)
        return
    with whole_file(to) as unfinished:
        unfinished.write_bytes(template().encode("utf-8-sig"))
    typer.echo(f"a table to begin with -> {to}")


def _score_table(shots: Path, to: Path, database: Database, *, json: bool) -> None:
    from xgoals.explore.library import Library
    from xgoals.explore.table.answer import answer_table
    from xgoals.explore.table.writing import write
    from xgoals.scoring import Scorer

    content = _content(shots)
    scorer = Scorer(settings_with(database))
    try:
        found = answer_table(Library(scorer), database, content)
    finally:
        scorer.close()
    for mistake in found.mistakes[: None if json else SHOWN_MISTAKES]:
        typer.echo(str(mistake), err=True)
    if len(found.mistakes) > SHOWN_MISTAKES and not json:
        typer.echo(f"and {len(found.mistakes) - SHOWN_MISTAKES} more: see column mistake", err=True)
    if not found.n_scored:
        raise SourceError("no row could be scored", where=str(shots), advice="See the mistakes above")
    write(found, to)
    if json:
        print_json(
            {
                "shots": found.n_scored, "unlike_anything_seen": found.n_unlike,
                "mistakes": found.mistakes, "path": str(to),
            }
        )  # fmt: skip
    else:
        typer.echo(_scored(found.n_scored, to))
    if found.n_unlike and not json:
        typer.echo(
            f"{found.n_unlike} of them are unlike anything the model has seen (n_alike below 10)", err=True
        )
    if found.mistakes:
        raise typer.Exit(SOME_MISTAKES)


def _content(shots: Path) -> bytes:
    """The bytes of a table.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    try:
        return shots.read_bytes()
    except OSError as error:
        raise SourceError(f"the table cannot be read: {error.strerror}", where=str(shots)) from None
