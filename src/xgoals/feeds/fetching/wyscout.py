"""Download of Wyscout's public set, and the ``matches.csv`` that its files need."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePath
from urllib.parse import quote, urljoin

import orjson

from xgoals.domain.errors import SourceError
from xgoals.domain.text import is_id
from xgoals.feeds.event_files.matches_csv import MATCHES_CSV, MatchRow
from xgoals.feeds.event_files.skeleton import add_lines
from xgoals.feeds.fetching.downloader import Downloader, Progress, Wanted
from xgoals.feeds.fetching.open_data import Fetched, fetched_by
from xgoals.feeds.json_file import Json
from xgoals.feeds.json_values import id_of, items, obj, text_of, whole
from xgoals.feeds.wyscout.header import score_in

WYSCOUT_URL = "https://raw.githubusercontent.com/koenvo/wyscout-soccer-match-event-dataset/main/"
"""The set of WYSCOUT_TERMS, match by match in Wyscout's own form, beside the original list of matches."""
WYSCOUT_TERMS = (
    "Wyscout public set: CC BY 4.0. Cite Pappalardo, L., Cintia, P., Rossi, A. et al. (2019): A public data set of "
    "spatio-temporal match events in soccer competitions. Scientific Data 6:236, doi.org/10.1038/s41597-019-0247-7."
)
LIST = "raw_data/matches.zip"
MAX_UNPACKED_BYTES = 200_000_000
"""The set's own lists are 8 MB together."""


@dataclass(frozen=True, slots=True)
class _Competition:
    name: str
    season: str


COMPETITIONS: Mapping[str, _Competition] = {
    "matches_England.json": _Competition("Premier League", "2017/2018"),
    "matches_Spain.json": _Competition("La Liga", "2017/2018"),
    "matches_Italy.json": _Competition("Serie A", "2017/2018"),
    "matches_Germany.json": _Competition("1. Bundesliga", "2017/2018"),
    "matches_France.json": _Competition("Ligue 1", "2017/2018"),
    "matches_World_Cup.json": _Competition("World Cup", "2018"),
    "matches_European_Championship.json": _Competition("European Championship", "2016"),
}
"""What the list does not say, by the file of the list."""


def fetch_wyscout(
    target_dir: Path,
    competition_id: int | None = None,
    *,
    base_url: str = WYSCOUT_URL,
    progress: Progress | None = None,
) -> Fetched:
    """Download the public set: ``matches.zip``, ``events/{match}.json``, and ``matches.csv`` made of the list.

    Parameters
    ----------
    target_dir
        Gets the files; lines that its ``matches.csv`` has already stay.
    competition_id
        Wyscout's number of one competition; None takes all.
    base_url
        The folder that holds ``raw_data`` and ``processed-v2``.
    progress
        Called as bytes arrive.

    Raises
    ------
    SourceError
        If the home cannot be reached, nothing of what was chosen can be had, or nothing was chosen.
    UnwritableError
        If the disk is full.
    """
    base = base_url.rstrip("/") + "/"
    with Downloader(base, progress) as downloader:
        listing = Wanted(urljoin(base, LIST), target_dir / "matches.zip", "zip")
        downloader.get_all([listing])
        if not listing.path.exists():
            return fetched_by(downloader, WYSCOUT_TERMS)
        chosen = chosen_matches(listed_matches(_lists_in(listing.path)), competition_id)
        add_lines(target_dir / MATCHES_CSV, chosen)
        names = (row.match_id for row in chosen)
        downloader.get_all(
            [
                Wanted(
                    urljoin(base, f"processed-v2/files/{quote(name)}.json"),
                    target_dir / "events" / f"{name}.json",
                    "json object",
                )
                for name in names
            ]
        )
        return fetched_by(downloader, WYSCOUT_TERMS)


def _lists_in(path: Path) -> dict[str, list[Json]]:
    """The set's own lists of matches, by the names of their files.

    Raises
    ------
    SourceError
        If they are none.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".json")]
            if sum(archive.getinfo(name).file_size for name in names) > MAX_UNPACKED_BYTES:
                raise zipfile.BadZipFile(f"more than {MAX_UNPACKED_BYTES / 1e6:,.0f} MB unpacked")
            return {name: list(map(obj, items(orjson.loads(archive.read(name))))) for name in names}
    except (
        zipfile.BadZipFile, zlib.error, orjson.JSONDecodeError, OSError, EOFError, RuntimeError,
    ) as error:  # fmt: skip
        raise SourceError(
            f"no list of matches ({error})", where=str(path), advice="Remove it and fetch again"
        ) from None


def listed_matches(lists: Mapping[str, list[Json]]) -> list[MatchRow]:
    """The matches of the set's own lists, by date."""
    rows = [
        row
        for name, entries in lists.items()
        for entry in entries
        for row in _row(entry, COMPETITIONS.get(PurePath(name).name))
    ]
    return sorted(rows, key=lambda row: (row.match_date or date.min, row.match_id))


def chosen_matches(rows: list[MatchRow], competition_id: int | None) -> list[MatchRow]:
    """The matches of a competition, or all.

    Raises
    ------
    SourceError
        If there are none.
    """
    chosen = [row for row in rows if competition_id is None or row.competition_id == str(competition_id)]
    if not chosen:
        known = {row.competition_id: row.competition for row in rows}
        told = ", ".join(f"{number} {name}" for number, name in known.items())
        raise SourceError(f"competition {competition_id} is not in the set", advice=f"Competitions: {told}")
    return chosen


def _row(entry: Json, known: _Competition | None) -> Iterator[MatchRow]:
    """The line of an entry; none where it is no match."""
    match_id, teams = id_of(entry.get("wyId")), obj(entry.get("teamsData")).values()
    if match_id is None or not is_id(match_id):  # it becomes the name of a file
        return
    sides = {text_of(obj(team).get("side")): id_of(obj(team).get("teamId")) for team in teams}
    home_score, away_score = score_in(entry.get("label"))
    yield MatchRow(
        match_id=match_id,
        competition_id=id_of(entry.get("competitionId")),
        competition=known.name if known else None,
        season_id=id_of(entry.get("seasonId")),
        season=known.season if known else None,
        match_date=_date(entry.get("dateutc")),
        matchday=whole(entry.get("gameweek")) or None,
        home_team_id=sides.get("home"),
        away_team_id=sides.get("away"),
        home_score=home_score,
        away_score=away_score,
    )


def _date(value: object) -> date | None:
    try:
        return datetime.fromisoformat(text_of(value) or "").date()
    except ValueError:
        return None
