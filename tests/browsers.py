"""A headless Chromium for a session."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

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
