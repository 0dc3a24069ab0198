"""The pages of a model as a reader meets them."""

from datetime import UTC, datetime
from functools import cache

import pandas as pd
import pytest
from invented import a_model, a_run, one_in_quarantine, some_shots
from promises import (
    DESK,
    EVERY_LOOK,
    PHONE,
    Look,
    keeps_promises,
    lets_nothing_in,
    never_scrolls_sideways,
    stands_without_scripts,
)

from drift_by_hand import a_drift
from xgoals.analysis.evaluated.model_change import Changed, ModelChange, shifted_numbers
from xgoals.domain.findings.fairness import MARGIN, SURPLUS, THRESHOLD, BiasFigure, Facet, Verdict
from xgoals.domain.model import Decision, RecordedDecision
from xgoals.model.gate import GateCheck
from xgoals.report import model_report
from xgoals.report.model.chapters import CHAPTERS

pytestmark = pytest.mark.browser

KEYS = [chapter.key for chapter in CHAPTERS]
BEHIND = [(key, Look((DESK, PHONE)[n % 2], ("light", "dark")[n // 2 % 2])) for n, key in enumerate(KEYS[1:])]
"""Each chapter in one look, all looks among them."""


CHECK = GateCheck("champion", True, -0.0002, 0.003, "...", -0.0005, 0.0001, 30566, 1270)
CHECKS = {"checks": [CHECK.as_record()] * 8, "guards": []}
PROMOTED = RecordedDecision(
    Decision("xg-test", "xg-old", "promoted", "Stored.", CHECKS), datetime(2024, 5, 9, tzinfo=UTC)
)


def an_evaluation() -> pd.DataFrame:
    """Seven clubs, a third of them surely off, and worse than the provider."""
    rows = []
    for n in range(7):
        about = {"split": "out_of_fold", "slice": "club", "slice_value": f"A club of name {n}", "note": None}
        own = {
            **about,
            "n_shots": 400,
            "n_goals": 40,
            "n_matches": 20,
            "forecaster": "model",
            "compared_with": "none",
        }
        rows += [
            {**own, "metric": "auc", "value": 0.8, "low": 0.7, "high": 0.9},
            {**own, "metric": "surplus_per_100", "value": -3.0, "low": -5.0, "high": -1.0},
            {**own, "metric": "surplus_p", "value": 1e-4 if n % 3 == 0 else 0.5, "low": None, "high": None},
            {
                **own,
                "compared_with": "provider",
                "metric": "log_loss",
                "value": 0.01,
                "low": 0.005,
                "high": 0.015,
            },
        ]
    return pd.DataFrame(rows)


def a_fairness() -> list[BiasFigure]:
    """Thirty clubs, one of them off and one of a long name, and where they played; a metric of each."""
    verdicts = {0: Verdict.TOO_LOW, 1: Verdict.FAIR}
    of_all = {SURPLUS: 0.1, MARGIN: 1.0, THRESHOLD: 0.26}
    found = [BiasFigure(None, "", name, value, -0.2, 0.4, 9000, 900, 300) for name, value in of_all.items()]
    parts = [(Facet.CLUB, f"Club {n:02d}" + " of a long name" * (n == 2)) for n in range(30)]
    for n, (facet, name) in enumerate([*parts, (Facet.VENUE, "home"), (Facet.VENUE, "away")]):
        verdict = verdicts.get(n, Verdict.CANNOT_SAY)
        counts = (400, 40, 38, 0.01 * (n + 1), 0.05 * (n + 1) / 2)
        found.append(
            BiasFigure(facet, name, SURPLUS, 4.0 - n / 4, 1.0 - n / 4, 8.0 - n / 4, *counts, verdict)
        )
        found.append(BiasFigure(facet, name, "DPPL", 0.01, -0.12, 0.13, 400, 40, 38))
    return found


@cache
def pages(language: str = "en") -> dict[str, str]:
    shots, model = some_shots(400), {**a_model(), "evaluation": an_evaluation(), "fairness": a_fairness()}
    before = shots.assign(xg=shots["xg"] ** 1.1)
    change = ModelChange(
        "xg-old", (Changed("eta", 0.05, 0.06),), (), ("New",), (), shifted_numbers(before, shots)
    )
    return model_report(
        shots,
        model,
        a_run(),
        one_in_quarantine(),
        decisions=[PROMOTED],
        change=change,
        drift=a_drift(),
        language=language,
    )


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_first_page_keeps_the_promises_of_every_page(opened, look):
    keeps_promises(opened, pages()["summary"], "model", look, max_mb=1)


@pytest.mark.parametrize(("key", "look"), BEHIND, ids=str)
def test_so_do_the_chapters(opened, key, look):
    keeps_promises(opened, pages()[key], f"model-{key}", look, max_mb=1)


def test_the_first_page_is_one_screen(opened):
    """All that it says stands within 1280 x 1000; the footer may be below."""
    page = opened(pages()["summary"], width=1280).page
    box = page.locator(".glance").bounding_box()
    assert box["y"] + box["height"] <= 1000


def test_it_stands_without_scripts(opened):
    stands_without_scripts(opened, pages()["summary"], "model", "h1", "nav a", ".drawn svg")


def test_its_policy_lets_nothing_in(opened):
    lets_nothing_in(opened, pages()["features"])


def test_no_page_scrolls_sideways_in_german_either(opened):
    for html in pages("de").values():
        never_scrolls_sideways(opened(html, width=PHONE).page, PHONE)


def test_light_and_dark_differ_and_the_drawn_figures_follow(opened):
    seen, page = {}, opened(pages()["summary"]).page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colour = "getComputedStyle(document.querySelector('.drawn svg text')).fill"
        seen[scheme] = (
            page.evaluate("getComputedStyle(document.body).backgroundColor"),
            page.evaluate(colour),
        )
    assert seen["light"][0] != seen["dark"][0]
    assert seen["light"][1] != seen["dark"][1]


def test_tables_are_open_in_print(opened):
    page = opened(pages()["quality"]).page
    table = page.locator("#quality details table")
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()


def test_strips_fill_their_place(opened):
    page = opened(pages()["importance"], width=390).page
    box = page.locator(".swarm .dots img").first.bounding_box()
    assert box["width"] > 300
