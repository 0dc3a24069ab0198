"""The page of baselines: what each is and asks, falls that end where the shot is, lines, and honest notes."""

import re
from dataclasses import replace

import pytest

from baselines_by_hand import XG, compared, told
from xgoals.baselines.own import AskedBaseline
from xgoals.features.catalogue import BEST_17
from xgoals.language import language
from xgoals.report.baselines.facts import baselines_facts, first_reasons
from xgoals.report.baselines.page import baselines_report
from xgoals.report.baselines.sentences import lead, name_of, of_what, one_shot, what_it_is, what_to_know

EN, DE = language("en"), language("de")


@pytest.fixture
def facts():
    return baselines_facts(compared(), BEST_17, EN)


def test_each_fall_leads_from_its_base_value_to_the_xg_on_one_scale(facts):
    assert [fall.base_value for fall in facts.falls] == [0.065, 0.187, 0.462]
    assert {fall.xg_pct for fall in facts.falls} == {facts.falls[0].xg_pct}
    for fall in facts.falls:
        assert fall.base_value + sum(step.value for step in fall.steps) == pytest.approx(XG)
        at = fall.base_pct
        for step in fall.steps:
            start, end = (step.left_pct, step.right_pct)[:: 1 if step.value >= 0 else -1]
            assert start == pytest.approx(at)
            at = end
        assert at == pytest.approx(fall.xg_pct)
        assert 0 <= min(fall.base_pct, at) <= max(fall.base_pct, at) <= 100
    order = [step.name for step in facts.falls[0].steps]
    assert [[step.name for step in fall.steps] for fall in facts.falls[1:]] == [order, order]


def test_lines_are_on_one_scale_and_what_moves_nothing_has_none(facts):
    assert len(facts.groups) == len(BEST_17.groups) - 1
    assert len(facts.features) == len(BEST_17.names) - 1
    assert facts.scale_end == 0.25
    first = facts.groups[0]
    assert [mark.at_pct for mark in first.marks] == pytest.approx(
        [92 * size / 0.25 for size in (0.04, 0.08, 0.25)]
    )
    assert (first.low_pct, first.high_pct) == pytest.approx((92 * 0.04 / 0.25, 92))
    assert not any(line.is_reordered for line in facts.groups)


def test_another_place_in_the_order_is_marked():
    found = compared()
    last = found.baselines[-1]
    groups = tuple(replace(part, rank=6 - part.rank) for part in last.moves.groups)
    changed = replace(last, moves=replace(last.moves, groups=groups))
    facts = baselines_facts(replace(found, baselines=(*found.baselines[:-1], changed)), BEST_17, EN)
    assert [line.is_reordered for line in facts.groups] == [
        True,
        True,
        False,
        True,
    ]  # the third stays the third


def test_the_table_of_the_shot_adds_up_in_each_column(facts):
    *_, total = facts.of_shot.rows
    assert total[2:] == ("0.3800",) * 3
    for column in range(2, 5):
        values = [float(row[column].replace("\N{MINUS SIGN}", "-")) for row in facts.of_shot.rows[:-1]]
        assert sum(values) == pytest.approx(XG, abs=1e-3)


@pytest.mark.parametrize(
    ("asked", "n_rows", "n_made_from", "said"),
    [
        (AskedBaseline("model", "model"), 1, 30_872, "The row stored with the model: the typical shot of the 30,872"),
        (AskedBaseline("", "file", path="a/b.csv"), 1, 0, "One row of b.csv."),
        (AskedBaseline("", "file", path="a/b.csv"), 3, 0, "3 rows of b.csv, all alike in weight."),
        (
            AskedBaseline("", "segment", where={"team": "Union", "body_part": "head"}), 1, 40,
            "The typical shot of 40: team Union, body part head.",
        ),
        (AskedBaseline("", "clusters", n=5), 5, 900, "5 clusters of the 900 shots"),
        (AskedBaseline("", "clusters", n=1), 1, 900, "The typical shot of the 900 that"),
        (AskedBaseline("", "sample", n=9), 9, 9, "9 real shots, drawn"),
        (AskedBaseline("", "sample", n=1), 1, 1, "One real shot, drawn"),
    ],
)  # fmt: skip
def test_what_each_is(asked, n_rows, n_made_from, said):
    of = told("", asked=asked, n_rows=n_rows, n_made_from=n_made_from)
    assert what_it_is(of, EN).startswith(said)
    assert what_it_is(of, DE) != what_it_is(of, EN)


def test_codes_of_a_segment_are_words_and_names_stay():
    of = told(
        "",
        asked=AskedBaseline("", "segment", where={"body_part": "left_foot", "team": "Union"}),
        n_made_from=9,
    )
    assert what_it_is(of, EN) == "The typical shot of 9: body part left foot, team Union."
    assert what_it_is(of, DE) == "Der typische Schuss von 9: Körperteil linker Fuß, Mannschaft Union."


def test_what_one_has_to_know_is_said_where_it_is_so_and_only_there():
    stored, file, shot = compared().baselines
    assert what_to_know(stored, BEST_17, EN) == (
        "It is like no shot that the model has learned from: what the model says of it is a guess.",
    )
    assert what_to_know(file, BEST_17, EN)[0].startswith("It knows nothing of: speed of the shooter.")
    assert what_to_know(shot, BEST_17, EN)[0].startswith(
        "Of 79\N{NARROW NO-BREAK SPACE}% of the shots the values are by"
    )
    segment = replace(stored, told=told("", asked=AskedBaseline("", "segment"), n_made_from=99))
    assert what_to_know(segment, BEST_17, EN)[0].startswith("So few shots have a typical one only by chance")
    assert what_to_know(replace(segment, told=replace(segment.told, n_made_from=100)), BEST_17, EN) == ()
    several = replace(stored, told=replace(stored.told, n_rows=5, unlike_share=0.45))
    drawn = replace(stored, told=told("", asked=AskedBaseline("", "sample"), base_error=0.0163))
    assert "within about ± 0.0163" in what_to_know(drawn, BEST_17, EN)[0]
    assert what_to_know(several, BEST_17, EN)[0].startswith(
        "45\N{NARROW NO-BREAK SPACE}% of its weight is on rows"
    )


def test_the_lead_says_how_much_depends_on_the_start():
    found = compared()
    assert re.search(r"38.% to 57.% of the shots", lead(found, EN))
    assert re.search(r"38.% of the shots is another", lead(replace(found, baselines=found.baselines[:2]), EN))
    assert lead(replace(found, baselines=found.baselines[:1]), EN).startswith("Only the stored baseline")
    assert [name_of(n, EN) for n in range(3)] == ["stored", "A", "B"]


def test_of_which_shots_it_is_and_who_has_seen_them():
    found = compared()
    whole, sample = of_what(found, EN)
    assert whole.startswith(
        "5,485 shots without penalties in 218 matches: 0.0952 xG on average, 0.1006 goals a shot."
    )
    assert "sample of the 30,872" in sample
    assert len(of_what(replace(found, n_stored=5_485), EN)) == 1
    assert of_what(replace(found, n_seen=2), EN)[-1].startswith("Of 2 shots no part of the version")


def test_whether_the_first_reason_depends_on_the_start():
    found = compared()
    assert first_reasons(found) == ["keeper", "keeper", "place"]
    assert one_shot(found.shot, first_reasons(found), EN).endswith("depends on the start: keeper and place.")
    assert one_shot(found.shot, ["place"] * 3, EN).endswith("is the same from every start: place.")


@pytest.mark.parametrize("code", ["en", "de"])
def test_the_page_is_whole_with_a_shot_and_without(code):
    html = baselines_report(compared(), language=code)
    assert html.count('data-test="fall"') == 3
    assert "statsbomb" not in html.split("<footer>")[1].split("StatsBomb")[0]
    without = baselines_report(compared(with_shot=False), language=code)
    assert 'data-test="fall"' not in without
    assert 'id="shot"' not in without
    assert without.count('class="tile start"') == 3


def test_names_cannot_smuggle_anything_in():
    found = compared()
    evil = replace(found.shot, shot=replace(found.shot.shot, player="<script>alert(1)</script>"))
    assert "<script>alert" not in baselines_report(replace(found, shot=evil))
