"""A matchday: results against chances, surprises, sitters, finishing, and the paragraph on top."""

import pytest
from reading_html import Page
from test_report_match_summary import MATCH

from xgoals.language import language
from xgoals.report import matchday_report
from xgoals.report.sentences_matchday import expected_by_chance, how_often, matchday_lead
from xgoals.report.summarise_matchday import finishing, matchday_facts

DAY = {"competition": "League", "season": "2023", "matchday": 3}
OTHER = {
    **MATCH,
    "match_id": "m2",
    "home_team": "Greens",
    "away_team": "Greys",
    "home_score": 0,
    "away_score": 1,
}


@pytest.fixture
def day(shots):
    return shots(
        {"player": "Anna", "is_goal": True, "xg": 0.5, "xg_out_of_fold": 0.05},
        {"player": "Anna", "is_goal": True, "xg": 0.05, "xg_out_of_fold": None, "minute": 20},
        {"player": "Bea", "team": "Blues", "xg": 0.6, "minute": 30},
        {"player": "Cleo", "team": "Blues", "is_goal": True, "is_penalty": True, "xg": 0.78, "minute": 40},
        {"player": "Dora", "match_id": "m2", "team": "Greens", "xg": 0.39},
        {
            "player": "Eve",
            "match_id": "m2",
            "team": "Greys",
            "xg": 0.2,
            "xg_out_of_fold": 0.3,
            "is_goal": True,
        },
    )


def players(found):
    return [shot["player"] for shot in found]


def test_chances_surprises_and_sitters(day, model):
    facts = matchday_facts([MATCH, OTHER], day, model)
    assert players(facts["best"]) == ["Bea", "Anna", "Dora", "Eve", "Anna"]
    assert players(facts["surprises"]) == ["Anna", "Anna"]  # the blind number decides where there is one
    assert players(facts["sitters"]) == ["Bea"]
    assert facts["totals"] == {"goals": 4, "xg": pytest.approx(2.52), "n": 6, "n_matches": 2}


def test_the_likelihood_of_the_real_result(day, model):
    facts = matchday_facts([MATCH, OTHER], day, model)
    second = next(match for match in facts["matches"] if match["match"]["match_id"] == "m2")
    assert second["result"] == "away"
    assert second["likelihood"] == pytest.approx(0.2 * (1 - 0.39))


def test_finishing_by_hand(day):
    rows = {row["name"]: row for row in finishing(day, "team")}
    assert rows["Reds"]["over"] == pytest.approx(2 - 0.55)
    assert rows["Blues"]["over"] == pytest.approx(1 - 1.38)
    assert next(row["name"] for row in finishing(day, "team")) == "Reds"
    assert finishing(day.assign(player=None), "player") == []


def test_how_far_from_chance_by_hand(shots):
    frame = shots(
        {"team": "Reds", "xg": 0.5, "is_goal": True},
        {"team": "Reds", "xg": 0.2, "is_goal": True},
        {"team": "Blues", "xg": 0.5},
        {"team": "Blues", "xg": 0.6},
        {"team": "Greens", "xg": 0.5, "is_goal": True},
        {"team": "Greens", "xg": 0.8},
    )
    chance = {row["name"]: row["chance"] for row in finishing(frame, "team")}
    assert chance["Reds"] == pytest.approx(0.1)  # both or more
    assert chance["Blues"] == pytest.approx(0.2)  # none or fewer
    assert chance["Greens"] == pytest.approx(0.6)  # 1 - 0.5 x 0.8: one or fewer, since 1 is below 1.3


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
    teams = [{"chance": 0.01}, *({"chance": 0.3} for _ in range(9))]
    said = expected_by_chance(teams, language("en"))
    assert said == "One team is beyond 1 in 20; by chance alone up to 1.0 of them would be."
    assert expected_by_chance([], language("en")) is None


@pytest.mark.parametrize(
    ("name", "heading"),
    [("Semi-finals", "Halbfinale"), ("2024-05-01", "1. Mai 2024"), ("Supercup", "Supercup")],
)
def test_a_round_of_a_cup_bears_its_name(day, model, name, heading):
    matchday = {**DAY, "matchday": None, "round": name}
    page = Page(matchday_report(matchday, [MATCH, OTHER], day, model, language="de"))
    assert page.tags("h1")[0].text == heading


def test_the_paragraph(day, model):
    lead = matchday_lead(matchday_facts([MATCH, OTHER], day, model), language("en"))
    assert lead == (
        "Four goals from shots in 2 matches, 2.5 expected. "
        "The least likely result: Reds 2–1 Blues, as such chances end about once in ten matches. "
        "Reds made the most of their chances: 2 goals from 0.6 xG. "
        "The largest chance missed fell to Bea (Blues, 0.60 xG)."
    )


def test_the_page_links_to_its_matches(day, model):
    page = Page(matchday_report(DAY, [{**MATCH, "path": "../match/m 1.html"}, OTHER], day, model))
    assert page.root.xpath("//*[@data-test='results']//a/@href") == ["../match/m%201.html"]
    assert "Matchday 3" in page.text
    assert "2–1" in page.said("results")
    assert "2 from 0.6 xG" in page.said("teams")


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
