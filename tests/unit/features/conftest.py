"""Scenes drawn by hand."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from xgoals.features.scenes import Scenes

OPPONENT = {"is_teammate": False, "is_keeper": False}
KEEPER = {"is_teammate": False, "is_keeper": True}
TEAMMATE = {"is_teammate": True, "is_keeper": False}

# A shot from the penalty spot of a 100 m pitch: goal line at x = 50, so 11 m away, on the axis.
SHOT = {
    "match_id": "m", "team_id": "t", "period": 1, "period_time_s": 60.0, "event_n": 0, "x_m": 39.0, "y_m": 0.0,
    "pitch_length_m": 100.0, "body_part": "right_foot", "shot_type": "open_play", "ball_control": "direct",
    "set_up": "open_play", "technique": "normal", "shooter_vx_ms": 3.0, "shooter_vy_ms": 4.0,
    "frame_source": "freeze_frame",
}  # fmt: skip


def _scenes(*shots: dict[str, Any]) -> Scenes:
    """Scenes of shots given as changes to SHOT; ``people`` is a list of (kind, x_m, y_m)."""
    rows = [
        {**SHOT, "event_n": n, **{k: v for k, v in shot.items() if k != "people"}}
        for n, shot in enumerate(shots)
    ]
    people = [
        {"row": n, "x_m": x, "y_m": y, **kind}
        for n, shot in enumerate(shots)
        for kind, x, y in shot.get("people", [])
    ]
    columns = ["row", "x_m", "y_m", "is_teammate", "is_keeper"]
    return Scenes(pd.DataFrame(rows), pd.DataFrame(people, columns=columns))


@pytest.fixture
def scenes() -> Callable[..., Scenes]:
    return _scenes
