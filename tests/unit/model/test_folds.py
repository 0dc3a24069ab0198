"""Which matches are one: told by two feeds, on the same day or the next, under names that share a word."""

import numpy as np
import pandas as pd
import pytest

from xgoals.model.folds import competition_folds, match_folds, match_groups, one_id_a_match

COLUMNS = ["provider", "match_id", "match_date", "home_team", "away_team"]
BAYER = ("a", "1", "2024-03-02", "Bayer 04 Leverkusen", "1. FC K\u00f6ln")


def groups(*matches):
    return match_groups(pd.DataFrame(matches, columns=COLUMNS)).tolist()


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (("b", "77", "2024-03-02", "Leverkusen", "Koln"), True),
        (("b", "77", "2024-03-03", "LEVERKUSEN", "K\u00f6ln"), True),
        (("b", "77", "2024-03-02", "FC Cologne", "Bayer"), True),
        (("b", "77", "2024-03-04", "Leverkusen", "K\u00f6ln"), False),
        (("b", "77", "2024-03-02", "Leverkusen", "Bochum"), False),
        (("b", "77", "2024-03-02", "Werder Bremen", "VfL Bochum"), False),
        (("a", "77", "2024-03-02", "Bayer Leverkusen", "K\u00f6ln"), False),
        (("b", "1", "2024-03-09", "Werder Bremen", "VfL Bochum"), False),
    ],
    ids=["shorter names", "next day, capitals", "the other way round", "two days", "one team", "none",
         "the same feed", "an id that two feeds have"],
)  # fmt: skip
def test_two_matches_are_one_or_not(other, is_one):
    one, two = groups(BAYER, other)
    assert (one == two) == is_one


def test_three_feeds_that_tell_of_one_match_make_one_group_whatever_the_order():
    told = [
        BAYER,
        ("b", "7", "2024-03-02", "Leverkusen", "FC Cologne"),
        ("c", "8", "2024-03-03", "B04 Lev", "FC Koln"),
    ]
    another = ("a", "2", "2024-03-02", "Werder Bremen", "VfL Bochum")
    for order in ((0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)):
        found = groups(*([*told, another][i] for i in order))
        of = dict(zip(order, found, strict=True))
        assert of[0] == of[1] == of[2] != of[3]


def test_a_club_that_goes_by_its_initials_is_known():
    one, two = groups(
        ("statsbomb", "1", "2018-02-25", "Paris Saint-Germain", "Marseille"),
        ("wyscout", "1", "2018-02-25", "PSG", "Olympique Marseille"),
    )
    assert one == two


def test_statistics_count_real_matches_whatever_their_ids():
    """Two feeds: one match told twice under two ids, and two matches under one id."""
    told = [
        BAYER,
        ("b", "7", "2024-03-02", "Leverkusen", "FC Koln"),
        ("a", "7", "2024-03-09", "Werder Bremen", "VfL Bochum"),
    ]
    frame = pd.DataFrame([*told, told[0]], columns=COLUMNS)
    assert one_id_a_match(frame)["match_id"].tolist() == ["a:1", "a:1", "a:7", "a:1"]
    assert one_id_a_match(frame.iloc[[0, 2]])["match_id"].tolist() == ["1", "7"]


def test_a_competition_that_is_left_out_is_left_out_under_its_other_name_too():
    rows = [
        (provider, f"{n}", f"2024-{1 + n // 28:02d}-{1 + n % 28:02d}", f"Home{n}", f"Away{n}", name)
        for provider, name, numbers in (
            ("a", "Premier League", range(40)),
            ("b", "English First Division", range(10, 30)),
            ("b", "Bundesliga", range(60, 90)),
        )
        for n in numbers
        for _ in range(2)
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "competition"]).assign(is_goal=True, is_penalty=False)
    folds = competition_folds(frame)
    assert len(folds) == 3
    real = match_groups(frame)
    for train, test in folds:
        assert len(set(frame["competition"].iloc[test])) == 1
        assert not set(real[train]) & set(real[test])
    learned = [len(train) for train, test in folds if frame["competition"].iloc[test[0]] == "Premier League"]
    assert learned == [60], "the Bundesliga alone"


def test_one_feed_needs_no_names_and_its_matches_stay_as_they_are():
    frame = pd.DataFrame({"provider": "a", "match_id": ["3", "1", "1", "2"]})
    assert match_groups(frame).tolist() == [2, 0, 0, 1]


def test_no_fold_learns_from_a_match_that_it_predicts():
    rng = np.random.default_rng(1)
    number = rng.integers(0, 12, 300)
    for train, test in match_folds(number):
        assert not set(number[train]) & set(number[test])
    assert sorted(np.concatenate([test for _, test in match_folds(number)])) == list(range(300))
