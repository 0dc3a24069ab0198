"""The match page as HTML, and its story against the numbers."""

import numpy as np
import pandas as pd
import pytest
from by_hand import MATCH, side_by_hand
from reading_html import Page

from xgoals.analysis.match import MatchNumbers
from xgoals.analysis.results import ResultShares
from xgoals.analysis.within_match.race import race
from xgoals.domain.match import MatchStatus
from xgoals.language import language
from xgoals.report import match_report
from xgoals.report.match import page as match_page
from xgoals.report.match.facts import MatchFacts, MatchTitle
from xgoals.report.match.sentences import match_lead
from xgoals.report.shot import card
from xgoals.report.shot.goal_mouth import goal_mouths
from xgoals.report.words.clock import clock

EN = language("en")
NASTY = """<img src=x onerror=alert(1)>'"&{{7*7}}%s%(n)s${x}"""
NOBODY = pd.DataFrame(
    columns=["shot_id", "x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]
)


def test_what_the_page_says(two, people, model):
    page = Page(match_report({**MATCH, "home_score": 1, "away_score": 0}, two, people, model))
    lead = page.said("lead")
    assert lead.startswith("One goal from 0.5 expected. Blues had the better chances: 0.50 xG to 0.04.")
    assert "Reds won all the same." in lead
    assert (
        "Hardest to see coming: the goal of Anna (13′), from a shot that goes in about 4 times in a hundred."
        in lead
    )
    assert [len(page.hook(name)) for name in ("card", "story")] == [2, 2]
    assert page.said("goals") == "13′ 1–0 Anna 0.04 xG"
    assert page.root.xpath("//svg[@class='scene']//title/text()") == ["Keeper", "Back"]
    assert "Stranger" not in page.text


def test_the_steps_of_a_card_lead_to_the_number_above_them(two, people, model, reasons):
    page = Page(match_report(MATCH, two, people, model, reasons=reasons))
    first, _ = (" ".join(fall.text_content().split()) for fall in page.hook("waterfall"))
    assert first == (
        "Average shot 0.10 xG From there −0.02 ± 0.00 Keeper +0.03 ± 0.01 Opponents −0.07 ± 0.02 "
        "This shot 0.04 xG"
    )
    assert page.hook("no-reasons") == []


def test_values_that_do_not_hold_are_hollow_and_a_zero_is_not_painted(two, people, model, reasons):
    page = Page(match_report(MATCH, two, people, model, reasons=reasons))
    bars = page.hook("waterfall")[0].xpath(".//i[contains(@class, 'push')]/@class")
    assert bars == ["push down hollow", "push up hollow", "push down"]


def test_what_is_told_and_ringed_is_the_same_person_with_what_he_takes(two, people, model, reasons):
    page = Page(match_report(MATCH, two, people, model, reasons=reasons))
    story = " ".join(page.hook("story")[0].text_content().split())
    assert story.endswith(
        "From there, with the foot, about one in twelve goes in. The opponents took more than usual from there "
        "(−0.07): Back (1.5 m away, in the way). Without Back alone it would be 0.12."
    )
    (ring,) = page.root.xpath("//svg[@class='scene']/circle[@class='way']")
    dot = next(c for c in page.root.xpath("//svg[@class='scene']/circle[@class='opponent']"))
    assert (ring.get("cx"), ring.get("cy")) == (dot.get("cx"), dot.get("cy"))
    names = page.root.xpath("//svg[@class='scene']/text[@class='name']/text()")
    assert {"Anna", "Keeper", "Back −0.08"} <= set(names)
    (alt, _) = page.root.xpath("//svg[@class='scene']/@aria-label")
    assert alt == (
        "Anna shoots from 11.0 m in front of the goal line; keeper Keeper: 2.5 m off his line, 0.5 m off the middle "
        "of the angle, to the shooter's left; ringed: Back (1.5 m away, in the way); "
        "one puts pressure on him"
    )


def test_all_cards_of_a_page_share_one_scale(two, people, model, reasons):
    page = Page(match_report(MATCH, two, people, model, reasons=reasons))
    starts = [fall.xpath(".//i[@class='stem']/@style")[0] for fall in page.hook("waterfall")]
    assert len(starts) == 2
    assert len(set(starts)) == 1


def test_reasons_that_are_not_worked_out_yet_are_missed_aloud(two, people, model, reasons):
    page = Page(match_report(MATCH, two, people, model))
    assert page.said("no-reasons") == "Why these shots have their numbers has not been worked out yet."
    assert page.hook("waterfall") == []
    assert "times in a hundred" in page.hook("story")[0].text_content()
    half = Page(match_report(MATCH, two, people, model, reasons={1: reasons[1]}))
    assert half.hook("no-reasons") == []
    assert half.text.count("Why this shot has its number has not been worked out yet.") == 1


def test_reasons_for_another_number_say_so(two, people, model, reasons):
    page = Page(match_report(MATCH, two.assign(xg=[0.038, 0.2]), people, model, reasons=reasons))
    assert page.text.count("These values explain") == 1
    assert "These values explain 0.50 xG, not the number above." in page.text


def test_nothing_speaks_of_features_or_of_an_ordinary_shot_of_the_model(two, people, model, reasons):
    page = Page(match_report(MATCH, two, people, model, reasons=reasons))
    assert "In its favour" not in page.text
    assert "ordinarily" not in page.text


def test_marks_lead_to_cards(two, people, model):
    page = Page(match_report(MATCH, two, people, model))
    for section in ("map", "race"):
        links = page.root.xpath(f"//section[@id='{section}']//svg//a/@href")
        assert sorted(set(links)) == ["#shot-1", "#shot-2"], section
    (table,) = page.hook("shots")
    assert table.xpath(".//a/@href") == ["#shot-1", "#shot-2"]
    assert set(page.root.xpath("//@id")) >= {"shot-1", "shot-2"}


def test_a_match_without_shots(two, model):
    page = Page(match_report(MATCH, two.iloc[:0], NOBODY, model))
    assert page.said("lead") == "No shot of this match is known. 3 goals of the result are missing here, too."
    assert page.hook("card") == []
    assert "Reds 2–1 Blues" in page.text


def test_shots_without_place_positions_provider_or_clip(two, model):
    frame = two.assign(x_m=[np.nan, 41.5], y_m=[np.nan, 0.0], provider_xg=np.nan)
    page = Page(match_report(MATCH, frame, NOBODY, model))
    assert "The place of this shot is not known." in page.text
    assert "provider's own" not in page.text


def test_a_number_without_positions_bears_a_badge_and_the_page_says_once_what_that_means(two, people, model):
    keeper = {**model["features"][0], "name": "GoalkeeperCoverage", "group": "keeper"}
    model = {**model, "features": [*model["features"], keeper]}
    frame = two.assign(GoalkeeperCoverage=[np.nan, 40.0], shap_GoalkeeperCoverage=0.0)
    page = Page(match_report(MATCH, frame, people, model))
    assert [len(card.xpath(".//*[@data-test='badge']")) for card in page.hook("card")] == [1, 0]
    assert page.said("no-positions").startswith("No positions: this number knows from where and how, not who")
    known = Page(match_report(MATCH, frame.assign(GoalkeeperCoverage=40.0), people, model))
    assert (known.hook("badge"), known.hook("no-positions")) == ([], [])
    kicks = Page(match_report(MATCH, frame.assign(is_penalty=True), people, model))
    assert kicks.hook("badge") == [], "who stood where says nothing of a penalty"


def test_a_scene_that_fails_leaves_a_note(two, people, model, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("no grass")

    monkeypatch.setattr(card, "scene_view", broken)
    page = Page(match_report(MATCH, two, people, model))
    assert len(page.hook("missing-figure")) == 2
    assert len(page.hook("story")) == 2
    assert "could not be drawn" in caplog.text


def test_names_with_every_nasty_character_appear_as_text(two, people, model):
    match = {**MATCH, "home_team": NASTY, "competition": NASTY}
    html = match_report(
        match, two.assign(player=NASTY, team=NASTY, outcome=NASTY), people.assign(player=NASTY), model
    )
    page = Page(html)
    assert page.foreign_scripts == []
    assert page.tags("img") == []
    assert NASTY in page.text


def test_simulated_on_its_face(two, people, model):
    assert Page(match_report({**MATCH, "is_simulated": True}, two, people, model)).hook("simulated")
    assert Page(match_report(MATCH, two.assign(is_simulated=True), people, model)).hook("simulated")
    assert not Page(match_report(MATCH, two, people, model)).hook("simulated")


def test_frames_that_lack_columns_are_refused(two, people, model):
    with pytest.raises(ValueError, match="people lacks is_keeper"):
        match_report(MATCH, two, people.drop(columns="is_keeper"), model)
    with pytest.raises(ValueError, match="shots lacks xg"):
        match_report(MATCH, two.drop(columns="xg"), people, model)


def sides(
    home_xg,
    away_xg,
    home_score,
    away_score,
    *,
    goals_without_shot=0,
    status=MatchStatus.PLAYED,
    xg=0.1,
    is_penalty=False,
    is_goal=False,
    player="X",
):
    """A match of which only these numbers matter."""
    home = side_by_hand("home", "Reds", home_xg, home_score)
    away = side_by_hand("away", "Blues", away_xg, away_score)
    numbers = MatchNumbers(
        match=MATCH, sides={"home": home, "away": away}, shares=ResultShares(0.4, 0.3, 0.3), goal_shares={},
        result="draw", likelihood=0.3, players=(), n_shots=1, goals_without_shot=goals_without_shot,
    )  # fmt: skip
    shot = {"is_goal": is_goal, "is_penalty": is_penalty, "xg": xg, "player": player, "minute": 1, "period": 1,
            "unseen_xg": None, "scored_by": None}  # fmt: skip
    shots = (shot,)
    title = MatchTitle("m1", "League", "2023", 3, None, "2024-05-01", status)
    return MatchFacts(title, "0–0", numbers, race(numbers), shots, (), ())


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            sides(1.0, 1.1, 0, 0),
            "No goal from 2.1 expected. The chances were even: 1.10 xG for Blues, 1.00 against.",
        ),
        (sides(2.0, 1.0, 1, 1), "Reds had the better chances: 2.00 xG to 1.00. It was not enough to win."),
        (
            sides(2.0, 1.0, 2, 1),
            "Three goals from 3.0 expected. Reds had the better chances: 2.00 xG to 1.00.",
        ),
        (sides(1.0, 2.0, 3, 1), "Reds won all the same."),
        (
            sides(1.0, 1.0, 1, 1, goals_without_shot=1),
            "One goal of the result is not among the shots here: an own goal, or a shot that the feed lacks.",
        ),
    ],
)
def test_the_story_follows_the_numbers(facts, said):
    assert said in match_lead(facts, EN)


def test_the_best_chance_missed():
    assert "The best chance missed: X, 2′ (0.62 xG)." in match_lead(sides(1.0, 1.0, 0, 0, xg=0.62), EN)
    penalty = sides(1.0, 1.0, 0, 0, xg=0.78, is_penalty=True)
    assert match_lead(penalty, EN).endswith("Missed from the spot: X, 2′.")


def test_a_surprising_goal_of_somebody_without_a_name():
    facts = sides(1.0, 1.0, 1, 0, xg=0.02, is_goal=True, player="")
    assert "the goal of Unknown player (2′)" in match_lead(facts, EN)


@pytest.mark.parametrize(
    ("period", "minutes_played", "written"),
    [(1, 0, "1′"), (1, 16, "17′"), (1, 44, "45′"), (1, 46, "45+2′"), (2, 45, "46′"), (2, 89, "90′"),
     (2, 93, "90+4′"), (3, 104, "105′"), (4, 120, "120+1′")],
)  # fmt: skip
def test_minutes_as_football_writes_them(period, minutes_played, written):
    assert clock({"period": period, "minute": minutes_played}) == written


def test_a_goal_of_unknown_half_has_stoppage_time_only_at_the_end():
    assert clock({"minute": 46}) == "47′"
    assert clock({"minute": 91}) == "90+2′"


def test_an_own_goal_is_told_listed_and_marked(two, people, model):
    own = [{"team": "Reds", "player": NASTY, "minute": 90}]
    page = Page(match_report({**MATCH, "own_goals": own}, two, people, model))
    assert f"Own goal: {NASTY}, 90+1′." in page.said("lead")
    assert f"And an own goal: {NASTY}, 90+1′." in page.said("own-goal")
    assert "90+1′ Goal " + NASTY + " (own goal)" in page.said("goals")
    assert len(page.root.xpath("//circle[contains(@class, 'dot own')]")) == 2  # wide and narrow


def test_a_penalty_is_marked_on_the_map_in_the_list_and_on_its_card(two, people, model):
    page = Page(match_report(MATCH, two.assign(is_penalty=[True, False], shot_type="penalty"), people, model))
    assert len(page.root.xpath("//svg[@class='map']//circle[@class='spotkick']")) == 1
    assert "Anna (penalty)" in page.said("goals")
    card = page.root.xpath("//details[contains(@class, 'card')]")[0].text_content()
    assert "A penalty: such kicks go in about 4 times in a hundred." in card
    assert "Penalty, right foot." in card


def test_a_number_published_by_another_model_says_so_on_its_card(two, people, model):
    frame = two.assign(model_version=["xg-old", "xg-test"], champion_xg=[0.11, 0.5])
    models = {"xg-old": {**model, "model_version": "xg-old"}, "xg-test": model}
    page = Page(match_report(MATCH, frame, people, model, models=models))
    (note,) = page.hook("published")
    said = " ".join(note.text_content().split())
    assert said == "Number and reasons as published, by model xg-old. Today's model: 0.11 xG."


@pytest.mark.parametrize(("broken", "section"), [("race_chart", "race"), ("map_layout", "map")])
def test_a_chart_that_fails_leaves_a_note_and_the_rest(
    two, people, model, monkeypatch, caplog, broken, section
):
    def fails(*_, **__):
        raise RuntimeError("no ink")

    monkeypatch.setattr(match_page, broken, fails)
    page = Page(match_report(MATCH, two, people, model))
    assert len(page.root.xpath(f"//section[@id='{section}']//*[@data-test='missing-figure']")) == 1
    assert len(page.hook("missing-figure")) == 1
    assert len(page.hook("card")) == 2
    assert "no ink" in caplog.text


def test_every_chart_has_its_table(two, people, model):
    page = Page(match_report(MATCH, two, people, model))
    for name, rows in (("shots", 2), ("sides", 6), ("players", 2), ("goal-shares", 2)):
        (table,) = page.hook(name)
        assert len(table.xpath(".//tbody/tr")) >= rows, name


def test_the_strips_in_the_goal_sum_up_to_the_features():
    shots = pd.DataFrame(
        [
            ["s0", 41.5, 2.0, 105.0, "right_foot"],
            ["s1", np.nan, np.nan, 105.0, "head"],
            ["s2", 30.0, 0.0, 105.0, "head"],
        ],
        columns=["shot_id", "x_m", "y_m", "pitch_length_m", "body_part"],
    )
    others = pd.DataFrame(
        [("s0", 51.0, 1.0, False, True), ("s0", 44.0, 1.8, False, False), ("s1", 40.0, 0.0, False, True),
         ("s2", 35.0, 0.5, False, False)],
        columns=["shot_id", "x_m", "y_m", "is_teammate", "is_keeper"],
    )  # fmt: skip
    mouths = goal_mouths(shots, others)
    assert set(mouths) == {"s0", "s2"}
    assert (mouths["s2"].keeper, mouths["s2"].keeper_share) == ((), None)  # no keeper is known
    assert mouths["s2"].blockers != ()
    known = mouths["s0"]
    assert all(c.x >= -3.66 - 1e-9 and c.x + c.width <= 3.66 + 1e-9 for c in (*known.keeper, *known.blockers))
    painted = sum(cell.width * cell.opacity for cell in known.keeper) / 7.32
    assert painted == pytest.approx(known.keeper_share, abs=0.05)
    # the keeper stands to the attacker's left of the centre (y > 0), that is left in the picture
    middle = np.average(
        [c.x + c.width / 2 for c in known.keeper], weights=[c.width * c.opacity for c in known.keeper]
    )
    assert middle < 0
    assert goal_mouths(shots.iloc[1:2], others) == {}
    assert goal_mouths(shots, others.iloc[:0]) == {}, "of nobody, who gets to the ball is not known"
