"""The page of a season: what it says of whole seasons, of parts, of a cup, of one match, of nothing; links; German."""

import pytest
from reading_html import Page

from seasons_by_hand import SEASON, club, match, reasons_of, shots_of
from xgoals.analysis.season.numbers import season_numbers
from xgoals.domain.page_keys import PlayerKey
from xgoals.report import season_report
from xgoals.report.season.links import SeasonLinks
from xgoals.report.season.places import span

PAIRS = [("A", "B"), ("C", "D"), ("A", "C"), ("B", "D"), ("A", "D"), ("B", "C")]
NAMES = {PlayerKey("feed", f"p{name}"): f"{name} Striker" for name in "ABCD"}


def half_a_league():
    """Four clubs, three of six matchdays: A wins all it plays with a chance each, the others draw without goals."""
    matches = [
        match(n, *pair, (1, 0) if "A" in pair else (0, 0), matchday=n // 2 + 1)
        for n, pair in enumerate(PAIRS)
    ]
    shots = [(m, "home", 0.5, m.home_score == 1) for m in matches]
    return matches, shots_of(*shots)


def page_of(matches, shots, reasons=None, links=None, language="en", **more):
    numbers = season_numbers(SEASON, matches, shots, reasons_of({}) if reasons is None else reasons)
    return Page(season_report(numbers, NAMES, links or SeasonLinks(), language=language, **more))


def told(page, name):
    return [" ".join(element.text_content().split()) for element in page.hook(name)]


def rows(page, name):
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in page.root.xpath(f"//*[@data-test='{name}']//tbody/tr")
    ]


def test_a_season_under_way_has_a_table_of_points_and_of_what_the_chances_give():
    page = page_of(*half_a_league())
    # three matches of half a win and half a draw each: 6 points on average, between 3 and 9
    assert rows(page, "table")[0][:3] == ["1A", "9", "6.03–9"]
    assert "At the top: A with 9 points." in told(page, "lead")[0]
    assert "By their chances, too." in told(page, "lead")[0]
    assert told(page, "missing") == ["The season is under way: matchday 3 of 6."]
    assert told(page, "no-table") == []
    assert len(page.root.xpath("//*[@data-test='trends']/li")) == 4
    assert "0.50 xG a match at home, 0.00 away." in told(page, "home-and-away")[0]


def test_luck_is_called_luck_while_chance_gives_it():
    page = page_of(*half_a_league())
    said = told(page, "finishing-luck")[0]
    assert said.startswith("None of 3 clubs is outside its own interval.")
    assert "nobody is beyond chance" in said
    assert "who is over and who is under says nothing of how good they are" in said
    assert (
        "3 players had a shot: by chance alone, the rarest of so many is at about 1 in 3."
        in told(page, "players-luck")[0]
    )


def test_who_stands_out_among_all_is_named():
    matches, _ = half_a_league()
    lucky = [(matches[0], "home", 0.05, True)] * 6
    page = page_of(matches, shots_of(*lucky, *((m, "home", 0.5, False) for m in matches)))
    assert "beyond chance: A." in told(page, "finishing-luck")[0]


def test_matches_of_one_club_alone_make_no_table():
    matches, shots = half_a_league()
    of_a = [m for m in matches if "A" in (m.home.name, m.away.name)]
    page = page_of(of_a, shots[shots["match_id"].isin([m.key.match_id for m in of_a])])
    assert "all of these are matches of one club, A" in told(page, "no-table")[0]
    assert told(page, "missing") == ["Only matches of A are known: 3 of this competition."]
    assert rows(page, "table") == []
    assert rows(page, "teams")[0][:4] == ["A", "3", "3, 0, 0", "3–0"]
    assert "At the top" not in told(page, "lead")[0]


def test_gaps_a_cup_and_a_match_not_over_are_said():
    gap = page_of([match(1, "A", "B", (1, 0)), match(2, "C", "D", (0, 0), matchday=6)], shots_of())
    assert "Covers 2 of the 12 matches up to matchday 6." in told(gap, "missing")[0]
    assert "Shots are known of 0 of the 2 matches" in told(gap, "missing")[0]
    assert "too few of the matches played" in told(gap, "no-table")[0]
    cup = page_of(
        [match(1, "A", "B", (1, 0), matchday=None, stage="Final"), match(2, "A", "B", None)], shots_of()
    )
    assert "no league" in told(cup, "no-table")[0]
    assert "One match was not played to its end" in told(cup, "missing")[0]
    assert "Final" in cup.text


@pytest.mark.parametrize("language", ["en", "de"])
def test_one_match_and_none_at_all_stand(language):
    one = match(1, "A", "B", (1, 0))
    assert told(page_of([one], shots_of((one, "home", 0.2, True)), language=language), "lead")
    assert told(page_of([], shots_of(), language=language), "lead")


def test_links_lead_where_there_are_pages_and_only_there():
    matches, shots = half_a_league()
    links = SeasonLinks(
        clubs={club("A"): "../club/a.html"},
        players={PlayerKey("feed", "pA"): "../player/a.html"},
        matches={matches[0].key: "../match/0.html"},
        missing={matches[2].key: "../match/2.html"},
        rounds={matches[0].round: "../matchday/1.html"},
        cards={0: "../match/0.html#shot-1"},
        model="../model/m/seasons.html",
    )
    page = page_of(matches, shots, links=links)
    leads = set(page.root.xpath("//main//a/@href"))
    assert {address for address in leads if not address.startswith("#")} == {
        "../club/a.html", "../player/a.html", "../match/0.html", "../matchday/1.html", "../match/0.html#shot-1",
        "../model/m/seasons.html",
    }  # fmt: skip
    assert set(page.root.xpath("//@data-href")) == {"../match/2.html"}


def test_reasons_say_of_how_many_shots_they_are():
    matches, shots = half_a_league()
    page = page_of(matches, shots, reasons_of({0: (0.1, 0.0, 0.06, 0.0), 1: (0.3, 0.0, 0.0, 0.0)}))
    assert told(page, "reasons-known") == ["Known so far of 2 of 6 shots without penalties, in 2 matches."]
    assert [row[0] for row in rows(page, "reasons")] == ["Place of the shot", "Keeper", "Opponents", "Strike"]
    assert rows(page, "reasons")[0][2] == "0.200"
    assert "has not been worked out yet" in told(page_of(matches, shots), "reasons-known")[0]


def test_an_interval_is_placed_between_the_ends_of_its_line():
    place = span(2, 6, 5, 4, start=0, end=8)
    assert (place.left_pct, place.width_pct, place.mark_pct, place.second_pct) == (25.0, 50.0, 62.5, 50.0)
    assert span(0, 0, 0, 0, start=0, end=0).mark_pct == 0.0
