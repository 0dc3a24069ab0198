"""When the halves began: by kick-offs under any name, else by the rest of the feed, with a note."""

from datetime import timedelta

import pytest
from dfl_files import AWAY, HOME, SECOND_HALF, HandMade, iso
from dfl_reading import only_shot, read

from xgoals.domain.errors import FeedError


@pytest.mark.parametrize("name", ["KickoffWhistle", "KickOffWhistle", "Kickoff"])
def test_kick_offs_under_other_names(hand_made: HandMade, name: str) -> None:
    hand_made.kick_offs()
    hand_made.events = [event.replace("<KickOff ", f"<{name} ") for event in hand_made.events]
    hand_made.shot("S1", 200, half=2, attributes='X-Position="11.00" Y-Position="34.00"')
    shot, reasons = only_shot(hand_made)
    assert (shot.minute, shot.x_m, reasons) == (48, 41.5, [])


def test_sections_that_are_not_known_are_the_halves_in_their_order(hand_made: HandMade) -> None:
    hand_made.event("K1", 0, f'<KickOff GameSection="1stHalf" TeamLeft="{HOME}"/>')
    hand_made.event("K2", 0, f'<KickOff GameSection="2ndHalf" TeamLeft="{AWAY}"/>', half=2)
    hand_made.shot("S1", 200, half=2, attributes='X-Position="60.00" Y-Position="34.00"')
    shot, reasons = only_shot(hand_made)
    assert (shot.period, shot.minute, shot.x_m) == (2, 48, -7.5)  # by TeamLeft, not by the shot's place
    assert "GameSection '2ndHalf' of a KickOff is not known: it counts as secondHalf" in reasons


def test_a_kick_off_of_an_unknown_section_drops_no_shots(hand_made: HandMade) -> None:
    """It stands in the middle of the second half, and begins none."""
    hand_made.kick_offs()
    hand_made.event("K9", 1000, '<KickOff GameSection="breakForDrinks"/>', half=2)
    hand_made.event("K8", 0, '<KickOff GameSection="firstHalfExtra"/>', half=2)
    hand_made.shot("S1", 1200, half=2)
    shot, reasons = only_shot(hand_made)
    assert shot.shot_id == "S1"
    assert any("'breakForDrinks'" in reason for reason in reasons)


@pytest.mark.parametrize("section", ["penaltyShootOut", "PenaltyShootout", "shootOut"])
def test_a_shoot_out_is_one_under_its_names(hand_made: HandMade, section: str) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", 100)
    hand_made.event("P", 4000, f'<KickOff GameSection="{section}"/>', half=2)
    hand_made.shot("S2", 4010, half=2)
    shot, reasons = only_shot(hand_made)
    assert (shot.shot_id, reasons) == ("S1", [])


def test_without_a_first_kick_off_the_planned_one_counts_with_a_note(hand_made: HandMade) -> None:
    hand_made.shot("S1", 605)
    shot, reasons = only_shot(hand_made)
    assert (shot.minute, shot.second) == (10, 5)
    assert (
        "no KickOff of the first half: its minutes count from KickoffTime of the match information" in reasons
    )


def test_without_a_second_kick_off_the_first_event_after_the_break_counts(hand_made: HandMade) -> None:
    """A substitution in the break is no play."""
    hand_made.event("K1", 0, f'<KickOff GameSection="firstHalf" TeamLeft="{HOME}"/>')
    hand_made.event("W1", 2800, '<FinalWhistle GameSection="firstHalf"/>')
    hand_made.event("X", 3300, f'<Substitution Team="{HOME}" PlayerOut="H2" PlayerIn="H12"/>')
    hand_made.event("P", 3700, "<Play/>")
    hand_made.shot("S1", 3700 + 605)
    shot, reasons = only_shot(hand_made)
    assert (shot.period, shot.minute, shot.second) == (2, 55, 5)
    assert "no KickOff of secondHalf: its minutes count from the first event after the break" in reasons


def test_where_nothing_says_when_the_second_half_began_the_match_is_refused(hand_made: HandMade) -> None:
    hand_made.event("K1", 0, f'<KickOff GameSection="firstHalf" TeamLeft="{HOME}"/>')
    hand_made.shot("S1", 6000)
    with pytest.raises(FeedError, match="no KickOff and no FinalWhistle says when the second half began"):
        read(hand_made)


@pytest.mark.parametrize("days", [2, 400])
def test_a_shot_that_was_written_down_days_later_counts_at_the_end(hand_made: HandMade, days: int) -> None:
    hand_made.kick_offs()
    hand_made.event("W2", 2820, '<FinalWhistle GameSection="secondHalf"/>', half=2)
    hand_made.shot("S1", 86_400 * days, half=2)
    shot, (reason,) = only_shot(hand_made)
    assert (shot.period, shot.minute) == (2, 92)
    assert (shot.event_time, shot.period_time_s) == (None, None)
    assert "after the last whistle" in reason


def test_its_calculated_time_is_better(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.event("W2", 2820, '<FinalWhistle GameSection="secondHalf"/>', half=2)
    taken = SECOND_HALF + timedelta(minutes=12)
    attributes = f'X-Position="11.00" Y-Position="34.00" CalculatedTimestamp="{iso(taken)}"'
    hand_made.shot("S1", 172_800, half=2, attributes=attributes)
    shot, reasons = only_shot(hand_made)
    assert (shot.period, shot.minute, shot.event_time) == (2, 57, taken)
    assert "EventTime" in reasons[0]


def test_a_shot_from_before_the_match_counts_at_kick_off(hand_made: HandMade) -> None:
    hand_made.kick_offs()
    hand_made.shot("S1", -86_400)
    shot, (reason,) = only_shot(hand_made)
    assert (shot.period, shot.minute) == (1, 0)
    assert "before the first kick-off" in reason


def test_late_but_possible(hand_made: HandMade) -> None:
    """Nine minutes after the last whistle an operator may still be writing."""
    hand_made.kick_offs()
    hand_made.event("W2", 2820, '<FinalWhistle GameSection="secondHalf"/>', half=2)
    hand_made.shot("S1", 2820 + 540, half=2, attributes='X-Position="11.00" Y-Position="34.00"')
    shot, reasons = only_shot(hand_made)
    assert (shot.minute, reasons) == (45 + 56, [])
