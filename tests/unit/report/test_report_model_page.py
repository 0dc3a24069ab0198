"""The page as HTML: what must stand on it, and what must never happen to it."""

import re

import numpy as np
import pandas as pd
import pytest
from reading_html import Page

from xgoals.report import model_report
from xgoals.report.model import page as model_page
from xgoals.report.model.chapters import CHAPTERS, chapter_path

NASTY = """<img src=x onerror=alert(1)>'"&{{7*7}}%s%(n)s${x}"""


@pytest.fixture
def league(shots):
    rng = np.random.default_rng(2)
    rows = []
    for i in range(300):
        xg = float(rng.uniform(0.02, 0.6))
        value = float(rng.normal())
        rows.append(
            {
                "match_id": f"m{i // 15}",
                "season": "2022" if i < 150 else "2023",
                "player": f"Player {i}",
                "xg": xg,
                "xg_out_of_fold": xg * 0.9,
                "is_goal": bool(rng.random() < xg),
                "AngleToGoal": 30 + 10 * value,
                "shap_AngleToGoal": value,
                "shap_Header": 0.1,
                "is_held_out": i >= 150,
            }
        )
    return shots(*rows)


_PLAIN: dict[str, str] = {}


@pytest.fixture
def plain(league, model, run, quarantine) -> dict[str, str]:
    """The pages of the league as it is, written once for all tests."""
    if not _PLAIN:
        _PLAIN.update(model_report(league, model, run, quarantine))
    return _PLAIN


class Pages:
    """The pages of a model, each read once."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = {key: Page(html) for key, html in pages.items()}

    def __getitem__(self, key: str) -> Page:
        return self.pages[key]

    @property
    def text(self) -> str:
        return " ".join(page.text for page in self.pages.values())


def test_what_the_pages_say(league, model, run, quarantine, plain):
    pages = Pages(plain)
    first = pages["summary"]
    assert "Trained on 10 shots of 2 matches, 1 May 2024 to 8 May 2024." in first.said("lead")
    assert "expects 3 goals where 3 were scored" in first.said("lead")
    assert first.said("verdict") == (
        "No decision about it is recorded. Too few goals to say how it does beside the provider's xG."
    )
    assert "One match is in quarantine. One value could not be read." in first.said("attention")
    assert "300" in first.said("competitions")
    data = pages["data"]
    assert "not JSON" in data.said("quarantine")
    assert "judged before" in data.said("run-figures")
    assert "0.120" in data.said("run-figures")
    values = pages["importance"].said("base-values")
    assert all(name in values for name in ("Goal rate", "Mean prediction", "Prediction at the baseline"))
    assert all(number in values for number in ("0.3100", "0.3200", "0.1200", "−2.000 log-odds"))
    assert values.index("0.1200") < values.index("0.3100") < values.index("0.3200"), (
        "as they lie on their line"
    )
    assert all(
        "Data: StatsBomb." in page.text and page.hook("simulated") == [] for page in pages.pages.values()
    )


def test_tabs_lead_from_every_page_to_every_other_one(league, model, run, quarantine, tmp_path):
    pages = model_report(league, model, run, quarantine, page="xg-a", article_page="../article/xg-a.html")
    folder = tmp_path / "model"
    for key, html in pages.items():
        path = folder / chapter_path("xg-a", key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html)
    wanted = {(folder / chapter_path("xg-a", chapter.key)).resolve() for chapter in CHAPTERS}
    for key, html in pages.items():
        here = folder / chapter_path("xg-a", key)
        links = Page(html).root.xpath("//*[@data-test='tabs']/a/@href")
        found = {(here.parent / link).resolve() for link in links}
        assert found == wanted | {(tmp_path / "article" / "xg-a.html").resolve()}
        assert Page(html).root.xpath("count(//*[@aria-current='page'])") == 1
        inner = [link for link in Page(html).root.xpath("//main//a/@href") if ".html#" in link]
        for link in (link for link in inner if "article" not in link):
            path, anchor = link.split("#")
            assert Page((here.parent / path).read_text()).root.xpath(f"//*[@id='{anchor}']"), (
                f"{link} on {key}"
            )
    assert (folder / "xg-a.html").is_file(), "old links lead to the first page"


def test_official_values_stand_beside_ours_where_there_are_any(league, model, run, quarantine, plain):
    row = {
        "quantity": "speed_kmh", "label": "shooter's speed, km/h", "n": 24, "median": 12.43, "official_median": 12.52,
        "median_abs_difference": 0.31, "max_abs_difference": 0.58, "correlation": 0.99,
    }  # fmt: skip
    with_values = model_report(league, model, run | {"yardsticks": [row, row | {"n": 0}]}, quarantine)
    assert with_values["data"].count("shooter&#39;s speed, km/h") == 1
    assert "12.43" in Page(with_values["data"]).text
    assert 'data-test="yardsticks"' not in plain["data"]


def test_unused_features_are_said_not_drawn(league, model, run, quarantine, plain):
    page = Page(plain["importance"])
    assert "Speed of the shooter" not in page.said("importance")
    unused = page.said("unused")
    assert "Speed of the shooter: the champion never uses it. These data hold no value" in unused
    assert "Set-up: the champion never uses it. It changes no prediction" in unused


def test_dependence_and_pairs_stand_on_the_page(league, model, run, quarantine, plain):
    page = Page(plain["features"])
    assert len(page.hook("dependence")) == 2  # the features that are used
    assert "This model has no interaction values." in page.text
    rows = [{"feature": "Header", "partner": "AngleToGoal", "n_shots": 300, "mean_abs": 0.0321}]
    page = Page(model_report(league, {**model, "interactions": rows}, run, quarantine)["features"])
    assert "0.032" in page.said("interactions")
    assert "Angle to goal, by Header" in page.said("pair")


def test_units_are_named_in_both_spaces(league, model, run, quarantine, plain):
    odds = Page(plain["importance"])
    assert "mean |value|, log-odds" in odds.said("importance")
    xg = Page(model_report(league, {**model, "space": "probability"}, run, quarantine)["importance"])
    assert "mean |value|, xG" in xg.said("importance")


def test_simulated_on_its_face(league, model, run, quarantine):
    for html in model_report(league, model, {**run, "is_simulated": True}, quarantine).values():
        page = Page(html)
        assert "Simulated." in page.said("simulated")
        assert page.tags("title")[0].text.startswith("Simulated")


def test_a_page_of_a_sample_says_so(league, model, run, quarantine, plain):
    page = Page(model_report(league, model, {**run, "sampled_from": 1_000_000}, quarantine)["summary"])
    assert "summarises 300 of the 1,000,000 shots that are stored" in page.said("sample").replace(
        "\u202f", ","
    )
    assert Page(plain["summary"]).hook("sample") == []


def test_names_with_every_nasty_character_appear_as_text(league, model, run, quarantine):
    for column in ("player", "team", "home_team", "away_team", "season", "competition", "outcome"):
        frame = league.assign(**{column: NASTY})
        pages = model_report(frame, model, {**run, "sources": [NASTY]}, quarantine.assign(reason=NASTY))
        for html in pages.values():
            page = Page(html)
            assert all(image.get("src").startswith("data:image/png;base64,") for image in page.tags("img"))
            assert page.foreign_scripts == []
        assert NASTY in Page(pages["data"]).text


def test_the_page_asks_for_nothing(league, model, run, quarantine, plain):
    for html in plain.values():
        (policy,) = Page(html).root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; img-src data:;")
        assert html.count("<style") == 1, "drawn figures bring no style sheet of their own"
        addresses = set(re.findall(r"https?://[^\s\"'<>)]+", html))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert not re.search(r"url\((?!#)|@import|<link|<iframe", html)


def test_every_picture_has_words_and_every_id_is_unique(league, model, run, quarantine, plain):
    for html in plain.values():
        page = Page(html)
        assert all(image.get("alt") for image in page.tags("img"))
        assert all(picture.get("aria-label") for picture in page.root.xpath("//*[@role='img']"))
        ids = page.root.xpath("//@id")
        assert len(ids) == len(set(ids))


def test_a_figure_that_fails_leaves_a_note_and_a_warning(league, model, run, quarantine, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("no ink")

    monkeypatch.setattr(model_page, "calibration_picture", broken)
    pages = Pages(model_report(league, model, run, quarantine))
    for key in ("summary", "quality"):
        assert "RuntimeError: no ink" in pages[key].said("missing-figure")
    assert pages["importance"].root.xpath("//*[@data-test='importance']//img")
    assert "the figure 'calibration' could not be drawn" in caplog.text


def test_claims_that_cannot_be_tested_leave_a_note(league, model, run, quarantine, monkeypatch, plain):
    page = Page(plain["importance"])
    assert len(page.hook("claims")) == 1
    monkeypatch.setattr(model_page, "check_claims", lambda *_: 1 / 0)
    page = Page(model_report(league, model, run, quarantine)["importance"])
    assert page.hook("claims") == []
    assert "ZeroDivisionError" in page.said("missing-figure")


def test_no_provider_no_blind_predictions_no_metrics_no_quarantine(league, model, run, quarantine):
    frame = league.assign(provider_xg=np.nan, xg_out_of_fold=np.nan)
    bare = {**model, "metrics": {}}
    pages = Pages(model_report(frame, bare, run, quarantine.iloc[:0]))
    text = pages.text
    assert "There is no provider's xG to compare it with." in pages["summary"].said("verdict")
    assert "Nothing waits for a human" in pages["summary"].said("attention")
    assert "This model has no metrics." in text
    assert "No shot has a prediction by a model that had not seen its match." in text
    assert "Nothing is in quarantine." in text


def test_a_champion_of_which_little_is_known(league, model, run, quarantine):
    unknown = (
        "goal_rate",
        "mean_prediction",
        "prediction_at_baseline",
        "additivity_max_error",
        "explain_seconds",
    )
    bare = {**model, "created_at": None, **dict.fromkeys(unknown)}
    page = Page(model_report(league, bare, run, quarantine)["importance"])
    assert "0.1192" in page.said("base-values")  # what the base value of -2 log-odds is as a probability


def test_an_unknown_space_is_refused(league, model, run, quarantine):
    with pytest.raises(ValueError, match="unknown space: None"):
        model_report(league, {**model, "space": None}, run, quarantine)


def test_only_penalties(shots, model, run, quarantine):
    pages = model_report(shots({"is_penalty": True, "is_goal": True}), model, run, quarantine)
    assert "There is no shot without penalties." in pages["quality"]


def test_the_same_input_gives_the_same_page(league, model, run, quarantine):
    assert model_report(league, model, run, quarantine) == model_report(league, model, run, quarantine)


def test_a_frame_that_lacks_columns_is_refused(league, model, run, quarantine):
    with pytest.raises(ValueError, match="lacks xg_out_of_fold, shap_Header"):
        model_report(league.drop(columns=["shap_Header", "xg_out_of_fold"]), model, run, quarantine)


def test_what_a_human_reads_about_the_explanations_and_the_model(league, model, run, quarantine, plain):
    known = {**model, "method": "exact Shapley values, one baseline row", "library_max_error": 2e-8}
    pages = Pages(
        model_report(league, {**known, "n_library_sample": 200}, {**run, "code": "xgoals 1"}, quarantine)
    )
    assert "4e-06" in pages["trust"].said("explainer")
    assert "compared on 200 shots" in pages["trust"].said("explainer")
    assert "exact Shapley values, one baseline row." in pages["trust"].text
    card = pages["data"].said("model-card")
    assert all(word in card for word in ("Made for", "Not made for", "What it does not see", "People"))
    assert "ensemble of 510 decision trees" in card
    assert "in these data: Distance to goal" in card  # what the model never uses is named
    assert "xgoals 1" in pages["data"].said("provenance")
    without = Pages(plain)
    assert "Not compared in this run." in without["trust"].said("explainer")
    assert "not recorded." in without["data"].said("provenance")


def test_a_feature_without_any_value_is_unknown_not_zero(league, model, run, quarantine, plain):
    pages = Pages(plain)
    assert "Speed of the shooter: no shot has a value, so the champion never uses it." in pages["data"].said(
        "never-used"
    )
    missing = " ".join(element.text_content() for element in pages["features"].hook("missing-pair"))
    assert "Angle to goal, by Speed of the shooter: not in this model" in missing


def test_claims_lead_to_the_picture_that_decides_them(league, model, run, quarantine, plain):
    pages = model_report(league, model, run, quarantine, article_page="../article/x.html")
    page = Page(pages["importance"])
    links = {
        item.get("id"): item.xpath(".//a/@href") for item in page.root.xpath("//*[@data-test='claims']/li")
    }
    assert links["claim-angle-turns-at-25"] == ["features.html#dependence-AngleToGoal"]
    assert links["claim-close-goals-are-wide"] == ["../../article/x.html#close-goals"]
    assert "dependence-AngleToGoal" in Page(pages["features"]).root.xpath("//@id")
    ids = set(page.root.xpath("//@id"))
    assert all(link[1:] in ids for found in links.values() for link in found if link.startswith("#"))
    alone = Page(plain["importance"])
    (item,) = alone.root.xpath("//*[@id='claim-close-goals-are-wide']")
    assert item.xpath(".//a") == []


def test_seasons_stand_side_by_side_only_where_there_are_two(league, model, run, quarantine):
    two = Page(model_report(pd.concat([league] * 3), model, run, quarantine)["seasons"])
    assert len(two.root.xpath("//*[@data-test='swarm-by-season']//thead//th")) == 3
    one = Page(model_report(league.assign(season="2023"), model, run, quarantine)["seasons"])
    assert one.hook("swarm-by-season") == []
    assert "There is one season only, or the others are too small to compare." in one.text


def test_a_constant_feature_is_drawn_and_a_club_of_three_shots_is_counted(league, model, run, quarantine):
    frame = league.assign(AngleToGoal=30.0, team=np.where(np.arange(300) < 3, "Tiny", "Reds"))
    pages = Pages(model_report(frame, model, run, quarantine))
    assert "Tiny" not in pages["seasons"].said("clubs-sentence")
    assert len(pages["features"].root.xpath("//*[@id='dependence-AngleToGoal']//figure")) == 1
