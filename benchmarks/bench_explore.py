"""How long the explorer takes: real shots whose people are moved, over loopback, one question after the other.

    .venv/bin/python benchmarks/bench_explore.py [--database main] [--shots 100] [--to docs/exploring.md]

Starts `xgoals explore` on the results of XGOALS_HOME and ends it. Says percentiles of wall time and, because other
programs may be at work, the CPU time that the server spent on each question.
"""

import argparse
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
from common import load, machine, write_section

MOVES_A_SHOT = 3
WARM = 20
RNG = np.random.default_rng(14)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="main", choices=["main", "demo"])
    parser.add_argument("--shots", type=int, default=100)
    parser.add_argument("--to", type=Path)
    chosen = parser.parse_args()
    command = [sys.executable, "-m", "xgoals.cli", "explore", "--database", chosen.database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = server.stdout.readline().strip()
            text = told(measured(address, chosen.database, chosen.shots, psutil.Process(server.pid)))
        finally:
            server.terminate()
    if chosen.to:
        write_section(chosen.to, "What it takes", text)
    print(text)


def measured(address: str, database: str, n_shots: int, server: psutil.Process) -> dict[str, Any]:
    """Percentiles of every question."""
    root = f"{address.split('/explore/')[0]}/api/v1/{database}/explore"
    with httpx.Client(trust_env=False, timeout=60) as client:
        scenes = real_scenes(client, root, n_shots)
        moves = [moved(scene) for scene in scenes for _ in range(MOVES_A_SHOT)]
        pairs = [{"a": scene, "b": moved(scene)} for scene in scenes]
        found = {"move": timed(client, f"{root}/move", moves, server)}
        found["rest"] = timed(client, f"{root}/rest", scenes, server)
        found["compare"] = timed(client, f"{root}/compare", pairs, server)
    return found


def real_scenes(client: httpx.Client, root: str, n_shots: int) -> list[dict[str, Any]]:
    """Stored shots of the newest matches, of some searches."""
    found: dict[str, dict[str, Any]] = {}
    for letters in ("", *(f"{year}-{month:02d}" for year in range(2024, 2014, -1) for month in range(1, 13))):
        shots = client.get(f"{root}/shots", params={"q": letters, "limit": 100}).raise_for_status().json()
        for shot in shots:
            if len(found) < n_shots and shot["shot_id"] not in found:
                answer = client.get(f"{root}/shots/{shot['provider']}/{shot['match_id']}/{shot['shot_id']}")
                if answer.status_code == 200 and answer.json()["scene"]["shot_type"] != "penalty":
                    found[shot["shot_id"]] = answer.json()["scene"]
    return list(found.values())


def moved(scene: dict[str, Any]) -> dict[str, Any]:
    """The scene after a move of the hand: one of the people stands elsewhere."""
    people = [dict(person) for person in scene["people"]]
    if people:
        person = people[RNG.integers(len(people))]
        limits = scene["pitch"]["length_m"] / 2, scene["pitch"]["width_m"] / 2
        for name, limit in zip(("x_m", "y_m"), limits, strict=True):
            person[name] = float(np.clip(person[name] + RNG.normal(0, 1.5), -limit, limit))
    return {**scene, "people": people}


def timed(
    client: httpx.Client, url: str, bodies: list[dict[str, Any]], server: psutil.Process
) -> dict[str, float]:
    """Wall time and the server's CPU time of each question, in milliseconds."""
    for body in bodies[:WARM]:
        client.post(url, json=body).raise_for_status()
    wall, cpu = [], []
    for body in bodies:
        before, began = server.cpu_times(), time.perf_counter()
        client.post(url, json=body).raise_for_status()
        wall.append(1e3 * (time.perf_counter() - began))
        after = server.cpu_times()
        cpu.append(1e3 * (after.user + after.system - before.user - before.system))
    return {
        "n": len(bodies), "cpu": float(np.mean(cpu)),
        **{f"p{p}": float(np.percentile(wall, p)) for p in (50, 95)},
    }  # fmt: skip


def told(found: dict[str, dict[str, float]]) -> str:
    """The figures as a section."""
    rows = "\n".join(
        f"| `{name}` | {of['n']:.0f} | {of['p50']:.0f} ms | {of['p95']:.0f} ms | {of['cpu']:.0f} ms |"
        for name, of in found.items()
    )
    return f"""Real shots whose people are moved, over loopback and HTTP, warm, one question after the other. On a free
core a question takes about the CPU time of the server; where others want the cores too, the wall time has their share.

| question | asked | half within | 95 % within | CPU time of the server, mean |
| --- | --- | --- | --- | --- |
{rows}

Measured on {date.today():%d %B %Y} by `make bench-explore`: {machine()}; {load()} processes wanted a core meanwhile."""


if __name__ == "__main__":
    main()
