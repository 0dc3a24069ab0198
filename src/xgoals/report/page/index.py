"""The index of all reports: newest first, by competition and matchday, searched as one types, whole without script."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from xgoals.language import language as speaker
from xgoals.report.page.render import local_link, render

Kind = Literal["model", "article", "season", "club", "player", "matchday", "match"]
OF_A_MODEL: tuple[Kind, ...] = ("model", "article")
"""Kinds of reports about a model."""
OF_A_SEASON: tuple[Kind, ...] = ("club", "matchday", "match")
"""Kinds that are listed below their season."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A page, or a match that has none yet.

    Attributes
    ----------
    path
        Relative to the index.
    competition, season, round, match_date
        Where they apply; of a season or club the day of the newest match.
    clubs, players
        By whom it is found.
    xg
        Of a match: home and away.
    model_version, chapter, chapter_n
        Of a page about a model; the chapter is empty on its first page, its number is its place among them.
    is_written
        False for a match without a page: it is listed, and linked only where a page is written when it is asked for.
    """

    kind: Kind
    title: str
    path: str
    competition: str = ""
    season: str = ""
    round: str = ""
    match_date: str = ""
    clubs: tuple[str, ...] = ()
    players: tuple[str, ...] = ()
    xg: tuple[float, float] | None = None
    model_version: str = ""
    chapter: str = ""
    chapter_n: int = 0
    is_written: bool = True

    @property
    def about(self) -> str:
        """Competition and season."""
        return " ".join(part for part in (self.competition, self.season) if part)

    @property
    def link(self) -> str:
        """The path, safe in ``href``."""
        return local_link(self.path)


@dataclass(frozen=True, slots=True)
class _Listed:
    """An entry, and by the numbers of which names it is found besides."""

    entry: IndexEntry
    names: str


@dataclass(frozen=True, slots=True)
class _Round:
    """A round: its own page, and its matches."""

    name: str
    date: str
    matchday: IndexEntry | None
    matches: tuple[_Listed, ...]


@dataclass(frozen=True, slots=True)
class _Season:
    """A season: its clubs, its rounds."""

    about: str
    date: str
    clubs: tuple[IndexEntry, ...]
    rounds: tuple[_Round, ...]

    @property
    def n_matches(self) -> int:
        """In all rounds."""
        return sum(len(found.matches) for found in self.rounds)


def index_page(
    entries: Sequence[IndexEntry],
    *,
    language: str = "en",
    is_simulated: bool = False,
    database: str = "main",
) -> str:
    """Write the index.

    Parameters
    ----------
    entries
        Every page, and matches without one.
    language
        ``"en"`` or ``"de"``.
    is_simulated
        Whether the reports speak of invented matches.
    database
        The world they belong to.

    Returns
    -------
    str
        One self-contained HTML page.

    Raises
    ------
    ValueError
        If a path leads out of the reports' folder.
    """
    names = list(dict.fromkeys(name for entry in entries if entry.kind == "match" for name in entry.players))
    numbers = {name: n for n, name in enumerate(names)}
    context = {
        "models": _newest_first(entry for entry in entries if entry.kind in OF_A_MODEL and not entry.chapter),
        "chapters": sorted((entry for entry in entries if entry.chapter), key=lambda entry: entry.chapter_n),
        "players": sorted(
            (entry for entry in entries if entry.kind == "player"), key=lambda entry: _folded(entry.title)
        ),
        "season_pages": _newest_first(entry for entry in entries if entry.kind == "season"),
        "seasons": _seasons((entry for entry in entries if entry.kind in OF_A_SEASON), numbers),
        "names": "|".join(name.replace("|", " ") for name in names),
        "n": len(entries),
        "has_unwritten": not all(entry.is_written for entry in entries),
        "database": database,
        "index_path": None,
        "simulated": is_simulated,
        "styles": ["page/index.css"],
        "scripts": ["page/unwritten.js", "page/index.js"],
    }
    return render("page/index.html", speaker(language), context)


def _seasons(entries: Iterable[IndexEntry], numbers: dict[str, int]) -> list[_Season]:
    """Competition and season, each with its rounds, each round with its own report and its matches; newest first."""
    ordered = sorted(entries, key=lambda entry: entry.about)
    seasons = [
        _season(about, list(part), numbers) for about, part in groupby(ordered, lambda entry: entry.about)
    ]
    return sorted(seasons, key=lambda season: season.date, reverse=True)


def _season(about: str, entries: Sequence[IndexEntry], numbers: dict[str, int]) -> _Season:
    of_rounds = sorted(
        (entry for entry in entries if entry.kind in ("matchday", "match")), key=lambda entry: entry.round
    )
    rounds = [
        _round(name, list(part), numbers) for name, part in groupby(of_rounds, lambda entry: entry.round)
    ]
    clubs = (entry for entry in entries if entry.kind == "club")
    return _Season(
        about=about,
        date=max(entry.match_date for entry in entries),
        clubs=tuple(sorted(clubs, key=lambda entry: _folded(entry.title))),
        rounds=tuple(sorted(rounds, key=lambda found: found.date, reverse=True)),
    )


def _round(name: str, entries: Sequence[IndexEntry], numbers: dict[str, int]) -> _Round:
    matches = _newest_first(entry for entry in entries if entry.kind == "match")
    return _Round(
        name=name,
        date=max(entry.match_date for entry in entries),
        matchday=next((entry for entry in entries if entry.kind == "matchday"), None),
        matches=tuple(
            _Listed(entry, " ".join(str(numbers[player]) for player in entry.players)) for entry in matches
        ),
    )


def _newest_first(entries: Iterable[IndexEntry]) -> list[IndexEntry]:
    by_title = sorted(entries, key=lambda entry: (entry.title, entry.path))
    return sorted(by_title, key=lambda entry: entry.match_date, reverse=True)


def _folded(text: str) -> str:
    """Lower case without accents: "Álex" stands among those with an A."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
