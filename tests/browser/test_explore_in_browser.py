"""The explorer in a real browser, on its own server over a simulated league: what a hand does, and what is shown."""

import base64
import json
import re
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from playwright.sync_api import Page, Route
from promises import EVERY_LOOK, LOOKS, Look, nothing_objected_to

from browsers import Kind, Tab, Tabs
from databases import default_settings
from leagues import Stage
from xgoals.explore.app import create_app

# The first of these tests waits for a league and its champion.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

HOSTILE = '<img src=x onerror="document.title=1"></script><b>Bobby'


@dataclass(frozen=True)
class Explorer:
    """Where the page is, and the same questions without it."""

    page: str
    api: str

    def ask(self, what: str, scene: dict) -> dict:
        return (
            httpx.post(f"{self.api}/{what}", json=scene, trust_env=False, timeout=60)
            .raise_for_status()
            .json()
        )

    def shots(self, **query) -> list[dict]:
        return httpx.get(f"{self.api}/shots", params=query, trust_env=False, timeout=60).json()


@pytest.fixture(scope="module")
def explorer(
    stage_of_the_first_run: Callable[[str], Stage], copy_database: Callable[[str, str], str]
) -> Iterator[Explorer]:
    stage = stage_of_the_first_run("explained")
    settings = default_settings(home=stage.home, database_url=copy_database(stage.database, "explored"))
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="warning", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    root = f"http://127.0.0.1:{port}/xgoals"
    yield Explorer(f"{root}/explore/main", f"{root}/api/v1/main/explore")
    server.should_exit = True
    thread.join()


@pytest.fixture
def show(tabs: Tabs):
    """``show(address)``: the page there, at rest; it must not complain."""
    taken: list[Tab] = []

    def open_(address: str, look: Look = LOOKS[0]) -> Page:
        tab = tabs.take(Kind(locale="en"), width=look.width, scheme=look.scheme)
        taken.append(tab)
        tab.page.goto(address)
        return rested(tab.page)

    yield open_
    complaints = [told for tab in taken for told in tab.complaints]
    for tab in taken:
        tabs.give_back(tab)
    assert [told for told in complaints if "Failed to load resource" not in told] == []


def rested(page: Page) -> Page:
    """Once all is answered that was asked of the scene."""
    page.locator("#play[aria-busy=false]:not(.moves)").wait_for(timeout=60_000)
    return page


def scene_in(page: Page) -> dict:
    """The scene in the page's address, as its link would take it along."""
    letters = re.search(r"#s=([\w-]+)", page.url)[1]
    return json.loads(base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4)))["scene"]


def link_to(explorer: Explorer, scene: dict, **more) -> str:
    letters = base64.urlsafe_b64encode(json.dumps({"scene": scene, **more}).encode()).decode().rstrip("=")
    return f"{explorer.page}#s={letters}"


def shown_xg(page: Page) -> str:
    return page.locator("#xg").inner_text()


def as_shown(xg: float) -> str:
    return f"{xg:.3f}" if xg < 0.01 else f"{xg:.2f}"


def drag(page: Page, person: str, dx: float, dy: float) -> None:
    box = page.locator(f"{person} .hit").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=8)
    page.mouse.up()


SHOOTER = ".person[data-id=shooter]"
SCENE = {
    "x_m": 38.0, "y_m": 2.0, "body_part": "right_foot",
    "people": [
        {"x_m": 51.5, "y_m": 0.0, "is_teammate": False, "is_keeper": True, "name": HOSTILE},
        {"x_m": 41.0, "y_m": 1.5, "is_teammate": False},
        {"x_m": 36.0, "y_m": -7.0, "is_teammate": True},
    ],
}  # fmt: skip


def test_dragging_changes_the_number_to_the_api_s_and_one_step_back_is_all_of_the_drag(explorer, show):
    page = show(explorer.page)
    before = shown_xg(page)
    assert page.locator("#real").is_visible(), "it begins with a real shot"
    drag(page, SHOOTER, 60, 90)
    rested(page)
    scene = scene_in(page)
    answer = explorer.ask("move", scene)
    assert shown_xg(page) == as_shown(answer["xg"]) != before
    assert f"{answer['xg']:.2f} xG" in page.locator("#said").inner_text()
    told = {actor["person"]: actor["takes"] for actor in explorer.ask("rest", scene)["actors"]}
    ringed = sum(abs(takes) >= 0.005 for person, takes in told.items() if person is not None)
    assert page.locator("#board .rings g").count() == ringed
    page.keyboard.press("Control+z")
    assert shown_xg(rested(page)) == before
    assert page.locator("#undo").is_disabled()
    assert page.locator("#reset").is_disabled(), "it is as it was"
    page.locator("#empty").click()
    assert not rested(page).locator("#real").is_visible()
    page.locator("#undo").click()
    assert rested(page).locator("#real").is_visible(), "and what it was is known again"


def test_keys_move_somebody_by_the_metre_and_remove_him(explorer, show):
    page = show(link_to(explorer, SCENE))
    page.locator(SHOOTER).focus()
    for keys in ("ArrowUp", "ArrowUp", "Shift+ArrowLeft", "Alt+ArrowDown"):
        page.keyboard.press(keys)
    rested(page)
    scene = scene_in(page)
    assert (scene["x_m"], scene["y_m"]) == (37.0, 2.1)
    assert shown_xg(page) == as_shown(explorer.ask("move", scene)["xg"])
    page.keyboard.press("Delete")
    assert page.locator(".person").count() == 4, "a scene has a shooter"
    page.locator(".person:has(.opponent)").focus()
    page.keyboard.press("Delete")
    assert len(scene_in(rested(page))["people"]) == 2
    assert page.evaluate("document.activeElement.classList.contains('person')"), "the focus is not lost"
    page.locator("#list > summary").click()
    page.locator("#people [data-person=shooter] [data-axis=y]").fill("11")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert scene_in(rested(page))["x_m"] == 41.5


def test_an_old_answer_that_comes_late_is_never_shown_and_one_question_is_asked_at_a_time(explorer, show):
    page = show(link_to(explorer, SCENE))
    held: list[Route] = []
    page.route("**/explore/move*", lambda route: held.append(route))  # noqa: PLW0108 (playwright asks for its signature)
    page.locator(SHOOTER).focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    assert len(held) == 1, "the next waits until this is answered"
    page.locator("input[value=head]").check()  # anything but a move of the hand does not wait
    for _ in range(100):
        if len(held) == 2:
            break
        page.wait_for_timeout(20)
    late, newest = held
    newest.continue_()
    rested(page)
    expected = as_shown(explorer.ask("move", scene_in(page))["xg"])
    assert scene_in(page)["body_part"] == "head"
    assert shown_xg(page) == expected
    late.fulfill(json={**explorer.ask("move", SCENE), "xg": 0.99})
    page.wait_for_timeout(50)
    assert shown_xg(page) == expected


def test_a_link_restores_the_scene_and_its_comparison_and_names_stay_text(explorer, show):
    page = show(link_to(explorer, SCENE, shooter=HOSTILE, title=HOSTILE))
    page.locator("#pin").click()
    drag(page, SHOOTER, 0, -60)
    rested(page)
    page.locator("#difference-parts li").first.wait_for()
    again = show(page.url)
    again.locator("#difference-parts li").first.wait_for()
    for selector in ("#xg", "#scene-title", "#story", "#pair", "#difference", "#takers-list"):
        assert again.locator(selector).inner_text() == page.locator(selector).inner_text(), selector
    assert HOSTILE in again.locator("#scene-title").inner_text()
    assert again.title() == "Explorer"
    assert again.locator("main img, main b b").count() == 0
    a, b = (
        float(re.search(r"(\d\.\d+) xG", text)[1])
        for text in again.locator("#pair figcaption").all_inner_texts()
    )
    told = explorer.ask("compare", {"a": SCENE, "b": scene_in(again)})
    assert (a, b) == (round(told["a"], 2), round(told["b"], 2))


def test_a_table_that_is_dropped_comes_back_with_numbers_or_with_its_mistakes(explorer, show):
    page = show(link_to(explorer, SCENE))
    template = httpx.get(f"{explorer.api}/template.csv", trust_env=False).text
    drop(page, "mine.csv", template)
    page.locator("#table-answer td").first.wait_for()
    with page.expect_download() as download:
        page.locator("#table-answer button").click()
    heading, *rows = download.value.path().read_text().splitlines()
    assert "xg" in heading.split(",")
    assert page.locator("#table-told").inner_text().startswith(f"{len(rows)} shots")
    drop(page, "german.csv", 'Spieler;x_m;y_m;body_part\n"Müller; T.";41,5;3,0;foot\n')
    page.locator("#table-answer").get_by_text("Müller; T.").wait_for()
    assert re.fullmatch(r"One shot, 0\.\d\d xG\.", page.locator("#table-told").inner_text())
    mistakes = page.locator("#table-answer li")
    drop(page, "mine.csv", "x_m,y_m,body_part\n40,1,head\nfar,2,head\n")
    mistakes.first.wait_for()
    assert mistakes.all_inner_texts() == ["shot 2: x_m: this is no number"]
    assert "1 of 2 shots" in page.locator("#table-told").inner_text()
    drop(page, "mine.csv", "x_m,y_m,body_part\nfar,2,nose\n")
    page.locator("#table-told").get_by_text("Mend this first").wait_for()
    assert [text.split(":")[0] for text in mistakes.all_inner_texts()] == ["row 2, x_m", "row 2, body_part"]
    drop(page, "mine.csv", "a,b\n1,2\n")
    page.locator("#table-told").get_by_text("lacks x_m").wait_for()


def test_a_scene_is_saved_as_a_picture_and_as_a_file_that_brings_it_back(explorer, show):
    page = show(link_to(explorer, SCENE, title="A chance"))
    with page.expect_download() as picture:
        page.locator("#save-png").click()
    width, height = struct.unpack(">II", picture.value.path().read_bytes()[16:24])
    assert (width, height) == (2400, 1350)
    with page.expect_download() as file:
        page.locator("#save-json").click()
    saved = file.value.path().read_text()
    assert explorer.ask("move", json.loads(saved)["scene"])["xg"] == explorer.ask("move", SCENE)["xg"]
    page.locator("#empty").click()
    rested(page)
    drop(page, "scene.json", saved)
    page.get_by_role("heading", name="A chance").wait_for()
    assert scene_in(rested(page))["people"][0]["name"] == HOSTILE
    drop(page, "scene.json", "[1, 2")
    page.locator("#trouble").get_by_text("not a scene").wait_for()


def drop(page: Page, name: str, content: str) -> None:
    transfer = page.evaluate_handle(
        """([name, content]) => {
            const all = new DataTransfer();
            all.items.add(new File([content], name));
            return all;
        }""",
        [name, content],
    )
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})


def test_what_is_wrong_is_told_and_the_scene_outlives_a_login(explorer, show):
    page = show(link_to(explorer, SCENE))
    page.route("**/explore/*", lambda route: route.fulfill(status=401, json={"detail": "no"}))
    drag(page, SHOOTER, 0, 40)
    trouble = page.locator("#trouble")
    trouble.get_by_text("session has ended").wait_for()
    assert shown_xg(page) == "–", "no number of another scene"
    page.unroute("**/explore/*")
    page.evaluate(
        "history.replaceState(null, '', location.pathname)"
    )  # a login forgets the end of an address
    trouble.get_by_role("button", name="Log in").click()
    page.locator("#play[data-shown='1']").wait_for()
    assert scene_in(rested(page))["x_m"] < SCENE["x_m"]
    page.context.set_offline(True)
    page.locator("input[value=head]").check()
    trouble.get_by_text("offline").wait_for()
    page.context.set_offline(False)
    rested(page)
    assert not trouble.is_visible()
    assert shown_xg(page) == as_shown(explorer.ask("move", scene_in(page))["xg"])
    for address, told in (("#s=!", "damaged"), ("?shot=statsbomb/none/none", "There is no shot")):
        broken = show(explorer.page + address)
        assert told in broken.locator("#trouble").inner_text()
        assert shown_xg(broken) != "–", "there is a pitch all the same"


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_page_in_every_look(explorer, show, picture, look):
    page = show(f"{explorer.page}?language={'de' if look.scheme == 'dark' else 'en'}", look)
    page.locator("#pin").click()
    page.locator("#difference-parts li").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    rested(page)
    picture(page, f"explorer-{look}")
    assert page.evaluate("document.documentElement.scrollWidth") == look.width, "scrolls sideways"
    nothing_objected_to(page)
    widths = page.locator("#board .hit").evaluate_all("all => all.map(e => e.getBoundingClientRect().width)")
    assert min(widths) >= 24, "a target for a finger"


def test_a_finger_moves_people_and_does_not_scroll_the_page(explorer, browser):
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(link_to(explorer, SCENE))
    rested(page)
    page.locator("#board").scroll_into_view_if_needed()
    box = page.locator(f"{SHOOTER} .hit").bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    hand, before = context.new_cdp_session(page), page.evaluate("scrollY")
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    for step in range(1, 9):
        point = {"x": at["x"], "y": at["y"] + 5 * step}
        hand.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert scene_in(rested(page))["x_m"] < SCENE["x_m"] - 1
    assert page.evaluate("scrollY") == before
    context.close()
