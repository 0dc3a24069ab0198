"""`xgoals score` stores nothing: what is wrong with shots has to be said at once."""

from xgoals.domain.errors import Problem
from xgoals.outputs import _warn_of_notes


def test_shots_left_out_and_missing_values_are_counted_and_the_first_is_shown(caplog):
    lost = [
        Problem("f24.xml", f"a shot in period {n}", "Correct it", "7", f"shot {n}", severity="shot")
        for n in (8, 9)
    ]
    _warn_of_notes([Problem("f24.xml", "no place", "Ask", "7", "shot 3", severity="value"), *lost])
    assert caplog.messages == [
        "notes that shots are left out or doubtful: 2; the first: f24.xml, shot 8: a shot in period 8. Correct it",
        "notes that values are missing or doubtful: 1; the first: f24.xml, shot 3: no place. Ask",
    ]


def test_whole_files_need_no_word(caplog):
    _warn_of_notes([])
    assert not caplog.messages
