"""What pages of clubs and players tell, as digests: a change reaches those whom it concerns, and nobody else."""

from dataclasses import replace

import pandas as pd
import pytest

from seasons_by_hand import SEASON, club, match, reasons_of, shots_of
from xgoals.domain.page_keys import PlayerKey
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.links import PageLinks
from xgoals.steps.pages.season_data import SeasonData
from xgoals.steps.pages.season_news import club_digests, player_digests, with_cards
from xgoals.storage import LocalStorage

MATCHES = (match(1, "A", "B", (1, 0)), match(2, "C", "D", (0, 0)))


def season(shots=None, **more) -> SeasonData:
    shots = (
        shots_of((MATCHES[0], "home", 0.2, True), (MATCHES[1], "away", 0.1, False))
        if shots is None
        else shots
    )
    nobody = pd.DataFrame({"shot_key": [], "provider": [], "player_id": []})
    own_goals = pd.DataFrame({"provider": [], "team_id": []}, dtype=str)
    names = {PlayerKey("feed", f"{role}{name}"): f"{name} {role}" for role in "pk" for name in "ABCD"}
    parts = {
        "matches": MATCHES, "shots": shots, "reasons": reasons_of({}), "actors": nobody, "seen": nobody,
        "own_goals": own_goals, "incidents": nobody, "clubs": tuple(map(club, "ABCD")), "players": names,
    }  # fmt: skip
    return SeasonData(**(parts | more), key=SEASON)


def changed(before: SeasonData, after: SeasonData) -> tuple[set[str], set[str]]:
    """Names of clubs, and ids of players, whose digests differ."""
    clubs = (club_digests(data, "en") for data in (before, after))
    players = (player_digests(data, "en") for data in (before, after))
    (old, new), (was, now) = clubs, players
    return {key.name for key in new if old.get(key) != new[key]}, {
        key.player_id for key in now if was.get(key) != now[key]
    }


def test_the_same_season_read_again_changes_nothing():
    assert changed(season(), season()) == (set(), set())
    turned = shots_of((MATCHES[0], "home", 0.2, True), (MATCHES[1], "away", 0.1, False))
    assert changed(season(), season(turned.iloc[::-1].reset_index(drop=True))) == (set(), set())


def test_a_number_concerns_both_clubs_the_shooter_and_the_keeper():
    corrected = shots_of((MATCHES[0], "home", 0.3, True), (MATCHES[1], "away", 0.1, False))
    assert changed(season(), season(corrected)) == ({"A", "B"}, {"pA", "kB"})


def test_a_reason_that_arrives_concerns_those_at_the_shot():
    assert changed(season(), season(reasons=reasons_of({1: (0.1, 0.0, 0.0, 0.0)}))) == (
        {"C", "D"},
        {"pD", "kC"},
    )


def test_who_is_seen_at_a_shot_or_takes_something_from_it_is_concerned_too():
    of_both = {"seen": pd.DataFrame({"shot_key": [0], "provider": ["feed"], "player_id": ["pC"]})}
    corrected = shots_of((MATCHES[0], "home", 0.3, True), (MATCHES[1], "away", 0.1, False))
    assert changed(season(**of_both), season(corrected, **of_both))[1] == {"pA", "kB", "pC"}
    takes = pd.DataFrame({"shot_key": [0], "provider": ["feed"], "player_id": ["kD"], "takes": [0.1]})
    assert changed(season(), season(actors=takes))[1] == {"pA", "kB", "kD"}


def test_a_card_that_appears_concerns_those_at_the_shot_whose_pages_lead_to_it(tmp_path):
    links = PageLinks(PageFiles(LocalStorage(tmp_path), "reports/main"))
    before = with_cards(season(), links)
    links.plan([MATCHES[0].key])
    assert changed(before, with_cards(season(), links)) == ({"A", "B"}, {"pA", "kB"})


def test_a_result_and_an_own_goal_concern_the_clubs_and_a_name_its_bearer():
    corrected = (replace(MATCHES[0], home_score=2), MATCHES[1])
    assert changed(season(), season(matches=corrected))[0] == {"A", "B"}
    own_goals = pd.DataFrame({"provider": ["feed"], "team_id": ["c"], "minute": [3]})
    assert changed(season(), season(own_goals=own_goals))[0] == {"C"}
    names = dict(season().players) | {PlayerKey("feed", "pA"): "Another Name"}
    assert changed(season(), season(players=names)) == (set(), {"pA"})


@pytest.mark.parametrize("ingredient", ["de", "another release"])
def test_language_and_release_concern_everybody(ingredient):
    assert club_digests(season(), "en").keys() == club_digests(season(), ingredient).keys()
    assert not set(club_digests(season(), "en").values()) & set(club_digests(season(), ingredient).values())
