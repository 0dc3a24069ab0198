"""Profiles on pages: what is drawn and hatched, what is said, in both languages, with every number in a table."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from reading_html import Page

from xgoals.analysis.profiles.everybody import EverybodysCurve
from xgoals.analysis.profiles.feature_profile import FeatureProfile
from xgoals.analysis.profiles.glass_box import TwoShapes
from xgoals.analysis.profiles.grid import Grid
from xgoals.analysis.profiles.group import GroupProfile, Swing
from xgoals.analysis.profiles.mean_curve import MeanCurve
from xgoals.analysis.profiles.shown import Basis, GroupOnPage, ShownProfile
from xgoals.language import THIN, language
from xgoals.report import model_report
from xgoals.report.draw.profile_chart import Curve, line_chart, row_chart
from xgoals.report.page.group import group_page
from xgoals.report.words.profile import swing_in_words

EN = language("en")
ANGLE = {
    "name": "AngleToGoal", "label": "angle to goal", "unit": "deg", "kind": "continuous", "group": "place",
    "definition": "", "categories": None,
}  # fmt: skip
HEADER = ANGLE | {"name": "Header", "label": "header", "unit": "", "kind": "binary"}
VALUES = np.array([10.0, 20.0, 30.0])
UP = np.array([0.1, 0.2, 0.3])


def curve(mean=UP):
    return MeanCurve(mean, mean - 0.05, mean + 0.05, 500, 20)


def everybody(off=(0.0, 0.2, 0.26)):
    grid = Grid(ANGLE, "line", VALUES, np.array([0.2, 0.5, 0.3]), 500, 3)
    return EverybodysCurve(grid, curve(), 0.15, np.array(off), True, 0, 1, np.zeros((1, 3)), np.zeros(1, int))


def a_swing(low, high, *, is_compared=True):
    return Swing(0, 1, 0.14, 0.1, 0.04, low, high, is_compared)


def group(swing=None, n_shots=500, n_matches=20):
    profile = GroupProfile(
        everybody(),
        replace(curve(UP + 0.1), n_shots=n_shots),
        0.22,
        np.array([0.0, 0.9, 0.1]),
        swing or a_swing(0.01, 0.07),
    )
    basis = Basis("xg-1", ["AngleToGoal"], None, None, {"AngleToGoal": everybody()}, 6000, 240)
    return GroupOnPage(basis, (ShownProfile(profile, np.array([0.0, 0.2, 0.26])),), n_shots, n_matches, 9)


def test_only_what_is_off_the_map_is_hatched_and_hatching_stays_in_its_place():
    own = Curve("own", UP, UP - 0.05, UP + 0.05)
    none = line_chart(VALUES, [own], shares=np.ones(3) / 3, is_off=np.zeros(3, bool))
    assert none.hatch == ""
    chart = line_chart(VALUES, [own], shares=np.ones(3) / 3, is_off=np.array([False, False, True]))
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", chart.hatch)]
    half_way = (chart.left + 3 * chart.right) / 4
    assert all(half_way - 1 <= x <= chart.right + 1 for x in numbers[::2])
    assert all(chart.top - 1 <= y <= chart.bottom + 1 for y in numbers[1::2])
    assert chart.lines[0].band.endswith("Z")
    assert chart.lines[0].path.count("L") == 2


def test_an_interval_that_nobody_knows_is_not_drawn():
    unknown = np.full(3, np.nan)
    chart = line_chart(
        VALUES, [Curve("own", UP, unknown, unknown)], shares=np.ones(3), is_off=np.zeros(3, bool)
    )
    assert chart.lines[0].band == ""
    assert "nan" not in chart.lines[0].path
    rows = row_chart(
        [
            "no",
            "after own control",
            "header won in the air",
        ],  # the last one fits, but not with a share behind it
        [Curve("own", UP, unknown, unknown)],
        shares=np.ones(3),
        is_off=np.array([False, False, True]),
    )
    assert [row.marks[0].low_x for row in rows.rows] == [None, None, None]
    assert [row.lines for row in rows.rows] == [("no",), ("after own control",), ("header won in the", "air")]
    assert rows.hatch


@pytest.mark.parametrize(
    ("swing", "said"),
    [
        (a_swing(0.01, 0.07), "Difference +0.040 (+0.010 to +0.070): beyond chance."),
        (a_swing(-0.01, 0.09), "Difference +0.040 (−0.010 to +0.090): may be chance."),
        (a_swing(np.nan, np.nan), "How sure that is cannot be said: all shots are of one match."),
    ],
)
def test_what_a_swing_says_depends_on_what_chance_leaves(swing, said):
    (shown,) = group(swing).shown
    told = swing_in_words(shown.profile, EN)
    assert told == f"From 10° to 20° these chances gain 0.140 xG, everybody's 0.100. {said}"


def test_off_the_map_nothing_is_compared():
    (shown,) = group(a_swing(0.01, 0.07, is_compared=False)).shown
    assert swing_in_words(shown.profile, EN) == "Nothing is compared: too much of this curve is off the map."
    assert not shown.profile.swing.is_beyond_chance


def test_a_page_of_any_group_in_both_languages():
    page = Page(group_page({"team": "<b>Reds</b>"}, group(), language="en"))
    assert "<b>Reds</b>" in page.text, "a name is a text"
    assert page.foreign_scripts == []
    assert page.root.xpath("//a[@class='index']") == []
    assert "Of 500 shots in 20 matches." in page.said("profile-lead")
    assert "Everybody: 6,000 shots of 240 matches. By xg-1" in page.text
    rows = [[cell.text_content() for cell in row] for row in page.root.xpath("//table//tbody/tr")]
    assert [row[2] for row in rows] == ["0.200", "0.300", "0.400", "0.220"]
    assert [row[-1] for row in rows] == [f"{n}{THIN}%" for n in (0, 20, 26)] + [""]
    assert "chance speaks louder" not in page.text

    wanted = {"team": "Reds", "opponent": "Blues", "body_part": "HEAD", "shot_type": "open_play"}
    small = Page(group_page(wanted, group(n_shots=99), language="de"))
    assert "Reds, Gegner: Blues, Körperteil: Kopf, Art des Schusses: aus dem Spiel" in small.text
    assert "Weniger als 100 Schüsse in 10 Spielen" in small.text
    assert "mehr als Zufall" in small.text
    assert "beyond" not in small.text
    assert "außen vor" not in small.text

    partly = replace(group(), n_shots=510)
    assert "10 of these shots have no value of it and are left out." in Page(group_page({}, partly)).text
    nothing = Page(group_page({}, replace(group(), shown=())))
    assert "None of their features can be compared" in nothing.text
    assert not nothing.hook("profile")
    assert "Grey bars" not in nothing.text


def test_a_features_profile_stands_below_its_dependence(shots, model, run, quarantine):
    rng = np.random.default_rng(0)
    angles = rng.uniform(10, 60, 60)
    frame = shots(*({"AngleToGoal": a, "shap_AngleToGoal": (a - 25) / 100} for a in angles))
    single = np.array([[0.05, 0.1, 0.2], [0.1, 0.3, 0.6]])
    with_peer = FeatureProfile(everybody(), single, TwoShapes(UP - 0.2, 1.5 * (UP - 0.2), 0.05))
    pages = model_report(frame, model, run, quarantine, profiles={"AngleToGoal": with_peer})
    page = Page(pages["features"])
    (cell,) = page.hook("profile")
    assert len(cell.xpath(".//svg")) == 2
    assert "Were it missing: 0.150 xG." in cell.text_content()
    assert cell.xpath(".//svg")[0].get("aria-label") == (
        "Angle to goal, all else as it was: mean xG from 0.100 at 10° to 0.200 at 20°."
    )
    head = [th.text_content() for th in cell.xpath(".//th")]
    assert head[-2:] == ["log-odds, this model", "log-odds, glass-box peer"]
    assert "glass-box peer" in page.text

    alone = model_report(
        frame, model, run, quarantine, profiles={"AngleToGoal": replace(with_peer, shapes=None)}
    )
    page = Page(alone["features"])
    assert len(page.hook("profile")[0].xpath(".//svg")) == 1
    assert "glass-box peer" not in page.text
    assert Page(model_report(frame, model, run, quarantine)["features"]).hook("profile") == []


def peer_figures(note=None, n_shots=8000):
    of = {"split": "out_of_fold", "slice": "all", "slice_value": "all", "n_goals": 800, "n_matches": 300}
    known = {"value": -0.001, "low": -0.002, "high": -0.0005} if note is None else dict.fromkeys(
        ("value", "low", "high")
    )  # fmt: skip
    rows = [
        of | known | {"forecaster": "model", "compared_with": "glass_box", "metric": metric, "note": note}
        for metric in ("auc", "log_loss", "brier")
    ]
    if note is None:
        own = {"auc": 0.81, "log_loss": 0.253, "brier": 0.072, "ece": 0.007, "xg_per_goal": 1.0}
        rows += [
            of
            | {"forecaster": "glass_box", "compared_with": "none", "metric": metric, "note": None}
            | {"value": value, "low": value, "high": value}
            for metric, value in own.items()
        ]
    return pd.DataFrame(rows).assign(n_shots=n_shots)


@pytest.mark.parametrize(
    ("note", "n_shots", "said"),
    [
        (None, 8000, "What this model gains over it is what features do together."),
        ("few", 3000, "There is no glass-box peer to compare with: 3,000 shots, and 5,000 are needed."),
        ("failed", 8000, "could not be fitted; the log of the training says why."),
    ],
)
def test_the_quality_page_says_what_the_peer_reaches_or_why_there_is_none(
    shots, model, run, quarantine, note, n_shots, said
):
    figures = peer_figures(note, n_shots)
    page = Page(model_report(shots({}, {}), model | {"evaluation": figures}, run, quarantine)["quality"])
    assert said in page.said("glass-box")
    assert ("Glass-box peer" in page.text) == (note is None)
