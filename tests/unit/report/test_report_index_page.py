"""The index: complete without its script, which the page's policy lets run by its hash."""

import pytest
from reading_html import Page, hashed

from xgoals.report import index_page

REPORTS = [
    {"kind": "match", "title": "Reds 2–1 Blues", "path": "match/m1.html", "match_date": "2024-05-01",
     "competition": "League", "season": "2023", "matchday": 3, "clubs": ["Reds", "Blues"], "players": ["Ömer Ålund"]},
    {"kind": "match", "title": "Greens 0–0 Greys", "path": "match/m2.html", "match_date": "2024-05-08"},
    {"kind": "model", "title": "Model <xg-1>", "path": "model/xg-1.html", "model_version": "xg-1"},
]  # fmt: skip


def test_latest_first_and_by_kind():
    page = Page(index_page(REPORTS))
    assert page.root.xpath("//*[@data-test='match']//a/text()") == ["Greens 0–0 Greys", "Reds 2–1 Blues"]
    assert page.root.xpath("//*[@data-test='model']//a/@href") == ["model/xg-1.html"]
    assert "Model <xg-1>" in page.text
    assert page.hook("matchday") == []


def test_chapters_of_a_model_stand_beside_it_in_their_order():
    def chapter(title: str, n: int, version: str) -> dict[str, object]:
        path = f"model/{version}/{n}.html"
        about = {"model_version": version, "chapter": title, "chapter_n": n}
        return {"kind": "model", "title": f"Model {version}: {title}", "path": path, **about}

    other = {"kind": "model", "title": "Model <xg-2>", "path": "model/xg-2.html", "model_version": "xg-2"}
    chapters = [chapter("Trust", 6, "xg-1"), chapter("Quality", 2, "xg-1"), chapter("Quality", 2, "xg-2")]
    page = Page(index_page([*REPORTS, other, *chapters], language="de"))
    links = page.root.xpath("//*[@data-test='model'][1]//a/@href")
    assert links == ["model/xg-1.html", "model/xg-1/2.html", "model/xg-1/6.html"]
    assert [found.text_content() for found in page.hook("chapters")] == ["Güte · Verlass", "Güte"]
    assert len(page.hook("model")) == 2, "no chapter is an entry of its own"


def test_rounds_newest_first_within_their_season_and_a_matchday_leads_its_matches():
    def entry(kind, title, day, **more):
        about = {"competition": "League", "season": "2023", "match_date": day}
        return {"kind": kind, "title": title, "path": f"{kind}/{title}.html", **about, **more}

    page = Page(
        index_page(
            [
                entry("match", "A 1–0 B", "2024-05-01", round="3", xg=[1.234, 0.5]),
                entry("matchday", "Third", "2024-05-01", round="3"),
                entry("match", "C 0–0 D", "2024-05-20", round="Final"),
                entry("match", "E 0–0 F", "2021-05-20", round="1", season="2020"),
            ]
        )
    )
    assert page.root.xpath("//section//h2/text()") == ["League 2023", "League 2020"]
    assert page.root.xpath("//section//h3/text()") == ["Final", "Matchday 3", "Matchday 1"]
    assert page.root.xpath("(//details)[2]//a/@href") == [
        "matchday/Third.html",
        "match/A%201%E2%80%930%20B.html",
    ]
    assert "1.23 – 0.50 xG" in page.text
    assert [d.get("open") is not None for d in page.root.xpath("//details")] == [True, False, True]
    assert "A 1:0 B" in Page(index_page([entry("match", "A 1–0 B", "2024-05-01")], language="de")).text


def test_an_entry_is_found_by_club_player_competition_matchday_and_date():
    (found_by,) = Page(index_page(REPORTS[:1])).root.xpath("//@data-search")
    for word in ("reds", "blues", "omer alund", "league", "2023", "3", "2024-05-01"):
        assert word in found_by


def test_the_policy_names_exactly_the_pages_scripts_and_its_style_sheet():
    page = Page(index_page(REPORTS))
    assert len(page.scripts) == 2  # the shell's and the search
    assert page.policy["script-src"] == [hashed(text) for text in page.scripts]
    assert page.policy["style-src-elem"] == [hashed(text) for text in page.styles]
    assert page.policy["default-src"] == ["'none'"]
    assert not any(word in text for text in page.scripts for word in ("fetch", "XMLHttpRequest", "innerHTML"))


def test_nothing_to_list_and_simulated():
    assert "There is no report yet." in Page(index_page([])).text
    assert Page(index_page(REPORTS, is_simulated=True)).hook("simulated")


def test_a_path_that_is_no_report_is_refused():
    with pytest.raises(ValueError, match="not a link"):
        index_page([{**REPORTS[0], "path": "javascript:alert(1)"}])
