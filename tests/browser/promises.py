"""What every page promises, whatever it shows: asked of it in a real browser, in every look.

A page's own test calls :func:`keeps_promises` in ``EVERY_LOOK``, and :func:`stands_without_scripts`. ``--screenshots``
leaves pictures of all that was looked at in ``tests/browser/screenshots`` (not in the repository) for a person.
"""

from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

MAX_ELEMENTS = 60_000
"""A browser lays so many out in well under two seconds; times are measured by benchmarks/bench_pages.py."""


class Look(NamedTuple):
    """A screen and a colour scheme."""

    width: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.scheme}-{self.width}"


PHONE, DESK = 360, 1180
LOOKS = [Look(DESK, "light"), Look(PHONE, "dark")]
"""Each width and each scheme."""
EVERY_LOOK = [
    *LOOKS,
    *(pytest.param(Look(*look), marks=pytest.mark.slow) for look in ((DESK, "dark"), (PHONE, "light"))),
]
"""Each width in each scheme: what the others leave to be found is not worth the wait every time."""

_OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"


def keeps_promises(opened, html: str, name: str, look: Look, *, max_mb: float = 3.0) -> None:
    """No request, no complaint, nothing that axe-core objects to, no scrolling sideways; closed and all open.

    Raises
    ------
    AssertionError
        Says which promise is broken, and where.
    """
    shown = opened(html, width=look.width, scheme=look.scheme)
    page = shown.page
    shown.picture(f"{name}-{look}")
    assert len(html.encode()) <= max_mb * 1e6
    assert page.locator("*").count() <= MAX_ELEMENTS
    assert page.evaluate("document.documentElement.scrollWidth") == look.width, "scrolls sideways"
    page.evaluate(_OPEN_ALL)
    page.wait_for_function("document.getAnimations().every(a => a.playState !== 'running')")
    assert page.evaluate("document.documentElement.scrollWidth") == look.width, "scrolls sideways when open"
    nothing_objected_to(page)
    assert page.locator("html[lang]").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("main h1").count() == 1
    assert page.evaluate("document.querySelector('a').getAttribute('href')") == "#content", (
        "no skip link first"
    )
    assert shown.requests == [], "the page asked for something"
    assert shown.complaints == [], "the page complains on the console"


def nothing_objected_to(page: Page) -> None:
    """By axe-core, which need not list all that it likes."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()


def boxes(of: Locator) -> list[dict[str, float]]:
    """Where each of these elements is, asked at once: ``x, y, width, height`` in pixels of the window."""
    found: list[dict[str, float]] = of.evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
    return found


def stands_without_scripts(opened, html: str, name: str, *looked_for: str) -> Page:
    """The page says the same with scripts turned off: these selectors are visible, and nothing dead is offered.

    The page comes back, for more to be asked of it.
    """
    shown = opened(html, scripts=False)
    page = shown.page
    shown.picture(f"{name}-without-scripts")
    for selector in looked_for:
        assert page.locator(selector).first.is_visible(), f"{selector} needs a script"
    for control in page.locator("button, input, select").all():
        assert not control.is_visible(), (
            f"a control without its script: {control.evaluate('e => e.outerHTML')}"
        )
    assert shown.requests == []
    return page


def never_scrolls_sideways(page: Page, *widths: int) -> None:
    """On none of these screens is it wider than the screen, with all open."""
    page.evaluate(_OPEN_ALL)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def lets_nothing_in(opened, html: str) -> None:
    """The page's own policy stops scripts, style sheets, pictures and posts that were smuggled in, and says so."""
    smuggled = (
        '<img src="https://xgoals.invalid/x.png"><script>document.title = "owned"</script>'
        '<img src="data:," onerror="document.title = \'owned\'">'
        "<style>main { display: none }</style><link rel=stylesheet href=https://xgoals.invalid/x.css>"
    )
    assert "</main>" in html
    shown = opened(html.replace("</main>", f"{smuggled}</main>"))
    page = shown.page
    page.evaluate("fetch('https://xgoals.invalid/').catch(() => {})")
    assert page.title() != "owned"
    assert page.locator("main").is_visible()
    assert shown.requests == []
    stopped = [text for text in shown.complaints if "Content Security Policy" in text]
    assert len(stopped) >= 4, shown.complaints
