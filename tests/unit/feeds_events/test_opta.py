"""Opta's F24 and F7 against places and words worked out by hand, and against kloppy's reading of its samples."""

from collections import Counter
from pathlib import Path

import pytest

from small_event_feeds import AWAY, HOME, Attempt, f7, f24, ten_attempts, xml
from xgoals.domain.match import OwnGoal
from xgoals.domain.pitch import Pitch
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, ShotType, Technique
from xgoals.feeds import load_feed
from xgoals.feeds.event_files.opta_words import LEAKS, LeakError, Qualifiers
from xgoals.feeds.event_files.places import by_opta_zones

PITCH = Pitch(105, 68)


def opta(*attempts: Attempt, **game: str) -> dict[str, bytes]:
    every = [*ten_attempts(), *attempts]
    return {
        "f24-1-2024-7-eventdetails.xml": xml(f24(7, every, **game)),
        "srml-1-2024-f7-matchresults.xml": xml(f7(7)),
    }


@pytest.fixture
def shot(read):
    def one(**attempt):
        record, _ = read("opta", opta(Attempt(shot_id=1, **attempt)))
        return next(shot for shot in record.shots if shot.shot_id == "1")

    return one


@pytest.mark.parametrize(
    ("x", "y", "depth_m", "y_m"),
    [
        (85.4, 15.5, 14.10, -23.83),  # 11 + 3.1 / 5.5 x 5.5; -(20.16 + 5.6 / 21.1 x 13.84)
        (88.5, 50, 11.0, 0.0),  # the penalty spot
        (83.0, 50, 16.5, 0.0),  # the edge of the area
        (94.2, 50, 5.5, 0.0),  # of the goal area
        (100, 54.8, 0.0, 3.66),  # the left post
        (100, 45.2, 0.0, -3.66),
        (50, 100, 52.5, 34.0),
        (0, 0, 105.0, -34.0),
    ],
)
def test_places_by_the_zones_between_the_lines(x, y, depth_m, y_m):
    place = by_opta_zones(x, y, PITCH)
    assert (52.5 - place[0], place[1]) == (pytest.approx(depth_m, abs=0.005), pytest.approx(y_m, abs=0.005))


@pytest.mark.parametrize("pitch", [PITCH, Pitch(100, 64)])
def test_lines_are_where_the_laws_put_them_on_every_pitch(pitch):
    assert by_opta_zones(88.5, 50, pitch)[0] == pytest.approx(pitch.length_m / 2 - 11)
    assert by_opta_zones(100, 100, pitch) == (pitch.length_m / 2, pitch.width_m / 2)


def test_kloppy_comes_to_the_same_places():
    from kloppy.domain import OptaPitchDimensions, Point

    dimensions = OptaPitchDimensions(pitch_length=105, pitch_width=68)
    for x in (3, 40, 44, 62.5, 79.9, 81.5, 85.4, 90, 97.3):
        for y in (2, 15.5, 33, 44, 50.7, 61, 88):
            theirs = dimensions.to_metric_base(Point(x, y), pitch_length=105, pitch_width=68)
            x_m, y_m = by_opta_zones(x, y, PITCH)
            assert (x_m + 52.5, y_m + 34) == (
                pytest.approx(theirs.x, abs=0.01),
                pytest.approx(theirs.y, abs=0.01),
            )


@pytest.mark.parametrize(
    ("type_id", "qualifiers", "outcome"),
    [
        (13, {20: None}, Outcome.OFF_TARGET),
        (14, {20: None}, Outcome.WOODWORK),
        (15, {20: None}, Outcome.SAVED),
        (15, {20: None, 82: None}, Outcome.BLOCKED),
        (16, {20: None}, Outcome.GOAL),
    ],
)
def test_outcome(shot, type_id, qualifiers, outcome):
    assert shot(type_id=type_id, qualifiers=qualifiers).outcome is outcome


@pytest.mark.parametrize(
    ("number", "part"),
    [
        (20, BodyPart.RIGHT_FOOT),
        (72, BodyPart.LEFT_FOOT),
        (15, BodyPart.HEAD),
        (21, BodyPart.OTHER),
        (99, BodyPart.UNKNOWN),
    ],
)
def test_body_part(shot, number, part):
    assert shot(qualifiers={number: None}).body_part is part


@pytest.mark.parametrize(
    ("numbers", "shot_type", "set_up"),
    [
        ([22], ShotType.OPEN_PLAY, SetUp.OPEN_PLAY),
        ([23], ShotType.OPEN_PLAY, SetUp.COUNTER),
        ([25], ShotType.OPEN_PLAY, SetUp.CORNER),
        ([24], ShotType.OPEN_PLAY, SetUp.FREE_KICK),
        ([160], ShotType.OPEN_PLAY, SetUp.THROW_IN),
        ([25, 297], ShotType.OPEN_PLAY, SetUp.REBOUND),
        ([], ShotType.OPEN_PLAY, SetUp.UNKNOWN),
        ([9], ShotType.PENALTY, SetUp.OTHER),
        ([26], ShotType.FREE_KICK, SetUp.FREE_KICK),
        ([263], ShotType.CORNER, SetUp.CORNER),
    ],
)
def test_kind_and_set_up(shot, numbers, shot_type, set_up):
    found = shot(qualifiers={20: None, **dict.fromkeys(numbers)})
    assert (found.shot_type, found.set_up) == (shot_type, set_up)


@pytest.mark.parametrize(
    ("numbers", "control", "technique"),
    [
        ([328], BallControl.DIRECT, Technique.NORMAL),
        ([], BallControl.CONTROL, Technique.NORMAL),
        ([108, 328], BallControl.VOLLEY, Technique.VOLLEY),
        ([254], BallControl.DRIBBLE_SHORT, Technique.NORMAL),
        ([110, 328], BallControl.DIRECT, Technique.HALF_VOLLEY),
        ([109], BallControl.CONTROL, Technique.OVERHEAD),
        ([262], BallControl.CONTROL, Technique.BACKHEEL),
        ([111], BallControl.CONTROL, Technique.DIVING_HEADER),
        ([117], BallControl.CONTROL, Technique.LOB),
        ([9], BallControl.OTHER, Technique.NORMAL),
    ],
)
def test_control_and_technique(shot, numbers, control, technique):
    found = shot(qualifiers={20: None, **dict.fromkeys(numbers)})
    assert (found.ball_control, found.technique) == (control, technique)


def test_without_first_touches_in_the_file_control_is_unknown(read):
    attempts = [Attempt(second=100 * n, qualifiers={20: None, 108: None}) for n in range(9)]
    files = {"f24-1-2016-7-eventdetails.xml": xml(f24(7, attempts))}
    record, _ = read("opta", files)
    assert {shot.ball_control for shot in record.shots} == {BallControl.UNKNOWN}
    assert {shot.technique for shot in record.shots} == {Technique.VOLLEY}


@pytest.mark.parametrize("number", sorted(LEAKS))
def test_what_knows_the_outcome_is_refused_by_name(number):
    qualifiers = Qualifiers({number: "50.0", 20: None})
    with pytest.raises(LeakError, match=f"qualifier {number} is no feature"):
        qualifiers[number]
    assert list(qualifiers.names()) == ["20 right foot"]
    assert {230, 231, 374, 102, 103, 146, 147, 136, 137, 133, 138, 214, 395, 396} <= set(LEAKS)


def test_the_provider_s_xg(shot):
    assert shot(qualifiers={20: None, 321: "0.0871"}).provider_xg == 0.0871


def test_own_goals_shoot_outs_and_deleted_events(read):
    own_goal = Attempt(team=HOME, period=2, second=60, type_id=16, qualifiers={28: None}, player=501)
    shoot_out, deleted = Attempt(period=5, type_id=16), Attempt(type_id=43)
    record, problems = read("opta", opta(own_goal, shoot_out, deleted))
    assert record.own_goals == (OwnGoal(str(AWAY), "501", 46),)
    assert len(record.shots) == 10
    assert [p.place for p in problems] == ["scoreline"]  # 0:2 and an own goal


def test_header_of_f24_and_score_of_f7(read):
    record, problems = read("opta", opta())
    match = record.match
    assert (match.match_id, match.competition, match.season, match.matchday) == (
        "7",
        "League",
        "Season 2024/2025",
        1,
    )
    assert (match.home.name, match.away.name, match.home_score, match.away_score) == ("Home", "Away", 2, 0)
    assert str(match.match_date) == "2024-08-02"
    assert match.kick_off.isoformat() == "2024-08-02T19:30:00+01:00"  # British summer time
    assert {p.player_id: p.name for p in record.players}["501"] == "Given Family 501"
    assert problems == []


def test_f24_alone_will_do(read):
    files = opta()
    record, problems = read("opta", {name: data for name, data in files.items() if name.startswith("f24")})
    assert len(record.shots) == 10
    assert "there are no line-ups (F7) beside the events (F24)" in [p.reason for p in problems]


def test_f7_without_formation_and_f24_without_header_by_names(read):
    """The ids stand in the names; what the events do not say stands in the line-ups."""
    events = f24(7, ten_attempts())
    events.find("Game").attrib.clear()
    files = opta()
    results = files["srml-1-2024-f7-matchresults.xml"].replace(b' uID="f7"', b"")
    csv = b"match_id,competition,season\n7,League,2024/25\n"
    names = {
        "f24-1-2024-7-eventdetails.xml": xml(events),
        "srml-1-2024-f7-matchresults.xml": results,
        "matches.csv": csv,
    }
    record, _ = read("opta", names)
    assert (record.match.home.name, str(record.match.match_date)) == ("Home", "2024-08-02")


def test_the_sample_of_opta(kloppy_samples: Path, source) -> None:
    csv = b"match_id,competition,season,events\n1,Superligaen,2018/19,opta_f24.xml\n"
    folder = source(
        {name: (kloppy_samples / name).read_bytes() for name in ("opta_f24.xml", "opta_f7.xml")}
        | {"matches.csv": csv}
    )
    (delivery,), problems = load_feed("opta").discover(folder)
    record, _ = load_feed("opta").read_match(delivery)
    assert problems == []
    assert (record.match.home.name, record.match.home_score) == ("FC København", 2)
    assert Counter(shot.outcome for shot in record.shots) == {Outcome.GOAL: 2}  # the shoot-out is left out
    assert [goal.team_id for goal in record.own_goals] == ["569"]
