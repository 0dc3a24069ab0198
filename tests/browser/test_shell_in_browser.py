"""What stands around every page: colours of the reader's choice, tips, a way past the top, paper."""

import pytest
from invented import a_match, a_model, some_people, some_shots

from xgoals.report import match_report

pytestmark = pytest.mark.browser

PAPER = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture(scope="module")
def html() -> str:
    shots = some_shots(6).assign(match_id="m1")
    return match_report(a_match(), shots, some_people(shots), a_model())


def test_the_reader_chooses_the_colours_and_the_system_is_the_first_choice(opened, html):
    shown = opened(html, scheme="dark")
    page, button = shown.page, shown.page.locator("button.scheme")
    dark = page.evaluate(PAPER)
    light = opened(html, scheme="light").page.evaluate(PAPER)
    assert light != dark
    seen = []
    for _ in range(4):
        seen.append((button.inner_text(), page.evaluate(PAPER)))
        button.click()
    assert seen == [
        ("Colours: As the system", dark),
        ("Colours: Light", light),
        ("Colours: Dark", dark),
        ("Colours: As the system", dark),
    ]
    assert (shown.requests, shown.complaints) == ([], [])


def wait_for_paper(page, colour):
    """Until the page has this colour; the page's own policy forbids Playwright's waiting, which evaluates a text."""
    for _ in range(100):
        if page.evaluate(PAPER) == colour:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the paper is {page.evaluate(PAPER)}, not {colour}")


def test_the_choice_is_kept_where_the_browser_lets_it(opened, html):
    page = opened(html, scheme="dark").page
    light = opened(html, scheme="light").page.evaluate(PAPER)
    page.locator("button.scheme").click()
    wait_for_paper(page, light)
    for _ in range(20):  # a browser writes down what is kept in its own time: a reload may come before it
        page.reload()
        if page.evaluate(PAPER) == light:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(PAPER) == light
    assert page.locator("button.scheme").inner_text() == "Colours: Light"


def test_a_browser_that_keeps_nothing_does_no_harm(browser, html, tmp_path):
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    page, complaints = browser.new_page(color_scheme="light"), []
    page.on("console", lambda told: complaints.append(told.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})")
    page.goto((tmp_path / "page.html").as_uri())
    light = page.evaluate(PAPER)
    page.locator("button.scheme").click()
    page.locator("button.scheme").click()
    assert page.evaluate(PAPER) != light
    assert complaints == []
    page.close()


def test_the_first_key_leads_past_the_top(opened, html):
    page = opened(html).page
    page.keyboard.press("Tab")
    link = page.locator("a.skip")
    assert link.evaluate("e => document.activeElement === e")
    box = link.bounding_box()
    assert box["y"] >= 0, "the link shows itself when it is reached"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_marks_say_their_name_at_once_to_mouse_and_keyboard(opened, html):
    page = opened(html).page
    tip = page.locator(".tip")
    assert not tip.is_visible()
    mark = page.locator("svg.map a").first
    name = mark.locator("title").text_content()
    mark.hover(force=True)
    assert tip.inner_text() == name
    page.mouse.move(0, 0)
    assert not tip.is_visible()
    mark.focus()
    assert tip.inner_text() == name
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    assert mark.locator("title").text_content() == name, "it keeps its own name"


def test_landmarks(opened, html):
    page = opened(html).page
    roles = {role: page.get_by_role(role).count() for role in ("banner", "main", "navigation", "contentinfo")}
    assert roles == {"banner": 1, "main": 1, "navigation": 1, "contentinfo": 1}
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_dark_screen_prints_on_white(opened, html):
    page = opened(html, scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    colour = "getComputedStyle(document.documentElement).getPropertyValue('--{}').trim()"
    assert page.evaluate(colour.format("paper")) == "#fff"
    assert page.evaluate(colour.format("home")) == "#1f7a4d"  # the light one: dark's would be pale on paper


def test_cards_lead_to_the_explorer_where_it_is_served_and_nowhere_else(opened, browser, html):
    from_disk = opened(html).page
    assert from_disk.locator("a[data-explore]").count() > 0
    assert from_disk.locator("a[data-explore]:not([hidden])").count() == 0
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page = context.new_page()
    page.goto("http://xgoals.invalid/airflow/xgoals/reports/demo/match/1.html")
    link = page.locator("a[data-explore]").first
    assert link.get_attribute("href") == (
        "http://xgoals.invalid/airflow/xgoals/explore/demo?shot=statsbomb%2Fm1%2Fs0"
    )
    page.goto("http://xgoals.invalid/reports/demo/match/1.html")  # a copy, without our server behind it
    assert page.locator("a[data-explore]:not([hidden])").count() == 0
    context.close()
