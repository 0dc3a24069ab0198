"""A run and its quarantine, beside the league of ``tests/unit/conftest.py``."""

from typing import Any

import pandas as pd
import pytest


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
        "figures": {"matches_read": 3, "matches_quarantined": 1, "decision": "judged before", "gap": 0.12},
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
