"""A headless Chromium for a session, and its pages, which are used again."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Pictures are for people: a page of many screens takes longer to paint than to prove."""
    parser.addoption("--screenshots", action="store_true", help="leave pictures in tests/browser/screenshots")


def _chromium() -> str | None:
    named = os.environ.get("XGOALS_CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; a test that needs one is skipped aloud where there is none, and fails in CI."""
    path = _chromium()
    if path is None:
        reason = "NO CHROMIUM: install it (Debian: chromium) or name it in XGOALS_CHROMIUM to run this test"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()


class Kind(NamedTuple):
    """What a page keeps for life."""

    scripts: bool = True
    locale: str | None = None


@dataclass
class Tab:
    """A page, and what it has asked for and complained of since somebody has taken it."""

    page: Page
    kind: Kind
    asked: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Tabs:
    """Pages to take and to give back: a new one costs half a second of computing, an address in an old one a tenth.

    One that is given back has forgotten everything: address, storage, cookies, routes.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: defaultdict[Kind, list[Tab]] = defaultdict(list)

    def take(self, kind: Kind, *, width: int, scheme: str, calm: bool = False) -> Tab:
        """A page of this width in pixels and colour scheme; calm readers want little motion."""
        tab = self._free[kind].pop() if self._free[kind] else self._new(kind)
        tab.asked, tab.complaints = [], []
        tab.page.set_viewport_size({"width": width, "height": 900})
        motion = "reduce" if calm else "no-preference"
        tab.page.emulate_media(media="null", color_scheme=scheme, reduced_motion=motion)
        return tab

    def give_back(self, tab: Tab) -> None:
        """To be taken by somebody else."""
        tab.page.unroute_all()
        tab.page.context.set_offline(False)
        tab.page.evaluate("() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }")
        tab.page.context.clear_cookies()
        tab.page.goto("about:blank")
        self._free[tab.kind].append(tab)

    def _new(self, kind: Kind) -> Tab:
        page = self._browser.new_context(java_script_enabled=kind.scripts, locale=kind.locale).new_page()
        tab = Tab(page, kind)
        page.on("request", lambda request: tab.asked.append(request))  # noqa: PLW0108 (tab.asked is a new list each time)
        page.on("console", lambda message: tab.complaints.append(message.text))
        page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        return tab


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    """The pages of this process's browser; they end with it."""
    return Tabs(browser)
