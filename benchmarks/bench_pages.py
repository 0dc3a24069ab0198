"""How fast reports open: every page of a folder in headless Chromium, from the address to the end of its load event.

    python benchmarks/bench_pages.py .xgoals/reports/demo [--repeat 3] [--chromium PATH]

Prints, for each page, its size, the elements that the browser lays out, requests that left the page (there are
none), and the fastest and the slowest of the repetitions. The target is 2 s.
"""

import argparse
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

TARGET_S = 2.0
_LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"


def opening(browser: Browser, page_file: Path) -> tuple[float, int, int]:
    """Seconds to the end of the load event, elements, requests to anything but the page."""
    context = browser.new_context(viewport={"width": 1180, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri(), wait_until="load")
    page.wait_for_function(f"{_LOADED} > 0")
    seconds, elements = page.evaluate(_LOADED), page.locator("*").count()
    context.close()
    return seconds, elements, sum(not url.startswith(("data:", "file:")) for url in asked)


def main() -> int:
    """Exit 1 when a page misses the target or asks for something."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome"))
    given = parser.parse_args()
    pages = sorted(given.folder.resolve().rglob("*.html"))
    if not pages:
        parser.error(f"no page in {given.folder}")
    missed = 0
    print(f"{'page':60} {'kB':>6} {'elements':>9} {'requests':>9} {'fastest s':>10} {'slowest s':>10}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])
        for page in pages:
            runs = [opening(browser, page) for _ in range(given.repeat)]
            times, requests = [run[0] for run in runs], max(run[2] for run in runs)
            name = str(page.relative_to(given.folder.resolve()))
            kilobytes = page.stat().st_size / 1000
            print(
                f"{name:60.60} {kilobytes:6.0f} {runs[0][1]:9} {requests:9} {min(times):10.2f} {max(times):10.2f}"
            )
            missed += statistics.median(times) > TARGET_S or requests > 0
        browser.close()
    print(f"{len(pages) - missed} of {len(pages)} pages open within {TARGET_S:g} s and ask for nothing")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
