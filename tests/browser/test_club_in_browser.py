"""The page of a club stands on every screen, and without scripts."""

import numpy as np
import pytest
from clubs_by_hand import reasons, round_robin, season, shots_of, with_places
from promises import EVERY_LOOK, keeps_promises, stands_without_scripts

from seasons_by_hand import club
from xgoals.report.club.facts import ClubLinks
from xgoals.steps.pages.club_pages import club_page, season_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def club_html() -> str:
    matches = round_robin(6)
    rng = np.random.default_rng(0)
    sides = [(m, side) for m in matches for side in ("home", "away") for _ in range(5)]
    shots = with_places(
        shots_of(*((m, side, rng.uniform(0.02, 0.6), rng.random() < 0.2) for m, side in sides))
    )
    shots = shots.assign(x_m=rng.uniform(20, 52, len(shots)), y_m=rng.uniform(-25, 25, len(shots)))
    values = {key: tuple(rng.normal(scale=0.02, size=4)) for key in shots["shot_key"]}
    data = season(matches, shots, reasons=reasons(values))
    cards = {int(key): f"../match/m.html#shot-{key}" for key in shots["shot_key"]}
    links = ClubLinks("../season/s.html", {}, {"pA": "../player/a.html"}, cards)
    return club_page(data, season_of(data, "feed"), club("A"), links, {}, "en")


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_it_keeps_the_promises_of_every_page(opened, club_html, look):
    keeps_promises(opened, club_html, "club", look, max_mb=1.5)


def test_it_stands_without_scripts(opened, club_html):
    stands_without_scripts(opened, club_html, "club", "h1", "#places svg", "#reasons table")
