"""Odd values in the tracks: nobody is faster, farther or more than can be, and each note says so."""

import pytest
from dfl_files import AWAY, HOME, HandMade, frame, frame_set, positions
from dfl_reading import read

from xgoals.domain.scene import MatchRecord
from xgoals.feeds.dfl import discover, read_match

SHOT_N = 10_250  # 10 s after kick-off
FRAMES = range(10_165, 10_311)
OFFICIAL = f'X-Position="94.00" Y-Position="34.00" CalculatedFrame="{SHOT_N}"'


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


def test_the_match_is_good_before_it_is_changed(tracked: HandMade) -> None:
    record, problems = read(tracked, *both_teams())
    assert problems == []
    assert len(record.scenes[0].people) == 21


def test_a_shooter_who_jumps_has_no_speed(tracked: HandMade) -> None:
    """3.2 m further from the shot's frame on: the slope of nine frames says 50 km/h."""
    jump = "".join(frame(n, 40 + 3.2 * (n >= SHOT_N), 4) for n in FRAMES)
    record, problems = read(tracked, frame_set("H9", HOME, jump), *both_teams()[1:])
    assert record.scenes[0].shooter_vx_ms is None
    assert [(p.shot_id, p.field) for p in problems] == [("S1", "shooter's speed")]
    assert problems[0].value is not None
    assert 45 < float(problems[0].value.split()[0]) < 60


@pytest.mark.parametrize("at_n", [SHOT_N, SHOT_N - 7])
def test_a_far_away_number_is_no_position(tracked: HandMade, at_n: int) -> None:
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


def test_somebody_who_stands_a_little_outside_is_seen_in_the_clip_only(tracked: HandMade) -> None:
    """A substitute warming up 8 m behind the line is in the tracks, not in the scene."""
    record, (problem,) = read(
        tracked, *[s for s in both_teams() if '"A3"' not in s], still("A3", AWAY, 0, -42)
    )
    assert "A3" not in opponents(record)
    assert "A3" in record.clips[0].player_ids
    assert "cannot be placed" in problem.reason


def test_two_strangers_beside_eleven_are_left_out(tracked: HandMade) -> None:
    extra = [still("SUB1", AWAY, 45, 3), still("SUB2", AWAY, 46, 3)]
    record, (problem,) = read(tracked, *both_teams(), *extra)
    assert len(opponents(record)) == 11
    assert "SUB1" not in record.clips[0].player_ids
    assert problem.reason.endswith("by line-up and substitutions: SUB1, SUB2")


def test_a_substitute_who_has_come_on_plays_and_the_other_does_not(tracked: HandMade) -> None:
    """A12 has come for A2; the tracks still hold A2 on his way out."""
    tracked.event("X", 5, f'<Substitution Team="{AWAY}" PlayerOut="A2" PlayerIn="A12" PlayingPosition="ZO"/>')
    record, (problem,) = read(tracked, *both_teams(), still("A12", AWAY, 20, 5))
    assert ("A12" in opponents(record), "A2" in opponents(record)) == (True, False)
    assert "A2" in problem.reason


def test_who_has_seen_red_is_left_out(tracked: HandMade) -> None:
    tracked.event("C", 5, f'<Caution Team="{AWAY}" Player="A2" CardColor="yellowRed"/>')
    record, (problem,) = read(tracked, *both_teams())
    assert len(opponents(record)) == 10
    assert problem.reason.endswith(": A2")


def test_a_line_up_of_ten_says_nothing(tracked: HandMade) -> None:
    """With a line-up that is wrong itself everybody who is seen counts."""
    tracked.write(positions=positions(*both_teams()))
    info = tracked.folder / "matchinformation.xml"
    text = info.read_text(encoding="utf-8")
    a2 = text.index('PersonId="A2"')
    info.write_text(text[:a2] + text[a2:].replace('Starting="true"', 'Starting="false"', 1), encoding="utf-8")
    record, problems = read_match(discover(tracked.folder)[0][0])
    assert (len(opponents(record)), problems) == (11, [])


def test_a_yellow_card_sends_nobody_off(tracked: HandMade) -> None:
    tracked.event("C", 5, f'<Caution Team="{AWAY}" Player="A2" CardColor="yellow"/>')
    record, problems = read(tracked, *both_teams())
    assert (len(opponents(record)), problems) == (11, [])


def test_somebody_tracked_under_two_ids_counts_once(tracked: HandMade) -> None:
    """A3 is not seen, so that the side would have a place for the double of A2."""
    sets = [s for s in both_teams() if '"A3"' not in s]
    record, (problem,) = read(tracked, *sets, still("SUB1", AWAY, 32, -10))
    assert len(opponents(record)) == 10
    assert "SUB1" in problem.reason


def test_a_shooter_under_another_id_is_not_his_own_team_mate(hand_made: HandMade) -> None:
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


def test_decimal_commas_of_positions(tracked: HandMade) -> None:
    expected, _ = read(tracked, *both_teams())
    commas = [s.replace('.00" Y', ',00" Y').replace('.00" S', ',00" S') for s in both_teams()]
    assert commas != both_teams()
    record, problems = read(tracked, *commas)
    assert (record.scenes, problems) == (expected.scenes, [])


def test_a_default_namespace_and_prefixes_change_nothing(tracked: HandMade) -> None:
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


def test_a_frame_minutes_away_from_its_event_is_looked_for(hand_made: HandMade) -> None:
    """One wrong number refuses no match, though nobody is tracked around frame 60000."""
    hand_made.result = "0:0"
    hand_made.kick_offs()
    hand_made.shot("S1", 10.5, attributes=OFFICIAL.replace(str(SHOT_N), "60000"))
    record, problems = read(hand_made, *both_teams())
    assert len(record.shots) == 1
    assert "CalculatedFrame 60000 is +1989 s away" in problems[0].reason


@pytest.mark.parametrize("name", ["FirstHalf", "1stHalf", ""])
def test_halves_under_other_names_are_told_by_their_frame_numbers(tracked: HandMade, name: str) -> None:
    """The first half's frames count from 10000."""
    renamed = [one.replace('GameSection="firstHalf"', f'GameSection="{name}"') for one in both_teams()]
    record, problems = read(tracked, *renamed)
    assert (record.scenes[0].frame_n, problems) == (SHOT_N, [])


def test_an_impossible_pitch_in_the_positions_is_told(tracked: HandMade) -> None:
    tracked.write(positions=positions(*both_teams(), pitch='<PitchSize X="10500" Y="6800"/>'))
    record, problems = read_match(discover(tracked.folder)[0][0])
    assert record.match.pitch.length_m == 105
    assert "a pitch of '10500' x '6800' m cannot be" in problems[0].reason
