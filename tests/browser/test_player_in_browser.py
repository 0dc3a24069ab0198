"""The page of a player as a reader meets it."""

import pytest
from promises import EVERY_LOOK, keeps_promises, stands_without_scripts

from players_by_hand import KEEPER, STRIKER, everybody, shot
from xgoals.analysis.player.everybody import Everybody
from xgoals.analysis.player.goals import goals_against_xg
from xgoals.analysis.player.kinds import Band, Kinds, Situation, Strike, Zone
from xgoals.analysis.player.numbers import player_numbers
from xgoals.analysis.player.shots import PlayerShot
from xgoals.analysis.player.takes import Taken
from xgoals.domain.page_keys import MatchKey, PlayerKey
from xgoals.domain.reason import Part
from xgoals.language import language
from xgoals.report import player_report
from xgoals.report.player.facts import Addresses
from xgoals.report.player.shot_map import selection_in_words

pytestmark = pytest.mark.browser

STRIKES, SITUATIONS = tuple(Strike)[:3], tuple(Situation)[:4]


def a_shot(n: int, **changes) -> PlayerShot:
    kinds = Kinds(tuple(Zone)[n % 9], STRIKES[n % 3], SITUATIONS[n % 4], Band.FAIR)
    return shot(
        n,
        kinds=kinds,
        xg=0.03 + 0.011 * (n % 37),
        outcome=("goal", "saved", "off_target", "blocked", "woodwork")[n % 5],
        match=MatchKey("p", f"m{n % 9}"),
        depth_m=1.0 + n % 29,
        left_m=float(n % 31) - 15,
        end_left_m=2.0,
        end_height_m=1.0,
        reasons=dict.fromkeys(Part, 0.01 * (n % 5) - 0.02),
        **changes,
    )


@pytest.fixture(scope="module")
def all_() -> Everybody:
    shots = [a_shot(n) for n in range(70)] + [
        a_shot(100 + n, shooter=PlayerKey("p", "other")) for n in range(40)
    ]
    return everybody(
        shots, taken={"keeper": {KEEPER: [Taken(of, 0.01 * (of.shot_key % 7), 0.02, True) for of in shots]}}
    )


@pytest.fixture(scope="module")
def html(all_) -> str:
    return player_report(
        player_numbers(STRIKER, all_), all_, Addresses(cards={1: "../match/p-m1.html#shot-1"})
    )


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_it_keeps_the_promises_of_every_page(opened, all_, html, look):
    keeps_promises(opened, html, "player", look, max_mb=1)
    if look.width < 400:
        keeper = player_report(player_numbers(KEEPER, all_), all_, Addresses(), language="de")
        keeps_promises(opened, keeper, "keeper", look, max_mb=1)


def test_it_stands_without_scripts(opened, html):
    stands_without_scripts(
        opened, html, "player", "h1", "#luck svg", "#map svg.map", ".selection", "#alike table"
    )


def test_filters_count_what_is_left_as_the_page_s_own_numbers_do(opened, all_, html):
    page = opened(html).page
    shots = list(all_.shot_by[STRIKER])
    said, words = page.locator("#map .selection"), language("en")
    assert said.inner_text() == selection_in_words(shots, words)
    page.locator("#map select[data-by=body]").select_option("foot")
    feet = [of for of in shots if of.kinds.strike is not Strike.HEAD]
    assert said.inner_text() == selection_in_words(feet, words)
    page.locator("#map select[data-by=situation]").select_option("counter")
    page.locator("#map select[data-by=outcome]").select_option("goal")
    left = [of for of in feet if of.kinds.situation is Situation.COUNTER and of.is_goal]
    assert 0 < len(left) < len(feet)
    assert said.inner_text() == selection_in_words(left, words)
    assert f"give {goals_against_xg(left).fewest} to" in said.inner_text()
    assert page.locator("#map > svg a:visible").count() == len(left)
    assert page.locator("#map tbody tr:not([hidden])").count() == len(left)
    for choice in page.locator("#map select").all():
        choice.select_option("")
    assert said.inner_text() == selection_in_words(shots, words)
