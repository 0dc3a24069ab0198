"""The index: complete without its script, which the page's policy lets run by its hash."""

from dataclasses import replace

import pytest
from reading_html import Page, hashed

from xgoals.report import IndexEntry, index_page

MATCH = IndexEntry(
    "match",
    "Reds 2–1 Blues",
    "match/m1.html",
    "League",
    "2023",
    "3",
    "2024-05-01",
    ("Reds", "Blues"),
    ("Ömer Ålund",),
)
ENTRIES = [
    MATCH,
    IndexEntry("match", "Greens 0–0 Greys", "match/m2.html", match_date="2024-05-08"),
    IndexEntry("model", "Model <xg-1>", "model/xg-1.html"),
]


def entry(kind, title, day, **more):
    about = {"competition": "League", "season": "2023", "match_date": day}
    return IndexEntry(kind, title, f"{kind}/{title}.html", **(about | more))


def test_latest_first_and_by_kind():
    page = Page(index_page(ENTRIES))
    assert page.root.xpath("//*[@data-test='match']//a/text()") == ["Greens 0–0 Greys", "Reds 2–1 Blues"]
    assert page.root.xpath("//*[@data-test='model']//a/@href") == ["model/xg-1.html"]
    assert "Model <xg-1>" in page.text
    assert page.hook("matchday") == []


def test_chapters_of_a_model_stand_beside_it_in_their_order():
    def chapter(title: str, n: int, version: str) -> IndexEntry:
        about = {"model_version": version, "chapter": title, "chapter_n": n}
        return IndexEntry("model", f"Model {version}: {title}", f"model/{version}/{n}.html", **about)

    first, other = (
        IndexEntry("model", f"Model {version}", f"model/{version}.html", model_version=version)
        for version in ("xg-1", "<xg-2>")
    )
    chapters = [chapter("Trust", 6, "xg-1"), chapter("Quality", 2, "xg-1"), chapter("Quality", 2, "<xg-2>")]
    page = Page(index_page([first, other, *chapters], language="de"))
    entries = page.hook("model")
    assert len(entries) == 2, "no chapter is an entry of its own"
    links = [entry.xpath(".//a/@href") for entry in entries]
    assert ["model/xg-1.html", "model/xg-1/2.html", "model/xg-1/6.html"] in links
    assert sorted(found.text_content() for found in page.hook("chapters")) == ["Güte", "Güte · Verlass"]


def test_rounds_newest_first_within_their_season_of_which_one_is_open():
    page = Page(
        index_page(
            [
                entry("match", "A 1–0 B", "2024-05-01", round="3", xg=(1.234, 0.5)),
                entry("matchday", "Third", "2024-05-01", round="3"),
                entry("match", "C 0–0 D", "2024-05-20", round="Final"),
                entry("match", "E 0–0 F", "2021-05-20", round="1", season="2020"),
            ]
        )
    )
    assert page.root.xpath("//section//h2/text()") == ["League 2023", "League 2020"]
    assert page.root.xpath("//section//h3/text()") == ["Final", "Matchday 3", "Matchday 1"]
    assert page.root.xpath("(//details[@class='round'])[2]//a/@href") == [
        "matchday/Third.html",
        "match/A%201%E2%80%930%20B.html",
    ]
    assert "1.23 – 0.50 xG" in page.text
    is_open = [d.get("open") is not None for d in page.root.xpath("//details")]
    assert is_open == [True, True, False, False, False], (
        "the newest round of the newest season, and nothing else"
    )
    assert "A 1:0 B" in Page(index_page([entry("match", "A 1–0 B", "2024-05-01")], language="de")).text


def test_seasons_clubs_and_players_have_their_places():
    page = Page(
        index_page(
            [
                entry("season", "League 2023", "2024-05-20"),
                entry("season", "League 2022", "2023-05-20", season="2022"),
                entry("club", "Reds", "2024-05-20", clubs=("Reds",)),
                entry("club", "Ärmel", "2024-05-20"),
                IndexEntry("player", "Zoe Zabel", "player/2.html", clubs=("Reds",)),
                IndexEntry("player", "Ömer Ålund", "player/1.html", clubs=("Reds", "Blues")),
            ]
        )
    )
    assert page.root.xpath("//*[@data-test='season']//a/text()") == ["League 2023", "League 2022"]
    assert page.root.xpath("//*[@data-test='club']//a/text()") == ["Ärmel", "Reds"]
    assert page.root.xpath("//*[@data-test='player']//a/text()") == ["Ömer Ålund", "Zoe Zabel"]
    assert "Reds, Blues" in page.text
    assert page.root.xpath("//section[@data-about]//h2/text()") == ["League 2023"], (
        "a season of pages has clubs or matches"
    )


def test_a_match_without_a_page_is_listed_with_the_place_of_its_page_and_no_link():
    missing = replace(MATCH, path="match/m9.html", is_written=False)
    page = Page(index_page([*ENTRIES, missing]))
    assert page.root.xpath("//@data-href") == ["match/m9.html"]
    assert "match/m9.html" not in page.root.xpath("//a/@href")
    assert "xgoals report --match" in page.hook("unwritten")[0].text_content()
    assert Page(index_page(ENTRIES)).hook("unwritten") == []


def test_players_of_a_match_are_named_once_however_often_they_play():
    html = index_page([replace(MATCH, path=f"match/{n}.html") for n in range(20)])
    assert html.count("Ömer Ålund") == 1
    assert Page(html).root.xpath("//li/@data-names") == ["0"] * 20


def test_the_policy_names_exactly_the_pages_scripts_and_its_style_sheet():
    page = Page(index_page(ENTRIES))
    assert len(page.scripts) == 3  # the shell's, what links to unwritten pages, and the search
    assert page.policy["script-src"] == [hashed(text) for text in page.scripts]
    assert page.policy["style-src-elem"] == [hashed(text) for text in page.styles]
    assert page.policy["default-src"] == ["'none'"]
    assert not any(word in text for text in page.scripts for word in ("fetch", "XMLHttpRequest", "innerHTML"))


def test_nothing_to_list_and_simulated():
    assert "There is no report yet." in Page(index_page([])).text
    assert Page(index_page(ENTRIES, is_simulated=True)).hook("simulated")


@pytest.mark.parametrize("is_written", [True, False])
def test_a_path_that_is_no_report_is_refused(is_written):
    with pytest.raises(ValueError, match="not a link"):
        index_page([replace(MATCH, path="javascript:alert(1)", is_written=is_written)])
