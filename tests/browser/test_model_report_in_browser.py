"""The model report as a reader meets it."""

from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from invented import a_model, a_run, one_in_quarantine, some_shots

from xgoals.report import model_report

pytestmark = pytest.mark.browser


@cache
def a_page(language: str = "en") -> str:
    return model_report(some_shots(400), a_model(), a_run(), one_in_quarantine(), language=language)


@pytest.fixture(scope="module")
def html() -> str:
    return a_page()


def test_nothing_is_asked_for_and_nothing_complained_about(opened, html):
    shown = opened(html)
    assert shown.requests == []
    assert shown.complaints == []


def test_the_policy_stops_what_a_name_might_smuggle_in(opened, html):
    smuggled = html.replace(
        "</main>", '<img src="https://xgoals.invalid/x.png"><script>document.title="owned"</script></main>'
    )
    shown = opened(smuggled)
    assert shown.requests == []
    assert shown.page.title() != "owned"
    assert any("Content Security Policy" in complaint for complaint in shown.complaints)


@pytest.mark.parametrize(
    ("width", "scheme"), [(1180, "light"), (1180, "dark"), (360, "light"), (360, "dark")]
)
def test_axe_finds_nothing(opened, html, width, scheme):
    # axe is put into the page by the test, past the page's own policy
    shown = opened(html.replace("Content-Security-Policy", "x-none"), width=width, scheme=scheme)
    found = Axe().run(shown.page)
    assert found.response["violations"] == [], found.generate_report()


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
