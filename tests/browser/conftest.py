"""A real browser: opens pages from disk, counts what they ask for and what they complain about."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request


@dataclass
class Opened:
    """A page in the browser, what it asked for beside itself, and its complaints."""

    page: Page
    asked: list[Request]
    complaints: list[str]

    @property
    def requests(self) -> list[str]:
        """Addresses that were asked for and not stopped by the page's own policy."""
        addresses = [request.url for request in self.asked if request.failure != "csp"]
        return [url for url in addresses if url != self.page.url and not url.startswith("data:")]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path):
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
        found = Opened(context.new_page(), [], [])
        found.page.on("request", lambda request: found.asked.append(request))  # noqa: PLW0108 (playwright asks for its signature)
        found.page.on("console", lambda message: found.complaints.append(message.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.goto(file.as_uri())
        return found

    yield show
    for context in contexts:
        context.close()
