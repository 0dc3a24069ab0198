"""The page of a matchday: the paragraph on top, chance in words, links, names."""

import pandas as pd
import pytest
from by_hand import MATCH, OTHER
from reading_html import Page

from xgoals.analysis.finishing import Finishing
from xgoals.analysis.matchday import matchday_numbers
from xgoals.domain.reason import Part, PartValue, ShotReasons
from xgoals.language import language
from xgoals.report import match_report, matchday_report
from xgoals.report.matchday.sentences import (
    expected_by_chance,
    luckiest_by_chance,
    matchday_lead,
)
from xgoals.report.shot.card import PEOPLE
from xgoals.report.words.how_often import how_often

DAY = {"competition": "League", "season": "2023", "matchday": 3}


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.6, "often"),
        (0.25, "1 in 4"),
        (0.0123, "1 in 81"),
        (0.0004, "less than 1 in 1,000"),
    ],
)
def test_chance_in_words(chance, said):
    assert how_often(chance, language("en")) == said


def test_how_many_teams_would_be_far_off_by_chance():
    teams = [Finishing("x", 0, 0.0, 1, chance) for chance in (0.01, *[0.3] * 9)]
    said = expected_by_chance(teams, language("en"))
    assert said == "One team is beyond 1 in 20; by chance alone up to 0.5 of them would be."
    assert expected_by_chance([], language("en")) is None


@pytest.mark.parametrize(
    ("name", "heading"),
    [("Semi-finals", "Halbfinale"), ("2024-05-01", "1. Mai 2024"), ("Supercup", "Supercup")],
)
def test_a_round_of_a_cup_bears_its_name(day, model, name, heading):
    matchday = {**DAY, "matchday": None, "round": name}
    page = Page(matchday_report(matchday, [MATCH, OTHER], day, model, language="de"))
    assert page.tags("h1")[0].text == heading


def test_the_paragraph(day):
    lead = matchday_lead(matchday_numbers([MATCH, OTHER], day), language("en"))
    assert lead == (
        "Four goals from shots in 2 matches, 2.5 expected. "
        "The least likely result: the win of Reds (Reds 2–1 Blues); such chances give it about once in ten matches. "
        "Reds made the most of their chances: 2 goals from 0.6 xG. "
        "The largest chance missed fell to Bea (Blues, 0.60 xG)."
    )


def test_the_largest_miss_of_somebody_without_a_name(day):
    nameless = day.assign(player=None)
    lead = matchday_lead(matchday_numbers([MATCH, OTHER], nameless), language("en"))
    assert lead.endswith("The largest chance missed fell to Unknown player (Blues, 0.60 xG).")


def test_the_page_links_to_its_matches_and_to_the_cards_of_their_goals(day, model):
    page = Page(matchday_report(DAY, [{**MATCH, "path": "../match/m 1.html"}, OTHER], day, model))
    result, *goals = page.root.xpath("//*[@data-test='results']//a")
    assert result.get("href") == "../match/m%201.html"
    assert [(goal.text, goal.get("href")) for goal in goals] == [
        ("11′", "../match/m%201.html#shot-1"),
        ("21′", "../match/m%201.html#shot-2"),
        ("41′ (penalty)", "../match/m%201.html#shot-4"),
    ]
    assert "0.55 – 1.38 xG 0.55 – 0.60 without penalties" in page.said("results")
    assert "Matchday 3" in page.text
    assert "2–1" in page.said("results")
    assert "2 from 0.6 xG" in page.said("teams")


def test_a_tile_shows_who_stood_where_and_leads_to_the_card(day, model):
    keyed = day.assign(shot_key=range(6))
    rows = [
        ("m1", "s2", 50.0, 1.0, False, True, "Kay", None, None, 0),
        ("m2", "s2", 50.0, 1.0, False, True, "Zed", None, None, 0),
    ]
    people = pd.DataFrame(rows, columns=[*PEOPLE, "person_n"])
    values = dict.fromkeys(Part, PartValue(0.0)) | {Part.KEEPER: PartValue(0.5, 0.01, 20, is_told=True)}
    reasons = {2: ShotReasons(0.1, 0.6, values, Part.KEEPER, 20, 20, tuple(range(24)), 0.4)}
    matches = [{**MATCH, "path": "../match/m1.html"}, OTHER]
    page = Page(matchday_report(DAY, matches, keyed, model, people=people, reasons=reasons))
    best = page.hook("best")[0].xpath("./li")[0]
    assert best.xpath(".//h3/a/@href") == ["../match/m1.html#shot-3"]
    assert best.xpath(".//svg[@class='scene']//title/text()") == ["Kay"]
    assert (
        "Kay stood worse than keepers usually do from there (+0.50): 2.5 m off his line"
        in best.text_content()
    )
    dora = next(li for li in page.hook("best")[0].xpath("./li") if "Dora" in li.text_content())
    assert dora.xpath(".//h3/a") == [], "her match has no page"


def test_a_cup_has_no_matchday_and_an_empty_one_stands(day, model):
    page = Page(matchday_report({**DAY, "matchday": None}, [OTHER], day.iloc[:0], model))
    assert page.said("lead") == "No shot of this matchday is known."
    assert "no shots known" in page.said("results")
    assert page.tags("h1")[0].text == "League"


def test_simulated_and_nasty(day, model):
    nasty = "<b onclick=alert(1)>'\"&%s"
    html = matchday_report(
        DAY,
        [{**MATCH, "home_team": nasty, "is_simulated": True}],
        day.assign(team=nasty, player=nasty),
        model,
    )
    page = Page(html)
    assert page.hook("simulated")
    assert nasty in page.text
    assert page.root.xpath("//*[@onclick]") == []


@pytest.mark.parametrize("path", ["javascript:alert(1)", "https://x.y/z", "/etc/passwd", "", "a\\b"])
def test_only_local_links(day, model, path):
    with pytest.raises(ValueError, match="not a link to a report"):
        matchday_report(DAY, [{**MATCH, "path": path}], day, model)


def test_a_match_that_was_not_played_to_its_end_is_named_and_not_counted(day, model):
    numbers = Page(matchday_report(DAY, [MATCH, OTHER], day, model))
    both = [MATCH, {**OTHER, "status": "awarded"}]
    page = Page(matchday_report(DAY, both, day, model))
    assert f"{OTHER['home_team']} – {OTHER['away_team']}" in page.text
    assert "Not played to the end, and so not counted" in page.text
    assert "not counted" not in numbers.text
    alone = Page(matchday_report(DAY, [MATCH], day[day["match_id"] == MATCH["match_id"]], model))
    said = "Not played to the end, and so not counted: " + f"{OTHER['home_team']} – {OTHER['away_team']}."
    assert page.text.replace(said, "").split() == alone.text.split()


@pytest.mark.parametrize("status", ["abandoned", "awarded", "played", None])
def test_the_page_of_a_match_bears_its_mark(shots, model, status):
    frame = shots({})
    people = frame[["shot_id", "x_m", "y_m"]].assign(
        is_teammate=True, is_keeper=False, player=None, vx_ms=0.0, vy_ms=0.0
    )
    page = Page(match_report({**MATCH, "status": status}, frame, people, model))
    marks = {"abandoned": "broken off", "awarded": "result awarded"}
    assert [mark for mark in marks.values() if mark in page.text] == [marks[s] for s in marks if s == status]


def test_an_unlikely_draw_is_named_as_a_draw(shots):
    chances = {"team": "Reds", "xg": 0.6}
    frame = shots(*({**chances, "minute": minute} for minute in (5, 15, 25, 35, 45, 55)))
    goalless = {**MATCH, "home_score": 0, "away_score": 0}
    lead = matchday_lead(matchday_numbers([goalless], frame), language("en"))
    assert "the draw of Reds and Blues (0–0); such chances give one less than once in twenty matches" in lead


def test_the_rarest_of_many_players_is_no_wonder():
    players = [Finishing(str(number), 0, 0.1, 1, 1.0) for number in range(130)]
    said = luckiest_by_chance(players, language("en"))
    assert said == "130 players had a shot: by chance alone, the rarest of so many is at about 1 in 130."
    assert luckiest_by_chance(players[:1], language("en")) is None
