"""The model report as a reader meets it."""

from functools import cache

import pytest
from invented import a_model, a_run, one_in_quarantine, some_shots
from promises import LOOKS, keeps_promises, lets_nothing_in, stands_without_scripts

from xgoals.report import model_report

pytestmark = pytest.mark.browser


@cache
def a_page(language: str = "en") -> str:
    return model_report(some_shots(400), a_model(), a_run(), one_in_quarantine(), language=language)


@pytest.fixture(scope="module")
def html() -> str:
    return a_page()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_it_keeps_the_promises_of_every_page(opened, html, look):
    keeps_promises(opened, html, "model", look)


def test_it_stands_without_scripts(opened, html):
    stands_without_scripts(opened, html, "model", "h1", "#quality table", ".drawn svg")


def test_its_policy_lets_nothing_in(opened, html):
    lets_nothing_in(opened, html)


@pytest.mark.parametrize("width", [360, 390, 768, 1180])
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_never_scrolls_sideways(opened, width, language):
    page = opened(a_page(language=language), width=width).page
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_light_and_dark_differ_and_the_drawn_figures_follow(opened, html):
    seen = {}
    for scheme in ("light", "dark"):
        page = opened(html, scheme=scheme).page
        colour = "getComputedStyle(document.querySelector('.drawn svg text')).fill"
        seen[scheme] = (
            page.evaluate("getComputedStyle(document.body).backgroundColor"),
            page.evaluate(colour),
        )
    assert seen["light"][0] != seen["dark"][0]
    assert seen["light"][1] != seen["dark"][1]


def test_tables_are_open_in_print(opened, html):
    page = opened(html).page
    table = page.locator("#quality details table")
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()


def test_strips_fill_their_place(opened, html):
    page = opened(html, width=390).page
    box = page.locator(".swarm .dots img").first.bounding_box()
    assert box["width"] > 300
