"""Airflow's UI with our pages in it, as a person sees it: logged out, logged in, in the navigation and in a tab."""

from urllib.parse import quote

import pytest

# The first of these tests waits for a server of Airflow and a whole run of the steps.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def log_in(page, server):
    page.fill("input[name=username]", server.user)
    page.fill("input[name=password]", server.password)
    page.keyboard.press("Enter")


def test_who_is_logged_out_logs_in_and_gets_the_report_he_asked_for(page, server):
    address = f"{server.url}/xgoals/reports/demo/index.html"
    page.goto(address)
    assert "/auth/login" in page.url
    assert "Meridian" not in page.content()
    log_in(page, server)
    page.wait_for_url(address)
    assert page.locator("a", has_text="Model").first.is_visible()


def test_the_navigation_leads_to_the_index_and_on_to_a_match(page, server):
    page.goto(f"{server.url}/auth/login?next=%2F")
    log_in(page, server)
    entry = page.locator("a", has_text="Reports").first
    width = entry.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert width > 0, "our icon is drawn"
    entry.click()
    page.wait_for_url("**/plugin/xgoals-reports**")
    reports = page.frame_locator("iframe[title=Reports]")
    match = reports.locator("a[href^='match/']").first
    reports.locator("#search").fill(match.inner_text())
    with page.expect_event("framenavigated", lambda frame: "/match/" in frame.url):
        match.click()
    reports.locator("h1").wait_for()
    # The policy in the page's own text holds here too: a page cannot call Airflow's API in the reader's name.
    frame = next(frame for frame in page.frames if frame.url.startswith(f"{server.url}/xgoals/reports/"))
    stopped = frame.evaluate("fetch('/api/v2/dags').then(() => 'answered', () => 'stopped')")
    assert stopped == "stopped"


def test_the_navigation_leads_to_the_explorer_and_it_says_when_the_session_has_ended(page, server):
    page.goto(f"{server.url}/auth/login?next=%2F")
    log_in(page, server)
    page.locator("a", has_text="Explorer").first.click()
    page.wait_for_url("**/plugin/xgoals-explorer**")
    explorer = page.frame_locator("iframe[title=Explorer]")
    explorer.locator("#play[data-rested]:not([data-rested='0'])").wait_for()
    assert 0 < float(explorer.locator("#xg").inner_text()) < 1
    page.context.clear_cookies()
    explorer.locator("#add-opponent").click()
    explorer.locator("#trouble").get_by_text("session has ended").wait_for()
    assert explorer.locator("#xg").inner_text() == "–"


def test_a_run_s_page_shows_its_figures_and_its_report(page, server):
    page.goto(f"{server.url}/xgoals/runs/xgoals_pipeline/{quote(server.run_id, safe='')}")
    log_in(page, server)
    page.locator("dt", has_text="matches").first.wait_for()
    figures = dict(
        zip(page.locator("dt").all_inner_texts(), page.locator("dd").all_inner_texts(), strict=True)
    )
    assert figures["matches"] == "60"
    assert {"shots", "quarantined", "auc", "log loss", "champion", "seconds"} <= set(figures)
    report = page.frame_locator("iframe[name=report]")
    assert "Matchday" in report.locator("h1").inner_text()
    page.locator("nav a", has_text="Model").click(force=True)
    report.get_by_text(figures["champion"]).first.wait_for()


def test_a_run_without_report_says_so(page, server):
    page.goto(f"{server.url}/xgoals/runs/xgoals_maintenance/scheduled__2026")
    log_in(page, server)
    page.get_by_text("write no report").wait_for()


def test_airflow_lists_page_tab_and_button(server):
    with server.client() as client:
        (plugin,) = [p for p in client.get("/api/v2/plugins").json()["plugins"] if p["name"] == "xgoals"]
        assert client.get("/api/v2/plugins/importErrors").json()["total_entries"] == 0
    assert {view["destination"] for view in plugin["external_views"]} == {"nav", "dag_run"}
    assert len(plugin["operator_extra_links"]) == 1
