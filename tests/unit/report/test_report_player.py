"""The page of a player, whatever is known of him or her."""

from dataclasses import replace
from datetime import date

import pytest
from reading_html import Page, squeezed

from players_by_hand import BACK, BLUES, KEEPER, MAKER, REDS, SEASON, STRIKER, everybody, shot
from xgoals.analysis.player.everybody import Seen
from xgoals.analysis.player.numbers import player_numbers
from xgoals.analysis.player.takes import Taken
from xgoals.domain.page_keys import MatchKey, PlayerKey
from xgoals.domain.reason import Part
from xgoals.report import player_report
from xgoals.report.player.facts import Addresses
from xgoals.report.player.shot_map import MOST_SHOTS

NAMESAKE = PlayerKey("p", "namesake")


def a_season(n: int = 40, goals: int = 4, **changes):
    """Shots of the striker over eight matches, each with its reasons."""
    reasons = {Part.PLACE: 0.02, Part.KEEPER: -0.01, Part.OPPONENTS: 0.0, Part.STRIKE: 0.0}
    return [
        shot(
            n,
            outcome="goal" if n < goals else "off_target" if n % 3 else "saved",
            match=MatchKey("p", f"m{n % 8}"),
            reasons=reasons,
            **changes,
        )
        for n in range(n)
    ]


def page_of(key, shots, *, addresses=None, language="en", namesakes=(), **of_everybody) -> Page:
    all_ = everybody(shots, **of_everybody)
    return Page(
        player_report(
            player_numbers(key, all_), all_, addresses or Addresses(), namesakes=namesakes, language=language
        )
    )


def test_luck_is_answered_in_a_sentence_and_said_among_all_players():
    usual = [of for n in range(9) for of in a_season(40, 4, shooter=PlayerKey("p", f"other{n}"))]
    page = page_of(STRIKER, [*a_season(40, 4), *usual])
    assert page.said("luck") == (
        "There is no sign of it, of good luck or bad: 4 goals from chances worth 4.0 xG, and chance alone gives 1 to 8 "
        "in 95 of 100 cases."
    )
    hot = page_of(STRIKER, [*a_season(40, 9), *usual])
    assert hot.said("luck").startswith(
        "Perhaps, good luck or good finishing: 9 goals from chances worth 4.0 xG."
    )
    assert "Of 10 players with 30 such shots or more, 1 are as far off" in hot.said("luck-among")
    sharp = page_of(STRIKER, [*a_season(40, 25), *usual])
    assert sharp.said("luck").startswith("Hardly luck alone: 25 goals")
    few = page_of(STRIKER, [*a_season(12, 5), *usual])
    assert few.said("luck").startswith("Too few shots to say: 5 goals from chances worth 1.2 xG")
    assert few.hook("luck-among") == []
    assert page_of(STRIKER, a_season()).said("luck-among") == "Nobody else has 30 such shots or more."
    assert "Whoever looks at so many finds some" in hot.said("luck-among")
    assert "Whoever looks" not in page.text


def test_penalties_stand_apart():
    page = page_of(STRIKER, [*a_season(), shot(90, is_penalty=True, xg=0.78, outcome="goal")])
    (table,) = page.root.xpath("//table[@class='goals-table']")
    rows = [[squeezed(cell.text_content()) for cell in row] for row in table.xpath(".//tbody/tr")]
    assert rows == [
        ["without penalties", "40", "4", "4.0", "0.0", "1 to 8"],
        ["with penalties", "41", "5", "4.8", "+0.2", "1 to 9"],
    ]


def test_every_shot_is_on_the_map_and_in_the_table_and_leads_to_its_card_where_there_is_one():
    shots = [*a_season(5), replace(shot(7), depth_m=None, left_m=None)]
    page = page_of(STRIKER, shots, addresses=Addresses(cards={0: "../match/p-m0.html#shot-0"}))
    marks = page.root.xpath("//section[@id='map']/*[local-name()='svg']/*[local-name()='a']")
    rows = page.root.xpath("//section[@id='map']//tbody/tr")
    assert (len(marks), len(rows)) == (5, 6)
    assert [mark.get("href") for mark in marks if mark.get("href")] == ["../match/p-m0.html#shot-0"]
    assert [row.xpath("string(.//a/@href)") for row in rows if row.xpath(".//a")] == [
        "../match/p-m0.html#shot-0"
    ]
    assert "One shot has no place on this map." in page.text
    assert rows[0].get("data-x") == "0.1"  # the newest first
    assert page.said("selection").startswith("6 shots, 4 goals, 0.60 xG.")


def test_the_map_of_a_long_career_shows_the_latest_and_says_so():
    page = page_of(STRIKER, a_season(MOST_SHOTS + 3))
    assert len(page.root.xpath("//section[@id='map']//tbody/tr")) == MOST_SHOTS
    assert (
        f"Map and table show the latest {MOST_SHOTS} shots; 3 older ones are in the numbers alone."
        in page.text
    )
    assert len(page.source.encode()) < 1e6


def test_the_mean_shot_is_held_against_all_s_in_football_s_order():
    others = a_season(60, 2, shooter=MAKER)
    plain = dict.fromkeys(Part, 0.0)
    page = page_of(STRIKER, [*a_season(), *(replace(of, reasons=plain) for of in others)])
    assert page.said("reasons").startswith(
        "The mean shot of Striker is worth 0.100 xG, that of all players 0.100"
    )
    labels = [
        squeezed(label.text_content()) for label in page.root.xpath("//section[@id='reasons']//li/span[1]")
    ]
    assert labels == ["the place", "the keeper", "the opponents", "the strike"]
    without = page_of(STRIKER, [replace(of, reasons={}) for of in a_season()])
    assert "Reasons are worked out for 0 of these shots; a mean is told from 20 on." in without.said(
        "reasons"
    )
    assert "At 40 of 40 shots the reasons are not worked out yet." in without.said("missing")


def test_who_shoots_alike_is_named_and_linked_and_the_measure_is_said():
    twin = PlayerKey("p", "twin")
    shots = [*a_season(), *a_season(shooter=twin)]
    page = page_of(
        STRIKER,
        shots,
        names={STRIKER: "Ada Striker", twin: "Bo Twin"},
        addresses=Addresses(players={twin: "../player/p-twin.html"}),
    )
    (row,) = page.root.xpath("//*[@data-test='alike']/tbody/tr")
    assert row.xpath("string(th/a/@href)") == "../player/p-twin.html"
    assert "Bo Twin" in row.text_content()
    assert "100" in row.text_content()
    assert "Chance halves of the shots of Striker overlap by 100" in page.said("alike-note")


def test_assists_are_told_where_the_feed_tells_of_passes_and_else_that_it_does_not():
    silent = page_of(STRIKER, a_season())
    assert silent.said("made") == "Who played the last pass is not told by the feed of any of these matches."
    told = [replace(of, tells_assists=True) for of in a_season(16)]
    passed = {"shooter": KEEPER, "maker": STRIKER, "tells_assists": True}
    mine = [shot(70 + n, outcome=outcome, **passed) for n, outcome in enumerate(("saved", "goal"))]
    page = page_of(STRIKER, [*told, *mine])
    assert page.said("made").startswith(
        "The last pass before 2 shots worth 0.20 xG; one goal of them (assists)."
    )
    assert "The feed tells of last passes in 8 of 8 matches." in page.said("made")
    assert "No last pass before a shot." in page_of(STRIKER, told).said("made")


def test_a_keeper_is_told_from_the_other_side():
    faced = [*a_season(60, 3), shot(80, is_penalty=True, xg=0.78, end_left_m=1.0, end_height_m=0.3)]
    taken = {"keeper": {KEEPER: [Taken(of, 0.03, 0.01, True) for of in faced[:30]]}}
    page = page_of(KEEPER, faced, taken=taken)
    assert page.said("beaten").startswith(
        "Not beyond chance, neither fewer nor more: 3 goals let in from chances worth 6.0"
    )
    assert "100 shots were worth 3.0 xG less than with an ordinary keeper" in page.said("keeper-takes")
    assert "The difference is +2.0 (+2.0 to +2.0)." in page.said("keeper-takes")
    assert page.said("saved").startswith("19 of 22 shots on target saved, penalties apart: 86")
    assert "1 of one penalty saved." in page.said("saved")
    assert "There is no xG after the strike here." in page.said("saved")
    assert "is not told by the feed" in page.said("no-mouth")  # of a penalty alone it is known
    assert "No shot taken by this player is stored." in page.said("missing")
    known = [replace(of, end_left_m=2.0, end_height_m=1.0) for of in a_season(6, 3)]
    assert "known of 4 of 4, penalties apart" in page_of(KEEPER, known).text


def test_a_defender_s_page_is_no_ranking_and_knows_no_minutes():
    seen = {BACK: (Seen(BLUES, 30, 8),)}
    taken = {"opponent": {BACK: [Taken(of, 0.02 + 0.001 * n, 0.01, True) for n, of in enumerate(a_season())]}}
    page = page_of(BACK, a_season(), seen=seen, taken=taken, names={BACK: "Cy Back"})
    assert page.said("lead") == "No shot of this player is known. Seen as an opponent at 30 shots."
    assert "100 shots at which Back stood so that it mattered were worth 4.0 xG less for it" in page.said(
        "opponent-takes"
    )
    assert "It is no ranking" in page.text
    assert "Line-ups are not stored: minutes on the pitch" in page.said("missing")
    most = page.root.xpath("//section[@id='taken']//*[@data-test='shot-list']//li/b")
    assert [squeezed(of.text_content()) for of in most] == ["0.06", "0.06", "0.06", "0.06", "0.06"]


def test_whoever_has_no_name_and_no_positions_still_has_a_page():
    page = page_of(STRIKER, [replace(of, has_positions=False, keeper=None) for of in a_season(3)], names={})
    assert squeezed(page.tags("h1")[0].text_content()) == "Player striker"
    assert "The feed names this player by an id alone." in page.said("missing")
    assert (
        "Nobody's position is recorded at 3 of 3 shots: their numbers know from where and how"
        in page.said("missing")
    )


def test_somebody_of_whom_nothing_is_known_has_a_page_that_says_so():
    page = page_of(NAMESAKE, [])
    assert page.said("lead") == "No shot of this player is known."


def test_two_of_one_name_are_told_apart_by_club_and_id():
    shots = [*a_season(4), *a_season(4, shooter=NAMESAKE, club=BLUES)]
    addresses = Addresses(players={NAMESAKE: "../player/p-namesake.html"})
    page = page_of(
        STRIKER, shots, names={STRIKER: "Ada", NAMESAKE: "Ada"}, namesakes=[NAMESAKE], addresses=addresses
    )
    assert page.said("namesakes") == "Another player of this name: Blues, id namesake"
    assert page.root.xpath("string(//*[@data-test='namesakes']/a/@href)") == "../player/p-namesake.html"
    assert page.root.xpath("string(//p[@class='kick'])") == "Reds"


def test_seasons_and_clubs_lead_to_their_pages():
    addresses = Addresses(clubs={REDS: "../club/reds.html"}, seasons={SEASON: "../season/league.html"})
    page = page_of(STRIKER, a_season(4), addresses=addresses)
    links = page.root.xpath("//section[@id='seasons']//td/a/@href | //section[@id='seasons']//th/a/@href")
    assert links == ["../season/league.html", "../club/reds.html"]


def test_names_cannot_smuggle_anything_in():
    page = page_of(STRIKER, a_season(3), names={STRIKER: "<script>alert(1)</script>"})
    assert page.foreign_scripts == []


def test_the_page_speaks_german():
    page = page_of(STRIKER, a_season(), language="de")
    assert page.root.get("lang") == "de"
    assert page.said("luck").startswith(
        "Nichts spricht dafür, weder für Glück noch für Pech: 4 Tore aus Chancen im Wert von 4,0 xG"
    )
    assert page.said("lead") == "4 Tore; 40 Schüsse, 4,00 xG wert; 8 Spiele."
    assert "1. Mai 2024" in page.text


@pytest.mark.parametrize("simulated", [True, False])
def test_invented_matches_are_marked(simulated):
    all_ = everybody(a_season(3))
    page = Page(player_report(player_numbers(STRIKER, all_), all_, Addresses(), is_simulated=simulated))
    assert bool(page.hook("simulated")) is simulated


def test_the_latest_club_stands_first():
    late = shot(50, club=BLUES, match_date=date(2024, 6, 1))
    page = page_of(STRIKER, [*a_season(3), late])
    assert page.root.xpath("string(//p[@class='kick'])") == "Blues · Reds"
