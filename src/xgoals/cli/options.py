"""Options that several commands share, and how results are printed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from xgoals.settings import Database

DatabaseOption = Annotated[
    Database, typer.Option("--database", help="main: real data. demo: simulated data, kept apart.")
]
FeedOption = Annotated[str, typer.Option("--feed", help="statsbomb, dfl or archive.")]
SourceOption = Annotated[
    Path | None,
    typer.Option("--source", help="Folder (archive: folder or file); default: the inbox of the feed."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def print_json(value: Any) -> None:
    """Print JSON; dates and paths as text."""
    import orjson

    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_DATACLASS
    typer.echo(orjson.dumps(value, default=str, option=options).decode())


def print_table(rows: list[dict[str, Any]], columns: dict[str, str]) -> None:
    """Print rows as a table; ``columns`` maps keys to headings."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns.values(), box=None, header_style="bold")
    for row in rows:
        table.add_row(*("" if row.get(key) is None else str(row[key]) for key in columns))
    console = Console()
    if not console.is_terminal:  # a pipe has no width: nothing is cut
        console = Console(width=240)
    console.print(table)


def in_mb(size_bytes: int) -> str:
    """A size for people."""
    return f"{size_bytes / 1e6:,.1f} MB"
