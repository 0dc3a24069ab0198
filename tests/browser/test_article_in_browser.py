"""The page of the article as a reader meets it."""

from functools import cache

import pytest
from invented import a_model, a_run, some_shots
from promises import EVERY_LOOK, keeps_promises, never_scrolls_sideways, stands_without_scripts

from xgoals.report import article_report

pytestmark = pytest.mark.browser


@cache
def a_page(language: str = "en") -> str:
    return article_report(
        some_shots(600), a_model(), a_run(), language=language, model_page="../model/xg-test.html"
    )


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_it_keeps_what_every_page_promises(opened, look):
    keeps_promises(opened, a_page(), "article", look)


def test_it_stands_without_scripts(opened):
    page = stands_without_scripts(opened, a_page(), "article", "h1", "ol.claims li", "figure.drawn svg")
    assert page.locator("ol.claims li").count() == 19
    assert page.locator("figure.drawn svg").count() >= 6


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_never_scrolls_sideways(opened, language):
    never_scrolls_sideways(opened(a_page(language)).page, 1180, 768, 360)


def test_a_claim_in_the_list_leads_to_its_figure(opened):
    page = opened(a_page()).page
    page.locator("[data-test=claims-list] summary").click()
    page.locator("a[href='#claim-header-at-equal-angle']").click()
    figure = page.locator("#headers-by-angle")
    assert figure.locator("#claim-header-at-equal-angle").is_visible()
    assert figure.locator("svg").is_visible()


def test_points_are_seen_on_dark_paper_too(opened):
    """Pixels of points keep a contrast of 3 to 1 with the paper, the WCAG's limit for graphics."""
    page = opened(a_page(), scheme="dark").page
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    paper = [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]

    def luminance(rgb):
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for ink in ((112, 132, 196), (38, 118, 188), (224, 106, 34)):
        assert (luminance(ink) + 0.05) / (luminance(paper) + 0.05) > 3
