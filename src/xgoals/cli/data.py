"""Commands that bring data in from outside, or take results out."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from xgoals.cli.database import settings_with
from xgoals.cli.options import DatabaseOption, JsonOption, SourceFeedOption, print_json, there
from xgoals.settings import load_settings

if TYPE_CHECKING:
    from xgoals.feeds.fetching.open_data import Fetched

app = typer.Typer()
export = typer.Typer(no_args_is_help=True)
app.add_typer(export, name="export", help="Take results out as .parquet or .csv.")

fetch = typer.Typer(no_args_is_help=True)
app.add_typer(fetch, name="fetch", help="Download open match data from its public home.")

SOME_MISSING = 4
"""Exit code where some files could not be had, and the others are there."""
SHOWN_MISSING = 20

FolderOption = Annotated[
    Path | None, typer.Option("--to", help="Folder to download into; default: the inbox of the feed.")
]
HomeOption = Annotated[
    str | None, typer.Option("--home", help="Another home with the same files; default: the public one.")
]
ToOption = Annotated[Path, typer.Option("--to", help="File to write: .parquet or .csv by its ending.")]


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Folder to write league.parquet into, or a folder a match.")],
    seasons: Annotated[int, typer.Option(help="Seasons of 306 matches.")] = 3,
    seed: Annotated[int, typer.Option(help="The same seed gives the same league.")] = 1863,
    feed: Annotated[
        Literal["archive", "dfl", "opta", "statsperform"],
        typer.Option(help="Whose files: archive has scenes, the others events and tracking (TRACAB, MA25)."),
    ] = "archive",
    matches: Annotated[
        int | None,
        typer.Option(min=1, help="Only the first so many; default: all of an archive, else a matchday's 9."),
    ] = None,
    rate_hz: Annotated[
        int | None, typer.Option(min=5, max=100, help="Of TRACAB (default 25) and MA25 (default 10).")
    ] = None,
    clock_offset_s: Annotated[
        float, typer.Option(min=-60, max=60, help="By how much Opta's and MA3's clock is late.")
    ] = 0.0,
    ball_missing_pct: Annotated[
        float, typer.Option(min=0, max=90, help="In so much of TRACAB or MA25 the ball is not seen.")
    ] = 0.0,
    json: JsonOption = False,
) -> None:
    """Write an invented league (18 clubs, about 8,000 shots a season) as an archive; everything in it is made up.

    With --feed its first matches as that provider's files. Read them with: xgoals run --feed ... --source DIR
    --database demo
    """
    from xgoals.feeds.archive import write_archive
    from xgoals.feeds.simulator import simulate_league
    from xgoals.feeds.simulator.files import RATE_HZ, write_matches
    from xgoals.feeds.simulator.provider_game import Manner

    if feed in ("archive", "dfl") and (rate_hz is not None or clock_offset_s or ball_missing_pct):
        raise typer.BadParameter(
            "--rate-hz, --clock-offset-s and --ball-missing-pct are of --feed opta and statsperform"
        )
    folder.mkdir(parents=True, exist_ok=True)
    wanted = islice(
        simulate_league(seasons=seasons, seed=seed), matches or (None if feed == "archive" else 9)
    )
    if feed == "archive":
        path = folder / "league.parquet"
        n_matches = write_archive(path, wanted)
    else:
        path = folder
        manner = Manner(
            rate_hz=rate_hz or RATE_HZ.get(feed, 25),
            clock_s=clock_offset_s,
            ball_missing=ball_missing_pct / 100,
        )
        n_matches = write_matches(feed, wanted, folder, seed=seed, manner=manner)
    if json:
        print_json({"matches": n_matches, "path": str(path)})
    else:
        typer.echo(f"{n_matches} simulated matches -> {path}")


@fetch.command("dfl")
def fetch_dfl(
    matches: Annotated[
        list[str] | None, typer.Argument(help="Such as J03WMX; default: all seven of the set.")
    ] = None,
    to: FolderOption = None,
    home: HomeOption = None,
) -> None:
    """The open DFL data set: seven matches with events and tracking, 400 MB each."""
    from xgoals.feeds.fetching import open_data as downloads

    folder = to or load_settings().inbox("dfl", "main")
    with downloads.progress_bar() as progress:
        fetched = downloads.fetch_dfl(
            folder, matches or downloads.DFL_MATCHES, base_url=home or downloads.DFL_URL, progress=progress
        )
    _say_fetched(fetched, folder)


@fetch.command("statsbomb")
def fetch_statsbomb(
    competition: Annotated[int | None, typer.Option(help="Its number in competitions.json.")] = None,
    season: Annotated[int | None, typer.Option(help="Its number in competitions.json.")] = None,
    to: FolderOption = None,
    home: HomeOption = None,
) -> None:
    """StatsBomb's open data: one competition and season, or (without either) all of its thousands of matches."""
    from xgoals.feeds.fetching import open_data as downloads

    folder = to or load_settings().inbox("statsbomb", "main")
    with downloads.progress_bar() as progress:
        fetched = downloads.fetch_statsbomb(
            folder, competition, season, base_url=home or downloads.STATSBOMB_URL, progress=progress
        )
    _say_fetched(fetched, folder)


@fetch.command("wyscout")
def fetch_wyscout(
    competition: Annotated[
        int | None, typer.Option(help="Its number at Wyscout, such as 364 (England) or 426 (Germany).")
    ] = None,
    to: FolderOption = None,
    home: HomeOption = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            callback=there,
            help="Download nothing: take apart the set's own files (events_England.json or the zip archives) in here.",
        ),
    ] = None,
) -> None:
    """Wyscout's public set: 1,941 matches of 2016 to 2018 (1 GB), or one of its seven competitions."""
    from xgoals.feeds.fetching import open_data as downloads
    from xgoals.feeds.fetching.split_wyscout import split_wyscout
    from xgoals.feeds.fetching.wyscout import WYSCOUT_TERMS, WYSCOUT_URL, fetch_wyscout

    folder = to or load_settings().inbox("wyscout", "main")
    if source is not None:
        split = split_wyscout(source, folder, competition)
        typer.echo(f"{split.written} matches, a file each -> {folder}")
        typer.echo(WYSCOUT_TERMS)
        if split.without_events:
            shown = ", ".join(split.without_events[:SHOWN_MISSING])
            typer.echo(f"{len(split.without_events)} listed matches have no events here: {shown}", err=True)
        return
    with downloads.progress_bar() as progress:
        fetched = fetch_wyscout(folder, competition, base_url=home or WYSCOUT_URL, progress=progress)
    _say_fetched(fetched, folder)


@app.command("matches-csv")
def matches_csv(
    folder: Annotated[Path, typer.Argument(callback=there, help="Folder of a provider's event files.")],
    feed: SourceFeedOption,
    to: Annotated[
        Path | None, typer.Option("--to", help="File to write; default: matches.csv in the folder.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write matches.csv, with all that the files say of their matches: fill in what they do not say.

    Lines that are there already stay as they are.
    """
    from xgoals.feeds.event_files.skeleton import write_matches_csv

    added, problems = write_matches_csv(feed, folder, to)
    for problem in problems:
        what = "left out" if problem.severity == "match" else "noted"
        where = f"{problem.path}, {problem.place}" if problem.place else problem.path
        typer.echo(f"{what}: {where}: {problem.reason}. {problem.advice}", err=True)
    _say_written(added, "matches" if json else "matches added", to or folder / "matches.csv", json)


def _say_fetched(fetched: "Fetched", folder: Path) -> None:
    megabytes = fetched.received_bytes / 1e6
    typer.echo(
        f"{fetched.downloaded} files fetched ({megabytes:,.1f} MB), {fetched.kept} were there -> {folder}"
    )
    typer.echo(fetched.terms)
    for missing in fetched.missing[:SHOWN_MISSING]:
        typer.echo(f"missing: {missing.url}: {missing.reason}", err=True)
    if fetched.missing:
        more = len(fetched.missing) - SHOWN_MISSING
        typer.echo(
            f"{len(fetched.missing)} files could not be had{f' ({more} more than shown)' if more > 0 else ''}; "
            "the rest is there. Run the same command again to try them again",
            err=True,
        )
        raise typer.Exit(SOME_MISSING)


def _say_written(n: int, what: str, to: Path, json: bool) -> None:
    if json:
        print_json({what: n, "path": str(to)})
    else:
        typer.echo(f"{n} {what} -> {to}")


@export.command("shots")
def export_shots(to: ToOption, database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """One row a shot: identity, place, manner, outcome, synchronisation, published xG."""
    from xgoals.outputs import exports

    _say_written(exports.export_shots(settings_with(database), database, to), "shots", to, json)


@export.command("explanations")
def export_explanations(to: ToOption, database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """One row a shot: identity, xG, base value, the features, and the Shapley value of each."""
    from xgoals.outputs import exports

    _say_written(exports.export_explanations(settings_with(database), database, to), "shots", to, json)


@export.command("reasons")
def export_reasons(to: ToOption, database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """One row a shot: why its published xG is what it is, in football's order, and how sure that is."""
    from xgoals.outputs import exports

    _say_written(exports.export_reasons(settings_with(database), database, to), "shots", to, json)


@export.command("actors")
def export_actors(
    to: ToOption,
    by_player: Annotated[
        bool, typer.Option("--by-player", help="One row a person: per shot faced, beside ordinary people.")
    ] = False,
    database: DatabaseOption = "main",
    json: JsonOption = False,
) -> None:
    """One row a shot and person: keeper and opponents, and the xG that each took away."""
    from xgoals.outputs import exports

    n_rows = exports.export_actors(settings_with(database), database, to, by_player=by_player)
    _say_written(n_rows, "people" if by_player else "rows", to, json)


@export.command("drift")
def export_drift(to: ToOption, database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """One row a matchday and series: what it holds beside the champion's window, and whether that is an alarm."""
    from xgoals.outputs import exports

    _say_written(exports.export_drift(settings_with(database), database, to), "rows", to, json)


@export.command("bias")
def export_bias(to: ToOption, database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """One row a club (venue, body part, ...) and metric: is xG fair to it, and Clarify's metrics of bias."""
    from xgoals.outputs import exports

    _say_written(exports.export_bias(settings_with(database), database, to), "rows", to, json)


@export.command("scenes")
def export_scenes(to: ToOption, database: DatabaseOption = "main", json: JsonOption = False) -> None:
    """An archive of canonical scenes that `xgoals ingest --feed archive` reads back loss-free (.parquet)."""
    from xgoals.outputs import exports

    _say_written(exports.export_scenes(settings_with(database), database, to), "matches", to, json)
