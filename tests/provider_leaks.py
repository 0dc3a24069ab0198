"""Ways in which Wyscout's files tell how a shot ended: fields and tags that no feature may rest on."""

from typing import Any

WYSCOUT_V2_ENDS: tuple[dict[str, Any], ...] = (
    {"tags": (101, 1202, 1801)},
    {"tags": (101, 201, 1209)},  # "opportunity"
    {"tags": (201, 2101, 1802)},
    {"tags": (1217,)},
    {"tags": (1212,), "positions": [{"x": 88, "y": 44}, {"x": 0, "y": 0}]},  # where the ball went
)
_ATTACK = {"withShot": True, "withShotOnGoal": True, "withGoal": True, "flank": "center", "xg": 0.9}
WYSCOUT_V3_ENDS: tuple[dict[str, Any], ...] = (
    {"shot": {"isGoal": True, "onTarget": True, "goalZone": "gc"}},
    {"shot": {"goalZone": "bc", "onTarget": False}},
    {"shot": {"goalZone": "ptl"}},
    {"shot": {"postShotXg": 0.97}},
    {"shot": {"goalkeeperActionId": 77, "goalkeeper": {"id": 4}}},
    {"possession": {"types": ["attack"], "attack": _ATTACK}},
    {"type": {"primary": "shot", "secondary": ["opportunity", "goal", "shot_on_target"]}},
)
