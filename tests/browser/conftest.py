"""A real browser: opens pages from disk, counts what they ask for and what they complain about."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from browsers import Kind, Tab, Tabs

SCREENSHOTS = Path(__file__).parent / "screenshots"


@dataclass
class Opened:
    """A page in the browser, what it asked for beside itself, and its complaints."""

    page: Page
    asked: list[Request]
    complaints: list[str]
    _picture: Callable[[Page, str], None]

    @property
    def requests(self) -> list[str]:
        """Addresses that were asked for and not stopped by the page's own policy."""
        addresses = [request.url for request in self.asked if request.failure != "csp"]
        return [url for url in addresses if url != self.page.url and not url.startswith("data:")]

    def picture(self, name: str) -> None:
        """As it is now, for a person to look at."""
        self._picture(self.page, name)


@pytest.fixture
def picture(pytestconfig: pytest.Config) -> Callable[[Page, str], None]:
    """``picture(page, name)`` leaves a screenshot, where that was asked for (``--screenshots``)."""

    def take(page: Page, name: str) -> None:
        if pytestconfig.getoption("--screenshots"):
            SCREENSHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def opened(tabs: Tabs, tmp_path: Path, picture: Callable[[Page, str], None]):
    """``opened(html, width=..., scheme=..., scripts=..., calm=...)`` shows a page; calm readers want little motion."""
    taken: list[Tab] = []

    def show(
        html: str, *, width: int = 1180, scheme: str = "light", scripts: bool = True, calm: bool = False
    ) -> Opened:
        file = tmp_path / f"{len(taken)}.html"
        file.write_text(html, encoding="utf-8")
        tab = tabs.take(Kind(scripts), width=width, scheme=scheme, calm=calm)
        taken.append(tab)
        tab.page.goto(file.as_uri())
        return Opened(tab.page, tab.asked, tab.complaints, picture)

    yield show
    for tab in taken:
        tabs.give_back(tab)


@pytest.fixture(scope="module")
def only_looked_at(tabs: Tabs, tmp_path_factory: pytest.TempPathFactory):
    """``only_looked_at(html, width=...)``: the page with all open, for tests that measure and leave it as it is."""
    folder, shown = tmp_path_factory.mktemp("looked_at"), dict[tuple[str, int], Tab]()

    def show(html: str, *, width: int = 1180) -> Page:
        if (html, width) not in shown:
            file = folder / f"{len(shown)}.html"
            file.write_text(html, encoding="utf-8")
            tab = shown[html, width] = tabs.take(Kind(), width=width, scheme="light")
            tab.page.goto(file.as_uri())
            tab.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        return shown[html, width].page

    yield show
    for tab in shown.values():
        tabs.give_back(tab)
