"""What a model says of shots of which a feed knows less: nobody's place, no first touch, no body part.

    python benchmarks/unknown_words.py DIR                       DIR holds match files of a feed that knows all of it
    python benchmarks/unknown_words.py DIR --catalogue events-9

Out of fold by match: each shot is predicted as it is, and with what some feed does not say hidden from it. "Without
copies" is the same recipe that learns from shots as they are alone.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from xgoals.features.build import build_features
from xgoals.features.catalogue import CATALOGUES
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.model import fitting
from xgoals.model.losses import log_losses
from xgoals.model.shots.unseen import BODY, FRAME, KEEPER, KIND, SET_UP, STRIKE, Taught
from xgoals.model.training import PARAMETERS

N_FOLDS = 5
N_TREES = {"best-17": 127, "article-17": 127, "events-9": 330}
"""As many as folds of the development shots ask for, about."""
HIDDEN: Mapping[str, frozenset[str]] = {
    "as they are": frozenset(),
    "nobody's place": FRAME,
    "no keeper": KEEPER,
    "no first touch or technique": STRIKE,
    "the same, and nobody's place": FRAME | STRIKE,
    "the same, and no set-up": FRAME | STRIKE | SET_UP,
    "no set-up": SET_UP,
    "no body part": BODY,
    "no body part, nobody's place": FRAME | BODY,
    "place alone": FRAME | STRIKE | SET_UP | BODY,
    "no kind": KIND,
    "no kind, nobody's place": FRAME | KIND,
}


def predictions(
    X: pd.DataFrame, is_goal: np.ndarray, matches: pd.Series, n_trees: int
) -> dict[str, np.ndarray]:
    """What is hidden -> xG out of fold, (n,)."""
    found = {name: np.full(len(X), np.nan) for name in HIDDEN}
    for learn, test in GroupKFold(N_FOLDS).split(X, groups=matches):
        asked = [
            X.iloc[test].assign(**dict.fromkeys(X.columns.intersection([*of]), np.nan))
            for of in HIDDEN.values()
        ]
        together = pd.concat([X, *asked], ignore_index=True)
        goals = np.resize(is_goal, len(together))
        rows = learn, np.arange(len(X), len(together))
        xg = fitting.fit_and_predict(together, goals, {**PARAMETERS, "seed": 1}, n_trees, rows)
        for name, part in zip(HIDDEN, np.split(xg, len(HIDDEN)), strict=True):
            found[name][test] = part
    return found


def without_copies(X: pd.DataFrame, y: np.ndarray, seed: int) -> Taught:
    return Taught(X, y, None)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--feed", default="statsbomb")
    parser.add_argument("--catalogue", default="best-17", choices=CATALOGUES)
    arguments = parser.parse_args()
    feed, catalogue = load_feed(arguments.feed), CATALOGUES[arguments.catalogue]
    scenes = Scenes.of(feed.read_match(match)[0] for match in feed.discover(arguments.source)[0])
    X = fitting.float32_features(build_features(scenes, catalogue), catalogue.names)
    is_goal, judged = scenes.shots["is_goal"].to_numpy(), ~scenes.shots["is_penalty"].to_numpy()
    kinds = {"headers": scenes.shots["body_part"].eq("head").to_numpy()}
    kinds["others"] = ~kinds["headers"]
    with patch.object(fitting, "with_unseen", without_copies):
        plain = predictions(X, is_goal, scenes.shots["match_id"], N_TREES[catalogue.name])
    copied = predictions(X, is_goal, scenes.shots["match_id"], N_TREES[catalogue.name])
    print(
        "| hidden | without copies: log loss | xG/goals | as it is: log loss | AUC | xG/goals | headers | others |"
    )
    print("| --- |" + " --- |" * 7)
    for name in HIDDEN:
        cells = [f"{log_losses(is_goal[judged], plain[name][judged]).mean():.5f}"]
        cells += [ratio(plain[name], is_goal, judged)]
        cells += [f"{log_losses(is_goal[judged], copied[name][judged]).mean():.5f}"]
        cells += [
            f"{roc_auc_score(is_goal[judged], copied[name][judged]):.4f}",
            ratio(copied[name], is_goal, judged),
        ]
        cells += [ratio(copied[name], is_goal, judged & of_kind) for of_kind in kinds.values()]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def ratio(xg: np.ndarray, is_goal: np.ndarray, rows: np.ndarray) -> str:
    return f"{xg[rows].sum() / is_goal[rows].sum():.3f}"


if __name__ == "__main__":
    main()
