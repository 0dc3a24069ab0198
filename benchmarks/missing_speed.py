"""What a speed that some shots have and others lack does to either (StatsBomb has none, DFL has).

    python benchmarks/missing_speed.py DIR                   DIR holds match files of a feed without speeds

Speeds are drawn for some of the matches, spread as on tracked shots: once without any meaning, once faster where a
goal fell (a stand-in for a speed that matters). The model of `best-17` is judged out of fold by match, apart for
shots that lack a speed and shots that have one. Each row is the mean of several seeds of XGBoost.
"""

import numpy as np
import pandas as pd
from fit_interception import SEEDS, losses, predictions, scenes_and_folds

from xgoals.features.build import build_features
from xgoals.features.catalogue import BEST_17

MEAN_KMH, SHAPE = 14.9, 4.0
FASTER_AT_GOAL_KMH = 4.0


def main() -> None:
    scenes, folds = scenes_and_folds(__doc__)
    shots, is_goal = scenes.shots, scenes.shots["is_goal"].to_numpy()
    features = build_features(scenes, BEST_17)

    rng = np.random.default_rng(1)
    noise = rng.gamma(SHAPE, MEAN_KMH / SHAPE, len(shots)).clip(max=38)
    telling = (noise + FASTER_AT_GOAL_KMH * is_goal).clip(max=45)
    matches = pd.Series(shots["match_id"].unique())
    half = shots["match_id"].isin(matches.sample(frac=0.5, random_state=1)).to_numpy()
    largest = (shots["competition"] == shots["competition"].mode().iloc[0]).to_numpy()
    nobody = np.zeros(len(shots), dtype=bool)
    cases = {
        "no shot has a speed": (nobody, noise),
        "half of the matches, speed says nothing": (half, noise),
        "half of the matches, speed says something": (half, telling),
        "one competition only, speed says nothing": (largest, noise),
        "one competition only, speed says something": (largest, telling),
    }
    without = {"the column left out": features.drop(columns="PlayerSpeed")}
    speeds = {
        name: features.assign(PlayerSpeed=np.where(has, kmh, np.nan)) for name, (has, kmh) in cases.items()
    }
    everywhere = ~shots["is_penalty"].to_numpy()
    print(f"{everywhere.sum()} shots without penalties, {len(SEEDS)} seeds, {len(folds)} folds by match\n")
    print("| speeds | shots | log loss | xG over goals |\n| --- | --- | --- | --- |")
    xgs = {
        name: predictions([X] * len(folds), is_goal, folds)
        for name, X in {**without, **speeds}.items()
    }  # fmt: skip
    for name, xg in xgs.items():
        has = cases[name][0] if name in cases else nobody
        for part, chosen in (("without", ~has & everywhere), ("with", has & everywhere)):
            if chosen.any():
                show(f"{name}: {part} speed", xg[:, chosen], is_goal[chosen])
    reference = xgs["no shot has a speed"]
    for name, has in (("half of the matches", half), ("one competition", largest)):
        for part, chosen in (("the others", ~has & everywhere), ("these", has & everywhere)):
            show(f"(no speeds at all; {part}: {name})", reference[:, chosen], is_goal[chosen])


def show(name: str, xg: np.ndarray, is_goal: np.ndarray) -> None:
    ratio = xg.sum(axis=1).mean() / is_goal.sum()
    print(f"| {name} | {len(is_goal)} | {losses(xg, is_goal).mean():.5f} | {ratio:.3f} |", flush=True)


if __name__ == "__main__":
    main()
