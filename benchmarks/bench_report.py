"""How long reports take, how large they are, and how fast a browser opens them, at 40,000 shots.

    python benchmarks/bench_report.py                            40,000 simulated shots of three seasons
    python benchmarks/bench_report.py --shots 80000
    python benchmarks/bench_report.py --to docs/benchmarks.md    also write the page's section

The shots are invented (features spread roughly as on real ones), trained on and explained exactly, all of that
before the clock starts. Each page is written in a process of its own, so that its seconds hold the imports too.
The browser is Chromium, without a network; where none is found the columns stay empty.
"""

import argparse
import json
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bench_explain import baseline_row, simulated_shots, trained
from common import load, machine, versions, write_section

from xgoals.explain import exact_shapley
from xgoals.features.catalogue import ARTICLE_17

SHOTS_A_MATCH, MATCHES_A_SEASON, CLUBS, SEED = 26, 306, 18, 1
PAGES = ("model", "article", "match")
LIMITS = {"model": (3.0, 25.0), "match": (1.0, 2.0)}
"""Megabytes and seconds on two cores that a page may take (a match report without clips)."""


def identities(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Matches, clubs and players of ``n`` shots."""
    match = np.arange(n) // SHOTS_A_MATCH
    home, away = match % CLUBS, (match * 7 + 1 + match // CLUBS) % CLUBS
    away = np.where(home == away, (away + 1) % CLUBS, away)
    at_home = rng.random(n) < 0.55
    club = np.array([f"Club {i + 1}" for i in range(CLUBS)])
    return pd.DataFrame(
        {
            "provider": "archive",
            "match_id": [f"m{i}" for i in match],
            "shot_id": [f"s{i}" for i in range(n)],
            "competition": "League",
            "season": [str(2020 + i // MATCHES_A_SEASON) for i in match],
            "matchday": match % MATCHES_A_SEASON // 9 + 1,
            "match_date": "2024-05-01",
            "home_team": club[home],
            "away_team": club[away],
            "team": club[np.where(at_home, home, away)],
            "opponent": club[np.where(at_home, away, home)],
            "player": [f"Player {i}" for i in rng.integers(0, 450, n)],
            "period": np.where(np.arange(n) % SHOTS_A_MATCH < SHOTS_A_MATCH / 2, 1, 2),
            "minute": np.arange(n) % SHOTS_A_MATCH * 3 + 2,
            "second": rng.integers(0, 60, n),
            "pitch_length_m": 105.0,
            "pitch_width_m": 68.0,
            "is_simulated": True,
            "model_version": "xg-bench",
        }
    )


def case(n: int) -> dict[str, Any]:
    """Everything that the pages are written from."""
    rng = np.random.default_rng(SEED)
    raw = simulated_shots(n)
    for feature in ARTICLE_17.features:
        if feature.categories:
            raw[feature.name] %= len(feature.categories)
    is_goal, X = raw.pop("is_goal"), raw
    booster, baseline = trained(X, is_goal), baseline_row(X[X["Penalty"] < 0])
    found = exact_shapley(
        booster, X, baseline, space="probability", interactions=True, groups=ARTICLE_17.groups
    )
    xg = found.predictions
    sideways = np.where(rng.random(n) < 0.5, 1, -1) * np.minimum(X["DistanceToGoal"] / 2, 25)
    shots = identities(n, rng).assign(
        x_m=52.5 - np.sqrt(X["DistanceToGoal"] ** 2 - sideways**2),
        y_m=sideways,
        body_part=np.where(X["Header"] > 0, "head", "right_foot"),
        shot_type=np.where(X["FreeKick"] > 0, "free_kick", "open_play"),
        outcome=np.where(is_goal, "goal", "saved"),
        is_goal=is_goal,
        is_penalty=X["Penalty"] > 0,
        provider_xg=np.clip(xg + rng.normal(0, 0.03, n), 0.005, 0.99),
        xg=xg,
        published_xg=xg,
        prediction=xg,
        xg_out_of_fold=np.clip(xg + rng.normal(0, 0.01, n), 0.002, 0.99),
        is_held_out=np.arange(n) > 0.8 * n,
        base_value=found.base_value,
    )
    values = pd.DataFrame(found.values, columns=[f"shap_{name}" for name in X])
    groups = pd.DataFrame(found.group_values, columns=[f"group_{name}" for name in ARTICLE_17.groups])
    return {
        "shots": pd.concat([shots, X, values, groups], axis=1),
        "model": model_facts(X, shots, found, baseline),
        "run": {"run_id": "bench", "database": "demo", "feed": "archive", "source": "-", "state": "success"},
        "quarantine": pd.DataFrame(
            columns=["path", "match_id", "place", "reason", "advice", "severity", "feed"]
        ),
    }


def model_facts(X: pd.DataFrame, shots: pd.DataFrame, found: Any, baseline: pd.Series) -> dict[str, Any]:
    """What a page asks of a model, of this one."""
    names, strength = list(X), np.abs(found.interactions).mean(axis=0)
    pairs = [
        {"feature": names[i], "partner": names[j], "n_shots": len(X), "mean_abs": float(strength[i, j])}
        for i in range(len(names))
        for j in range(i)
    ]
    keys = ("name", "label", "unit", "kind", "categories", "definition", "group")
    return {
        "model_version": "xg-bench",
        "catalogue": "article-17",
        "catalogue_version": 1,
        "features": [{key: getattr(feature, key) for key in keys} for feature in ARTICLE_17.features],
        "params": {"n_trees": 225},
        "trees_in_booster": 225,
        "seed": SEED,
        "window_from": "2020-08-01",
        "window_to": "2024-05-01",
        "n_matches": int(shots["match_id"].nunique()),
        "n_shots": len(shots),
        "n_goals": int(shots["is_goal"].sum()),
        "library_versions": {},
        "created_at": None,
        "sha256": "-",
        "metrics": {},
        "decision": None,
        "baseline": baseline.to_dict(),
        "goal_rate": float(shots["is_goal"].mean()),
        "mean_prediction": float(shots["xg"].mean()),
        "prediction_at_baseline": float(found.base_value),
        "space": "probability",
        "method": "exact Shapley values, one baseline row",
        "additivity_max_error": 0.0,
        "library_max_error": None,
        "n_library_sample": None,
        "explain_seconds": None,
        "interactions": sorted(pairs, key=lambda row: -row["mean_abs"]),
    }


def a_match(shots: pd.DataFrame) -> tuple[dict[str, Any], pd.DataFrame, pd.DataFrame]:
    """The first match, its shots, and 22 people around each of them."""
    own = shots[shots["match_id"] == "m0"]
    rng = np.random.default_rng(SEED)
    people = pd.DataFrame(
        {
            "shot_id": np.repeat(own["shot_id"].to_numpy(), 21),
            "x_m": rng.uniform(10, 52, 21 * len(own)),
            "y_m": rng.uniform(-30, 30, 21 * len(own)),
            "is_teammate": np.tile(np.arange(21) < 10, len(own)),
            "is_keeper": np.tile(np.arange(21) == 20, len(own)),
            "player": None,
            "vx_ms": 1.0,
            "vy_ms": 0.0,
        }
    )
    first = own.iloc[0]
    match = {
        key: first[key] for key in ("provider", "match_id", "competition", "season", "home_team", "away_team")
    }
    goals = own[own["is_goal"]]["team"].value_counts()
    score = {f"{side}_score": int(goals.get(first[f"{side}_team"], 0)) for side in ("home", "away")}
    return {**match, **score, "matchday": 1, "match_date": "2024-05-01", "run": {}}, own, people


def write_page(page: str, folder: Path) -> None:
    """In a process of its own: write one page and print its seconds, imports included, as JSON."""
    wall, cpu = time.perf_counter(), time.process_time()
    given = pickle.loads((folder / f"{page}.pickle").read_bytes())
    from xgoals import report

    writer = {"model": report.model_report, "article": report.article_report, "match": report.match_report}[
        page
    ]
    written = writer(*given)
    html = "".join(written.values()) if isinstance(written, dict) else written  # all pages of a model
    took = {"seconds": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    (folder / f"{page}.html").write_text(html, encoding="utf-8")
    print(json.dumps({**took, "mb": len(html.encode()) / 1e6}))


def open_pages(folder: Path) -> dict[str, dict[str, float]]:
    """How long Chromium takes until each page is drawn, and how many requests leave it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return {}
    from playwright.sync_api import sync_playwright

    opened = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for page in PAGES:
            tab, asked = browser.new_page(), []
            tab.on("request", lambda request, asked=asked: asked.append(request.url))
            before = time.perf_counter()
            tab.goto((folder / f"{page}.html").as_uri(), wait_until="load")
            tab.screenshot()
            opened[page] = {
                "open_s": time.perf_counter() - before,
                "requests": sum(not url.startswith(("data:", "file:")) for url in asked),
            }
            tab.close()
        browser.close()
    return opened


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shots", type=int, default=40_000)
    parser.add_argument("--to", type=Path)
    parser.add_argument("--page", choices=PAGES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.page:
        write_page(given.page, given.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder, made = Path(name), case(given.shots)
        shots, model, run = made["shots"], made["model"], made["run"]
        inputs = {
            "model": (shots, model, run, made["quarantine"]),
            "article": (shots, model, run),
            "match": (*a_match(shots), model),
        }
        took = {}
        for page, arguments in inputs.items():
            (folder / f"{page}.pickle").write_bytes(pickle.dumps(arguments))
            command = [sys.executable, __file__, "--page", page, "--folder", name]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            took[page] = json.loads(out.splitlines()[-1])
        text = told(given.shots, took, open_pages(folder))
    print(text)
    if given.to:
        write_section(given.to, "Reports", text)


def told(n: int, took: dict[str, dict[str, float]], opened: dict[str, dict[str, float]]) -> str:
    """The section as Markdown."""
    titles = ("page", "seconds", "CPU s", "MB", "opens in, s", "requests", "may take")
    head = f"| {' | '.join(titles)} |\n| --- {5 * '| ---: '}| --- |"
    rows = []
    for page, cost in took.items():
        shown = opened.get(page)
        seen = f"{shown['open_s']:.1f} | {shown['requests']:.0f}" if shown else "- | -"
        limit = LIMITS.get(page)
        may = f"{limit[0]:.0f} MB, {limit[1]:.0f} s" if limit else "-"
        rows.append(
            f"| {page} | {cost['seconds']:.1f} | {cost['cpu_s']:.1f} | {cost['mb']:.2f} | {seen} | {may} |"
        )
    return (
        f"{n:,} simulated shots, 17 features; the match has {SHOTS_A_MATCH} of them and no clips. "
        "Seconds of a process of its own, imports included.\n\n"
        f"{head}\n" + "\n".join(rows) + "\n\n"
        f"{machine()}; load {load()}.\n{versions('matplotlib', 'numpy', 'pandas', 'jinja2')}."
    )


if __name__ == "__main__":
    main()
