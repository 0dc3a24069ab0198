"""The match page where feeds tell much or little: cards and substitutions, missing goals, results won elsewhere."""

import pandas as pd
from by_hand import MATCH
from reading_html import Page

from xgoals.report import match_report

NASTY = """<img src=x onerror=alert(1)>'"&{{7*7}}%s%(n)s${x}"""
NOBODY = pd.DataFrame(
    columns=["shot_id", "x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]
)


def test_a_result_without_a_shot_says_that_its_goals_are_missing(two, model):
    match = {
        **MATCH,
        "home_score": 3,
        "away_score": 2,
        "own_goals": [{"team": "Reds", "player": "A", "minute": 3}],
    }
    page = Page(match_report(match, two.iloc[:0], NOBODY, model))
    assert "Reds 3–2 Blues" in page.text
    assert page.said("lead") == "No shot of this match is known. 4 goals of the result are missing here, too."
    assert page.said("goals") == "4′ Goal A (own goal)"
    assert page.hook("real-result") == page.hook("not-in-feed") == []


def test_a_match_of_which_nothing_is_known_has_no_score(two, model):
    unknown = {**MATCH, "home_score": None, "away_score": None, "status": "cancelled"}
    page = Page(match_report(unknown, two.iloc[:0], NOBODY, model))
    assert page.root.xpath("//h1//span[@class='score']/text()") == ["–"]
    assert page.said("status") == "cancelled"


def test_an_awarded_result_was_not_won_on_the_pitch(two, people, model):
    match = {**MATCH, "home_score": 3, "away_score": 0, "status": "awarded"}
    page = Page(match_report(match, two, people, model))
    assert "won all the same" not in page.said("lead")
    assert page.hook("real-result") == []
    assert "2 goals of the result are not among the shots here" in page.said("lead")
    assert page.hook("shares") != []
    won = Page(match_report({**match, "status": "played"}, two, people, model))
    assert "Reds won all the same." in won.said("lead")
    assert won.said("real-result").startswith("The real result, a win of Reds, comes of such chances")


def test_what_the_feed_does_not_tell_is_named(two, people, model):
    bare = Page(match_report(MATCH, two, people, model))
    said = "Not in this feed: cards and substitutions, the passes before the shots and where the shots ended."
    assert bare.said("not-in-feed") == said
    told = two.assign(assist_kind="cross", end_x_m=52.5, end_y_m=1.0)
    yellow = {"kind": "yellow_card", "team": "Reds", "player": NASTY, "period": 1, "minute": 3}
    change = {**yellow, "kind": "substitution", "replacement": "Neu", "minute": 64, "period": 2}
    page = Page(match_report({**MATCH, "incidents": [yellow, change]}, told, people, model))
    assert page.hook("not-in-feed") == []
    home, away = (" ".join(side.text_content().split()) for side in page.hook("events"))
    assert home == f"4′ {NASTY} (yellow card) 65′ Neu for {NASTY}"
    assert away == "None."
    assert "yellow" not in page.said("goals")


def test_a_sending_off_is_told_with_what_came_after_it(two, people, model):
    red = {"kind": "second_yellow_card", "team": "Blues", "player": "Rot", "period": 1, "minute": 30}
    page = Page(match_report({**MATCH, "incidents": [red]}, two, people, model))
    assert "After Rot of Blues was sent off (31′): Reds 0.000, Blues 0.50 xG." in page.said("lead")
    assert "31′ Rot (second yellow card)" in page.said("goals")


def test_who_took_most_away_is_named_with_his_side(two, people, model, reasons):
    frame = people.assign(person_n=[0, 1, 2, 0])
    page = Page(match_report(MATCH, two, frame, model, reasons=reasons))
    assert page.said("takers") == "−0.06 Back at one shot"
    assert Page(match_report(MATCH, two, frame, model)).hook("takers") == []
    (took,) = page.hook("took")
    rows = [[cell.text or "" for cell in row] for row in took.xpath(".//tbody/tr")]
    assert rows == [
        ["An ordinary keeper and nobody else", "0.12", ""],
        ["Back", "−0.06", "0.12"],
        ["All others", "−0.02", ""],
        ["This shot", "0.04", ""],
    ]


def test_the_best_chances_lead_to_their_cards_and_penalties_stand_apart(two, people, model):
    page = Page(match_report(MATCH, two, people, model))
    (best,) = page.hook("best")
    assert best.xpath(".//a/@href") == ["#shot-2", "#shot-1"]
    spot = Page(match_report(MATCH, two.assign(is_penalty=[False, True]), people, model))
    assert spot.hook("best")[0].xpath(".//a/@href") == ["#shot-1"]
    told = {
        row[0].text: row[1].text for row in spot.root.xpath("//*[@data-test='headline']/div[not(@class)]")
    }
    assert (told["xG"], told["xG without penalties"]) == ("0.04 – 0.50", "0.04 – 0.000")
