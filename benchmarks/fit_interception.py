"""Fit the physics of keeper and blockers to goals, and see what the catalogue `best-17` is worth with it.

    python benchmarks/fit_interception.py DIR                        DIR holds match files of a feed
    python benchmarks/fit_interception.py DIR --feed statsbomb --folds 5

Two things are printed: the parameters, fitted on all matches, for ``features/interception.py``; and an honest
comparison of the catalogues on the same folds by match, in which every fold's parameters are fitted on the other
folds only. "published" uses the parameters that xgoals ships, which have seen all matches.

A fit maximises the likelihood of a logistic regression of the outcome on the two features of the model and plain
covariates, minus how far the parameters stray from what is known about players (a Gaussian prior each). Shots
without keeper, frame or place, and penalties, are left out of the fit.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost
from common import machine
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from xgoals.features.build import build_features
from xgoals.features.catalogue import BEST_17, find_catalogue
from xgoals.features.interception import FITTED, KNOWN, Interception
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.model.losses import log_losses, log_odds, probability
from xgoals.model.metrics import log_loss, score
from xgoals.model.training import PARAMETERS

NAMES = tuple(KNOWN)
MEAN, SD = np.array(list(KNOWN.values())).T
MAX_SD = 3.0  # nothing is fitted further away than this from what is known
STEP_SD = 0.05
N_TREES = 170
SEEDS = (1, 2, 3)
N_BOOTSTRAP = 2000
N_BOOTSTRAP_AUC = 300


def scenes_and_folds(description: str | None) -> tuple[Scenes, list[tuple[np.ndarray, np.ndarray]]]:
    """The scenes of the folder that the command line names, and folds of whole matches."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--feed", default="statsbomb")
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    feed = load_feed(arguments.feed)
    scenes = Scenes.of(feed.read_match(match)[0] for match in feed.discover(arguments.source)[0])
    splits = GroupKFold(arguments.folds).split(scenes.shots, groups=scenes.shots["match_id"])
    return scenes, list(splits)


# --- fitting ---------------------------------------------------------------------------------------


def covariates(features: pd.DataFrame) -> np.ndarray:
    """What a goal depends on beside the two shares, for the logistic regression."""
    distance = features["DistanceToGoal"].clip(lower=1)
    columns = [
        np.log(distance), distance / 10, features["AngleToGoal"] / 30, features["Header"],
        features["Header"] * distance / 10, features["FreeKick"], features["PressureNearest"],
        features["PressureSum"], features["OpponentsGoalSide"], features["GoalDistanceGoalkeeper"] / 5,
        features["GoalDistanceGoalkeeperClosest"] / 5,
    ]  # fmt: skip
    strikes = pd.get_dummies(features["StrikeType"], drop_first=True).to_numpy(dtype=float)
    return np.column_stack([*columns, strikes])


def shares(scenes: Scenes) -> np.ndarray:
    """The model's two features, as curves that a logistic regression can bend."""
    keeper, unblocked = scenes.lines.keeper_share, scenes.lines.unblocked_share
    return np.column_stack([keeper, np.log(1.02 - keeper), unblocked, np.log(unblocked + 0.02)])


def fit(scenes: Scenes, is_goal: np.ndarray) -> Interception:
    """The parameters that explain these goals best, held close to what is known."""
    features = build_features(scenes, BEST_17)
    usable = features.drop(columns="PlayerSpeed").notna().all(axis=1) & (features["Penalty"] < 0)
    rows = np.flatnonzero(usable)
    plain, goals = covariates(features.iloc[rows]), is_goal[rows]
    regression = LogisticRegression(C=100.0, solver="newton-cholesky", tol=1e-8, warm_start=True)

    def minus_log_posterior(away_sd: np.ndarray) -> float:
        model = Interception(**dict(zip(NAMES, MEAN + SD * away_sd, strict=True)))
        columns = np.hstack([plain, shares(replace(scenes, interception=model))[rows]])
        inputs = StandardScaler().fit_transform(columns)
        chance = regression.fit(inputs, goals).predict_proba(inputs)[:, 1]
        return len(rows) * log_loss(goals, chance) + (away_sd**2).sum() / 2

    found = minimize(
        minus_log_posterior,
        np.zeros(len(NAMES)),
        method="L-BFGS-B",
        bounds=[(-MAX_SD, MAX_SD)] * len(NAMES),
        options={"eps": STEP_SD, "maxiter": 8, "ftol": 1e-6},
    )
    return Interception(**dict(zip(NAMES, (MEAN + SD * found.x).round(4).tolist(), strict=True)))


# --- judging ---------------------------------------------------------------------------------------


def margins(X: pd.DataFrame, is_goal: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Log-odds of a goal for the shots of ``test``, by one model a seed, shape (seeds, n)."""
    inside, outside = xgboost.DMatrix(X.iloc[train], is_goal[train]), xgboost.DMatrix(X.iloc[test])
    boosters = (xgboost.train({**PARAMETERS, "seed": seed}, inside, N_TREES) for seed in SEEDS)
    return np.array([booster.predict(outside, output_margin=True) for booster in boosters])


def predictions(
    features_of_fold: Sequence[pd.DataFrame], is_goal: np.ndarray, folds: Sequence[tuple]
) -> np.ndarray:
    """Out-of-fold probabilities, one row a seed."""
    out = np.empty((len(SEEDS), len(is_goal)))
    for X, (train, test) in zip(features_of_fold, folds, strict=True):
        out[:, test] = margins(X, is_goal, train, test)
    return probability(out)


def line(name: str, xg: np.ndarray, is_goal: np.ndarray) -> str:
    scores = pd.DataFrame([score(is_goal, one) for one in np.atleast_2d(xg)]).mean()
    return f"| {name} | {scores.auc:.4f} | {scores.log_loss:.5f} | {scores.brier:.5f} | {scores.ece:.4f} |"


def losses(xg: np.ndarray, is_goal: np.ndarray) -> np.ndarray:
    """Log loss of each shot, averaged over seeds."""
    return np.mean([log_losses(is_goal, one) for one in np.atleast_2d(xg)], axis=0)


def interval(difference: np.ndarray, match_ids: pd.Series) -> str:
    """Mean difference and its 95% interval: whole matches are drawn again and again."""
    by_match = pd.DataFrame({"sum": difference, "n": 1}).groupby(match_ids.to_numpy()).sum().to_numpy()
    draws = np.random.default_rng(1).integers(len(by_match), size=(N_BOOTSTRAP, len(by_match)))
    totals = by_match[draws].sum(axis=1)
    low, high = np.quantile(totals[:, 0] / totals[:, 1], [0.025, 0.975])
    return f"{difference.mean():+.5f} ({low:+.5f} to {high:+.5f})"


def auc_interval(one: np.ndarray, other: np.ndarray, is_goal: np.ndarray, match_ids: pd.Series) -> str:
    """Difference of AUC, the mean of one model a seed, and its 95% interval in the same way."""
    match_of_shot = pd.factorize(match_ids)[0]
    n_matches = match_of_shot.max() + 1

    def difference(times: np.ndarray | None) -> float:
        auc = [
            np.mean([roc_auc_score(is_goal, xg, sample_weight=times) for xg in some]) for some in (one, other)
        ]
        return float(auc[0] - auc[1])

    rng = np.random.default_rng(1)
    draws = rng.integers(n_matches, size=(N_BOOTSTRAP_AUC, n_matches))
    drawn = [difference(np.bincount(draw, minlength=n_matches)[match_of_shot]) for draw in draws]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{difference(None):+.4f} ({low:+.4f} to {high:+.4f})"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--feed", default="statsbomb")
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    feed = load_feed(arguments.feed)
    scenes = Scenes.of(feed.read_match(match)[0] for match in feed.discover(arguments.source)[0])
    shots, is_goal = scenes.shots, scenes.shots["is_goal"].to_numpy()
    folds = list(GroupKFold(arguments.folds).split(shots, groups=shots["match_id"]))
    print(f"{len(shots)} shots of {shots['match_id'].nunique()} matches, {machine()}")

    start = time.perf_counter()
    everything = fit(scenes, is_goal)
    print(f"one fit: {time.perf_counter() - start:.0f} s", flush=True)
    fits = [fit(part(scenes, train), is_goal[train]) for train, _ in folds]
    print(
        "\n| parameter | known | shipped | fitted | least to most in folds |\n| --- | --- | --- | --- | --- |"
    )
    for name in NAMES:
        inside = [getattr(one, name) for one in fits]
        print(
            f"| {name} | {KNOWN[name][0]:g} ± {KNOWN[name][1]:g} | {getattr(FITTED, name):g} "
            f"| {getattr(everything, name):.3f} | {min(inside):.3f} to {max(inside):.3f} |"
        )

    article = [build_features(scenes, find_catalogue("article-17"))] * len(folds)
    published = [build_features(scenes, BEST_17)] * len(folds)
    known = Interception(**{name: value for name, (value, _) in KNOWN.items()})
    unfitted = [build_features(replace(scenes, interception=known), BEST_17)] * len(folds)
    refitted = [build_features(replace(scenes, interception=one), BEST_17) for one in fits]
    judged = ~shots["is_penalty"].to_numpy()
    results = {
        name: predictions(features, is_goal, folds)[:, judged]
        for name, features in {
            "article-17": article, "best-17, physics as known": unfitted,
            "best-17, physics refitted in folds": refitted, "best-17 as published": published,
        }.items()
    }  # fmt: skip
    results["provider"] = shots["provider_xg"].to_numpy(dtype=float)[None, judged]
    goals, match_ids = is_goal[judged], shots.loc[judged, "match_id"]
    print("\n| model | AUC | log loss | Brier | ECE |\n| --- | --- | --- | --- | --- |")
    for name, xg in results.items():
        print(line(name, xg, goals))
        if len(xg) > 1:
            together = probability(log_odds(xg).mean(axis=0))
            print(line(f"{name}, {len(xg)} seeds averaged", together, goals))
    print("\ndifferences, 95% interval by match\n\n| models | log loss | AUC |\n| --- | --- | --- |")
    for name in list(results)[1:-1]:
        for other in ("article-17", "provider"):
            difference = losses(results[name], goals) - losses(results[other], goals)
            by_rank = auc_interval(results[name], results[other], goals, match_ids)
            print(f"| {name} minus {other} | {interval(difference, match_ids)} | {by_rank} |", flush=True)


def part(scenes: Scenes, rows: np.ndarray) -> Scenes:
    """The scenes of some shots."""
    place = pd.Series(np.arange(len(rows)), index=rows)
    people = scenes.people[scenes.people["row"].isin(rows)]
    return Scenes(scenes.shots.iloc[rows].reset_index(drop=True), people.assign(row=people["row"].map(place)))


if __name__ == "__main__":
    main()
