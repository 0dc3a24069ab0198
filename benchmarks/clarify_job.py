"""How long a Clarify job of 40,000 rows takes, process and all, beside shap's KernelExplainer in the same run.

    python benchmarks/clarify_job.py                          40,000 simulated shots, 17 features
    python benchmarks/clarify_job.py --to docs/benchmarks.md  also write the page's section

Each job is a process of its own, from the command to the last file; nothing is imported before. The first of them
finds no compiled code. What Clarify does for the values, 1000 samples of Kernel SHAP against one baseline row, is done
here by shap for some rows and extrapolated.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from bench_explain import simulated_shots, trained
from common import load, machine, measure, versions, write_section

SAMPLES, PEER_ROWS, RUNS = 1000, 100, 3
PARTS = ("read", "model", "baseline", "explain", "pdp", "bias", "page", "write")
CONFIG = {
    "version": "1.0",
    "dataset_type": "text/csv",
    "label": "is_goal",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "Header", "value_or_threshold": [1]}],
    "methods": {
        "shap": {"num_samples": SAMPLES, "agg_method": "mean_abs", "seed": 1},
        "pdp": {"grid_resolution": 15, "top_k_features": 10},
        "pre_training_bias": {"methods": "all"},
        "post_training_bias": {"methods": ["DPPL", "DI", "RD", "AD"]},
        "report": {"name": "report"},
    },
}


@dataclass(frozen=True)
class Job:
    """A process from the command to its end."""

    wall_s: float
    cpu_s: float
    parts: dict[str, float]
    gap: float


def make_inputs(folder: Path, rows: int) -> pd.DataFrame:
    shots = simulated_shots(rows)
    shots["is_goal"] = shots["is_goal"].astype(int)
    shots.to_csv(folder / "train.csv", index=False)
    X = shots.drop(columns="is_goal")
    trained(X, shots["is_goal"]).save_model(folder / "model.json")
    (folder / "analysis_config.json").write_text(json.dumps(CONFIG))
    return X


def run_job(folder: Path, compiled: Path) -> Job:
    command = [
        *(sys.executable, "-m", "xgoals.cli", "clarify", "--json"),
        *("--config", folder / "analysis_config.json", "--data", folder / "train.csv"),
        *("--model", folder / "model.json", "--output", folder / "out"),
    ]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        list(map(str, command)),
        check=True,
        capture_output=True,
        env=os.environ | {"NUMBA_CACHE_DIR": str(compiled)},
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(done.stdout)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Job(wall, cpu, told["seconds"], told["additivity_gap"])


@dataclass(frozen=True)
class Values:
    """CPU seconds for the values of all rows: ours, proved for every row, and shap's, extrapolated."""

    ours_s: float
    peer_s: float
    peer_error: float


def values_alone(folder: Path, X: pd.DataFrame) -> Values:
    import xgboost as xgb

    from xgoals.explain.background import background_shapley
    from xgoals.explain.verify import verify_additivity

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap
    booster = xgb.Booster()
    booster.load_model(folder / "model.json")
    baseline = pd.read_csv(folder / "out/explanations_shap/baseline.csv").to_numpy()

    def ours() -> np.ndarray:
        found = background_shapley(booster, X, baseline)
        verify_additivity(found, booster, X)
        values: np.ndarray = found.values  # noqa: PD011 (an array of ours)
        return values

    ours()  # loads what is compiled
    exact, own = measure(ours, RUNS)
    explainer = shap.KernelExplainer(
        lambda rows: booster.inplace_predict(rows.astype(np.float32), validate_features=False), baseline
    )
    rows = X.head(PEER_ROWS).to_numpy(float)
    sampled, peer = measure(
        lambda: explainer.shap_values(rows, nsamples=SAMPLES, l1_reg=False, silent=True), 1
    )
    error = float(np.abs(sampled - exact[:PEER_ROWS]).mean())
    return Values(own.cpu_s, peer.cpu_s * len(X) / PEER_ROWS, error)


def section(rows: int, first: Job, jobs: list[Job], values: Values) -> str:
    best = min(jobs, key=lambda job: job.wall_s)
    parts = "\n".join(
        f"| {part} | {min(job.parts[part] for job in jobs):.2f} | {first.parts[part]:.2f} |" for part in PARTS
    )
    start, first_start = (job.wall_s - sum(job.parts.values()) for job in (best, first))
    return f"""
`xgoals clarify` on {rows:,} simulated shots, 17 features, 225 trees: exact values of every row, partial dependence of
10 features, bias of labels and predictions, the report. From the command in a shell to the last file, two threads.

| part | seconds | without compiled code |
| --- | ---: | ---: |
{parts}
| start and imports | {start:.2f} | {first_start:.2f} |
| **all** | **{best.wall_s:.2f}** | {first.wall_s:.2f} |
| CPU seconds | {min(job.cpu_s for job in jobs):.2f} | {first.cpu_s:.2f} |

The best of {len(jobs)} runs; the last column is the first use on a machine, when functions are compiled and kept.
Every row adds up to what XGBoost predicts within {best.gap:.0e}.

The values alone take {values.ours_s:.2f} CPU seconds, the proof for every row included. The way Clarify gets them
({SAMPLES} samples of shap's KernelExplainer against the same baseline row) they take {values.peer_s:,.0f},
{values.peer_s / values.ours_s:,.0f} times as many, with a mean error of {values.peer_error:.0e} a value: measured
in the same run on {PEER_ROWS} rows and extrapolated.

{machine()}; load {load()} (above 2, other work shared the machine).
{versions("xgboost", "numba", "numpy", "pandas", "pyarrow", "shap")}.

Again: `make bench-clarify`.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        X = make_inputs(folder, asked.rows)
        compiled = folder / "compiled"
        first = run_job(folder, compiled)
        jobs = [run_job(folder, compiled) for _ in range(RUNS)]
        text = section(asked.rows, first, jobs, values_alone(folder, X))
    print(text)
    if asked.to:
        write_section(asked.to, "A Clarify job", text)


if __name__ == "__main__":
    main()
