"""Commands about feeds themselves: which there are, and whether one keeps its promises."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from xgoals.cli.options import JsonOption, feed_names, print_json, print_table, there
from xgoals.feeds import FEEDS, registered
from xgoals.settings import load_settings

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed as the list shows it; ``trouble`` says why it cannot be used."""

    name: str
    files: str
    owner: str | None
    package: str
    inbox: Path
    trouble: str | None


@app.command()
def feeds(json: JsonOption = False) -> None:
    """List the feeds: name, files, whose data they are, the package that brings them, and the inbox of each.

    Exit code 1: a package's entry point is left out, or its feed cannot be loaded; the others work all the same.
    """
    settings = load_settings()
    listed = [
        ListedFeed(
            name, known.about.files, known.about.owner, known.package, settings.inbox(name, "main"),
            str(known.trouble) if known.trouble else None,
        )
        for name, known in FEEDS.items()
    ]  # fmt: skip
    troubles = [*map(str, registered().problems), *(feed.trouble for feed in listed if feed.trouble)]
    if json:
        print_json({"feeds": listed, "problems": troubles})
    else:
        columns = {
            "name": "feed",
            "files": "files",
            "owner": "data of",
            "package": "package",
            "inbox": "inbox",
        }
        print_table([asdict(feed) for feed in listed], columns)
        for trouble in troubles:
            typer.echo(f"problem: {trouble}", err=True)
    raise typer.Exit(1 if troubles else 0)


@app.command("feed-check")
def feed_check(
    feed: Annotated[
        str,
        typer.Argument(
            help="A feed's name, or its code as module or module:object.", autocompletion=feed_names
        ),
    ],
    folder: Annotated[
        Path, typer.Argument(callback=there, help="Folder of its files: a few whole matches or more.")
    ],
    json: JsonOption = False,
) -> None:
    """Check a feed on files of it: what is listed, what is read, and what becomes of damaged files; no database.

    Exit code 1: it fails. What the files cannot tell (too few matches, no penalty) is not judged.
    """
    from xgoals.feed_check import check_feed

    report = check_feed(feed, folder, say=None if json else lambda text: typer.echo(text, err=True))
    if json:
        print_json(report.as_plain())
    else:
        typer.echo(report.as_text())
    raise typer.Exit(0 if report.passed else 1)
