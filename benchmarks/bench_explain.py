"""How long exact explanations take, beside every other way to get them that installs with pip.

    python benchmarks/bench_explain.py                                   40,000 simulated shots
    python benchmarks/bench_explain.py --shots explanations.parquet      what `xgoals export explanations` wrote
    python benchmarks/bench_explain.py --to docs/benchmarks.md           also write the page's section

One model (225 trees of depth 5) is trained on the shots. Each method runs in a process of its own, warm (after
a call on a few shots), the quick ones several times, ours at the beginning and at the end; seconds are wall time
of the fastest run. Slow methods explain a part of the shots and are extrapolated, which the table says. The exact
engine is held against the definition (all 2^17 coalitions of some shots, each predicted by walking the trees in
float64), the others against the exact engine.
"""

# ruff: noqa: PD011 - the values meant here are Shapley values

import argparse
import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import factorial
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost as xgb
from common import load, machine, measure, versions, write_section

from xgoals.explain import exact_shapley
from xgoals.explain.for_shap import import_shap
from xgoals.explain.forest import read_forest
from xgoals.explain.kernel import kernel_shapley

TREES, DEPTH, SEED = 225, 5, 1
CATEGORICAL_BELOW = 30  # a column of fewer different whole numbers has a mode and no mean


# --- shots and model -------------------------------------------------------------------------------


def simulated_shots(n: int) -> pd.DataFrame:
    """Shots with the 17 features, as they are spread and hang together on real ones, roughly."""
    rng = np.random.default_rng(SEED)
    x = np.clip(rng.gamma(3.2, 4.2, n) + 3, 1.5, 45)
    y = rng.normal(0, 1, n) * (2 + 0.35 * x)
    distance = np.hypot(x, y)
    header = rng.random(n) < 0.05 + 0.2 / (1 + np.exp((distance - 12) / 2))
    penalty = rng.random(n) < 0.01
    free_kick = (rng.random(n) < 0.05) & (distance > 16) & ~penalty
    keeper = np.clip(rng.gamma(3, 1.1, n), 0.1, 20)
    pressure = np.where(rng.random(n) < 0.15, 0, rng.beta(1.4, 1.6, n))
    shots = pd.DataFrame(
        {
            "Header": np.where(header, 1, -1),
            "GoalkeeperCoverage": np.clip(rng.normal(62, 17, n), 0, 100),
            "AngleToGoal": np.degrees(np.abs(np.arctan2(y + 3.66, x) - np.arctan2(y - 3.66, x))),
            "DistanceToGoal": distance,
            "DistanceToGoalClosest": np.hypot(x, np.maximum(np.abs(y) - 3.66, 0)),
            "GoalDistanceGoalkeeper": keeper,
            "GoalDistanceGoalkeeperClosest": np.clip(keeper - 1.5 * rng.random(n), 0.05, None),
            "FootShot": np.where(header, -1, 1),
            "FreeKick": np.where(free_kick, 1, -1),
            "Penalty": np.where(penalty, 1, -1),
            "AmountOfDefenders": rng.poisson(np.clip(distance / 12, 0.2, 3)),
            "TakerBallControl": rng.choice([1, 4, 5, 8, 9], n, p=[0.1, 0.15, 0.1, 0.3, 0.35]),
            "TakerSetup": np.where(rng.random(n) < 0.4, 14, rng.integers(0, 14, n)),
            "ExtendedTypeOfShot": np.where(rng.random(n) < 0.85, 22, rng.integers(1, 5, n)),
            "PlayerSpeed": np.clip(rng.gamma(4, 3.6, n), 0, 38),
            "PressureMax": pressure,
            "PressureSum": pressure + rng.gamma(0.5, 0.5, n) * (pressure > 0),
        }
    ).astype(float)
    log_odds = (
        -0.4
        - 0.11 * (distance - 8)
        + 0.02 * (shots["AngleToGoal"] - 25)
        - 0.02 * (shots["GoalkeeperCoverage"] - 62)
        - 0.5 * header
        - 0.35 * shots["AmountOfDefenders"]
        - 0.6 * pressure
        + 2.5 * penalty
        + 0.05 * keeper * (distance > 20)
        + 0.1 * (shots["TakerBallControl"] == 8) * (distance < 10)
    )
    return shots.assign(is_goal=rng.random(n) < 1 / (1 + np.exp(-log_odds)))


def exported_shots(path: Path) -> pd.DataFrame:
    """The features and the outcome of an export, which has ``shap_<feature>`` beside each ``<feature>``."""
    export = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    features = [name.removeprefix("shap_") for name in export.columns if name.startswith("shap_")]
    return export[features].astype(float).assign(is_goal=export["is_goal"].astype(bool))


def trained(X: pd.DataFrame, is_goal: pd.Series) -> xgb.Booster:
    parameters = {"objective": "binary:logistic", "max_depth": DEPTH, "eta": 0.05, "min_child_weight": 5}
    sampling = {"subsample": 0.8, "colsample_bynode": 0.5, "nthread": 2, "seed": SEED}
    return xgb.train(parameters | sampling, xgb.DMatrix(X, is_goal.astype(int)), TREES)


def baseline_row(X: pd.DataFrame) -> pd.Series:
    coded = [
        name for name in X if X[name].nunique() < CATEGORICAL_BELOW and (X[name].dropna() % 1 == 0).all()
    ]
    return X.mean().where(~X.columns.isin(coded), X.mode().iloc[0])


@dataclass(frozen=True)
class Case:
    """A model, shots and a baseline, kept in a folder for the processes that explain them."""

    booster: xgb.Booster
    X: pd.DataFrame
    baseline: pd.Series

    @classmethod
    def read(cls, folder: Path) -> "Case":
        X = pd.read_parquet(folder / "shots.parquet")
        baseline = pd.read_parquet(folder / "baseline.parquet").iloc[0]
        return cls(xgb.Booster(model_file=folder / "model.ubj"), X, baseline)

    def write(self, folder: Path) -> None:
        self.booster.save_model(folder / "model.ubj")
        self.X.to_parquet(folder / "shots.parquet")
        self.baseline.to_frame().T.to_parquet(folder / "baseline.parquet")

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return self.booster.inplace_predict(rows, validate_features=False)


# --- the methods -----------------------------------------------------------------------------------

Explain = Callable[[pd.DataFrame], np.ndarray]


@dataclass(frozen=True)
class Method:
    """A way to explain.

    ``prepare`` makes, of a case, the function from shots to values. ``share`` is how many shots it explains
    (None: all), ``answers`` the question: the same values as ours in "probability" or "log-odds", or others.
    """

    label: str
    answers: str
    prepare: Callable[[Case], Explain]
    shots: int | None = None
    repeat: int = 4


def exact(**options: object) -> Callable[[Case], Explain]:
    return lambda case: lambda X: exact_shapley(case.booster, X, case.baseline, **options).values


def kernel_mode(num_samples: int) -> Callable[[Case], Explain]:
    def prepare(case: Case) -> Explain:
        return lambda X: kernel_shapley(case.predict, X, case.baseline, num_samples=num_samples).values

    return prepare


def shap_exact(case: Case) -> Explain:
    shap = import_shap()
    masker = shap.maskers.Independent(case.baseline.to_frame().T.to_numpy(), max_samples=1)
    explainer = shap.explainers.ExactExplainer(case.predict, masker)
    return lambda X: explainer(X.to_numpy(), max_evals=2 ** X.shape[1], silent=True).values


def shap_kernel(**options: object) -> Callable[[Case], Explain]:
    def prepare(case: Case) -> Explain:
        explainer = import_shap().KernelExplainer(case.predict, case.baseline.to_frame().T.to_numpy())
        return lambda X: explainer.shap_values(X.to_numpy(), nsamples=1000, silent=True, **options)

    return prepare


def shap_tree(model_output: str) -> Callable[[Case], Explain]:
    def prepare(case: Case) -> Explain:
        explainer = import_shap().TreeExplainer(
            case.booster,
            case.baseline.to_frame().T,
            feature_perturbation="interventional",
            model_output=model_output,
        )
        return lambda X: explainer.shap_values(X.astype(np.float32))

    return prepare


def shapiq_kernel(case: Case) -> Explain:
    import shapiq

    baseline = case.baseline.to_numpy()

    def explain_one(x: np.ndarray) -> np.ndarray:
        at_baseline = case.predict(baseline[None])[0]
        sampler = shapiq.KernelSHAP(n=len(x), pairing_trick=True, random_state=SEED)
        found = sampler.approximate(
            1000, lambda coalitions: case.predict(np.where(coalitions, x, baseline)) - at_baseline
        )
        return found.get_n_order_values(1)

    return lambda X: np.array([explain_one(x) for x in X.to_numpy()])


def woodelf(one_baseline: bool) -> Callable[[Case], Explain]:
    def prepare(case: Case) -> Explain:
        from woodelf import WoodelfExplainer

        background = case.baseline.to_frame().T if one_baseline else None
        kind = "interventional" if one_baseline else "tree_path_dependent"
        explainer = WoodelfExplainer(case.booster, background, feature_perturbation=kind)
        return lambda X: explainer.shap_values(X.astype(np.float32), verbose=False)

    return prepare


def xgboost_own(**options: object) -> Callable[[Case], Explain]:
    return lambda case: lambda X: case.booster.predict(xgb.DMatrix(X), **options)[:, :-1]


OTHER = "other values"
EXACT = ("exact", "exact_pairs", "exact_log_odds")
EXACT_FOR = {"probability": "exact", "log-odds": "exact_log_odds"}
METHODS = {
    "exact": Method("**xgoals, exact**", "probability", exact(), repeat=8),
    "exact_pairs": Method(
        "**xgoals, exact, with all interactions**", "probability", exact(interactions=True), repeat=8
    ),
    "exact_log_odds": Method("**xgoals, exact, log-odds**", "log-odds", exact(space="log_odds"), repeat=8),
    "kernel_1000": Method("xgoals, kernel mode, 1000 samples", "probability", kernel_mode(1000), 2000),
    "kernel_2000": Method("xgoals, kernel mode, 2000 samples", "probability", kernel_mode(2000), 2000),
    "shap_exact": Method("shap ExactExplainer", "probability", shap_exact, 3),
    "shap_kernel": Method(
        "shap KernelExplainer, 1000 samples", "probability", shap_kernel(l1_reg=False), 100
    ),
    "shap_kernel_l1": Method("the same with its default l1_reg", "probability", shap_kernel(), 50),
    "shapiq": Method("shapiq KernelSHAP, paired, 1000 samples", "probability", shapiq_kernel, 50),
    "shap_tree_p": Method(
        'shap TreeExplainer, `model_output="probability"`', "probability", shap_tree("probability")
    ),
    "shap_tree": Method("shap TreeExplainer, one baseline", "log-odds", shap_tree("raw")),
    "woodelf": Method("woodelf, one baseline", "log-odds", woodelf(True)),
    "woodelf_path": Method("woodelf, path-dependent", OTHER, woodelf(False)),
    "xgboost": Method("xgboost `pred_contribs`", OTHER, xgboost_own(pred_contribs=True), 10_000),
    "xgboost_pairs": Method("xgboost `pred_interactions`", OTHER, xgboost_own(pred_interactions=True), 500),
}


def run_method(name: str, folder: Path) -> None:
    """Run one method in this process; leave its cost and its values of the first shots in the folder."""
    warnings.simplefilter("ignore")  # other people's deprecations are not what is measured
    method, case = METHODS[name], Case.read(folder)
    began = time.perf_counter()
    explain = method.prepare(case)
    explain(case.X.iloc[:3])
    first_call_s = time.perf_counter() - began
    X = case.X.iloc[: method.shots]
    values, cost = measure(lambda: explain(X), method.repeat)
    np.save(folder / f"{name}.npy", np.asarray(values)[: len(case.X)])
    record = folder / f"{name}.json"
    if record.exists() and json.loads(record.read_text())["wall_s"] <= cost.wall_s:
        return  # an earlier run found a quieter moment
    record.write_text(json.dumps(asdict(cost) | {"shots": len(X), "first_call_s": first_call_s}))


# --- the truth, and the table ----------------------------------------------------------------------


def by_definition(case: Case, n_shots: int) -> dict[str, np.ndarray]:
    """Shapley values of the first shots over all coalitions of all features, in both spaces, in float64."""
    forest, k = read_forest(case.booster), case.X.shape[1]
    masks = np.arange(1 << k)
    holds = masks[:, None] >> np.arange(k) & 1 == 1
    size = holds.sum(axis=1)
    weight = np.array([factorial(s) * factorial(k - s - 1) / factorial(k) for s in range(k)])
    found: dict[str, list[np.ndarray]] = {"probability": [], "log-odds": []}
    baseline = case.baseline.to_numpy(np.float32)
    for x in case.X.to_numpy(np.float32)[:n_shots]:
        margin = forest.margin(np.where(holds, x, baseline))
        for space, v in (("log-odds", margin), ("probability", 1 / (1 + np.exp(-margin)))):
            without = [masks[~holds[:, i]] for i in range(k)]
            found[space].append(
                np.array([np.sum(weight[size[s]] * (v[s | 1 << i] - v[s])) for i, s in enumerate(without)])
            )
    return {space: np.array(values) for space, values in found.items()}


def row(name: str, folder: Path, n: int, truth: dict[str, np.ndarray], our_cpu_s: float) -> str:
    method, cost = METHODS[name], json.loads((folder / f"{name}.json").read_text())
    scale = n / cost["shots"]
    seconds, cpu_s = cost["wall_s"] * scale, cost["cpu_s"] * scale
    error = "not comparable"
    if method.answers in truth:
        values = np.load(folder / f"{name}.npy")
        right = (
            truth[method.answers] if name in EXACT else np.load(folder / f"{EXACT_FOR[method.answers]}.npy")
        )
        m = min(len(values), len(right))
        gap = np.abs(values[:m] - right[:m])
        error = f"{gap.mean():.0e} / {gap.max():.0e}"
    part = "" if scale == 1 else f" ({cost['shots']:,} shots)"
    times = f"{cpu_s / our_cpu_s:,.0f}" if cpu_s / our_cpu_s >= 3 else f"{cpu_s / our_cpu_s:.1f}"
    return (
        f"| {method.label} | {method.answers} | {seconds:,.2f}{part} | {cpu_s:,.2f} | {times} "
        f"| {cost['peak_mb']:,.0f} | {error} |"
    )


def report(case: Case, folder: Path, names: list[str], truth: dict[str, np.ndarray], source: str) -> str:
    n = len(case.X)
    cost = {name: json.loads((folder / f"{name}.json").read_text()) for name in names}
    our_cpu_s = cost["exact"]["cpu_s"]
    rows = "\n".join(row(name, folder, n, truth, our_cpu_s) for name in names)
    varying = (exact_shapley(case.booster, case.X, case.baseline).values != 0).sum(axis=1)
    first = {name: cost[name]["first_call_s"] for name in names if name in EXACT}
    return f"""
{n:,} {source}, {case.X.shape[1]} features, {TREES} trees of depth {DEPTH}, one baseline row.
On average {varying.mean():.1f} features of a shot differ from the baseline in some tree, and a shot has
{np.mean(2.0**varying):,.0f} coalitions.

| method | explains | seconds | CPU s | our CPU s, times | MB | mean / max error |
| --- | --- | ---: | ---: | ---: | ---: | --- |
{rows}

Seconds are wall time on two threads for all shots, imports and compilation apart, the fastest of several runs; where
a number of shots stands beside them, those were explained and the time is extrapolated. MB is the peak above what
the process held before, for the shots that were explained.

The errors of xgoals' exact values are against the definition: all {1 << case.X.shape[1]:,} coalitions of the first
{len(truth["probability"])} shots, in float64. Those of the others are against xgoals' exact values, over all shots that
they explained. "Other values" answer another question: they average over the training data instead of comparing
with a baseline row.

The first call of a process that finds compiled code took {min(first.values()):.2f} s, reading the model included.

{machine()}; load {load()} (above 2, other work shared the machine).
{versions("xgboost", "numba", "numpy", "shap", "shapiq", "woodelf-explainer")}.

Again: `python benchmarks/bench_explain.py` (`--shots FILE` for an export of your own).
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--shots", type=Path, help="an export of explanations, .parquet or .csv")
    source.add_argument("--simulated", type=int, default=40_000, metavar="N", help="simulate N shots (40000)")
    parser.add_argument("--to", type=Path, help="the page to write the section to")
    parser.add_argument(
        "--enumerate", type=int, default=20, metavar="N", help="shots enumerated for the errors (20)"
    )
    parser.add_argument("--only", nargs="+", choices=METHODS, help="only these methods (and the exact ones)")
    parser.add_argument("--method", choices=METHODS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.method:
        run_method(options.method, options.folder)
        return
    shots = exported_shots(options.shots) if options.shots else simulated_shots(options.simulated)
    X = shots.drop(columns="is_goal")
    case = Case(trained(X, shots["is_goal"]), X, baseline_row(X))
    chosen = [name for name in METHODS if not options.only or name in {*EXACT, *options.only}]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        case.write(folder)
        run = []
        for name in [*chosen, *EXACT]:
            print(f"{METHODS[name].label} ...", file=sys.stderr, flush=True)
            done = subprocess.run(
                [sys.executable, __file__, "--method", name, "--folder", str(folder)], check=False
            )
            if done.returncode == 0:
                run += [name] if name not in run else []
            else:
                print(f"  left out: it ended with {done.returncode}", file=sys.stderr)
        if not set(EXACT) <= set(run):
            sys.exit("the exact engine itself did not run; nothing to compare")
        text = report(
            case,
            folder,
            run,
            by_definition(case, options.enumerate),
            f"shots from {options.shots.name}" if options.shots else "simulated shots",
        )
    print(text)
    if options.to:
        write_section(options.to, "Explaining", text)


if __name__ == "__main__":
    main()
