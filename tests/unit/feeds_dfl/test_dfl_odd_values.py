"""Odd values in events and match information: understood, or missing with a note of shot, field and value."""

import os
from pathlib import Path

import pytest
from dfl_files import AWAY, HOME, KICK_OFF, HandMade, iso
from dfl_reading import only_shot, read

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.match import MatchStatus
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.dfl import announce, discover, read_match


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
