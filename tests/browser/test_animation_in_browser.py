"""The animation of a clip plays, pauses, is scrubbed; also without a mouse, without scripts, without motion."""

import pytest
from invented import a_match, a_model, some_footage, some_people, some_shots
from promises import EVERY_LOOK, keeps_promises, lets_nothing_in, stands_without_scripts

from xgoals.report import match_report

pytestmark = pytest.mark.browser


def a_page(n_shots: int) -> str:
    shots = some_shots(n_shots).assign(match_id="m1")
    return match_report(a_match(), shots, some_people(shots), a_model(), footage=some_footage(shots))


@pytest.fixture(scope="module")
def html() -> str:
    return a_page(5)


class Player:
    """The first animation that stands open."""

    def __init__(self, page):
        self.card = page.locator("details.card[open] .clip").first
        self.button = self.card.locator("button.play")
        self.scrub = self.card.locator("input[type=range]")
        self.page = page

    def ball(self) -> str:
        return self.card.locator(".moving .clip-ball").get_attribute("transform")

    def frame(self) -> int:
        return int(self.scrub.input_value())

    def told(self) -> str:
        return self.card.locator("output").inner_text()

    def move_to(self, frame: int) -> None:
        self.scrub.fill(str(frame))

    def reaches(self, frame: int) -> None:
        """Wait until it has played so far."""
        handle = self.scrub.element_handle()
        self.page.wait_for_function("([e, n]) => Number(e.value) >= n", arg=[handle, frame], timeout=15_000)


@pytest.fixture
def player(opened, html):
    shown = opened(html)
    yield Player(shown.page)
    assert (shown.requests, shown.complaints) == ([], [])


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_the_page_keeps_the_promises_of_every_page(opened, html, look):
    keeps_promises(opened, html, "match-with-clips", look)


def test_a_match_of_33_shots_with_all_their_clips_stays_below_3_mb():
    assert len(a_page(33).encode()) < 3e6


def test_its_policy_lets_nothing_in(opened, html):
    lets_nothing_in(opened, html)


def test_it_opens_at_the_shot_and_says_so(player):
    assert player.frame() == 37
    assert player.told().startswith("the shot · xG if he shot now: ")
    assert player.scrub.get_attribute("aria-valuetext") == player.told()
    assert player.button.inner_text() == "Play"
    xg = player.card.locator("xpath=..").locator("summary .xg").inner_text().split("\n")[0].replace("xG", "")
    assert player.told().endswith(xg.strip())


def test_scrubbing_moves_the_ball_and_the_cursor(player):
    cursor = player.card.locator(".clip-curve .cursor")
    seen = set()
    for frame in (0, 20, 37, 55):
        player.move_to(frame)
        seen.add((player.ball(), cursor.get_attribute("d")))
    assert len(seen) == 4
    player.move_to(0)
    assert "ball not in his reach" in player.told()
    assert "the model has seen nothing like it" in player.told()
    player.move_to(32)
    assert player.told().startswith("0.4 s before the shot")
    assert "nothing like it" not in player.told()
    player.move_to(55)
    assert player.told() == "1.4 s after the shot · ball 2.0 m high"


def test_it_plays_pauses_and_plays_on(player):
    player.move_to(5)
    start = player.ball()
    player.button.click()
    assert player.button.inner_text() == "Pause"
    player.reaches(10)
    player.button.click()
    assert player.button.inner_text() == "Play"
    where, ball = player.frame(), player.ball()
    assert ball != start
    player.page.wait_for_timeout(300)
    assert (player.frame(), player.ball()) == (where, ball), "a paused clip stands still"
    player.button.click()
    player.reaches(where + 2)


def test_it_stops_at_the_end_and_begins_anew(player):
    player.card.locator("select").select_option("2")
    player.move_to(55)
    player.button.click()
    player.reaches(62)
    player.page.wait_for_function("e => e.textContent === 'Play'", arg=player.button.element_handle())
    player.button.click()
    player.page.wait_for_function("e => Number(e.value) < 40", arg=player.scrub.element_handle())


def test_speed_is_what_it_says(player):
    """By the page's own clock: how far it plays in the same time at a quarter of the speed."""
    measure = """([section, speed]) => new Promise((done) => {
        const scrub = section.querySelector("input"), select = section.querySelector("select");
        scrub.value = 0;
        scrub.dispatchEvent(new Event("input"));
        select.value = speed;
        select.dispatchEvent(new Event("change"));
        section.querySelector("button.play").click();
        requestAnimationFrame((first) => {
            const look = (now) => {
                if (now - first < 1000) return requestAnimationFrame(look);
                const frames = Number(scrub.value);
                section.querySelector("button.play").click();
                done(frames / (now - first) * 1000);
            };
            requestAnimationFrame(look);
        });
    })"""
    section = player.card.element_handle()
    at_1, at_quarter = (player.page.evaluate(measure, [section, speed]) for speed in ("1", "0.25"))
    assert at_1 == pytest.approx(12.5, abs=3)  # 12.5 frames a second
    assert at_quarter == pytest.approx(12.5 / 4, abs=1.5)


def test_keys_do_all_of_it(player):
    player.scrub.focus()
    player.page.keyboard.press("ArrowLeft")
    assert player.frame() == 36
    player.page.keyboard.press("Home")
    assert player.frame() == 0
    player.page.keyboard.press("Tab")
    player.page.keyboard.press("Enter")
    player.reaches(2)
    player.page.keyboard.press("Space")
    assert player.button.inner_text() == "Play"


def test_a_click_on_the_line_goes_there(player):
    chart = player.card.locator(".clip-curve")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] * 0.3, "y": box["height"] / 2})
    assert 10 < player.frame() < 20


def test_a_closed_cards_clip_is_set_up_when_it_opens(player):
    closed = player.page.locator("details.card:not([open])").first
    handle = closed.element_handle()
    assert handle.query_selector(".moving .clip-ball") is None
    closed.locator("summary").first.click()
    handle.wait_for_selector(".moving .clip-ball", state="attached", timeout=3000)
    assert handle.query_selector("button.play").is_visible()


def test_readers_who_want_little_motion_get_stills(opened, html):
    player = Player(opened(html, calm=True).page)
    player.move_to(0)
    seen = player.page.evaluate(
        """(section) => new Promise((done) => {
            const scrub = section.querySelector("input"), seen = new Set();
            section.querySelector("button.play").click();
            const look = () => {
                seen.add(Number(scrub.value));
                if (Number(scrub.value) < 18) requestAnimationFrame(look);
                else done([...seen]);
            };
            look();
        })""",
        player.card.element_handle(),
    )
    assert seen == [0, 6, 12, 19] or seen == [0, 6, 13, 19]  # half a second apart, nothing in between


def test_without_scripts_there_are_stills_and_the_line(opened, html):
    stands_without_scripts(
        opened, html, "match-with-clips", ".card[open] .strip-of-film svg", ".card[open] .if-now"
    )


def test_paper_shows_stills_and_no_controls(opened, html):
    page = opened(html).page
    page.emulate_media(media="print")
    card = page.locator("details.card[open]").first
    assert card.locator(".strip-of-film svg").count() == 4
    assert card.locator(".strip-of-film svg").first.is_visible()
    assert not card.locator(".stage").is_visible()
    assert not card.locator(".controls").is_visible()
