"""What people take per shot faced, beside what ordinary people took from there."""

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.takers import MIN_MATCHES, interval_over_matches, ordinary_takes, takes_per_shot


def actors(rows: list[tuple[int, str, str | None, float]], matches: int = 1) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["shot_key", "role", "player_id", "takes"])
    return frame.assign(
        provider="p",
        team="Reds",
        player=frame["player_id"],
        match_id=[f"m{n % matches}" for n in range(len(frame))],
    )


def test_ordinary_is_what_one_of_the_same_role_took_at_the_reference_shots():
    frame = actors([
        (1, "keeper", "k", 0.05), (1, "opponent", "a", 0.20),
        (2, "keeper", "l", 0.01), (2, "opponent", "b", 0.10), (2, "opponent", "c", 0.30),
        (3, "opponent", "d", 0.04),
    ])  # fmt: skip
    found = ordinary_takes(frame, {1: [2, 3, 99], 2: [1], 3: [77]})
    assert found[0] == pytest.approx(0.01)  # the one keeper among them
    assert found[1] == pytest.approx((0.20 + 0.04) / 2)  # a mean per shot, then over shots
    assert found[2:4].tolist() == pytest.approx([0.05, 0.20])
    assert np.isnan(found[5])  # none of its references is known


def test_per_shot_faced_sorted_by_name_whoever_takes_most():
    frame = actors(
        [(n, "opponent", "zed", 0.3) for n in range(12)] + [(n, "opponent", "abe", 0.1) for n in range(4)]
    )
    frame["ordinary"] = 0.05
    found = takes_per_shot(frame)
    assert found["player"].tolist() == ["abe", "zed"]
    assert found["n_shots"].tolist() == [4, 12]
    assert found["more"].tolist() == pytest.approx([0.05, 0.25])
    assert found["more_low"].isna().all()  # one match says nothing of others


def test_who_is_not_known_by_name_is_left_out():
    frame = actors([(1, "opponent", None, 0.3), (2, "keeper", "k", 0.1)]).assign(ordinary=[0.1, np.nan])
    assert takes_per_shot(frame).empty


def test_the_interval_is_over_matches_and_holds_what_it_should():
    rng = np.random.default_rng(1)
    inside = 0
    for seed in range(200):
        effect = rng.normal(0.02, 0.05, 30)  # of a match: its shots go together
        values = np.repeat(effect, 8)
        found = interval_over_matches(values, pd.Series(np.repeat(np.arange(30), 8)), seed=seed)
        inside += found.low <= 0.02 <= found.high
    assert 180 <= inside <= 198  # of shots as if each were alone: about 90
    few = interval_over_matches(np.ones(8), pd.Series(np.arange(8) % (MIN_MATCHES - 1)))
    assert np.isnan(few.low)
    enough = interval_over_matches(np.ones(10), pd.Series(np.arange(10) % MIN_MATCHES))
    assert (enough.low, enough.high) == (1.0, 1.0)
