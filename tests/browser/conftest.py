"""A real browser: opens pages from disk, counts what they ask for and what they complain about."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

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
def opened(browser: Browser, tmp_path: Path, picture: Callable[[Page, str], None]):
    """``opened(html, width=..., scheme=..., calm=...)`` shows a page; calm readers want little motion."""
    contexts = []

    def show(
        html: str, *, width: int = 1180, scheme: str = "light", scripts: bool = True, calm: bool = False
    ) -> Opened:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,
            reduced_motion="reduce" if calm else "no-preference",
        )
        contexts.append(context)
        found = Opened(context.new_page(), [], [], picture)
        found.page.on("request", lambda request: found.asked.append(request))  # noqa: PLW0108 (playwright asks for its signature)
        found.page.on("console", lambda message: found.complaints.append(message.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.goto(file.as_uri())
        return found

    yield show
    for context in contexts:
        context.close()
