"""Stats Perform's MA3 and MA1: both forms say the same, and a whole match reads as it was worked out by hand."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from small_event_feeds import as_xml, ma1, ma3, ten_attempts, xml
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Technique
from xgoals.features.build import build_features
from xgoals.features.catalogue import EVENTS_9
from xgoals.features.missingness import gaps_that_know_the_outcome
from xgoals.features.scenes import Scenes


def test_xml_and_json_are_one_match(read, source):
    as_json = {
        "ma3.json": json.dumps(ma3("m7", ten_attempts())).encode(),
        "ma1.json": json.dumps(ma1("m7")).encode(),
    }
    one, _ = read("statsperform", as_json)
    for name in as_json:
        (source({}) / name).unlink()
    documents = (as_xml(ma3("m7", ten_attempts()), "matchEvents"), as_xml(ma1("m7"), "match"))
    other, problems = read(
        "statsperform", dict(zip(("ma3.xml", "ma1.xml"), map(xml, documents), strict=True))
    )
    assert one == other
    assert problems == []
    match = one.match
    assert (match.competition, match.season, match.matchday, match.home_score) == (
        "League",
        "2024/2025",
        1,
        2,
    )


@pytest.fixture(params=["json", "xml"])
def sample(request, kloppy_samples: Path, read):
    names = (f"statsperform_event_ma{n}.{request.param}" for n in (1, 3))
    return read("statsperform", {name: (kloppy_samples / name).read_bytes() for name in names})


def test_the_sample_match(sample):
    record, problems = sample
    match = record.match
    assert problems == []  # goals and score agree, everybody has a name, penalties are at the spot
    assert (match.home.name, match.home_score, match.away.name, match.away_score) == (
        "Hamburger SV",
        2,
        "Sandhausen",
        1,
    )
    assert (match.competition, match.season, match.matchday, str(match.match_date)) == (
        "2. Bundesliga",
        "2021/2022",
        6,
        "2021-09-11",
    )
    assert Counter(shot.outcome for shot in record.shots) == {
        Outcome.OFF_TARGET: 15, Outcome.SAVED: 9, Outcome.BLOCKED: 6, Outcome.GOAL: 3,
    }  # fmt: skip


def test_a_shot_by_hand(sample):
    """x 85.4, y 15.5: 14.10 m from the line, 23.83 m to the right; a first-touch volley that is blocked."""
    shot = next(shot for shot in sample[0].shots if shot.shot_id == "2328591557")
    assert 52.5 - shot.x_m == pytest.approx(14.10, abs=0.005)
    assert shot.y_m == pytest.approx(-23.83, abs=0.005)
    assert (shot.minute, shot.second, shot.period_time_s) == (1, 42, 102.0)
    assert (shot.body_part, shot.outcome, shot.set_up) == (
        BodyPart.RIGHT_FOOT,
        Outcome.BLOCKED,
        SetUp.OPEN_PLAY,
    )
    assert (shot.ball_control, shot.technique) == (BallControl.VOLLEY, Technique.VOLLEY)
    assert shot.event_time.isoformat() == "2021-09-11T18:31:49.679000+00:00"


def test_every_feature_of_events_9_is_there_and_its_absence_knows_nothing(sample):
    scenes = Scenes.of([sample[0]])
    features = build_features(scenes, EVENTS_9)
    assert not features.isna().any().any()
    hidden = replace(
        sample[0],
        shots=tuple(
            replace(shot, body_part=BodyPart.UNKNOWN) if not shot.is_goal else shot
            for shot in sample[0].shots
        ),
    )
    scenes = Scenes.of([hidden] * 4)
    leaking = scenes.shots[["provider", "is_goal", "is_penalty"]].join(build_features(scenes, EVENTS_9))
    assert {gap.feature for gap in gaps_that_know_the_outcome(leaking, EVENTS_9.names)} == {
        "Header",
        "FootShot",
    }
