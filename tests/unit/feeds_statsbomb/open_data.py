"""A small folder of open data, written by the tests that use it."""

import json
from pathlib import Path
from typing import Any

MATCH: dict[str, Any] = {
    "match_id": 7, "match_date": "2016-01-17", "competition": {"competition_id": 1, "competition_name": "Cup"},
    "season": {"season_id": 2, "season_name": "2015/16"}, "match_week": 20,
    "home_team": {"home_team_id": 10, "home_team_name": "Home"},
    "away_team": {"away_team_id": 20, "away_team_name": "Away"},
    "home_score": 2, "away_score": 0, "competition_stage": {"id": 1, "name": "Regular Season"},
}  # fmt: skip

FRAME: list[dict[str, Any]] = [
    {"location": [119.0, 40.0], "player": {"id": 5, "name": "Five"}, "teammate": False,
     "position": {"name": "Goalkeeper"}},
    {"location": [110.0, 30.0], "player": {"id": 6, "name": "Six"}, "teammate": False,
     "position": {"name": "Left Back"}},
    {"location": [100.0, 50.0], "player": {"id": 3, "name": "Three"}, "teammate": True,
     "position": {"name": "Left Wing"}},
]  # fmt: skip


def shot(**changes: Any) -> dict[str, Any]:
    """A shot of the home team in the second half, 9:11 min after its start."""
    details = {
        "statsbomb_xg": 0.25, "type": {"name": "Open Play"}, "body_part": {"name": "Left Foot"},
        "technique": {"name": "Half Volley"}, "outcome": {"name": "Saved"}, "first_time": True, "freeze_frame": FRAME,
    }  # fmt: skip
    details |= changes.pop("shot", {})
    event = {
        "id": "s1", "index": 3, "period": 2, "timestamp": "00:09:11.250", "minute": 54, "second": 11,
        "type": {"id": 16, "name": "Shot"}, "play_pattern": {"name": "From Corner"}, "team": {"id": 10},
        "player": {"id": 1, "name": "One"}, "location": [110.0, 30.0], "shot": details,
    }  # fmt: skip
    return event | changes


def write(
    folder: Path,
    events: dict[int, Any],
    listings: dict[str, Any] | None = None,
    lineups: dict[int, Any] | None = None,
) -> Path:
    """``events`` and ``lineups`` by match; ``listings`` by path, one with all matches if there are none."""
    entries = [MATCH | {"match_id": match_id} for match_id in events]
    for name, content in (listings or {"1/2": entries}).items():
        put(folder / "matches" / f"{name}.json", content)
    for match_id, content in events.items():
        put(folder / "events" / f"{match_id}.json", content)
    for match_id, content in (lineups or {}).items():
        put(folder / "lineups" / f"{match_id}.json", content)
    return folder


def put(path: Path, content: Any) -> None:
    """Text and bytes as they are, anything else as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
