"""The article's figures and the page that shows them."""

import numpy as np
import pandas as pd
import pytest
from by_hand import evidence
from reading_html import Page

from xgoals.analysis.article import figures as article
from xgoals.language import language
from xgoals.report import article_report
from xgoals.report.article import page as article_page
from xgoals.report.article.figures import headed_goals_picture, rates_picture
from xgoals.report.model.claims import CLAIMS

EN = language("en")


def test_goal_rates_at_equal_angles_by_hand():
    angle = np.repeat([12.0, 22.0], 20)
    header = np.tile([1.0, -1.0], 20)
    goal = (angle == 22) & (header == -1)
    found = article.headers_and_feet(evidence({"AngleToGoal": angle, "Header": header, "is_goal": goal}))
    steps = {step.angle_from_deg: step.rates for step in found.steps}
    assert (steps[20.0]["foot"].rate, steps[20.0]["header"].rate) == (1.0, 0.0)
    assert steps[20.0]["foot"].n_shots == 10
    assert steps[15.0]["foot"] is None  # nobody shot from there
    picture = rates_picture("x", found, {"foot": "feet", "header": "headers"}, EN)
    assert picture.alt == "Goals a shot by angle: headers below feet in 1 of 2 steps of angle."
    assert picture.rows[2] == ["20°", "25°", "10", "1.000", "10", "0.000"]


def test_without_headers_or_speeds_there_is_nothing_to_compare():
    e = evidence({"AngleToGoal": [20.0] * 30, "Header": -1.0, "PlayerSpeed": np.nan})
    assert article.headers_and_feet(e).steps == ()
    assert article.slow_and_fast(e).steps == ()
    with pytest.raises(ValueError, match="nothing to draw"):
        rates_picture("x", article.slow_and_fast(e), {}, EN)


def test_goals_by_distance_and_headed_goals_by_angle():
    e = evidence(
        {
            "DistanceToGoal": [4.0, 4.0, 14.0, 14.0],
            "AngleToGoal": [60.0, 30.0, 22.0, 27.0],
            "Header": [1.0, -1.0, 1.0, 1.0],
            "is_goal": [True, True, True, False],
        }
    )
    assert article.close_goals(e).steps == (
        article.DistanceStep(3.0, 6.0, n_goals=2, wide_share=0.5),
        article.DistanceStep(12.0, 16.0, n_goals=1, wide_share=0.0),
    )
    headed = article.headed_goals(e)
    counted = {step.angle_from_deg: (step.n_shots, step.n_goals) for step in headed if step.n_shots}
    assert counted == {20: (1, 1), 25: (1, 0), 60: (1, 1)}
    assert headed_goals_picture(headed, EN).alt == "Headed goals by angle: 1 of 2 from below 25°."


@pytest.fixture
def league(shots):
    rng = np.random.default_rng(5)
    rows = []
    for i in range(500):
        angle, header = float(rng.uniform(5, 80)), 1.0 if i % 4 == 0 else -1.0
        rows.append(
            {
                "match_id": f"m{i // 12}",
                "season": "2022" if i < 250 else "2023",
                "team": f"Club {i % 3}",
                "AngleToGoal": angle,
                "DistanceToGoal": 30 - angle / 4,
                "Header": header,
                "is_goal": bool(rng.random() < angle / 150),
                "shap_AngleToGoal": (angle - 25) / 30,
                "shap_DistanceToGoal": angle / 200,
                "shap_Header": -0.3 if header > 0 else 0.0,
                "xg": 0.01 + angle / 120,
            }
        )
    return shots(*rows)


_WRITTEN: dict[str, str] = {}


@pytest.fixture
def plain(league, model, run):
    """The page of the league as it is, written once."""
    if not _WRITTEN:
        _WRITTEN["page"] = article_report(league, model, run, model_page="../model/xg-test.html")
    return Page(_WRITTEN["page"])


def test_the_page_has_every_claim_once_beside_a_figure_or_in_words_why_not(plain):
    page = plain
    ids = page.root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {claim.key for claim in CLAIMS} <= set(ids)
    assert {claim.shown for claim in CLAIMS} <= set(ids)
    counts = [int(n) for n in page.root.xpath("//*[@data-test='tally']//dd/text()")]
    assert sum(counts) == 19
    assert "Drawn from the champion xg-test, catalogue article-17, on 500 shots" in page.said("drawn-from")
    assert page.root.xpath("//a[@href='../model/xg-test.html']")
    assert all(link.removeprefix("#") in ids for link in page.root.xpath("//a/@href[starts-with(., '#')]"))


def test_every_picture_has_words_and_a_table(plain):
    page = plain
    drawn = page.root.xpath("//figure[@class='drawn']")
    assert len(drawn) >= 6
    for figure in drawn:
        assert figure.get("aria-label")
        assert figure.xpath("following-sibling::details[1]//table//td")
    assert all(image.get("alt") for image in page.tags("img"))


def test_what_the_data_lack_is_said_where_the_figure_would_stand(plain):
    page = plain
    (place,) = page.root.xpath("//*[@id='speed-by-angle']")
    assert "Not in these data, or not used by this model: Speed of the shooter." in place.text_content()
    assert "12.50 km/h" in page.said("baselines")
    assert "missing" in page.said("baselines")


def test_one_season_and_a_club_with_three_shots(league, model, run):
    frame = league.assign(
        season="2023", team=np.where(np.arange(500) < 3, "Tiny", "Reds"), provider_xg=np.nan
    )
    page = Page(article_report(frame, model, run))
    assert "Fewer than two seasons have enough shots to stand side by side." in page.text
    assert "Fewer than two clubs have enough shots to stand side by side." in page.text


def test_a_constant_feature_and_no_goal_at_all(league, model, run):
    page = Page(article_report(league.assign(AngleToGoal=30.0, is_goal=False), model, run))
    assert page.hook("tally")
    assert "Not in these data, or not used by this model: goals." in page.text


def test_only_penalties(league, model, run):
    page = Page(article_report(league.assign(is_penalty=True), model, run))
    assert page.root.xpath("//*[@data-test='tally']//dd/text()")[0] == "0"
    assert "There is no shot without penalties." in page.text


def test_a_figure_that_fails_leaves_a_note_and_a_warning(league, model, run, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("no ink")

    monkeypatch.setattr(article_page.draw, "headed_goals_picture", broken)
    page = Page(article_report(league, model, run))
    assert "RuntimeError: no ink" in page.said("missing-figure")
    assert "the figure 'headed-goals' could not be drawn" in caplog.text
    assert len(page.root.xpath("//*[@id='close-goals']//figure")) == 1


def test_claims_that_cannot_be_tested_leave_a_note(league, model, run, monkeypatch):
    monkeypatch.setattr(article_page, "check_claims", lambda *_: 1 / 0)
    page = Page(article_report(league, model, run))
    assert page.hook("tally") == []
    assert "ZeroDivisionError" in page.said("missing-figure")


def test_units_follow_the_space_and_nasty_names_stay_text(league, model, run):
    nasty = "<script>alert(1)</script>'\"&"
    page = Page(article_report(league.assign(player=nasty, team=nasty), model, run))
    assert not any("alert" in script.text_content() for script in page.tags("script"))
    assert nasty in page.text
    assert "value in log-odds" in page.text
    probability = Page(article_report(league, {**model, "space": "probability"}, run))
    assert "value in xG" in probability.text
    assert "value in log-odds" not in probability.text


def test_the_page_in_german(league, model, run):
    page = Page(article_report(league, model, run, language="de"))
    assert page.root.get("lang") == "de"
    assert "Der Artikel, nachgerechnet" in page.text
    assert "Kopfballtore nach Winkel" in page.text


def test_an_address_that_leads_elsewhere_is_refused(league, model, run):
    with pytest.raises(ValueError, match="not a link"):
        article_report(league, model, run, model_page="https://example.org/")


def test_the_same_input_gives_the_same_page(league, model, run):
    once, again = (article_report(league, model, run, language="de") for _ in range(2))
    assert once == again


def test_a_frame_that_lacks_columns_is_refused(league, model, run):
    with pytest.raises(ValueError, match="lacks shap_Header"):
        article_report(pd.DataFrame(league).drop(columns=["shap_Header"]), model, run)
