"""The page of a season stands on every screen, in both languages, and links to pages that are there alone."""

import pytest
from promises import LOOKS, keeps_promises, stands_without_scripts

from seasons_by_hand import SEASON, match, reasons_of, shots_of
from xgoals.analysis.season.numbers import season_numbers
from xgoals.domain.page_keys import PlayerKey
from xgoals.report import season_report
from xgoals.report.season.links import SeasonLinks

pytestmark = pytest.mark.browser

CLUBS = ("Borussia Mönchengladbach", "Olympique de Marseille", "AFC Bournemouth", "Gazélec Ajaccio")


def season_in(language: str) -> str:
    pairs = [(home, away) for home in CLUBS for away in CLUBS if home != away]
    matches = [match(n, *pair, (n % 3, n % 2), matchday=n // 2 + 1) for n, pair in enumerate(pairs)]
    shots = shots_of(
        *((m, side, 0.05 + 0.07 * n, n < 2) for n in range(8) for m in matches for side in ("home", "away"))
    )
    numbers = season_numbers(
        SEASON, matches, shots, reasons_of(dict.fromkeys(range(60), (0.1, -0.02, 0.06, 0.0)))
    )
    names = {PlayerKey("feed", f"p{name}"): f"Pierre-Emerick {name}" for name in CLUBS}
    links = SeasonLinks(
        missing={matches[0].key: "../match/0.html"}, matches={matches[1].key: "../match/1.html"}
    )
    return season_report(numbers, names, links, sources=("StatsBomb",), language=language)


@pytest.mark.parametrize(
    ("language", "look"), [*(("en", look) for look in LOOKS), ("de", LOOKS[-1])], ids=str
)
def test_it_keeps_the_promises_of_every_page(opened, language, look):
    keeps_promises(opened, season_in(language), f"season-{language}", look, max_mb=1.5)


def test_it_stands_without_scripts(opened):
    html = season_in("en")
    page = stands_without_scripts(opened, html, "season", "h1", "[data-test=table] tbody tr", ".trends svg")
    assert page.locator("a[href='../match/0.html']").count() == 0, "a page that is not there has no link"
    assert page.locator("a[href='../match/1.html']").count() >= 1
