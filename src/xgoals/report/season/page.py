"""The page of a season."""

from collections.abc import Mapping
from dataclasses import dataclass

from xgoals.analysis.season.numbers import SeasonNumbers
from xgoals.analysis.season.trends import WINDOW
from xgoals.domain.page_keys import PlayerKey
from xgoals.domain.provider_level import ProviderLevel
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.page.render import render
from xgoals.report.season import sentences
from xgoals.report.season.facts import SeasonFacts, season_facts
from xgoals.report.season.links import SeasonLinks
from xgoals.report.words.level_badge import level_notes
from xgoals.report.words.positions_badge import parts_not_known


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences of the page."""

    lead: str
    missing: tuple[str, ...]
    parts_not_known: str
    no_table: str
    points: str
    finishing: str
    keeping: str
    players: str
    keepers: str
    reasons: str
    parts: tuple[str, ...]


def season_report(
    numbers: SeasonNumbers,
    names: Mapping[PlayerKey, str],
    links: SeasonLinks,
    *,
    sources: tuple[str, ...] = (),
    is_simulated: bool = False,
    levels: Mapping[str, ProviderLevel] | None = None,
    language: str = "en",
) -> str:
    """Write the page of a season.

    Parameters
    ----------
    numbers
        What is counted of it.
    names
        What its players are called.
    links
        Where the pages lie that it leads to.
    sources
        Whom to name as the source of real data.
    is_simulated
        Whether any of it is invented.
    levels
        By provider: the levels that numbers of this page are not at.
    language
        ``"en"`` or ``"de"``.

    Returns
    -------
    str
        One self-contained HTML page.
    """
    words = speaker(language)
    facts: SeasonFacts = season_facts(numbers, names, links, words)
    context = {
        "level_notes": level_notes(levels or {}, words),
        "season": numbers.key,
        "numbers": numbers,
        "facts": facts,
        "said": _said(numbers, names, words),
        "links": links,
        "window": WINDOW,
        "sources": list(sources),
        "simulated": is_simulated,
        "styles": ["season/style.css"],
        "scripts": ["page/unwritten.js"],
    }
    return render("season/page.html", words, context)


def _said(numbers: SeasonNumbers, names: Mapping[PlayerKey, str], words: Language) -> Said:
    has_table = numbers.coverage.has_table
    return Said(
        lead=sentences.season_lead(numbers, words),
        missing=tuple(sentences.what_is_missing(numbers, words)),
        no_table="" if has_table else sentences.no_table(numbers.coverage, words),
        points=sentences.luck_of_points(numbers.table, words) if has_table else "",
        finishing=sentences.luck_of_clubs(numbers.finishing, numbers.finishing_spread, words),
        keeping=sentences.luck_of_clubs(numbers.keeping, numbers.keeping_spread, words),
        players=sentences.luck_of_players(numbers.players, names, words),
        keepers=sentences.luck_of_keepers(numbers.keepers, numbers.n_keepers, names, words),
        reasons=sentences.reasons_known(numbers, words),
        parts_not_known=parts_not_known(words),
        parts=tuple(sentences.part_name(of.part, words) for of in numbers.reasons.parts),
    )
