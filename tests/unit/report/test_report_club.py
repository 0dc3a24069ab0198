"""The page of a club: what it says of a season, of one match, of nothing; what a feed does not tell; links; German."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from clubs_by_hand import match, reasons, round_robin, season, shots_of, with_places
from reading_html import Page

from seasons_by_hand import club
from xgoals.domain.match import MatchStatus
from xgoals.domain.page_keys import MatchKey
from xgoals.report.club.facts import ClubLinks
from xgoals.steps.pages.club_pages import club_page, season_of

NOWHERE = ClubLinks(None, {}, {}, {})


def html_of(data, key=None, links=NOWHERE, language="en"):
    return club_page(data, season_of(data, "feed"), key or club("A"), links, {}, language)


def page_of(data, key=None, links=NOWHERE, language="en"):
    return Page(html_of(data, key, links, language))


def told(page, name):
    return [" ".join(element.text_content().split()) for element in page.hook(name)]


def rows(page, name):
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in page.root.xpath(f"//*[@data-test='{name}']//tbody/tr")
    ]


def a_league(n_rounds=4, n_each=3, changes=None):
    """Four clubs; everybody's shots are worth 0.1, every tenth goes in."""
    matches = round_robin(n_rounds)
    sides = [(m, side) for m in matches for side in ("home", "away") for _ in range(n_each)]
    shots = shots_of(*((m, side, 0.1, n % 10 == 0) for n, (m, side) in enumerate(sides)))
    return matches, with_places(shots, changes)


def one_match(*shots, score=(1, 0), changes=None):
    played = match(1, "A", "B", score)
    return season([played], with_places(shots_of(*((played, *shot) for shot in shots)), changes))


def test_the_lead_says_what_kind_of_team_it_is_and_what_is_luck():
    matches, shots = a_league()
    shots.loc[shots["team"] == "A", "set_up"] = "counter"
    (lead,) = told(page_of(season(matches, shots)), "lead")
    assert "In 12 matches A had chances worth 0.30 xG a match (rank 1 of 4)" in lead
    assert "“Counter-attack” is 100 % of its shots (others 0 %)" in lead
    assert "luck can explain both" in lead


def test_goals_beyond_chance_are_said_to_be_further_out_and_how_many_clubs_would_be():
    matches, shots = a_league()
    shots.loc[shots["team"] == "A", "is_goal"] = True
    page = page_of(season(matches, shots))
    (lead,) = told(page, "lead")
    assert "luck can explain the second, not the first. Of 4 clubs up to 0.2 would be so far out" in lead
    scored, conceded = rows(page, "luck")
    assert scored[1:4] == ["36", "36", "3.6"]
    assert "stands out among all clubs" in scored[-1]
    assert "nothing unusual among all clubs" in conceded[-1]


def test_a_club_with_one_match_has_figures_and_no_verdicts():
    page = page_of(one_match(("home", 0.3, True), ("home", 0.2, False), ("away", 0.1, False)))
    (lead,) = told(page, "lead")
    assert lead.startswith(
        "In one match A had chances worth 0.50 xG and allowed 0.10; too few matches to say"
    )
    assert rows(page, "zones")[0][:4] == ["Penalty area, centre", "2", "1", "0.5"]
    assert not page.root.xpath("//*[contains(text(), 'beyond chance')][not(self::p)]")
    assert not page.hook("home")
    assert told(page, "no-reasons")
    assert told(page, "no-defenders")


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_club_without_any_shot_or_any_match_has_a_page(language):
    nothing = with_places(shots_of())
    page = page_of(season([match(1, "A", "B", (0, 0))], nothing), language=language)
    assert told(page, "lead")
    assert len(rows(page, "matches")) == 1
    planned = match(1, "A", "B", None, status=MatchStatus.UNFINISHED)
    page = page_of(season([planned], nothing), language=language)
    assert told(page, "lead")
    assert len(page.hook("missing")) == 1


def test_a_club_that_only_faced_shots_has_a_page():
    page = page_of(one_match(("away", 0.4, True), score=(0, 1)))
    assert rows(page, "keepers")[0][:5] == ["A Keeper", "1", "1", "0.4", "1"]
    assert not rows(page, "players")


def test_a_season_under_way_and_a_match_broken_off_are_said():
    matches, shots = a_league(1)
    to_come = match(50, "A", "B", None, status=MatchStatus.UNFINISHED)
    broken_off = match(51, "C", "A", (1, 0), status=MatchStatus.ABANDONED)
    more = with_places(shots_of((broken_off, "away", 0.87, True))).assign(shot_key=999)
    data = season([*matches, to_come, broken_off], pd.concat([shots, more], ignore_index=True))
    (said,) = told(page_of(data), "missing")
    assert "one match of the club is still to come" in said
    assert "One match was not played to its end" in said
    assert "0.87" not in html_of(data)


def test_a_feed_without_passes_and_names_says_so():
    matches, shots = a_league(1)
    shots[["player", "keeper"]] = None
    shots["keeper_id"] = None
    page = page_of(season(matches, shots, players={}))
    assert told(page, "passes-said") == [
        "The feed names no pass before a shot: crosses, cut-backs, through balls and who set it up are not known."
    ]
    assert rows(page, "players")[0][0] == "no name known (pA)"
    assert not rows(page, "keepers")
    assert not rows(page, "passes")


def test_passes_of_some_matches_are_told_with_how_many():
    matches, shots = a_league(
        1, changes={0: {"assist_kind": "cut_back", "assist_player_id": "pB", "assist_player": "X"}}
    )
    page = page_of(season(matches, shots))
    assert told(page, "passes-said") == ["The feed names passes in 1 of 3 matches; the table is of those."]
    assert ["No pass named", "2"] in [row[:2] for row in rows(page, "passes")]
    assert "xG he set up" in html_of(season(matches, shots))


def test_points_stand_beside_those_that_such_chances_give_in_a_league_only():
    page = page_of(one_match(("home", 0.5, True)))  # a win half of the time, else a draw: 3 or 1 points
    (said,) = told(page, "points")
    assert said.startswith(
        "Points: 3. Such chances give 2.0 on average, and 1 to 3 in 95 of 100 seasons; so far out 100"
    )
    cup = match(1, "A", "B", (1, 0), stage="Final")
    assert not page_of(season([cup], with_places(shots_of((cup, "home", 0.5, True))))).hook("points")


def test_who_only_sets_shots_up_is_listed_too():
    passes = {"assist_kind": "pass", "assist_player_id": "q", "assist_player": "Quick"}
    page = page_of(one_match(("home", 0.5, True), changes={0: passes}))
    assert rows(page, "players")[-1][0] == "no name known (q)"
    assert rows(page, "players")[-1][-1] == "0.50"


def test_a_shot_from_nobody_knows_where_is_counted_and_not_drawn():
    page = page_of(one_match(("home", 0.5, True), ("home", 0.1, False), changes={1: {"x_m": np.nan}}))
    assert "One shot has no place on this map." in page.text


def test_home_and_away_stand_beside_what_they_are_worth_in_the_league():
    matches, shots = a_league(4)
    shots.loc[shots["is_home"].astype(bool), "xg"] = 0.2
    own, faced = rows(page_of(season(matches, shots)), "home")
    assert own[1:3] == ["0.30", "0.60"]
    assert own[-1] == "+0.30"
    assert faced[-1] == "−0.30"


def test_two_clubs_of_one_name_from_two_providers_are_told_apart():
    matches, shots = a_league(1)
    there = {old: replace(old, provider="other") for old in map(club, "ABCD")}
    again = [
        replace(m, key=MatchKey("other", m.key.match_id), home=there[m.home], away=there[m.away])
        for m in matches
    ]
    theirs = shots.assign(provider="other", shot_key=shots["shot_key"] + 1000, xg=0.9)
    data = season([*matches, *again], pd.concat([shots, theirs], ignore_index=True))
    page = page_of(data)
    assert "Another provider has a club of this name" in told(page, "missing")[0]
    assert "0.30 xG a match" in told(page, "lead")[0]
    assert "0.900" not in html_of(data)  # nor is the other provider's league beside it
    assert len(rows(page, "matches")) == 3


def test_reasons_add_up_in_the_table_and_say_of_how_many_shots_they_are():
    matches, shots = a_league(2)
    of_a = (shots["team"] == "A").to_numpy()
    shots.loc[of_a, "xg"] = 0.2
    values = {
        key: (0.06, 0.04, 0.01, -0.01) if own else (0.0, 0.0, 0.0, 0.0)
        for key, own in zip(shots["shot_key"], of_a, strict=True)
    }
    page = page_of(season(matches, shots, reasons=reasons(values)))
    own = rows(page, "reasons")[:5]
    assert [row[1:3] for row in own] == [
        ["+0.060", "0.000"], ["+0.040", "0.000"], ["+0.010", "0.000"], ["−0.010", "0.000"], ["0.200", "0.100"],
    ]  # fmt: skip
    assert "18 of 18 shots without penalties have reasons." in html_of(
        season(matches, shots, reasons=reasons(values))
    )


def test_a_club_that_alone_has_matches_enough_has_intervals_and_no_verdicts():
    played = [match(n, "A", other, (0, 0)) for n, other in enumerate("BCDEFG")]
    sides = [(m, side) for m in played for side in ("home", "home", "away", "away")]
    shots = with_places(shots_of(*((m, side, 0.1, False) for m, side in sides)))
    shots.loc[shots["team"] == "A", "set_up"] = "counter"
    page = page_of(season(played, shots))
    counters = next(row for row in rows(page, "origins") if row[0] == "Counter-attack")
    assert "+100.0 (+100.0 to +100.0)" in counters[5]
    assert "chance" not in " ".join(counters)
    assert "Fewer than two clubs have five matches" in page.text
    assert "rank" not in told(page, "lead")[0]


def test_numbers_of_a_model_that_has_seen_the_match_are_said_and_the_promise_is_not_made():
    honest = "by a model that had not seen its match"
    matches, shots = a_league(1)
    page = page_of(season(matches, shots))
    assert honest in page.text
    assert not page.hook("missing")
    shots.loc[0, "has_seen_match"] = True
    page = page_of(season(matches, shots))
    assert honest not in page.text
    assert "One shot's number comes from a model that had learned from its match" in told(page, "missing")[0]


def test_how_many_comparisons_of_all_clubs_stand_is_said():
    matches, shots = a_league()
    assert "for and against, none is beyond chance." in page_of(season(matches, shots)).text
    shots.loc[shots["team"] == "A", "set_up"] = "counter"
    assert "about one in twenty of these is wrong" in page_of(season(matches, shots)).text


def test_only_matches_of_one_club_make_its_opponents_the_league():
    played = [match(n, "A", other, (0, 0)) for n, other in enumerate("BCD")]
    shots = with_places(shots_of(*((m, "home", 0.1, False) for m in played)))
    assert "“the league” is its opponents" in told(page_of(season(played, shots)), "missing")[0]


def test_links_lead_to_season_matches_players_and_cards_and_nowhere_else():
    data = one_match(("home", 0.5, True), ("away", 0.1, False))
    (game,) = data.matches
    links = ClubLinks(
        "../season/s.html", {game.key: "../match/m.html"}, {"pA": "../player/a.html"},
        {0: "../match/m.html#shot-1", 1: None},
    )  # fmt: skip
    found = set(page_of(data, links=links).root.xpath("//a/@href")) - {"#content", "../index.html"}
    assert {link for link in found if not link.startswith("#")} == {
        "../season/s.html", "../match/m.html", "../player/a.html", "../match/m.html#shot-1",
    }  # fmt: skip
    without = page_of(data)
    assert {link for link in without.root.xpath("//a/@href") if not link.startswith("#")} == {"../index.html"}


def test_many_shots_are_squares_and_every_goal_keeps_its_mark():
    matches, shots = a_league(10, n_each=3)  # 90 shots of A
    page = page_of(season(matches, shots))
    own = page.root.xpath("//section[@id='places']//figure")[0]
    n_goals = int(shots.loc[shots["team"] == "A", "is_goal"].sum())
    assert len(own.xpath(".//*[contains(@class, 'mark') and contains(@class, 'goal')]")) == n_goals
    assert len(own.xpath(".//*[@class='square']")) == 1
    assert "the darker a square" in page.text
    few = page_of(one_match(*[("home", 0.1, False)] * 5))
    assert "Each mark is a shot" in few.text
    assert len(few.root.xpath("(//section[@id='places']//figure)[1]//*[contains(@class, 'mark ')]")) == 5


def test_the_page_is_small_and_its_german_complete():
    matches, shots = a_league(10, n_each=6)
    rng = np.random.default_rng(0)
    shots = shots.assign(x_m=rng.uniform(20, 52, len(shots)), y_m=rng.uniform(-30, 30, len(shots)))
    values = {key: tuple(rng.normal(scale=0.02, size=4)) for key in shots["shot_key"]}
    data = season(matches, shots, reasons=reasons(values))
    html = html_of(data, language="de")
    assert len(html.encode()) < 1_500_000
    assert "Spiel für Spiel" in html
    assert "Match by match" not in html
    assert html == html_of(data, language="de")  # the same data give the same page
