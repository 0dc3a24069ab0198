"""Odd values in DFL files: understood, or missing with a note that names shot, field and value."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from dfl_files import AWAY, HOME, KICK_OFF, SECOND_HALF, HandMade, frame, frame_set, iso, positions

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import MatchStatus
from xgoals.domain.scene import MatchRecord
from xgoals.domain.shot import Shot
from xgoals.feeds.dfl import announce, discover, read_match

SHOT_N = 10_250  # 10 s after kick-off
FRAMES = range(10_165, 10_311)
OFFICIAL = f'X-Position="94.00" Y-Position="34.00" CalculatedFrame="{SHOT_N}"'


def read(match: HandMade, *sets: str) -> tuple[MatchRecord, list[Problem]]:
    deliveries, problems = discover(match.write(positions=positions(*sets) if sets else None).folder)
    assert problems == []
    return read_match(deliveries[0])


def only_shot(match: HandMade) -> tuple[Shot, list[str]]:
    match.result = "0:0"
    record, problems = read(match)
    (shot,) = record.shots
    return shot, [problem.reason for problem in problems]


def still(person: str, team: str, x: float, y: float, frames: range = FRAMES) -> str:
    return frame_set(person, team, "".join(frame(n, x, y) for n in frames))


def both_teams() -> list[str]:
    """H9 shoots at (40, 4); the keepers at home, ten opponents, ten team-mates."""
    sets = [still("H9", HOME, 40, 4), still("H1", HOME, -45, 0), still("A1", AWAY, 50, 1)]
    sets += [still(f"H{n}", HOME, 10.0 + n, 20) for n in (2, 3, 4, 5, 6, 7, 8, 10, 11)]
    sets += [still(f"A{n}", AWAY, 30.0 + n, -10) for n in range(2, 12)]
    ball = frame_set("ball", "BALL", "".join(frame(n, 40, 3.5, z=0.1) for n in FRAMES))
    return [*sets, ball]


@pytest.fixture
def tracked(hand_made: HandMade) -> HandMade:
    hand_made.result = "0:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 10.5, attributes=OFFICIAL)
    return hand_made


def opponents(record: MatchRecord) -> list[str | None]:
    return sorted(p.player_id or "" for p in record.scenes[0].people if not p.is_teammate)


class TestTracking:
    def test_the_match_is_good_before_it_is_changed(self, tracked: HandMade) -> None:
        record, problems = read(tracked, *both_teams())
        assert problems == []
        assert len(record.scenes[0].people) == 21

    def test_a_shooter_who_jumps_has_no_speed(self, tracked: HandMade) -> None:
        """3.2 m further from the shot's frame on: the slope of nine frames says 50 km/h."""
        jump = "".join(frame(n, 40 + 3.2 * (n >= SHOT_N), 4) for n in FRAMES)
        record, problems = read(tracked, frame_set("H9", HOME, jump), *both_teams()[1:])
        assert record.scenes[0].shooter_vx_ms is None
        assert [(p.shot_id, p.field) for p in problems] == [("S1", "shooter's speed")]
        assert problems[0].value is not None
        assert 45 < float(problems[0].value.split()[0]) < 60

    @pytest.mark.parametrize("at_n", [SHOT_N, SHOT_N - 7])
    def test_a_far_away_number_is_no_position(self, tracked: HandMade, at_n: int) -> None:
        far = "".join(frame(n, 400 if n == at_n else 33, -10) for n in FRAMES)
        record, (problem,) = read(
            tracked, *[s for s in both_teams() if '"A3"' not in s], frame_set("A3", AWAY, far)
        )
        assert ("A3" in opponents(record)) == (at_n != SHOT_N)
        assert problem.reason.startswith("A3 is nowhere near the pitch in 1 frames around 1 shots")
        assert f"(400, -10) m in frame {at_n}" in problem.reason
        clip = record.clips[0]
        path = clip.xy_m[:, clip.player_ids.index("A3"), 0]
        assert (path[~(path != path)] < 60).all()

    def test_somebody_who_stands_a_little_outside_is_seen_in_the_clip_only(self, tracked: HandMade) -> None:
        """A substitute warming up 8 m behind the line is in the tracks, not in the scene."""
        record, (problem,) = read(
            tracked, *[s for s in both_teams() if '"A3"' not in s], still("A3", AWAY, 0, -42)
        )
        assert "A3" not in opponents(record)
        assert "A3" in record.clips[0].player_ids
        assert "cannot be placed" in problem.reason

    def test_two_strangers_beside_eleven_are_left_out(self, tracked: HandMade) -> None:
        extra = [still("SUB1", AWAY, 45, 3), still("SUB2", AWAY, 46, 3)]
        record, (problem,) = read(tracked, *both_teams(), *extra)
        assert len(opponents(record)) == 11
        assert "SUB1" not in record.clips[0].player_ids
        assert problem.reason.endswith("by line-up and substitutions: SUB1, SUB2")

    def test_a_substitute_who_has_come_on_plays_and_the_other_does_not(self, tracked: HandMade) -> None:
        """A12 has come for A2; the tracks still hold A2 on his way out."""
        tracked.event(
            "X", 5, f'<Substitution Team="{AWAY}" PlayerOut="A2" PlayerIn="A12" PlayingPosition="ZO"/>'
        )
        record, (problem,) = read(tracked, *both_teams(), still("A12", AWAY, 20, 5))
        assert ("A12" in opponents(record), "A2" in opponents(record)) == (True, False)
        assert "A2" in problem.reason

    def test_who_has_seen_red_is_left_out(self, tracked: HandMade) -> None:
        tracked.event("C", 5, f'<Caution Team="{AWAY}" Player="A2" CardColor="yellowRed"/>')
        record, (problem,) = read(tracked, *both_teams())
        assert len(opponents(record)) == 10
        assert problem.reason.endswith(": A2")

    def test_a_line_up_of_ten_says_nothing(self, tracked: HandMade) -> None:
        """With a line-up that is wrong itself everybody who is seen counts."""
        tracked.write(positions=positions(*both_teams()))
        info = tracked.folder / "matchinformation.xml"
        text = info.read_text(encoding="utf-8")
        a2 = text.index('PersonId="A2"')
        info.write_text(
            text[:a2] + text[a2:].replace('Starting="true"', 'Starting="false"', 1), encoding="utf-8"
        )
        record, problems = read_match(discover(tracked.folder)[0][0])
        assert (len(opponents(record)), problems) == (11, [])

    def test_a_yellow_card_sends_nobody_off(self, tracked: HandMade) -> None:
        tracked.event("C", 5, f'<Caution Team="{AWAY}" Player="A2" CardColor="yellow"/>')
        record, problems = read(tracked, *both_teams())
        assert (len(opponents(record)), problems) == (11, [])

    def test_somebody_tracked_under_two_ids_counts_once(self, tracked: HandMade) -> None:
        """A3 is not seen, so that the side would have a place for the double of A2."""
        sets = [s for s in both_teams() if '"A3"' not in s]
        record, (problem,) = read(tracked, *sets, still("SUB1", AWAY, 32, -10))
        assert len(opponents(record)) == 10
        assert "SUB1" in problem.reason

    def test_a_shooter_under_another_id_is_not_his_own_team_mate(self, hand_made: HandMade) -> None:
        hand_made.result = "0:0"
        hand_made.kick_offs()
        place = 'X-PositionFromTracking="92.50" Y-PositionFromTracking="38.00"'
        hand_made.shot("S1", 10.5, player="UNKNOWN", attributes=f"{OFFICIAL} {place}")
        record, problems = read(hand_made, *both_teams())
        assert (record.shots[0].player_id, record.shots[0].x_m) == ("UNKNOWN", 40.0)
        assert "H9" not in {p.player_id for p in record.scenes[0].people}
        assert {p.player_id: p.name for p in record.players}["UNKNOWN"] is None
        reasons = [p.reason for p in problems]
        assert "player 'UNKNOWN' is in no line-up" in reasons
        assert any("one of them (player H9) in the shooter's place" in reason for reason in reasons)

    def test_decimal_commas_of_positions(self, tracked: HandMade) -> None:
        expected, _ = read(tracked, *both_teams())
        commas = [s.replace('.00" Y', ',00" Y').replace('.00" S', ',00" S') for s in both_teams()]
        assert commas != both_teams()
        record, problems = read(tracked, *commas)
        assert (record.scenes, problems) == (expected.scenes, [])

    def test_a_default_namespace_and_prefixes_change_nothing(self, tracked: HandMade) -> None:
        expected, _ = read(tracked, *both_teams())
        for path in tracked.folder.iterdir():
            text = path.read_text(encoding="utf-8")
            text = text.replace("<PutDataRequest ", '<PutDataRequest xmlns="http://www.example.org/feed" ')
            path.write_text(text, encoding="utf-8")
        record, problems = read_match(discover(tracked.folder)[0][0])
        assert (record.shots, record.scenes, problems) == (expected.shots, expected.scenes, [])
        for path in tracked.folder.iterdir():
            text = path.read_text(encoding="utf-8").replace(" xmlns=", " xmlns:d=")
            text = text.replace("<", "<d:").replace("<d:/", "</d:").replace("<d:?", "<?")
            path.write_text(text, encoding="utf-8")
        record, problems = read_match(discover(tracked.folder)[0][0])
        assert (record.shots, record.scenes, problems) == (expected.shots, expected.scenes, [])

    def test_a_frame_minutes_away_from_its_event_is_looked_for(self, hand_made: HandMade) -> None:
        """One wrong number refuses no match, though nobody is tracked around frame 60000."""
        hand_made.result = "0:0"
        hand_made.kick_offs()
        hand_made.shot("S1", 10.5, attributes=OFFICIAL.replace(str(SHOT_N), "60000"))
        record, problems = read(hand_made, *both_teams())
        assert len(record.shots) == 1
        assert "CalculatedFrame 60000 is +1989 s away" in problems[0].reason

    def test_an_impossible_pitch_in_the_positions_is_told(self, tracked: HandMade) -> None:
        tracked.write(positions=positions(*both_teams(), pitch='<PitchSize X="10500" Y="6800"/>'))
        record, problems = read_match(discover(tracked.folder)[0][0])
        assert record.match.pitch.length_m == 105
        assert "a pitch of '10500' x '6800' m cannot be" in problems[0].reason


class TestHalves:
    @pytest.mark.parametrize("name", ["KickoffWhistle", "KickOffWhistle", "Kickoff"])
    def test_kick_offs_under_other_names(self, hand_made: HandMade, name: str) -> None:
        hand_made.kick_offs()
        hand_made.events = [event.replace("<KickOff ", f"<{name} ") for event in hand_made.events]
        hand_made.shot("S1", 200, half=2, attributes='X-Position="11.00" Y-Position="34.00"')
        shot, reasons = only_shot(hand_made)
        assert (shot.minute, shot.x_m, reasons) == (48, 41.5, [])

    def test_sections_that_are_not_known_are_the_halves_in_their_order(self, hand_made: HandMade) -> None:
        hand_made.event("K1", 0, f'<KickOff GameSection="1stHalf" TeamLeft="{HOME}"/>')
        hand_made.event("K2", 0, f'<KickOff GameSection="2ndHalf" TeamLeft="{AWAY}"/>', half=2)
        hand_made.shot("S1", 200, half=2, attributes='X-Position="60.00" Y-Position="34.00"')
        shot, reasons = only_shot(hand_made)
        assert (shot.period, shot.minute, shot.x_m) == (2, 48, -7.5)  # by TeamLeft, not by the shot's place
        assert "GameSection '2ndHalf' of a KickOff is not known: it counts as secondHalf" in reasons

    def test_a_kick_off_of_an_unknown_section_drops_no_shots(self, hand_made: HandMade) -> None:
        """It stands in the middle of the second half, and begins none."""
        hand_made.kick_offs()
        hand_made.event("K9", 1000, '<KickOff GameSection="breakForDrinks"/>', half=2)
        hand_made.event("K8", 0, '<KickOff GameSection="firstHalfExtra"/>', half=2)
        hand_made.shot("S1", 1200, half=2)
        shot, reasons = only_shot(hand_made)
        assert shot.shot_id == "S1"
        assert any("'breakForDrinks'" in reason for reason in reasons)

    @pytest.mark.parametrize("section", ["penaltyShootOut", "PenaltyShootout", "shootOut"])
    def test_a_shoot_out_is_one_under_its_names(self, hand_made: HandMade, section: str) -> None:
        hand_made.kick_offs()
        hand_made.shot("S1", 100)
        hand_made.event("P", 4000, f'<KickOff GameSection="{section}"/>', half=2)
        hand_made.shot("S2", 4010, half=2)
        shot, reasons = only_shot(hand_made)
        assert (shot.shot_id, reasons) == ("S1", [])

    def test_without_a_first_kick_off_the_planned_one_counts_with_a_note(self, hand_made: HandMade) -> None:
        hand_made.shot("S1", 605)
        shot, reasons = only_shot(hand_made)
        assert (shot.minute, shot.second) == (10, 5)
        assert (
            "no KickOff of the first half: its minutes count from KickoffTime of the match information"
            in reasons
        )

    def test_without_a_second_kick_off_the_first_event_after_the_break_counts(
        self, hand_made: HandMade
    ) -> None:
        """A substitution in the break is no play."""
        hand_made.event("K1", 0, f'<KickOff GameSection="firstHalf" TeamLeft="{HOME}"/>')
        hand_made.event("W1", 2800, '<FinalWhistle GameSection="firstHalf"/>')
        hand_made.event("X", 3300, f'<Substitution Team="{HOME}" PlayerOut="H2" PlayerIn="H12"/>')
        hand_made.event("P", 3700, "<Play/>")
        hand_made.shot("S1", 3700 + 605)
        shot, reasons = only_shot(hand_made)
        assert (shot.period, shot.minute, shot.second) == (2, 55, 5)
        assert "no KickOff of secondHalf: its minutes count from the first event after the break" in reasons

    def test_where_nothing_says_when_the_second_half_began_the_match_is_refused(
        self, hand_made: HandMade
    ) -> None:
        hand_made.event("K1", 0, f'<KickOff GameSection="firstHalf" TeamLeft="{HOME}"/>')
        hand_made.shot("S1", 6000)
        with pytest.raises(FeedError, match="no KickOff and no FinalWhistle says when the second half began"):
            read(hand_made)

    @pytest.mark.parametrize("days", [2, 400])
    def test_a_shot_that_was_written_down_days_later_counts_at_the_end(
        self, hand_made: HandMade, days: int
    ) -> None:
        hand_made.kick_offs()
        hand_made.event("W2", 2820, '<FinalWhistle GameSection="secondHalf"/>', half=2)
        hand_made.shot("S1", 86_400 * days, half=2)
        shot, (reason,) = only_shot(hand_made)
        assert (shot.period, shot.minute) == (2, 92)
        assert (shot.event_time, shot.period_time_s) == (None, None)
        assert "after the last whistle" in reason

    def test_its_calculated_time_is_better(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.event("W2", 2820, '<FinalWhistle GameSection="secondHalf"/>', half=2)
        taken = SECOND_HALF + timedelta(minutes=12)
        attributes = f'X-Position="11.00" Y-Position="34.00" CalculatedTimestamp="{iso(taken)}"'
        hand_made.shot("S1", 172_800, half=2, attributes=attributes)
        shot, reasons = only_shot(hand_made)
        assert (shot.period, shot.minute, shot.event_time) == (2, 57, taken)
        assert "EventTime" in reasons[0]

    def test_a_shot_from_before_the_match_counts_at_kick_off(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.shot("S1", -86_400)
        shot, (reason,) = only_shot(hand_made)
        assert (shot.period, shot.minute) == (1, 0)
        assert "before the first kick-off" in reason

    def test_late_but_possible(self, hand_made: HandMade) -> None:
        """Nine minutes after the last whistle an operator may still be writing."""
        hand_made.kick_offs()
        hand_made.event("W2", 2820, '<FinalWhistle GameSection="secondHalf"/>', half=2)
        hand_made.shot("S1", 2820 + 540, half=2, attributes='X-Position="11.00" Y-Position="34.00"')
        shot, reasons = only_shot(hand_made)
        assert (shot.minute, reasons) == (45 + 56, [])


class TestEvents:
    def test_a_match_that_was_broken_off_is_marked(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.event("W1", 1500, '<FinalWhistle GameSection="firstHalf" BreakingOff="true"/>')
        hand_made.result = "0:0"
        record, (problem,) = read(hand_made)
        assert record.match.status is MatchStatus.ABANDONED
        assert "broken off" in problem.reason

    def test_a_match_that_was_not_is_not(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.event("W1", 2800, '<FinalWhistle GameSection="firstHalf" BreakingOff="false"/>')
        hand_made.result = "0:0"
        record, problems = read(hand_made)
        assert (record.match.status, problems) == (MatchStatus.PLAYED, [])

    @pytest.mark.parametrize("player", [' Player=""', ""])
    def test_a_shot_of_nobody_counts_without_a_name(self, hand_made: HandMade, player: str) -> None:
        hand_made.kick_offs()
        hand_made.shot("S1", 10)
        hand_made.events[-1] = hand_made.events[-1].replace(' Player="H9"', player)
        shot, reasons = only_shot(hand_made)
        assert (shot.player_id, reasons) == (None, ["nobody is named as the shooter"])

    def test_an_own_goal_of_an_unknown_player_counts(self, hand_made: HandMade) -> None:
        hand_made.result = "1:0"
        hand_made.kick_offs()
        hand_made.event("O1", 130, f'<OwnGoal Team="{AWAY}" Player="UNKNOWN"/>')
        record, (problem,) = read(hand_made)
        assert [(goal.team_id, goal.player_id, goal.minute) for goal in record.own_goals] == [
            (HOME, "UNKNOWN", 2)
        ]
        assert {p.player_id: p.name for p in record.players}["UNKNOWN"] is None
        assert problem.place == "own goal 1, player"

    def test_an_own_goal_of_no_team_is_left_out(self, hand_made: HandMade) -> None:
        hand_made.result = "0:0"
        hand_made.kick_offs()
        hand_made.event("O1", 130, '<OwnGoal Team="" Player="A4"/>')
        record, (problem,) = read(hand_made)
        assert record.own_goals == ()
        assert "an own goal of team ''" in problem.reason

    def test_a_shooter_of_the_other_team_is_told(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.shot("S1", 10, player="A4")
        assert only_shot(hand_made)[1] == [f"shooter 'A4' is in the line-up of {AWAY}"]

    def test_one_shot_of_a_third_team_is_left_out_and_the_others_are_read(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.shot("S1", 10, team="DFL-CLU-X")
        hand_made.shot("S2", 20)
        shot, (reason,) = only_shot(hand_made)
        assert (shot.shot_id, "which does not play" in reason) == ("S2", True)

    def test_an_event_without_an_id_is_called_after_its_time(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.shot("", 10)
        hand_made.event("", 12, "<Play/>")
        shot, reasons = only_shot(hand_made)
        assert (shot.shot_id, reasons) == ("no-id-20230527133010000-1", ["an event without EventId"])

    @pytest.mark.parametrize(
        ("attributes", "x_m"),
        [
            ('X-Position="94,00" Y-Position="34,00"', 41.5),  # decimal commas
            ('X-Position="150.00" Y-Position="34.00"', None),  # 45 m behind the goal line
            ('X-Position="-7.50" Y-Position="34.00"', None),  # 112.5 m from the goal
            ('X-Position="106.50" Y-Position="34.00"', 54.0),  # 1.5 m behind the goal line
            ('X-Position="NaN" Y-Position="34.00"', None),
            ('X-Position="94.00"', None),
        ],
    )
    def test_places_of_events(self, hand_made: HandMade, attributes: str, x_m: float | None) -> None:
        hand_made.kick_offs()
        hand_made.shot("S1", 10, attributes=attributes)
        shot, reasons = only_shot(hand_made)
        assert shot.x_m == x_m
        assert bool(reasons) == (x_m is None and "Y-Position" in attributes)

    def test_the_operators_place_replaces_an_impossible_tracked_one(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        both = 'X-PositionFromTracking="400.00" Y-PositionFromTracking="34.00" X-Position="94.00" Y-Position="34.00"'
        hand_made.shot("S1", 10, attributes=both)
        shot, (reason,) = only_shot(hand_made)
        assert (shot.x_m, shot.raw["place"]) == (41.5, "event")
        assert "provider's tracking cannot be: (347.50, 0.00) m" in reason

    def test_sides_that_the_shots_contradict_are_taken_from_the_shots(self, hand_made: HandMade) -> None:
        hand_made.result = "0:0"
        hand_made.event("K1", 0, f'<KickOff GameSection="firstHalf" TeamLeft="{AWAY}" TeamRight="{HOME}"/>')
        for n in range(3):
            hand_made.shot(f"S{n}", 10 + n)
        record, (problem,) = read(hand_made)
        assert {shot.x_m for shot in record.shots} == {41.5}
        assert "TeamLeft of period 1 contradicts the places of 3 of 3 shots" in problem.reason

    def test_two_shots_are_no_evidence_against_the_kick_off(self, hand_made: HandMade) -> None:
        hand_made.result = "0:0"
        hand_made.event("K1", 0, f'<KickOff GameSection="firstHalf" TeamLeft="{AWAY}" TeamRight="{HOME}"/>')
        for n in range(2):
            hand_made.shot(f"S{n}", 10 + n)
        record, _ = read(hand_made)
        assert {shot.x_m for shot in record.shots} == {-41.5}

    def test_an_impossible_calculated_time_costs_only_itself(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.shot(
            "S1", 10, attributes='X-Position="94.00" Y-Position="34.00" CalculatedTimestamp="soon"'
        )
        shot, reasons = only_shot(hand_made)
        assert (shot.minute, reasons) == (0, ["'soon' is not a time"])

    def test_an_event_time_of_another_millennium_is_none(self, hand_made: HandMade) -> None:
        hand_made.kick_offs()
        hand_made.shot("S1", 10)
        hand_made.shot("S2", 20)
        hand_made.events[-1] = hand_made.events[-1].replace("2023-05-27", "9999-12-31")
        shot, reasons = only_shot(hand_made)
        assert shot.shot_id == "S1"
        assert "nobody played at '9999-12-31" in reasons[0]


class TestMatchInformation:
    def changed(self, match: HandMade, old: str, new: str) -> tuple[MatchRecord, list[Problem]]:
        match.result = "0:0"
        match.kick_offs()
        match.shot("S1", 10)
        path = match.write().folder / "matchinformation.xml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        delivery = discover(match.folder)[0][0]
        announce(delivery)
        return read_match(delivery)

    @pytest.mark.parametrize(
        ("old", "told"),
        [
            ('HomeTeamName="home club"', "name of the home team is empty"),
            ('CompetitionName="Liga"', "competition is empty"),
            ('Season="2022/2023"', "season is empty"),
        ],
    )
    @pytest.mark.parametrize("how", ["empty", "gone"])
    def test_an_empty_name_is_shown_by_its_id(
        self, hand_made: HandMade, old: str, told: str, how: str
    ) -> None:
        record, (problem,) = self.changed(hand_made, old, old.split("=")[0] + '=""' if how == "empty" else "")
        match = record.match
        assert problem.reason == told
        assert problem.path.endswith("matchinformation.xml")
        assert {match.home.name, match.competition, match.season} & {HOME, "DFL-COM-1", "DFL-SEA-1"}

    @pytest.mark.parametrize(
        ("size", "length_m", "told"),
        [
            ('PitchX="100,50" PitchY="64,00"', 100.5, False), ('PitchX="10050" PitchY="64"', 105, True),
            ('PitchX="" PitchY=""', 105, False), ('PitchX="100.5"', 105, True), ("", 105, False),
        ],
    )  # fmt: skip
    def test_pitches(self, hand_made: HandMade, size: str, length_m: float, told: bool) -> None:
        hand_made.pitch = size
        record, problems = self.changed(hand_made, "<Environment", "<Environment")
        assert record.match.pitch.length_m == length_m
        assert ["cannot be" in problem.reason for problem in problems] == ([True] if told else [])

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ('Result="0:0"', 'Result="999999999999:0"', "Result '999999999999:0' is no result"),
            ('Result="0:0"', 'Result="200:0"', "home_score = 200 cannot be (0 to 149 can)"),
            ('MatchDay="34"', 'MatchDay="thirty"', "MatchDay 'thirty' is no number"),
            ('MatchDay="34"', 'MatchDay="340"', "matchday = 340 cannot be (1 to 100 can)"),
            ('PersonId="H3"', 'PersonId=""', "a player without PersonId"),
        ],
    )
    def test_one_wrong_value_costs_this_value(
        self, hand_made: HandMade, old: str, new: str, told: str
    ) -> None:
        record, problems = self.changed(hand_made, old, new)
        assert len(record.shots) == 1
        assert told in [problem.reason for problem in problems]

    def test_a_match_without_a_result_yet_has_none_without_a_word(self, hand_made: HandMade) -> None:
        record, problems = self.changed(hand_made, 'Result="0:0"', 'Result="-:-"')
        assert (record.match.home_score, problems) == (None, [])

    def test_the_planned_kick_off_counts_where_the_real_one_is_no_time(self, hand_made: HandMade) -> None:
        planned = f'KickoffTime="soon" PlannedKickoffTime="{iso(KICK_OFF)}"'
        record, _ = self.changed(hand_made, f'KickoffTime="{iso(KICK_OFF)}"', planned)
        assert record.match.kick_off == KICK_OFF

    def test_one_team_against_itself_is_refused(self, hand_made: HandMade) -> None:
        with pytest.raises(FeedError, match="home and guests are one team"):
            self.changed(hand_made, f'GuestTeamId="{AWAY}"', f'GuestTeamId="{HOME}"')


def test_a_pipe_and_dead_links_beside_a_match_are_told_and_the_match_is_read(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 10)
    folder = hand_made.write().folder
    os.mkfifo(folder / "events_raw_DFL-MAT-OTHER1.xml")
    os.mkfifo(folder / "other.xml")
    (folder / "positions_DFL-MAT-OTHER2.xml").symlink_to(folder / "nowhere")
    (folder / "circle").symlink_to(folder)
    (folder / "x.xml").mkdir()
    (folder / "g.xml.gz").write_bytes(b"\x1f\x8b\x08")
    deliveries, problems = discover(folder)
    assert [len(read_match(delivery)[0].shots) for delivery in deliveries] == [1]
    assert sorted(Path(p.path).name for p in problems) == [
        "events_raw_DFL-MAT-OTHER1.xml", "positions_DFL-MAT-OTHER2.xml",
    ]  # fmt: skip


@pytest.mark.parametrize("match_id", ["../x", "a/b", "a b", "x" * 200])
def test_a_match_id_that_is_none_is_told(hand_made: HandMade, match_id: str) -> None:
    hand_made.kick_offs()
    path = hand_made.write().folder / "events.xml"
    path.write_text(path.read_text().replace("DFL-MAT-TEST01", match_id))
    deliveries, (problem,) = discover(hand_made.folder)
    assert [delivery.match_id for delivery in deliveries] == ["DFL-MAT-TEST01"]
    assert "is no id of a match" in problem.reason
