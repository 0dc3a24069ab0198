"""How long a posted scene takes: over loopback, from the first byte of the request to the last of the answer.

    make up; .venv/bin/python benchmarks/bench_score.py --database main

Says percentiles of wall time and, because other programs may be at work, the CPU time that the API server spent.
"""

import argparse
import json
import time

import httpx
import numpy as np
import psutil

from xgoals.services.airflow.credentials import ui_password
from xgoals.services.status import status
from xgoals.settings import load_settings

SCENE = {
    "x_m": 41.5, "y_m": 3.0, "body_part": "right_foot", "set_up": "cross", "ball_control": "direct",
    "people": [
        {"x_m": 51.5, "y_m": 0.5, "is_teammate": False, "is_keeper": True},
        *({"x_m": 52.0 - n, "y_m": 8.0 - 2 * n, "is_teammate": n % 2 == 0} for n in range(14)),
    ],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="main", choices=["main", "demo"])
    parser.add_argument("--requests", type=int, default=300)
    chosen = parser.parse_args()
    settings = load_settings()
    state = status(settings)
    server = psutil.Process(state.components[0].pid)
    with httpx.Client(base_url=str(state.url), trust_env=False, timeout=60) as client:
        credentials = {"username": settings.ui.user, "password": ui_password(settings)}
        token = client.post("/auth/token", json=credentials).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        path = f"/xgoals/api/v1/{chosen.database}/score"

        def post() -> float:
            began = time.perf_counter()
            client.post(path, json=SCENE).raise_for_status()
            return 1e3 * (time.perf_counter() - began)

        first = post()
        for _ in range(10):
            post()
        cpu = server.cpu_times()
        wall = np.array([post() for _ in range(chosen.requests)])
        after = server.cpu_times()
    spent = 1e3 * (after.user + after.system - cpu.user - cpu.system) / chosen.requests
    figures = {f"p{p}_ms": round(float(np.percentile(wall, p)), 1) for p in (50, 95, 99)}
    load = psutil.getloadavg()[0]
    figures |= {"first_ms": round(first, 1), "server_cpu_ms": round(spent, 1)}
    print(json.dumps(figures | {"load": round(load, 1)}))


if __name__ == "__main__":
    main()
