"""From the last file's arrival to the start of the run, and to its end with reports and mail, by the real services.

    python benchmarks/bench_arrival.py [--json FILE]

Needs a demo (`xgoals demo`: three seasons, 24,000 shots of history) in XGOALS_HOME. It starts the services where they
are not up, drops the next matchday of nine matches with tracking into the demo's inbox, waits for the run, and says
how long everything took by the clock. Services that it started it stops again.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from xgoals.cli.demo import drop_next_matchday
from xgoals.services.airflow.components import api
from xgoals.services.down import down
from xgoals.services.status import status
from xgoals.services.up import up
from xgoals.settings import Settings, load_settings

TO_START_S, TO_END_S = 60.0, 240.0
PATIENCE_S = 1800.0


def runs(settings: Settings) -> dict[str, dict[str, Any]]:
    """All runs that the watcher has started, by id."""
    client = api(settings)
    assert client
    with client:
        found = [run for state in ("queued", "running", "success", "failed") for run in client.runs(state)]
    return {run["dag_run_id"]: run for run in found if run["run_type"] == "asset_triggered"}


def measure(settings: Settings) -> dict[str, float]:
    """One matchday through the services."""
    before = runs(settings).keys()
    drop_next_matchday(settings)
    arrived = datetime.now(UTC)
    deadline = time.monotonic() + PATIENCE_S
    while True:
        new = [run for run_id, run in runs(settings).items() if run_id not in before]
        if new and new[0]["state"] in ("success", "failed"):
            break
        if time.monotonic() > deadline:
            sys.exit("no run came to its end")
        time.sleep(2)
    run = new[0]
    if run["state"] != "success":
        sys.exit(f"run {run['dag_run_id']} failed")
    client = api(settings)
    assert client
    with client:
        tasks = client.tasks(run["dag_run_id"])
    start, end = (datetime.fromisoformat(run[key]) for key in ("start_date", "end_date"))
    seconds = {"to_start_s": (start - arrived).total_seconds(), "to_end_s": (end - arrived).total_seconds()}
    for task in tasks:
        seconds[f"{task['task_id']}_s"] = seconds.get(f"{task['task_id']}_s", 0.0) + (task["duration"] or 0.0)
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    settings = load_settings()
    was_up = status(settings).running
    if not was_up:
        up(settings, print)
    try:
        seconds = measure(settings)
    finally:
        if not was_up:
            down(settings, print)
    for name, value in seconds.items():
        print(f"{name:20} {value:7.1f}")
    if options.json:
        options.json.write_text(json.dumps(seconds, indent=2))
    holds = seconds["to_start_s"] <= TO_START_S and seconds["to_end_s"] <= TO_END_S
    print(f"{'ok  ' if holds else 'MISS'} start within {TO_START_S:.0f} s, end within {TO_END_S:.0f} s")
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
