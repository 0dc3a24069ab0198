"""A season as its page shows it: rows, marks and links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.season.chances import MatchChances
from xgoals.analysis.season.luck import GoalLuck
from xgoals.analysis.season.numbers import RoundMatches, SeasonNumbers
from xgoals.analysis.season.reasons import PartWeight
from xgoals.analysis.season.table import ClubRow
from xgoals.analysis.season.trends import WINDOW, ClubTrend
from xgoals.analysis.shots import text_or_empty
from xgoals.domain.page_keys import ClubKey, PlayerKey
from xgoals.language import Language
from xgoals.report.season.links import SeasonLinks
from xgoals.report.season.places import Span, TrendLines, span, trend_lines
from xgoals.report.words.clock import clock
from xgoals.report.words.how_often import how_often

SHOWN_PLAYERS = 5
"""Players listed at either end of the finishing table."""
MOST_XG = 10
"""Players listed by their chances."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name, and the address of its page where there is one."""

    name: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A club in the table: its numbers, and the points that such chances give as a picture and in words."""

    club: Named
    row: ClubRow
    points: Span
    often: str


@dataclass(frozen=True, slots=True)
class LuckRow:
    """Goals against xG of a club or player: numbers, picture, words."""

    whose: Named
    luck: "GoalLuck[ClubKey] | GoalLuck[PlayerKey]"
    place: Span
    often: str


@dataclass(frozen=True, slots=True)
class TrendCell:
    """One of the small pictures."""

    club: Named
    lines: TrendLines
    mean_for: float
    mean_against: float
    blocks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A match with its result: how often such chances end in it, its page, or where that will lie."""

    home: Named
    away: Named
    score: str
    path: str | None
    missing: str | None
    xg: tuple[float, float] | None
    likelihood: float | None
    often: str
    match_date: str


@dataclass(frozen=True, slots=True)
class ShotRow:
    """A shot, and the way to its card."""

    player: Named
    clock: str
    club: str
    match: str
    match_date: str
    xg: float
    outcome: str
    path: str | None


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round with its matches; ``name`` is its number, a stage or a date."""

    name: str
    path: str | None
    matches: tuple[MatchRow, ...]


@dataclass(frozen=True, slots=True)
class SeasonFacts:
    """All that the page of a season shows but its sentences."""

    table: tuple[TableRow, ...]
    finishing: tuple[LuckRow, ...]
    keeping: tuple[LuckRow, ...]
    trends: tuple[TrendCell, ...]
    blocks: tuple[str, ...]
    players: tuple[LuckRow, ...]
    most_xg: tuple[LuckRow, ...]
    keepers: tuple[LuckRow, ...]
    unlikely: tuple[MatchRow, ...]
    surprises: tuple[ShotRow, ...]
    best: tuple[ShotRow, ...]
    misses: tuple[ShotRow, ...]
    reasons: tuple[PartWeight, ...]
    most_moved: float
    rounds: tuple[RoundRow, ...]


def season_facts(
    numbers: SeasonNumbers, names: Mapping[PlayerKey, str], links: SeasonLinks, words: Language
) -> SeasonFacts:
    """Put a season into rows.

    Parameters
    ----------
    names
        Of players.
    """
    found = numbers.extremes
    players = {key: Named(name, links.players.get(key)) for key, name in names.items()}
    clubs = {row.club: _club(row.club, links) for row in numbers.table}
    most_xg = sorted(numbers.players, key=lambda row: -row.xg)[:MOST_XG]
    cells = _trends(numbers, links)
    weights = numbers.reasons.parts
    return SeasonFacts(
        table=_table(numbers.table, clubs, words),
        finishing=_luck(numbers.finishing, clubs, words),
        keeping=_luck(sorted(numbers.keeping, key=lambda row: row.over), clubs, words),
        trends=cells,
        blocks=_block_names(cells),
        players=_luck(_ends(numbers.players), players, words),
        most_xg=_luck(most_xg, players, words),
        keepers=_luck(numbers.keepers, _keepers(numbers.keepers, players, links, words), words),
        unlikely=tuple(_match(match, links, words) for match in found.results),
        surprises=_shots(found.surprises, players, links),
        best=_shots(found.best, players, links),
        misses=_shots(found.misses, players, links),
        reasons=weights,
        most_moved=max((of.interval[1] if of.interval else of.mean_abs for of in weights), default=1.0),
        rounds=tuple(_round(found, links, words) for found in numbers.rounds),
    )


def _club(club: ClubKey, links: SeasonLinks) -> Named:
    return Named(club.name, links.clubs.get(club))


def _table(rows: Sequence[ClubRow], clubs: Mapping[ClubKey, Named], words: Language) -> tuple[TableRow, ...]:
    most = max((max(row.points_covered, row.points_interval[1]) for row in rows), default=1)
    return tuple(
        TableRow(
            clubs[row.club],
            row,
            span(*row.points_interval, row.points_covered, row.expected_points, start=0, end=most),
            how_often(row.chance, words),
        )
        for row in rows
    )


def _luck(
    rows: "Sequence[GoalLuck[ClubKey]] | Sequence[GoalLuck[PlayerKey]]",
    named: "Mapping[ClubKey, Named] | Mapping[PlayerKey, Named]",
    words: Language,
) -> tuple[LuckRow, ...]:
    reach = max((abs(edge) for row in rows for edge in (*row.interval, row.over)), default=1.0) or 1.0
    known: Mapping[object, Named] = dict(named.items())
    return tuple(
        LuckRow(
            known.get(row.whose, Named("")),
            row,
            span(*row.interval, row.over, 0.0, start=-reach, end=reach),
            how_often(row.chance, words),
        )
        for row in rows
    )


def _keepers(
    rows: Sequence[GoalLuck[PlayerKey]],
    players: Mapping[PlayerKey, Named],
    links: SeasonLinks,
    words: Language,
) -> dict[PlayerKey, Named]:
    """What keepers are called; whom the feed names by an id alone, by that."""
    return {
        row.whose: known
        if (known := players.get(row.whose)) and known.name
        else Named(words.text("no name known (%(id)s)", id=row.whose.player_id), links.players.get(row.whose))
        for row in rows
    }


def _ends(rows: Sequence[GoalLuck[PlayerKey]]) -> list[GoalLuck[PlayerKey]]:
    """The players furthest over and furthest under expectation, nobody twice."""
    top = [row for row in rows[:SHOWN_PLAYERS] if row.over > 0]
    return top + [row for row in rows[len(top) :][-SHOWN_PLAYERS:] if row.over < 0]


def _trends(numbers: SeasonNumbers, links: SeasonLinks) -> tuple[TrendCell, ...]:
    """In the order of the table."""
    known = [numbers.trends[row.club] for row in numbers.table if row.club in numbers.trends]
    highest = max(
        (max(point.mean_for, point.mean_against) for trend in known for point in trend.points), default=1.0
    )
    return tuple(_trend(trend, highest, links) for trend in known if len(trend.points) > 1)


def _trend(trend: ClubTrend, highest: float, links: SeasonLinks) -> TrendCell:
    n = len(trend.points)
    return TrendCell(
        club=_club(trend.club, links),
        lines=trend_lines(trend.points, highest),
        mean_for=sum(point.xg_for for point in trend.points) / n,
        mean_against=sum(point.xg_against for point in trend.points) / n,
        blocks=trend.blocks,
    )


def _block_names(cells: Sequence[TrendCell]) -> tuple[str, ...]:
    n = max((len(cell.blocks) for cell in cells), default=0)
    return tuple(f"{WINDOW * at + 1}\N{EN DASH}{WINDOW * (at + 1)}" for at in range(n))


def _match(match: MatchChances, links: SeasonLinks, words: Language) -> MatchRow:
    told, likelihood = match.match, match.likelihood
    known = told.home_score is not None and told.away_score is not None
    return MatchRow(
        home=_club(told.home, links),
        away=_club(told.away, links),
        score=words.score(f"{told.home_score}\N{EN DASH}{told.away_score}") if known else "\N{EN DASH}",
        path=links.matches.get(told.key),
        missing=links.missing.get(told.key),
        xg=None if match.shares is None else (match.home.xg, match.away.xg),
        likelihood=likelihood,
        often="" if likelihood is None else how_often(likelihood, words),
        match_date=str(told.match_date),
    )


def _shots(
    shots: pd.DataFrame, players: Mapping[PlayerKey, Named], links: SeasonLinks
) -> tuple[ShotRow, ...]:
    return tuple(
        ShotRow(
            player=players.get(
                PlayerKey(row["provider"], text_or_empty(row["player_id"])),
                Named(text_or_empty(row["player"])),
            ),
            clock=clock({str(key): value for key, value in row.items()}),
            club=text_or_empty(row["team"]),
            match=f"{row['home_team']} \N{EN DASH} {row['away_team']}",
            match_date=str(row["match_date"]),
            xg=float(row["xg"]),
            outcome=text_or_empty(row["outcome"]),
            path=links.cards.get(int(row["shot_key"])),
        )
        for row in shots.to_dict("records")
    )


def _round(found: RoundMatches, links: SeasonLinks, words: Language) -> RoundRow:
    return RoundRow(
        found.key.round,
        links.rounds.get(found.key),
        tuple(_match(match, links, words) for match in found.matches),
    )
