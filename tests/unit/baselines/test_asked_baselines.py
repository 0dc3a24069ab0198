"""What is typed for a baseline: taken apart, or refused with the forms there are."""

import pytest

from xgoals.baselines.own import AskedBaseline
from xgoals.domain.errors import SettingsError
from xgoals.steps.explaining.own_baselines.asked import MOST, STORED, asked_baseline, asked_baselines


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("model", {"source": "model"}),
        ("file:a:b/rows.csv", {"source": "file", "path": "a:b/rows.csv"}),
        ("shot:statsbomb/1/c0ffee", {"source": "shot", "shot": "statsbomb/1/c0ffee"}),
        ("clusters:5", {"source": "clusters", "n": 5}),
        ("sample:1000", {"source": "sample", "n": 1000}),
        ("segment:team=Brighton, Hove", {"source": "segment", "where": {"team": "Brighton, Hove"}}),
        (
            "segment:competition=1. Bundesliga, season=2023/2024,body_part=head",
            {
                "source": "segment",
                "where": {"competition": "1. Bundesliga", "season": "2023/2024", "body_part": "head"},
            },
        ),
    ],
)
def test_every_form(text, asked):
    assert asked_baseline(text) == AskedBaseline(text, **asked)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("segments:season=1", r"is no baseline; did you mean segment\?.*clusters:5, sample:200"),
        ("mean", "'mean' is no baseline"),
        ("", "'' is no baseline"),
        ("model:2", "'model:2' is no baseline"),
        ("file:", "'file:' is no baseline"),
        ("shot:", "'shot:' is no baseline"),
        ("clusters:", "wants a whole number from 1 to 50"),
        ("clusters:51", "wants a whole number from 1 to 50"),
        ("clusters:0", "wants a whole number"),
        ("clusters:2.5", "wants a whole number"),
        ("sample:1001", "wants a whole number from 1 to 1,000"),
        ("sample:²", "wants a whole number"),
        ("segment:", r"names no shots.*columns: competition, season"),
        ("segment:season", "'season' in 'segment:season' names no shots"),
        ("segment:season=", "names no shots"),
        ("segment:saeson=2023", r"'saeson=2023' in .* names no shots; did you mean season\?"),
        ("segment:season=1,season=2", "season is there twice"),
    ],
)
def test_what_is_none_is_refused(text, said):
    with pytest.raises(SettingsError, match=said):
        asked_baseline(text)


def test_the_stored_one_comes_first_and_each_once():
    asked = asked_baselines(["clusters:2", "model", " clusters:2"])
    assert [of.text for of in asked] == ["model", "clusters:2"]
    assert asked[0] == STORED
    assert len(asked_baselines([f"clusters:{n}" for n in range(1, MOST)])) == MOST
    with pytest.raises(SettingsError, match="at most 5 besides the stored one"):
        asked_baselines([f"clusters:{n}" for n in range(1, MOST + 1)])
