"""Events: what is a shot, whose, when, where, how it ended, and whether the goals add up."""

from io import BytesIO
from pathlib import Path

import pytest
from dfl_files import AWAY, HOME, HandMade
from kloppy.domain import Provider
from kloppy.infra.serializers.event.sportec import SportecEventDataDeserializer, SportecEventDataInputs

from xgoals.domain.errors import FeedError
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds.dfl import discover, read_match


def read(match: HandMade):
    deliveries, problems = discover(match.write().folder)
    assert problems == []
    return read_match(deliveries[0])


def only_shot(match: HandMade) -> Shot:
    (shot,) = read(match)[0].shots
    return shot


def test_a_shot_is_read_with_its_words_values_and_clock(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot(
        "S1",
        482.5,
        "<SavedShot/>",
        words='TypeOfShot="head" TakerBallControl="volley" TakerSetup="crossFromOpenPlay" '
        'ExtendedTypeOfShot="divingHeader" CounterAttack="false" xG="0.2389" DistanceToGoal="5.62" '
        'AngleToGoal="50.10" Pressure="3.15" AmountOfDefenders="4" GoalDistanceGoalkeeper="0.70" PlayerSpeed="11.33"',
    )
    shot = only_shot(hand_made)
    assert (shot.shot_id, shot.team_id, shot.player_id) == ("S1", HOME, "H9")
    assert (shot.period, shot.minute, shot.second, shot.period_time_s) == (1, 8, 2, 482.5)
    assert (shot.body_part, shot.ball_control) == (BodyPart.HEAD, BallControl.VOLLEY)
    assert (shot.set_up, shot.technique) == (SetUp.CROSS, Technique.DIVING_HEADER)
    assert (shot.outcome, shot.provider_xg) == (Outcome.SAVED, 0.2389)
    assert shot.official == {
        "DistanceToGoal": 5.62,
        "AngleToGoal": 50.10,
        "Pressure": 3.15,
        "AmountOfDefenders": 4.0,
        "GoalDistanceGoalkeeper": 0.70,
        "PlayerSpeed": 11.33,
    }
    assert shot.raw["TakerSetup"] == "crossFromOpenPlay"


@pytest.mark.parametrize(
    ("element", "outcome"),
    [
        ("<SuccessfulShot/>", Outcome.GOAL),
        ("<SavedShot/>", Outcome.SAVED),
        ("<BlockedShot/>", Outcome.BLOCKED),
        ("<ShotWide/>", Outcome.OFF_TARGET),
        ("<ShotWoodWork/>", Outcome.WOODWORK),
        ("<OtherShot/>", Outcome.OTHER),
    ],
)
def test_the_inner_element_is_the_outcome(hand_made: HandMade, element: str, outcome: Outcome) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10, element)
    assert only_shot(hand_made).outcome is outcome


@pytest.mark.parametrize(
    ("around", "shot_type"),
    [("Penalty", ShotType.PENALTY), ("FreeKick", ShotType.FREE_KICK), ("CornerKick", ShotType.CORNER)],
)
def test_a_shot_inside_a_set_piece_is_found(hand_made: HandMade, around: str, shot_type: ShotType) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10, around=(f'<{around} Team="{HOME}">', f"</{around}>"))
    assert only_shot(hand_made).shot_type is shot_type


def test_a_counter_attack_is_a_set_up_of_its_own_only_in_open_play(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10, words='CounterAttack="true" TakerSetup="otherPassFromOpenPlay"')
    hand_made.shot("S2", 20, words='CounterAttack="true" TakerSetup="cornerKick"')
    assert [shot.set_up for shot in read(hand_made)[0].shots] == [SetUp.COUNTER, SetUp.CORNER]


def test_an_unknown_word_stays_unknown_and_is_reported(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10, "<Teleported/>", words='TypeOfShot="tail" TakerBallControl="DIRECT"')
    record, problems = read(hand_made)
    assert record.shots[0].body_part is BodyPart.UNKNOWN
    assert record.shots[0].outcome is Outcome.OTHER
    assert record.shots[0].set_up is SetUp.UNKNOWN  # not in the file
    assert record.shots[0].technique is Technique.NORMAL  # told of the others only
    assert record.shots[0].ball_control is BallControl.DIRECT  # case does not matter
    reasons = [problem.reason for problem in problems]
    assert "TypeOfShot 'tail' is not known" in reasons
    assert "outcome 'Teleported' is not known" in reasons
    assert "TakerSetup is missing" in reasons
    assert not any("TakerBallControl" in reason for reason in reasons)
    assert all(problem.severity == "value" for problem in problems)


@pytest.mark.parametrize(
    ("around", "control", "n_notes"),
    [
        (("", ""), BallControl.UNKNOWN, 1),
        ((f'<FreeKick Team="{HOME}">', "</FreeKick>"), BallControl.OTHER, 0),
    ],
)
def test_a_ball_that_lay_still_needs_no_word_for_its_control(
    hand_made: HandMade, around: tuple[str, str], control: BallControl, n_notes: int
) -> None:
    hand_made.result = "0:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 10, around=around, words='TypeOfShot="rightLeg" TakerSetup="other"')
    record, problems = read(hand_made)
    assert record.shots[0].ball_control is control
    assert [problem.reason for problem in problems] == ["TakerBallControl is missing"] * n_notes


def test_known_words_without_a_place_in_the_domain_are_other_without_a_report(hand_made: HandMade) -> None:
    hand_made.result = "0:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 10, words='TypeOfShot="upperBody" TakerBallControl="setPiece" TakerSetup="other"')
    record, problems = read(hand_made)
    assert record.shots[0].body_part is BodyPart.OTHER
    assert problems == []


def test_sides_swap_at_half_time_also_where_the_second_kick_off_is_silent(hand_made: HandMade) -> None:
    hand_made.kick_offs(second_sides=False)
    hand_made.shot("S1", 10, attributes='X-Position="94.00" Y-Position="44.00"')
    hand_made.shot("S2", 10, half=2, attributes='X-Position="11.00" Y-Position="24.00"')
    hand_made.shot(
        "S3", 20, half=2, team=AWAY, player="A9", attributes='X-Position="94.00" Y-Position="24.00"'
    )
    places = [(shot.x_m, shot.y_m) for shot in read(hand_made)[0].shots]
    # 11 m in front of the goal attacked; 10 m to the attacker's left, left, right
    assert places == [(41.5, 10.0), (41.5, 10.0), (41.5, -10.0)]


def test_without_sides_the_shots_places_decide_and_the_page_says_so(hand_made: HandMade) -> None:
    hand_made.event("K1", 0, '<KickOff GameSection="firstHalf"/>')
    hand_made.shot("S1", 10, attributes='X-Position="11.00" Y-Position="34.00"')
    hand_made.shot("S2", 20, team=AWAY, player="A9", attributes='X-Position="94.00" Y-Position="34.00"')
    record, problems = read(hand_made)
    assert [shot.x_m for shot in record.shots] == [41.5, 41.5]
    assert "no TeamLeft for period 1: sides taken from the shots' places" in [p.reason for p in problems]


def test_on_a_short_pitch_the_distance_to_the_goal_line_is_kept(hand_made: HandMade) -> None:
    hand_made.pitch = 'PitchX="100.00" PitchY="68.00"'
    hand_made.kick_offs()
    hand_made.shot("S1", 10, attributes='X-Position="94.00" Y-Position="34.00"')
    record, _ = read(hand_made)
    assert record.match.pitch.length_m == 100
    assert record.shots[0].x_m == 50 - 11


def test_the_providers_tracked_place_beats_the_operators(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot(
        "S1",
        10,
        attributes='X-Position="80.00" Y-Position="34.00" '
        'X-PositionFromTracking="84.50" Y-PositionFromTracking="30.00"',
    )
    shot = only_shot(hand_made)
    assert (shot.x_m, shot.y_m, shot.raw["place"]) == (32.0, -4.0, "provider's tracking")


def test_withdrawn_events_are_gone_wherever_the_withdrawal_stands(hand_made: HandMade) -> None:
    hand_made.event("S1", 10, "<Delete/>")
    hand_made.kick_offs()
    hand_made.shot("S1", 10)
    hand_made.shot("S2", 20)
    hand_made.shot("S3", 30)
    hand_made.event("S3", 31, "<Delete/>")
    assert [shot.shot_id for shot in read(hand_made)[0].shots] == ["S2"]


def test_a_corrected_event_of_the_same_id_replaces_the_first(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10, "<SavedShot/>")
    hand_made.shot("S1", 10, "<ShotWide/>")
    assert only_shot(hand_made).outcome is Outcome.OFF_TARGET


def test_a_shot_clocked_after_the_whistle_still_belongs_to_its_half(hand_made: HandMade) -> None:
    hand_made.event("K1", 0, f'<KickOff GameSection="firstHalf" TeamLeft="{HOME}"/>')
    hand_made.event("W1", 2800, '<FinalWhistle GameSection="firstHalf" FinalResult="0:0"/>')
    hand_made.shot("S1", 2804)
    hand_made.shot("S2", 2800 + 16 * 60)  # the second kick-off is missing from the file
    assert [shot.period for shot in read(hand_made)[0].shots] == [1, 2]


def test_extra_time_counts_and_the_shoot_out_does_not(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.event("K3", 6000, f'<KickOff GameSection="firstHalfExtra" TeamLeft="{AWAY}"/>', half=2)
    hand_made.event("K4", 7000, '<KickOff GameSection="secondHalfExtra"/>', half=2)
    hand_made.shot("S3", 6100, half=2, attributes='X-Position="11.00" Y-Position="34.00"')
    hand_made.shot("S4", 7060, half=2, attributes='X-Position="94.00" Y-Position="34.00"')
    hand_made.event("P", 8000, "<StartPenaltyShootOut/>", half=2)
    hand_made.shot("S5", 8010, half=2, around=("<Penalty>", "</Penalty>"))
    shots = read(hand_made)[0].shots
    assert [(s.shot_id, s.period, s.minute, s.x_m) for s in shots] == [
        ("S3", 3, 91, 41.5),
        ("S4", 4, 106, 41.5),
    ]


def test_own_goals_add_up_to_the_official_result(hand_made: HandMade) -> None:
    hand_made.result = "2:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 10, "<SuccessfulShot/>")
    hand_made.event("O1", 130, f'<OwnGoal Team="{AWAY}" Player="A4" TeamOwnGoalCountsFor="{HOME}"/>')
    record, problems = read(hand_made)
    assert problems == []
    (own_goal,) = record.own_goals
    assert (own_goal.team_id, own_goal.player_id, own_goal.minute) == (HOME, "A4", 2)


def test_a_goal_taken_back_is_no_goal_but_stays_a_shot(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10, "<SuccessfulShot/>")
    hand_made.shot("S2", 100, "<SuccessfulShot/>", player="H7")
    hand_made.event("G", 160, f'<GoalDisallowed Team="{HOME}" Player="H7" Reason="offside"/>')
    record, problems = read(hand_made)
    assert [(shot.outcome, shot.raw.get("taken_back")) for shot in record.shots] == [
        (Outcome.GOAL, None),
        (Outcome.OTHER, "offside"),
    ]
    assert problems == []


def test_where_the_feed_has_withdrawn_the_goal_already_no_other_goal_is_taken_back(
    hand_made: HandMade,
) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10, "<SuccessfulShot/>")
    hand_made.event("G", 60, f'<GoalDisallowed Team="{HOME}" Player="H9" Reason="offside"/>')
    record, problems = read(hand_made)
    assert record.shots[0].outcome is Outcome.GOAL
    assert problems == []


def test_goals_that_do_not_add_up_are_named(hand_made: HandMade) -> None:
    hand_made.result = "0:1"
    hand_made.kick_offs()
    hand_made.shot("S1", 10, "<SuccessfulShot/>")
    _, problems = read(hand_made)
    assert [problem.reason for problem in problems] == [
        "home club: 1 goals in the events (0 of them own goals of the opponent), 0 in the official result 0:1",
        "guest club: 0 goals in the events (0 of them own goals of the opponent), 1 in the official result 0:1",
    ]


def test_an_event_of_another_match_refuses_the_match(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10)
    hand_made.events.append(hand_made.events[-1].replace("DFL-MAT-TEST01", "DFL-MAT-OTHER1"))
    with pytest.raises(FeedError, match="an event of match DFL-MAT-OTHER1 in the file of DFL-MAT-TEST01"):
        read(hand_made)


def test_a_shot_of_a_third_team_refuses_the_match(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10, team="DFL-CLU-X")
    with pytest.raises(FeedError, match="does not play in DFL-MAT-TEST01") as caught:
        read(hand_made)
    assert "events.xml, event S1" in str(caught.value.where)


def test_times_without_offset_refuse_the_match(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10)
    hand_made.events = [event.replace("+00:00", "") for event in hand_made.events]
    with pytest.raises(FeedError, match="has no offset from UTC"):
        read(hand_made)


def test_a_shot_without_a_time_is_left_out_and_the_others_are_read(hand_made: HandMade) -> None:
    hand_made.result = "0:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 10)
    hand_made.shot("S2", 20)
    hand_made.events[-1] = hand_made.events[-1].replace("+00:00", "")
    record, problems = read(hand_made)
    assert [shot.shot_id for shot in record.shots] == ["S1"]
    assert [(p.severity, p.place) for p in problems] == [
        ("shot", "event S2, EventTime"),
        ("value", "EventTime"),
    ]
    assert all("has no offset from UTC" in problem.reason for problem in problems)


def test_numbers_that_are_none_are_left_out_and_reported(hand_made: HandMade) -> None:
    hand_made.result = "0:0"
    hand_made.kick_offs()
    known = 'TypeOfShot="head" TakerBallControl="direct" TakerSetup="other"'
    hand_made.shot("S1", 10, words=f'{known} xG="1.7" Pressure="much"')
    record, problems = read(hand_made)
    assert record.shots[0].provider_xg is None
    assert record.shots[0].official == {}
    assert [problem.reason for problem in problems] == [
        "xG 1.7 is no probability",
        "Pressure 'much' is no number",
    ]


def test_kloppy_reads_the_same_shots_from_a_real_match_on_a_100_m_pitch(
    tmp_path: Path, kloppy_samples: Path
) -> None:
    """kloppy's own sample: 100 m pitch, a second kick-off without sides, an own goal, a goal disallowed."""
    names = {"sportec_meta.xml": "matchinformation.xml", "sportec_events.xml": "events.xml"}
    for source, target in names.items():
        (tmp_path / target).write_bytes((kloppy_samples / source).read_bytes())
    # the deserializer itself, for kloppy.sportec.load_event leaves files open
    inputs = SportecEventDataInputs(
        meta_data=BytesIO((tmp_path / "matchinformation.xml").read_bytes()),
        event_data=BytesIO((tmp_path / "events.xml").read_bytes()),
    )
    theirs = SportecEventDataDeserializer(coordinate_system=Provider.SPORTEC).deserialize(inputs)
    their_shots = {
        event.event_id: event
        for event in theirs.events
        if event.event_name == "shot" and not (event.result and event.result.name == "OWN_GOAL")
    }
    ours, _ = read_match(discover(tmp_path)[0][0])
    assert {shot.shot_id for shot in ours.shots} == set(their_shots)
    assert [goal.player_id for goal in ours.own_goals] == ["DFL-OBJ-0028QK"]
    for shot in ours.shots:
        other = their_shots[shot.shot_id]
        assert shot.player_id == other.player.player_id
        assert shot.team_id == other.team.team_id
        assert shot.period == other.period.id
        assert shot.period_time_s == pytest.approx(other.timestamp.total_seconds())
        assert shot.is_goal == (other.result is not None and other.result.is_success)
        distance = other.raw_event.get("DistanceToGoal")
        if distance is not None:  # official distance on 105 x 68 is kept on the real 100 m pitch
            assert ((50 - shot.x_m) ** 2 + shot.y_m**2) ** 0.5 == pytest.approx(float(distance), abs=0.01)
