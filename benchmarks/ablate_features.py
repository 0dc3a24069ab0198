"""What each feature of `best-17` is worth: left out, exchanged for the article's, or with another one beside it.

    python benchmarks/ablate_features.py DIR                 DIR holds match files of a feed

Out of fold by match; log loss and AUC are means over the same few seeds of XGBoost for every row.
"""

import numpy as np
import pandas as pd
from fit_interception import predictions, scenes_and_folds

from xgoals.features.build import build_features
from xgoals.features.catalogue import ARTICLE_17, BEST_17
from xgoals.features.scenes import Scenes
from xgoals.model.metrics import score

EXCHANGES = {
    "GoalkeeperInterception": ("GoalkeeperCoverage",),
    "PressureNearest": ("PressureMax",),
    "StrikeType": ("TakerBallControl", "ExtendedTypeOfShot", "TakerSetup"),
}
WORTH_LEAVING_OUT = (
    "GoalkeeperInterception", "UnblockedShare", "StrikeType", "AmountOfDefenders",
    "GoalDistanceGoalkeeperClosest", "PressureNearest", "OpponentsGoalSide", "PressureSum", "PlayerSpeed",
    "GoalDistanceGoalkeeper",
)  # fmt: skip


def open_angle_deg(scenes: Scenes) -> np.ndarray:
    """The part of the angle to goal that neither keeper nor blockers get to; at penalties as good as constant."""
    lines = scenes.lines
    open_deg = (lines.width_deg * (1 - lines.keeper) * lines.unblocked).sum(axis=1)
    return np.where(scenes.shots["is_penalty"], 0.0, open_deg)


def main() -> None:
    scenes, folds = scenes_and_folds(__doc__)
    is_goal, judged = scenes.shots["is_goal"].to_numpy(), ~scenes.shots["is_penalty"].to_numpy()
    best, article = build_features(scenes, BEST_17), build_features(scenes, ARTICLE_17)
    open_deg = open_angle_deg(scenes)

    variants = {"best-17": best, "article-17": article}
    for old, others in EXCHANGES.items():
        for new in others:
            variants[f"{old} -> {new}"] = best.drop(columns=old).assign(**{new: article[new]})
    variants["UnblockedShare -> open angle"] = best.drop(columns="UnblockedShare").assign(open_deg=open_deg)
    variants.update({f"without {name}": best.drop(columns=name) for name in WORTH_LEAVING_OUT})
    variants["with the open angle as 18th"] = best.assign(open_deg=open_deg)
    variants["with TakerSetup as 18th"] = best.assign(TakerSetup=article["TakerSetup"])

    print("| change | log loss | AUC |\n| --- | --- | --- |")
    for name, X in variants.items():
        xg = predictions([X] * len(folds), is_goal, folds)[:, judged]
        scores = pd.DataFrame([score(is_goal[judged], one) for one in xg]).mean()
        print(f"| {name} | {scores.log_loss:.5f} | {scores.auc:.4f} |", flush=True)
    ranks = {
        "GoalkeeperInterception": 100 - best["GoalkeeperInterception"],
        "UnblockedShare": best["UnblockedShare"],
        "AngleToGoal": best["AngleToGoal"],
        "open angle": pd.Series(open_deg, index=best.index),
    }
    provider_xg = scenes.shots["provider_xg"]
    print("\n| alone | AUC | rank correlation with the provider's xG |\n| --- | --- | --- |")
    for name, values in ranks.items():
        known = judged & values.notna().to_numpy()
        auc = score(is_goal[known], values[known].rank(pct=True))["auc"]
        rho = values[known].corr(provider_xg[known], method="spearman")
        print(f"| {name} | {auc:.4f} | {rho:.2f} |")


if __name__ == "__main__":
    main()
