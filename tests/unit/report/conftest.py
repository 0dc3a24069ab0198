"""A run and its quarantine, beside the league of ``tests/unit/conftest.py``."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from xgoals.domain.reason import Actor, Part, PartValue, ShotReasons

PEOPLE = ["shot_id", "x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]


@pytest.fixture
def run() -> dict[str, Any]:
    return {
        "run_id": "manual__1",
        "database": "main",
        "feeds": ["statsbomb"],
        "sources": ["season"],
        "state": "success",
        "started_at": "2024-05-09T04:00:00+00:00",
        "ended_at": "2024-05-09T04:01:30+00:00",
        "seconds_by_task": {"train": 20.0, "ingest": 40.0},
        "figures": {
            "matches_read": 3,
            "matches_quarantined": 1,
            "decision": {"verdict": "judged_before", "reason": None},
            "gap": 0.12,
        },
        "is_simulated": False,
    }


@pytest.fixture
def quarantine() -> pd.DataFrame:
    columns = ["path", "match_id", "place", "reason", "advice", "severity", "feed"]
    rows = [
        ["events/7.json", "7", None, "no keeper", "Nothing to do", "value", "statsbomb"],
        ["events/9.json", "9", "line 3", "not JSON", "Fetch it again", "match", "statsbomb"],
    ]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def two(shots):
    return shots(
        {"shot_key": 1, "team": "Reds", "player": "Anna", "minute": 12, "xg": 0.038, "is_goal": True,
         "base_value": -2.0,
         "xg_out_of_fold": 0.03, "shap_DistanceToGoal": -1.2, "outcome": "goal"},
        {"shot_key": 2, "team": "Blues", "player": "Bea", "minute": 47, "xg": 0.5, "base_value": -2.0,
         "shap_AngleToGoal": 2.0},
    )  # fmt: skip


@pytest.fixture
def reasons():
    """The first shot: an opponent took .07; the second: nothing holds."""
    back = Actor(person_n=1, is_keeper=False, player_n=1, value=-0.06, removed_xg=0.08)
    parts = {
        Part.PLACE: PartValue(-0.02, 0.001, 12),
        Part.KEEPER: PartValue(0.03, 0.01, 15),
        Part.OPPONENTS: PartValue(-0.07, 0.02, 20, is_told=True),
        Part.STRIKE: PartValue(0.0, 0.01, 10),
    }
    first = ShotReasons(0.1, 0.04, parts, Part.OPPONENTS, 20, 20, tuple(range(24)), 0.4, 0.12, (back,))
    other = {part: PartValue(value, 0.01) for part, value in zip(Part, (0.4, 0.0, 0.0, 0.0), strict=True)}
    return {1: first, 2: ShotReasons(0.1, 0.5, other, Part.PLACE, 20, 20, tuple(range(24)), 0.4)}


@pytest.fixture
def people():
    rows = [
        ("s0", 50.0, 0.5, False, True, "Keeper", np.nan, np.nan),
        ("s0", 43.0, 0.0, False, False, "Back", np.nan, np.nan),
        ("s1", 30.0, 9.0, True, False, None, np.nan, np.nan),
        ("elsewhere", 30.0, 9.0, True, False, "Stranger", np.nan, np.nan),
    ]
    return pd.DataFrame(rows, columns=PEOPLE)
