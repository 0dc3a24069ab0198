"""Which matches get pages, and what the rounds of leagues and cups are called."""

import pandas as pd
import pytest

from xgoals.domain.errors import XgoalsError
from xgoals.steps.pages.selection import PageSelection, round_name, with_rounds


@pytest.fixture
def fixtures():
    columns = ["match_id", "competition", "season", "matchday", "stage", "match_date"]
    rows = [
        ["a", "League", "2023", 1, None, "2023-08-01"],
        ["b", "League", "2023", 2, None, "2023-08-08"],
        ["c", "League", "2023", 2, None, "2023-08-09"],
        ["d", "Cup", "2023", None, "Semi-finals", "2023-05-01"],
        ["e", "Cup", "2023", None, "Final", "2023-06-01"],
        ["f", "Friendlies, A", "2022", None, None, "2022-07-01"],
    ]
    return with_rounds(pd.DataFrame(rows, columns=columns).assign(provider="p"))


def ids(frame):
    return "".join(frame["match_id"])


@pytest.mark.parametrize(
    ("matchday", "stage", "name"),
    [
        (12.0, None, "12"),
        (12.0, "Regular Season", "12"),
        (3.0, "Group Stage", "3"),
        (7.0, "Final", "Final"),
        (4.0, "Round of 16", "Round of 16"),
        (float("nan"), "Qualifying", "Qualifying"),
        (None, " ", "2023-05-01"),
        (float("nan"), float("nan"), "2023-05-01"),
    ],
)
def test_what_a_round_is_called(matchday, stage, name):
    assert round_name(matchday, stage, "2023-05-01") == name


def test_without_a_choice_the_newest_of_each_competition_and_what_was_corrected(fixtures):
    assert ids(PageSelection().of(fixtures)) == "bcef"
    assert ids(PageSelection().of(fixtures, {("p", "a")})) == "abcef"
    assert ids(PageSelection().of(fixtures, {("another", "a")})) == "bcef"


@pytest.mark.parametrize(
    ("matchday", "chosen"),
    [
        ("League, 2023, 2", "bc"),
        ("league,2023,1", "a"),
        ("Cup, 2023, final", "e"),
        ("Friendlies, A, 2022, 2022-07-01", "f"),
        ("Cup, 2023, 2023-05-01", "d"),
    ],
)
def test_a_matchday_by_number_stage_or_date(fixtures, matchday, chosen):
    selection = PageSelection(matchday=matchday)
    assert selection.is_narrow
    assert ids(selection.of(fixtures)) == chosen


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (PageSelection(match_id="z"), "no match 'z'"),
        (PageSelection(matchday="League 2023 2"), "names no matchday"),
        (
            PageSelection(matchday="Liga, 2023, 2"),
            "no competition 'Liga'.*There are: League, Cup, Friendlies, A",
        ),
        (PageSelection(matchday="League, 2020, 2"), "no season '2020'.*There are: 2023"),
        (PageSelection(matchday="League, 2023, 9"), "no round '9'.*There are: 1, 2"),
        (PageSelection(match_id="a", every=True), "choose one of"),
    ],
)
def test_what_there_is_not_is_said_with_what_there_is(fixtures, selection, said):
    with pytest.raises(XgoalsError, match=said):
        selection.of(fixtures)


def test_one_match_and_all(fixtures):
    assert ids(PageSelection(match_id="d").of(fixtures)) == "d"
    assert ids(PageSelection(every=True).of(fixtures)) == "abcdef"
    assert not PageSelection(every=True).is_narrow
