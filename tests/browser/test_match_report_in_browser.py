"""The match report as a reader meets it."""

import pytest
from invented import a_match, a_model, some_people, some_reasons, some_shots
from promises import EVERY_LOOK, boxes, keeps_promises, never_scrolls_sideways, stands_without_scripts

from xgoals.report import match_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def html() -> str:
    shots = some_shots(24).assign(match_id="m1")
    change = {
        "kind": "substitution",
        "team": "Reds",
        "player": "Tired",
        "replacement": "Fresh",
        "period": 2,
        "minute": 60,
    }
    red = {"kind": "red_card", "team": "Blues", "player": "Rash", "period": 2, "minute": 70}
    own = {"team": "Reds", "player": "Unlucky", "minute": 51}
    match = {**a_match(), "own_goals": [own], "incidents": [change, {**change, "kind": "yellow_card"}, red]}
    people = some_people(shots)
    return match_report(match, shots, people, a_model(), reasons=some_reasons(shots, people))


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_it_keeps_the_promises_of_every_page(opened, html, look):
    keeps_promises(opened, html, "match", look, max_mb=1)


def test_it_stands_without_scripts(opened, html):
    stands_without_scripts(
        opened,
        html,
        "match",
        "h1",
        ".turns li",
        "#race svg",
        "#decisions .decision:not(.off)",
        "#map svg",
        ".card[open] svg.scene",
    )


def test_the_page_never_scrolls_sideways(opened, html):
    never_scrolls_sideways(opened(html).page, 1180, 768, 390, 360)


@pytest.mark.parametrize("width", [360, 1180])
def test_one_race_is_shown_and_its_labels_do_not_touch(only_looked_at, html, width):
    page = only_looked_at(html, width=width)
    assert [chart.is_visible() for chart in page.locator("#race svg").all()].count(True) == 1
    labels = boxes(page.locator("#race svg:visible text.minute"))
    assert labels
    for i, a in enumerate(labels):
        for b in labels[i + 1 :]:
            apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


@pytest.mark.parametrize("width", [360, 1180])
def test_names_on_the_maps_touch_neither_each_other_nor_a_mark(only_looked_at, html, width):
    page = only_looked_at(html, width=width)
    for side in page.locator("#map figure > svg.map").all():
        names = boxes(side.locator("text"))
        marks = boxes(side.locator(".mark"))
        for i, a in enumerate(names):
            for b in (*names[i + 1 :], *marks):
                beside = a["x"] + a["width"] <= b["x"] + 1 or b["x"] + b["width"] <= a["x"] + 1
                # a line's box is higher than its letters
                assert (
                    beside or a["y"] + 0.8 * a["height"] <= b["y"] + 1 or b["y"] + b["height"] <= a["y"] + 3
                )


@pytest.mark.parametrize("width", [360, 1180])
def test_a_card_s_numbers_stay_on_it_and_its_names_can_be_told_apart(only_looked_at, html, width):
    page = only_looked_at(html, width=width)
    for fall in page.locator(".fall").all():
        frame = fall.bounding_box()
        for box in boxes(fall.locator(".tag")):
            assert frame["x"] <= box["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
    for scene in page.locator("svg.scene").all()[:12]:
        names = boxes(scene.locator("text.name"))
        assert names
        for i, a in enumerate(names):
            for b in names[i + 1 :]:
                apart = a["x"] + a["width"] <= b["x"] + 1 or b["x"] + b["width"] <= a["x"] + 1
                assert (
                    apart
                    or a["y"] + 0.8 * a["height"] <= b["y"] + 1
                    or b["y"] + 0.8 * b["height"] <= a["y"] + 1
                )


def test_the_map_is_read_without_colour(only_looked_at, html):
    page = only_looked_at(html)
    kinds = page.evaluate(
        "[...document.querySelectorAll('.marks svg')].slice(0, 6).map(svg => svg.innerHTML.trim()"
        ".replace(/class=\"[^\"]*\"/g, '') + getComputedStyle(svg.querySelector('.mark')).fillOpacity)"
    )
    assert len(set(kinds)) == 6


def test_a_mark_on_the_map_opens_its_card(opened, html):
    page = opened(html).page
    closed = page.locator("details.card:not([open]) .happened").first
    key = closed.get_attribute("id")
    assert not closed.is_visible()
    page.locator(f"svg.map a[href='#{key}']").first.dispatch_event("click")
    page.locator(f"#{key}").wait_for(state="visible", timeout=3000)


def test_a_reader_chooses_the_lines_of_the_decision_plot(opened, html):
    page = opened(html).page
    shown = page.locator("#decisions svg.wide .decision:not(.off)")
    assert shown.count() == 8
    assert [line.is_visible() for line in shown.all()] == [True] * 8
    page.locator("#decisions summary").click()
    key = page.locator("#decisions input:not(:checked)").first.get_attribute("value")
    other = page.locator(f"#decisions input[value='{key}']")
    assert other.is_disabled(), "eight at most"
    page.locator("#decisions input:checked").first.uncheck()
    other.check()
    assert page.locator(f"#decisions svg.wide .decision[href='#{key}']").is_visible()
    names = boxes(shown.locator("text"))
    assert len(names) == 8
    for i, a in enumerate(names):
        assert all(abs(a["y"] - b["y"]) >= 0.8 * a["height"] for b in names[i + 1 :])


def test_cards_open_with_the_keyboard(opened, html):
    page = opened(html).page
    summary = page.locator("details.card:not([open]) > summary").first
    story = summary.locator("xpath=../p[@data-test='story']").element_handle()
    summary.focus()
    page.keyboard.press("Enter")
    assert story.is_visible()


def test_everything_is_open_in_print(opened, html):
    page = opened(html).page
    page.emulate_media(media="print")
    assert all(story.is_visible() for story in page.locator(".card .story").all())
