"""The frames that a database gives become shots and players, whatever a feed leaves out."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.player.everybody import Everybody
from xgoals.analysis.player.kinds import Zone
from xgoals.analysis.player.numbers import player_numbers
from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, SeasonKey
from xgoals.domain.reason import Part

TOLD = {
    "shot_key": 1, "provider": "p", "match_id": "m1", "anchor": "shot-1", "competition": "League", "season": "2024",
    "match_date": date(2024, 5, 1), "team_id": "1", "team": "Reds", "opponent_id": "2", "opponent": "Blues",
    "is_home": True, "player_id": "a", "player": "Ada", "keeper_id": "k", "keeper": None, "assist_player_id": "b",
    "assist_player": "Bo", "assist_kind": "cross", "period": 1, "minute": 3, "second": 4, "x_m": 42.5, "y_m": 1.0,
    "pitch_length_m": 105.0, "end_y_m": 2.0, "end_z_m": 1.0, "outcome": "goal", "is_goal": True, "is_penalty": False,
    "xg": 0.25, "has_seen_match": False, "has_positions": True, "body_part": "head", "shot_type": "open_play",
    "set_up": "corner",
}  # fmt: skip
BARE = TOLD | {
    "shot_key": 2, "match_id": "m2", "player_id": None, "player": None, "keeper_id": None, "assist_player_id": None,
    "assist_player": None, "assist_kind": None, "x_m": np.nan, "y_m": np.nan, "end_y_m": np.nan, "end_z_m": np.nan,
    "outcome": "saved", "is_goal": False, "has_positions": False,
}  # fmt: skip
A, B, K, D = (PlayerKey("p", name) for name in "abkd")


@pytest.fixture
def everybody() -> Everybody:
    reasons = pd.DataFrame(
        [{"shot_key": 1, "place": 0.1, "keeper": np.nan, "opponents": 0.0, "strike": 0.05}]
    )
    actors = pd.DataFrame(
        [(1, "p", "k", True, 0.02, True), (1, "p", None, False, 0.1, True), (9, "p", "d", False, 0.1, True)],
        columns=["shot_key", "provider", "player_id", "is_keeper", "takes", "is_ordinary"],
    )
    references = pd.DataFrame({"shot_key": [1], "reference_key": [1]})
    seen = pd.DataFrame(
        [("p", "d", "Di", "League", "2024", "2", "Blues", 4, 1)],
        columns=[
            "provider",
            "player_id",
            "player",
            "competition",
            "season",
            "team_id",
            "team",
            "n_shots",
            "n_matches",
        ],
    )
    return Everybody.of(pd.DataFrame([TOLD, BARE]), reasons, actors, references, seen)


def test_what_a_feed_tells_of_a_shot_is_known_of_it(everybody):
    (shot,) = everybody.shot_by[A]
    assert (shot.match, shot.anchor, shot.xg, shot.is_goal) == (MatchKey("p", "m1"), "shot-1", 0.25, True)
    assert shot.club == ClubKey(SeasonKey("League", "2024"), "p", "1", "Reds")
    assert (shot.depth_m, shot.left_m, shot.end_left_m, shot.end_height_m) == (10.0, 1.0, 2.0, 1.0)
    assert (shot.shooter, shot.maker, shot.keeper, shot.keeper_name) == (A, B, K, "")
    assert shot.reasons == {Part.PLACE: 0.1, Part.OPPONENTS: 0.0, Part.STRIKE: 0.05}
    assert shot.tells_assists


def test_a_shot_of_which_little_is_told_is_nobody_s_and_counts_among_all(everybody):
    assert [key for key, shots in everybody.shot_by.items() if len(shots) != 1] == []
    assert set(everybody.shot_by) == {A}
    assert everybody.faced_by.keys() == {K}
    place = dict(zip(Zone, everybody.profiles.average["place"], strict=True))
    assert (place[Zone.NEAR], place[Zone.UNKNOWN]) == (0.5, 0.5)


def test_names_are_those_that_are_told_and_takes_those_of_stored_shots(everybody):
    assert everybody.names == {A: "Ada", B: "Bo", D: "Di"}
    assert player_numbers(K, everybody).name == ""
    assert [taken.takes for taken in everybody.taken_by["keeper"][K]] == [0.02]
    assert everybody.taken_by["keeper"][K][0].ordinary == 0.02
    assert everybody.taken_by["opponent"] == {}
    assert player_numbers(D, everybody).opponent.n_seen == 4
