"""What training, evaluating and explaining cost as history grows, and what a night costs on a long one.

    python benchmarks/bench_growth.py                                  simulated shots, prints the sections
    python benchmarks/bench_growth.py --to docs/benchmarks.md          also writes them to the page
    python benchmarks/bench_growth.py --sizes 10000 40000              only these many shots
    python benchmarks/bench_growth.py --sizes --histories 100000       only nights, on this history
    python benchmarks/bench_growth.py --nights quiet matchday correction champion   which nights

Nights run on a GENERATED history in an embedded Postgres of their own (``generated_history.py``, ``nights.py``):
1,000,000 shots take some 5 GB of disk, which are free again at the end.

The shots are those of ``bench_explain.py``: the 17 features of ``article-17`` drawn one shot at a time, spread and
connected roughly as on real ones, in matches of 25, a handful of competitions and as many clubs as matches need.
Each size runs in a process of its own, so that its peak of memory is its own.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from bench_explain import simulated_shots
from common import Cost, load, machine, measure, versions, write_section
from nights import NIGHTS, measure_nights, table

from xgoals.explain import exact_shapley
from xgoals.features.catalogue import ARTICLE_17
from xgoals.model.baseline import baseline_row
from xgoals.model.evaluation import evaluate
from xgoals.model.sisters import forecast_left_out_competitions
from xgoals.model.training import PARAMETERS, train

SIZES = (10_000, 40_000, 160_000, 640_000)
HISTORIES = (10_000, 100_000, 1_000_000)
N_TREES = 150
SHOTS_PER_MATCH, MATCHES_PER_SEASON, N_COMPETITIONS = 25, 306, 5
BLOCK = 20_000  # as in steps/explaining.py
NAMES = list(ARTICLE_17.names)
WORK = {
    "train": "train, stored parameters",
    "evaluate": "evaluate",
    "explain": "explain",
    "interactions": "all interactions",
    "new": "score and explain 250 new shots",
}


def history(n: int) -> pd.DataFrame:
    """n simulated shots with all that training and evaluating look at; match by match, oldest first."""
    shots, rng = simulated_shots(n), np.random.default_rng(2)
    match = np.arange(n) // SHOTS_PER_MATCH
    season, competition = match // (MATCHES_PER_SEASON * N_COMPETITIONS), match % N_COMPETITIONS
    penalty = shots["Penalty"].to_numpy() > 0
    return shots.assign(
        provider="simulator",
        match_id=[f"m{number:06d}" for number in match],
        shot_id=[f"{number:09d}" for number in range(n)],
        match_date=np.datetime64("2000-01-01", "D") + match // N_COMPETITIONS,
        competition=[f"league {number}" for number in competition],
        season=[f"season {number}" for number in season],
        team=[f"club {c}-{t}" for c, t in zip(competition, rng.integers(0, 18, n), strict=True)],
        body_part=np.where(shots["Header"] > 0, "head", "right_foot"),
        shot_type=np.where(penalty, "penalty", np.where(shots["FreeKick"] > 0, "free_kick", "open_play")),
        is_penalty=penalty,
        provider_xg=np.clip(np.where(shots["is_goal"], 0.3, 0.08) * rng.gamma(2, 0.5, n), 0.01, 0.95),
        x_m=52.5 - np.sqrt(np.maximum(shots["DistanceToGoal"] ** 2 - 9, 1)),
        y_m=3.0,
        pitch_length_m=105.0,
    )


def run_size(n: int) -> dict[str, dict[str, float]]:
    """The costs of one size, in this process."""
    small = history(2000)
    forest = train(
        small, ARTICLE_17, seed=1, held_out_share=0.2, parameters={**PARAMETERS, "n_trees": N_TREES}
    )
    evaluate(small, forest.forecasts)  # compile before anything is measured
    explain(forest.booster, baseline_row(small[NAMES], ARTICLE_17), small.iloc[:50], interactions=True)

    frame = history(n)
    costs: dict[str, Cost] = {}

    def note(name: str, call: Callable[[], Any]) -> Any:
        result, costs[name] = measure(call, repeat=1)
        return result

    parameters = {**PARAMETERS, "n_trees": N_TREES}
    trained = note(
        "train", lambda: train(frame, ARTICLE_17, seed=1, held_out_share=0.2, parameters=parameters)
    )

    def judged() -> pd.DataFrame:
        unseen = forecast_left_out_competitions(frame, NAMES, trained.parameters, is_corrected=False)
        return evaluate(frame, {**trained.forecasts, "unseen_competition": unseen})

    note("evaluate", judged)
    baseline = baseline_row(frame.loc[~frame["is_penalty"], NAMES], ARTICLE_17)
    model = trained.booster
    note("explain", lambda: explain(model, baseline, frame, interactions=False))
    note("interactions", lambda: explain(model, baseline, frame, interactions=True))
    note("new", lambda: explain(model, baseline, frame.tail(250), interactions=True))
    return {name: asdict(cost) for name, cost in costs.items()}


def explain(model: bytes, baseline: pd.Series, shots: pd.DataFrame, *, interactions: bool) -> None:
    """As the pipeline does it: values, or pair values, block by block; reading the model included."""
    booster = xgboost.Booster(model_file=bytearray(model))
    for start in range(0, len(shots), BLOCK):
        rows = shots[NAMES].iloc[start : start + BLOCK]
        exact_shapley(booster, rows, baseline, space="probability", interactions=interactions)


SECTION = """\
Simulated shots in matches of {per_match}, {competitions} competitions; models of `article-17`, {trees} trees of depth
{depth} for each of three seeds.

{table}

Each cell: CPU seconds / wall seconds / MB at the peak above what the process held before; the last row: how much the
CPU seconds grew. *Train* fits the published model, one for the held-out matches and five folds, and checks calibration,
all with stored parameters; *evaluate* fits a model for each competition that is left out and fills the table of
figures; *explain* computes the values of every shot, *all interactions* their pairs.

What a nightly run must not pay again for all of history: new shots are scored and explained by the stored champion,
at a cost that history does not change (last column), and summaries are brought up to date for the teams that played.
What does look at all of history, and grows in step with it: training and evaluation, which are due weekly by default,
and the explanations and summaries of a new champion.

{machine}; load {load}.
{versions}.

Again: `make bench-growth`."""


def report(found: dict[int, dict[str, dict[str, float]]]) -> str:
    """The section of the page."""
    lines = [
        "| shots | " + " | ".join(WORK.values()) + " |",
        "| ---: |" + " ---: |" * len(WORK),
    ]
    for n, costs in found.items():
        cells = (
            f"{costs[name]['cpu_s']:.1f} / {costs[name]['wall_s']:.1f} / {costs[name]['peak_mb']:,.0f}"
            for name in WORK
        )
        lines.append(f"| {n:,} | " + " | ".join(cells) + " |")
    first, last = min(found), max(found)
    if last > first:
        ratios = (f"x{found[last][name]['cpu_s'] / found[first][name]['cpu_s']:.1f}" for name in WORK)
        lines.append(f"| x{last / first:.0f} | " + " | ".join(ratios) + " |")
    return SECTION.format(
        per_match=SHOTS_PER_MATCH,
        competitions=N_COMPETITIONS,
        trees=N_TREES,
        depth=PARAMETERS["max_depth"],
        table="\n".join(lines),
        machine=machine(),
        load=load(),
        versions=versions("xgboost", "numba", "numpy", "scikit-learn"),
    )


SECTION_OF_NIGHTS = """\
**Generated history, no real match in it:** a simulated part of a season, its rows copied by SQL as other leagues and
earlier seasons. Each task in a process of its own, as Airflow starts them but without Airflow: seconds from its start,
imports included / MB at its peak, imports included. *CPU s* is that of all tasks and of the database server for them;
*x CPU* is how much more that is than on the shortest history.

{table}

*The first night after a release* finds no sums and no pages of this release, and makes them; *a quiet night* finds
nothing new; *a matchday of nine* reads nine matches; *a correction* moves all shots of
one of them; *a new champion* explains all shots anew.

{machine}; load {load}.

Again: `make bench-growth`."""


def report_nights(sizes: list[int], nights: list[str]) -> str:
    """The section of the page about nights."""
    found = {n: measure_nights(n, nights) for n in sizes}
    return SECTION_OF_NIGHTS.format(table=table(found), machine=machine(), load=load())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--histories", type=int, nargs="*", default=HISTORIES)
    parser.add_argument(
        "--nights",
        nargs="+",
        choices=list(NIGHTS)[1:],
        default=["quiet", "matchday", "correction", "champion"],
    )
    parser.add_argument("--to", type=Path, help="the page to write the section to")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run_size(options.one)))
        return
    sections = {}
    if options.sizes:
        sections["Growing history"] = report(measure_sizes(options.sizes))
    if options.histories:
        sections["Nights on a long history"] = report_nights(options.histories, options.nights)
    for title, told in sections.items():
        print(f"## {title}\n\n{told}\n")
        if options.to:
            write_section(options.to, title, told)


def measure_sizes(sizes: list[int]) -> dict[int, dict[str, dict[str, float]]]:
    """Each size in a process of its own."""
    found = {}
    for n in sizes:
        print(f"{n:,} shots ...", file=sys.stderr, flush=True)
        done = subprocess.run([sys.executable, __file__, "--one", str(n)], check=True, capture_output=True)
        found[n] = json.loads(done.stdout.splitlines()[-1])
        print(found[n], file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    main()
