"""Options that several commands share, and how results are printed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from xgoals.domain.errors import SettingsError, SourceError
from xgoals.feeds import FEEDS, known_feeds_in_words
from xgoals.settings import Database
from xgoals.settings.in_words import did_you_mean

DatabaseOption = Annotated[
    Database, typer.Option("--database", help="main: real data. demo: simulated data, kept apart.")
]


def known_feed(context: typer.Context, feed: str | None) -> str | None:
    """A feed that there is, or none; told before anything is started for it.

    Raises
    ------
    SettingsError
        If there is none of this name.
    """
    if feed is not None and feed not in FEEDS and not context.resilient_parsing:
        raise SettingsError(
            f"unknown feed '{feed}'{did_you_mean(feed, FEEDS)}",
            advice=known_feeds_in_words(),
        )
    return feed


def there(context: typer.Context, source: Path | None) -> Path | None:
    """A source that is there; told before anything is started for it.

    Raises
    ------
    SourceError
        If nothing has this path.
    """
    if source is not None and not source.exists() and not context.resilient_parsing:
        raise SourceError("no such folder", where=str(source), advice="Check the path given as --source")
    return source


def feed_of(feed: str | None, source: Path | None) -> str | None:
    """The feed that is asked for; None means all that have come to the inbox.

    Raises
    ------
    SettingsError
        If a source is named, and not what its files are.
    """
    if feed is None and source is not None:
        kinds = "; ".join(f"{name}: {known.about.files}" for name, known in FEEDS.items())
        raise SettingsError(
            "which feed are the files of?", where=str(source), advice=f"Name it with --feed ({kinds})"
        )
    return feed


def feed_names() -> list[str]:
    """For shell completion."""
    return sorted(FEEDS)


FeedOption = Annotated[
    str | None,
    typer.Option(
        "--feed",
        callback=known_feed,
        autocompletion=feed_names,
        help=f"Kind of the files: {', '.join(FEEDS)}. Default: all that have come to the inbox.",
    ),
]
SourceFeedOption = Annotated[
    str,
    typer.Option(
        "--feed",
        callback=known_feed,
        autocompletion=feed_names,
        help=f"Kind of the files: {', '.join(FEEDS)}.",
    ),
]
SourceOption = Annotated[
    Path | None,
    typer.Option(
        "--source", callback=there, help="Folder (archive: folder or file); default: the inbox of the feed."
    ),
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
