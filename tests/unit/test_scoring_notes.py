"""`xgoals score` stores nothing: what is wrong with shots has to be said at once."""

from types import SimpleNamespace

import pytest

from xgoals.domain.errors import Problem
from xgoals.outputs.scores import _strangers, _warn_of_notes


def champion(*, is_simulated):
    return SimpleNamespace(model_version="xg-1", is_simulated=is_simulated)


def record(provider, *, is_simulated=False):
    return SimpleNamespace(match=SimpleNamespace(provider=provider, is_simulated=is_simulated))


def test_a_provider_that_the_champion_has_never_learned_from_is_named_once():
    read = [record("opta"), record("opta"), record("wyscout")]
    (told,) = _strangers(champion(is_simulated=False), {"wyscout": 496}, read)
    assert told.startswith("xg-1 has learned from no shot of opta")
    assert not list(_strangers(champion(is_simulated=False), {"wyscout": 496, "opta": 3}, read))


@pytest.mark.parametrize("is_simulated", [True, False])
def test_invented_matches_and_a_model_of_real_ones_are_told_apart(is_simulated):
    read = [record("dfl", is_simulated=True), record("dfl", is_simulated=False), record("dfl")]
    (told,) = _strangers(champion(is_simulated=is_simulated), {"dfl": 1}, read)
    assert told.startswith("2 of 3 matches are real" if is_simulated else "1 of 3 matches are simulated")


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
