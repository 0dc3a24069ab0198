"""The index is searched as one types; the matchday page stands on every screen."""

from dataclasses import replace

import pytest
from invented import a_match, a_model, some_people, some_reasons, some_shots
from promises import EVERY_LOOK, keeps_promises, stands_without_scripts

from xgoals.report import IndexEntry, index_page, matchday_report

pytestmark = pytest.mark.browser

REPORTS = [
    IndexEntry(
        kind="match",
        title=f"{home} 1–0 {away}",
        path=f"match/{home}.html",
        match_date=f"2024-05-0{matchday}",
        round=str(matchday),
        competition="League",
        season="2023",
        clubs=(home, away),
        players=(f"{home} Striker",),
    )
    for matchday, home, away in [(3, "Reds", "Blues"), (2, "Greens", "Gréys")]
]
PLAYERS = [
    IndexEntry("player", name, f"player/{n}.html", clubs=("Reds",))
    for n, name in enumerate(["Thomas Müller", "Martin Ødegaard", "Kevin Großkreutz"])
]


@pytest.fixture(scope="module")
def matchday_html() -> str:
    shots = some_shots(24).assign(match_id="m1")
    day = {"competition": "League", "season": "2023", "matchday": 3}
    people = some_people(shots).assign(match_id="m1")
    reasons = some_reasons(shots, people)
    match = {**a_match(), "path": "../match/m1.html"}
    return matchday_report(day, [match], shots, a_model(), people=people, reasons=reasons)


def test_search_opens_what_it_finds_and_hides_the_rest(opened):
    shown = opened(index_page(REPORTS))
    page = shown.page
    assert page.locator("li:visible").count() == 1  # older matchdays are closed
    page.fill("#search", "STRIKER greys 2023")  # found without its accent
    assert page.locator("li:visible").all_inner_texts()[0].startswith("Greens")
    assert page.locator("li:visible").count() == 1
    assert page.inner_text("#found") == "one report"
    page.fill("#search", "nobody")
    assert not page.locator("section.reports").is_visible()
    page.fill("#search", "")
    assert page.locator("li:visible").count() == 1
    assert shown.requests == []
    assert shown.complaints == []


SPELLINGS = {
    "mueller": "Thomas Müller", "müller": "Thomas Müller", "MULLER": "Thomas Müller", "odegaard": "Martin Ødegaard",
    "oedegaard": "Martin Ødegaard", "grosskreutz": "Kevin Großkreutz",
}  # fmt: skip


def test_players_are_found_however_their_names_are_spelled(opened):
    page = opened(index_page([*REPORTS, *PLAYERS])).page
    for typed, found in SPELLINGS.items():
        page.fill("#search", "")
        assert not page.locator("a", has_text=found).is_visible()
        page.fill("#search", typed)
        assert page.locator("li:visible a").all_inner_texts() == [found], typed


def test_without_scripts_the_list_is_there_and_the_search_box_is_not(opened):
    page = opened(index_page(REPORTS), scripts=False).page
    assert not page.locator("#search").is_visible()
    page.locator("summary").last.click()
    assert page.locator("li:visible").count() == 2


def test_a_whole_archive_is_searched_without_delay(opened):
    many = [
        replace(
            REPORTS[0],
            title=f"Club {i} 1–0 Blues",
            path=f"match/statsbomb-{i}.html",
            round=str(i // 10),
            xg=(1.0, 1.0),
            players=tuple(f"Player {i % 100} Surname {j}" for j in range(22)),
        )
        for i in range(1270)
    ]
    many += [
        IndexEntry(
            "player",
            f"Player {i % 100} Surname {i // 100}",
            f"player/statsbomb-{i}.html",
            clubs=("Borussia",),
        )
        for i in range(3000)
    ]
    html = index_page(many)
    assert len(html.encode()) < 1_000_000
    page = opened(html).page
    page.fill("#search", "club 7 player")
    assert page.inner_text("#found").endswith("reports")
    page.fill("#search", "club 777")
    page.locator("a:visible", has_text="Club 777").wait_for(timeout=2000)


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_both_keep_the_promises_of_every_page(opened, matchday_html, look):
    keeps_promises(opened, matchday_html, "matchday", look, max_mb=1)
    keeps_promises(opened, index_page([*REPORTS, *PLAYERS]), "index", look, max_mb=1)


def test_both_stand_without_scripts(opened, matchday_html):
    stands_without_scripts(opened, matchday_html, "matchday", "h1", "#results li", "#best svg")
    stands_without_scripts(opened, index_page(REPORTS), "index", "h1", "li a")
