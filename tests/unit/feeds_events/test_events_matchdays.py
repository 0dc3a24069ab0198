"""When a matchday of Opta's or Stats Perform's files is complete: with all events, each to its end."""

from pathlib import Path

import pytest

from small_event_feeds import f7, f24, statsperform_files, ten_attempts, xml
from xgoals.feeds import load_feed
from xgoals.steps.inbox_matchdays import _missing
from xgoals.steps.matchdays import lacking


@pytest.mark.parametrize(
    ("kinds", "missing"),
    [
        ({"f24"}, ()),
        ({"f24", "f7", "matches.csv"}, ()),
        ({"f24", "f7", "positions", "positions_metadata"}, ()),
        ({"ma3"}, ()),
        ({"ma1", "ma3", "positions"}, ()),
        ({"events", "positions"}, ("matchinfo",)),
        ({"matchinfo", "events", "positions"}, ()),
        (set(), ()),
    ],
)
def test_what_a_match_should_have_is_its_feed_s(kinds, missing):
    assert lacking(kinds) == missing


@pytest.mark.parametrize("cut", [0, 60])
def test_events_that_are_still_being_written_are_missing(source, cut: int) -> None:
    document = xml(f24(7, ten_attempts()))
    files = {"f24-1-2024-7-eventdetails.xml": document[: len(document) - cut], "f7-7-match.xml": xml(f7(7))}
    (delivery,), _ = load_feed("opta").discover(source(files))
    assert _missing(delivery) == (("f24",) if cut else ())


def test_both_forms_of_stats_perform_have_an_end(source) -> None:
    folder: Path = source(statsperform_files())
    deliveries, _ = load_feed("statsperform").discover(folder)
    assert [_missing(delivery) for delivery in deliveries] == [(), ()]
