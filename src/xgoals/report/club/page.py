"""The page of a club in a season: for and against, beside its league, with what chance explains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xgoals.analysis.club.blocks import Direction
from xgoals.analysis.club.comparison import Comparisons
from xgoals.analysis.club.numbers import ClubNumbers
from xgoals.analysis.profiles.shown import GroupOnPage
from xgoals.domain.provider_level import ProviderLevel
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.club import tables
from xgoals.report.club.charts import ShotMap, profile_charts, shot_map, trends
from xgoals.report.club.facts import ClubAbout, ClubLinks
from xgoals.report.club.sentences import family_in_words, lead, missing, passes_in_words, points_in_words
from xgoals.report.club.shots import minute, shooter, shot_lists
from xgoals.report.page.profiles import profile_section
from xgoals.report.page.render import OUTCOME_WORDS, render
from xgoals.report.words.level_badge import level_notes
from xgoals.report.words.positions_badge import parts_not_known
from xgoals.report.words.providers import credit_of


@dataclass(frozen=True, slots=True)
class MapMark:
    """A shot on a map with its words and the way to its card."""

    x: float
    y: float
    r: float
    kind: str
    said: str
    href: str | None


@dataclass(frozen=True, slots=True)
class MapOfSide:
    """The map of one side."""

    title: str
    map: ShotMap
    marks: tuple[MapMark, ...]
    n_shots: int
    xg: float


def club_report(
    about: ClubAbout,
    numbers: ClubNumbers,
    comparisons: Comparisons,
    links: ClubLinks,
    *,
    levels: Mapping[str, ProviderLevel] | None = None,
    profiles: GroupOnPage | None = None,
    language: str = "en",
) -> str:
    """Write the page of one club in one season.

    Parameters
    ----------
    about
        Which club, and what the season holds beside its matches.
    numbers
        See :func:`xgoals.analysis.club.numbers.club_numbers`.
    comparisons
        Of all clubs of the season, which the numbers were judged among.
    links
        Addresses of other pages.
    levels
        By provider: the levels that numbers of this page are not at.
    profiles
        What its chances depend on, where it has shots enough.
    language
        ``"en"`` or ``"de"``.

    Returns
    -------
    str
        One self-contained HTML page.
    """
    words = speaker(language)
    own, allowed = (numbers.sides[direction] for direction in Direction)
    context = {
        "level_notes": level_notes(levels or {}, words),
        "about": about,
        "links": links,
        "numbers": numbers,
        "own": own,
        "allowed": allowed,
        "lead": lead(about, numbers, words),
        "parts_not_known": parts_not_known(words)
        if numbers.n_without_positions and numbers.n_without_positions == numbers.n_without_penalties
        else "",
        "missing": missing(about, numbers, words),
        "has_shots": bool(len(own.shots) or len(allowed.shots)),
        "record": tables.record(numbers.matches, words),
        "record_home": tables.record([match for match in numbers.matches if match.is_home], words),
        "record_away": tables.record([match for match in numbers.matches if not match.is_home], words),
        "trends": trends(numbers),
        "matches": tables.match_rows(numbers, links, words),
        "halves": tables.half_rows(numbers, words),
        "at_home": tables.home_rows(numbers, words),
        "maps": _maps(about, numbers, links, words),
        "zones": tables.way_tables("zone", numbers, words),
        "origins": tables.way_tables("origin", numbers, words),
        "passes": tables.way_tables("pass", numbers, words),
        "passes_said": passes_in_words(numbers, words),
        "family": {
            family: family_in_words(comparisons, family, words) for family in ("zone", "origin", "pass", "reasons")
        },
        "reasons": tables.reason_tables(numbers, words),
        "along": None if profiles is None else profile_section(profiles, words),
        "profiles": [
            (tables.direction_in_words(direction, words), chart)
            for direction, chart in profile_charts({of: side.profile for of, side in numbers.sides.items()}).items()
        ],
        "lists": shot_lists(own.chances, allowed.chances, about, links, words),
        "players": tables.player_rows(about, numbers, links, words),
        "n_more_players": max(0, len(numbers.players) - tables.MOST_PLAYERS),
        "n_players_beyond": sum(row.open.is_beyond_chance for row in numbers.players),
        "keepers": tables.keeper_rows(about, numbers, links, words),
        "defenders": tables.defender_rows(about, numbers, links, words),
        "luck": tables.luck_rows(numbers, words),
        "points_said": points_in_words(about, words),
        "sources": _sources(about.provider),
        "styles": ["club/style.css", "page/profile.css"],
    }  # fmt: skip
    return render("club/page.html", words, context)


def _sources(provider: str) -> Sequence[str]:
    return [credit_of(provider)]


def _maps(about: ClubAbout, numbers: ClubNumbers, links: ClubLinks, words: Language) -> tuple[MapOfSide, ...]:
    darkest = max(
        (square.per_match for side in numbers.sides.values() for square in side.squares), default=1.0
    )
    found = []
    for direction, side in numbers.sides.items():
        drawn = shot_map(side.shots, side.squares, darkest)
        rows = side.shots.to_dict("records")
        marks = []
        for mark in drawn.marks:
            row = rows[mark.row]
            outcome = words.text(OUTCOME_WORDS.get(str(row["outcome"]), "no goal"))
            who = f"{words.day(row['match_date'])}, {minute(row)} {shooter(row, about, words)}"
            said = f"{who}, {words.xg(row['xg'])} xG, {outcome}"
            marks.append(
                MapMark(mark.x, mark.y, mark.r, mark.kind, said, links.cards.get(int(row["shot_key"])))
            )
        title = tables.direction_in_words(direction, words)
        found.append(MapOfSide(title, drawn, tuple(marks), len(side.shots), float(side.shots["xg"].sum())))
    return tuple(found)
