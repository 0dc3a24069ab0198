"""What follows from how a shot ended never reaches its features, and a gap in the features does not know it either."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from provider_leaks import WYSCOUT_V2_ENDS, WYSCOUT_V3_ENDS
from small_event_feeds import Attempt, matches_csv, ten_attempts, wyscout_v2, wyscout_v3
from xgoals.domain.shot import Outcome
from xgoals.features.build import build_features
from xgoals.features.catalogue import CATALOGUES, EVENTS_9
from xgoals.features.missingness import gaps_that_know_the_outcome
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.feeds.wyscout import words

ONE = Attempt(x=88, y=44, tags=[402, 1201], shot_id=1)


def v2_shot(read, tags=(), **event):
    events = wyscout_v2(7, [*ten_attempts(), ONE])
    events["events"][-1] |= {"tags": [{"id": tag} for tag in (402, *tags)], **event}
    record, _ = read("wyscout", {"7.json": json.dumps(events).encode(), "matches.csv": matches_csv(7)})
    return record, next(shot for shot in record.shots if shot.shot_id == "1")


def v3_shot(read, shot=None, **event):
    events = wyscout_v3(7, [*ten_attempts(), ONE])
    last = events["events"][-1]
    last |= {**event, "shot": last["shot"] | (shot or {})}
    record, _ = read("wyscout", {"7.json": json.dumps(events).encode()})
    return record, next(shot for shot in record.shots if shot.shot_id == "1")


def same_but_for_the_end(one, other) -> None:
    (record, shot), (other_record, other_shot) = one, other
    blank = {"outcome": Outcome.OTHER, "raw": {}}  # words for people may tell it
    assert replace(shot, **blank) == replace(other_shot, **blank)
    for catalogue in CATALOGUES.values():
        features, others = (build_features(Scenes.of([r]), catalogue) for r in (record, other_record))
        pd.testing.assert_frame_equal(features, others)


@pytest.mark.parametrize("end", WYSCOUT_V2_ENDS, ids=str)
def test_tags_that_tell_the_end_change_nothing_else(read, end):
    same_but_for_the_end(v2_shot(read, tags=(1201,)), v2_shot(read, **end))


@pytest.mark.parametrize("end", WYSCOUT_V3_ENDS, ids=str)
def test_fields_that_tell_the_end_change_nothing_else(read, end):
    same_but_for_the_end(v3_shot(read), v3_shot(read, **end))


def test_no_word_of_wyscout_is_looked_up_by_a_tag_that_knows_the_end():
    asked = {*words.BODY_TAGS, words.COUNTER, *words.SET_PIECES, *words.SHOT_TYPES}
    assert not asked & {201, *range(1201, 1224), words.GOAL, words.BLOCKED}


def knows_nothing(records) -> None:
    """Of 20 shots or more, no feature of any catalogue is missing by what became of the shot."""
    scenes = Scenes.of(records)
    assert len(scenes) >= 20
    for catalogue in CATALOGUES.values():
        shots = scenes.shots[["provider", "is_goal", "is_penalty"]].join(build_features(scenes, catalogue))
        assert gaps_that_know_the_outcome(shots, catalogue.names) == []


@pytest.mark.parametrize(
    ("feed", "names"),
    [
        ("wyscout", ["wyscout_events_v2.json"]),
        ("wyscout", ["wyscout_events_v3.json"]),
        ("statsperform", ["statsperform_event_ma1.json", "statsperform_event_ma3.json"]),
    ],
)
def test_gaps_in_kloppys_samples_know_nothing(feed, names, kloppy_samples: Path, source):
    found = {name: (kloppy_samples / name).read_bytes() for name in names}
    room = load_feed(feed)
    deliveries = getattr(room, "discover_to_score", room.discover)(source(found))[0]
    knows_nothing(room.read_match(delivery)[0] for delivery in deliveries)


@pytest.mark.real_data
def test_gaps_in_the_public_set_of_wyscout_know_nothing(records_of_every_twelfth):
    knows_nothing(records_of_every_twelfth)
    features = build_features(Scenes.of(records_of_every_twelfth), EVENTS_9)
    assert features["StrikeType"].isna().mean() > 0.9, "Wyscout does not tell how a ball was struck"
    assert features.drop(columns="StrikeType").notna().mean().min() > 0.99
