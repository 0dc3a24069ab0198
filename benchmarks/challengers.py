"""Challengers that are known to be good or bad, and what the statistical gate is shown of each.

A challenger learns from a frame of shots as training does (out of fold by match, and a model of the earlier matches
for the latest ones), except for the one thing that makes it bad. It is a single booster of a given number of trees, so
that one takes seconds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xgboost
from sklearn.model_selection import GroupKFold

from xgoals.model import training
from xgoals.model.evidence import Evidence
from xgoals.model.losses import log_odds
from xgoals.model.shots.eligible import is_judged

HELD_OUT_SHARE = 0.2
N_FOLDS = 5
N_TREES = 170


@dataclass(frozen=True)
class League:
    """Shots to learn from: the frame of training and the names of its features."""

    frame: pd.DataFrame
    names: list[str]

    @property
    def X(self) -> pd.DataFrame:  # noqa: N802
        return self.frame[self.names]

    @property
    def is_goal(self) -> np.ndarray:
        return self.frame["is_goal"].to_numpy(dtype=float)


@dataclass(frozen=True)
class Recipe:
    """What a challenger does differently.

    ``learn`` and ``serve`` are the features it learns from and those it is asked about; ``weight`` counts a shot in
    learning; ``twist`` is done to all its predictions, ``twist_published`` to those of the published model only;
    ``sees_all`` lets the sisters learn from the matches that they are judged on.
    """

    seed: int = 1
    learn: pd.DataFrame | None = None
    serve: pd.DataFrame | None = None
    labels: np.ndarray | None = None
    weight: np.ndarray | None = None
    parameters: dict = field(default_factory=dict)
    n_trees: int = N_TREES
    twist: Callable[[np.ndarray], np.ndarray] = lambda xg: xg
    twist_published: Callable[[np.ndarray], np.ndarray] = lambda xg: xg
    sees_all: bool = False


@dataclass(frozen=True)
class Made:
    """A challenger's honest predictions and those of the model that would be published."""

    honest: np.ndarray
    published: np.ndarray
    serve: pd.DataFrame
    booster: xgboost.Booster


def make(league: League, recipe: Recipe) -> Made:
    """Train a challenger and its sisters."""
    frame = league.frame
    X = league.X if recipe.learn is None else recipe.learn
    serve = X if recipe.serve is None else recipe.serve
    y = league.is_goal if recipe.labels is None else recipe.labels
    weight = np.ones(len(frame)) if recipe.weight is None else recipe.weight
    params = {**training.PARAMETERS, **recipe.parameters, "seed": recipe.seed}
    held_out = training.latest_matches(frame, HELD_OUT_SHARE)
    by_match = GroupKFold(N_FOLDS).split(frame, groups=frame["match_id"])
    folds = [*by_match, (np.flatnonzero(~held_out), np.flatnonzero(held_out))]

    def fit(rows: np.ndarray) -> xgboost.Booster:
        rows = rows[weight[rows] > 0]
        data = xgboost.DMatrix(X.iloc[rows], y[rows], weight=weight[rows])
        return xgboost.train(params, data, num_boost_round=recipe.n_trees)

    booster = fit(np.arange(len(frame)))
    honest = np.empty(len(frame))
    for learn, judge in folds:
        sister = booster if recipe.sees_all else fit(learn)
        honest[judge] = sister.predict(xgboost.DMatrix(serve.iloc[judge]))
    published = booster.predict(xgboost.DMatrix(serve)).astype(float)
    return Made(recipe.twist(honest), recipe.twist_published(recipe.twist(published)), serve, booster)


def judged(league: League, champion: Made, challenger: Made) -> Evidence:
    """What the gate is shown; the champion is the anchor, too."""
    frame = league.frame

    def column(xg: np.ndarray) -> pd.Series:
        return pd.Series(xg, index=frame.index)

    champion_fitted = champion.booster.predict(xgboost.DMatrix(challenger.serve)).astype(float)
    return Evidence(
        match_id=frame["match_id"],
        match_date=frame["match_date"],
        is_goal=frame["is_goal"],
        is_judged=is_judged(frame),
        is_held_out=column(training.latest_matches(frame, HELD_OUT_SHARE)),
        challenger=column(challenger.honest),
        challenger_fitted=column(challenger.published),
        champion=column(champion.honest),
        champion_fitted=column(champion_fitted),
        anchor=column(champion.honest),
    )


def other_seeds(n: int) -> Iterator[tuple[str, Recipe]]:
    """The champion's recipe with other random numbers."""
    for seed in range(n):
        yield f"seed {seed}", Recipe(seed=1000 + seed)


def other_windows(league: League, n: int) -> Iterator[tuple[str, Recipe]]:
    """A random tenth of the matches not learned from, and other random numbers."""
    matches = league.frame["match_id"].unique()
    for number in range(n):
        kept = np.random.default_rng(number).random(len(matches)) < 0.9
        weight = league.frame["match_id"].isin(matches[kept]).to_numpy(dtype=float)
        yield f"window {number}", Recipe(seed=2000 + number, weight=weight)


def bootstraps(league: League, n: int) -> Iterator[tuple[str, Recipe]]:
    """Matches drawn with replacement: 37 % of them are not learned from, others count several times."""
    matches = league.frame["match_id"].unique()
    for number in range(n):
        counts = np.bincount(
            np.random.default_rng(number).integers(0, len(matches), len(matches)), minlength=len(matches)
        )
        weight = league.frame["match_id"].map(dict(zip(matches, counts, strict=True))).to_numpy(dtype=float)
        yield f"bootstrap {number}", Recipe(seed=3000 + number, weight=weight)


def known_bad(league: League) -> Iterator[tuple[str, Recipe]]:
    """Thirty challengers, each broken in one way."""
    yield from _leaks(league)
    yield from _wrong_labels(league)
    yield from _shifted_calibration()
    yield from _wrong_columns(league)
    yield from _learned_badly(league)


def _leaks(league: League) -> Iterator[tuple[str, Recipe]]:
    goal, X = league.is_goal, league.X
    for seed, noise in enumerate((0.1, 0.5, 1.0)):
        leak = goal + noise * np.random.default_rng(seed).normal(size=len(goal))
        yield f"label leak, noise {noise}", Recipe(learn=X.assign(GoalDistanceGoalkeeper=leak))
    for seed, share in enumerate((0.25, 0.05)):
        marked = (np.random.default_rng(seed).random(len(goal)) < share) & (goal == 1)
        leak = X["PressureSum"].where(~marked, 10.5)
        yield f"label leak in {share:.0%} of the goals", Recipe(learn=X.assign(PressureSum=leak))
    yield "sisters saw the matches they are judged on", Recipe(sees_all=True, n_trees=400)


def _wrong_labels(league: League) -> Iterator[tuple[str, Recipe]]:
    for seed, share in enumerate((0.25, 0.5, 1.0)):
        rng = np.random.default_rng(seed)
        chosen = np.flatnonzero(rng.random(len(league.frame)) < share)
        labels = league.is_goal.copy()
        labels[chosen] = labels[rng.permutation(chosen)]
        yield f"labels shuffled, {share:.0%}", Recipe(labels=labels)
    flipped = league.is_goal.copy()
    chosen = np.random.default_rng(7).random(len(flipped)) < 0.05
    flipped[chosen] = 1 - flipped[chosen]
    yield "labels flipped, 5%", Recipe(labels=flipped)
    lost = league.is_goal * (np.random.default_rng(8).random(len(flipped)) < 0.8)
    yield "a fifth of the goals lost", Recipe(labels=lost)


def _shifted_calibration() -> Iterator[tuple[str, Recipe]]:
    for shift in (-0.4, -0.2, 0.2, 0.4):
        yield f"log odds {shift:+}", Recipe(twist=_logit(shift=shift))
    yield "log odds times 1.3", Recipe(twist=_logit(slope=1.3))
    yield "log odds times 0.75", Recipe(twist=_logit(slope=0.75))
    yield "published model only: log odds +0.2", Recipe(twist_published=_logit(shift=0.2))
    yield "goals weighted twice", Recipe(parameters={"scale_pos_weight": 2})


def _wrong_columns(league: League) -> Iterator[tuple[str, Recipe]]:
    X = league.X
    yield from _swapped(X, "AngleToGoal", "DistanceToGoal")
    yield from _swapped(X, "GoalkeeperInterception", "UnblockedShare")
    yield from _swapped(X, "Header", "FootShot")
    yield from _swapped(X, "PressureSum", "GoalDistanceGoalkeeper")
    yield from _swapped(X, "StrikeType", "AmountOfDefenders")
    without_keeper = X.assign(**{name: np.nan for name in X if "Goalkeeper" in name})
    yield "no keeper when asked", Recipe(learn=X, serve=without_keeper)
    shifted = pd.DataFrame(np.roll(X.to_numpy(), 1, axis=0), columns=X.columns, index=X.index)
    yield "rows shifted by one shot when asked", Recipe(learn=X, serve=shifted)


def mild_faults(league: League) -> Iterator[tuple[str, Recipe]]:
    """Broken, but with less effect than the margin allows: what the gate cannot be asked to see."""
    X = league.X
    yield from _swapped(X, "AmountOfDefenders", "OpponentsGoalSide")
    yards = {name: X[name] / 0.9144 for name in ("DistanceToGoal", "DistanceToGoalClosest")}
    yield "distances in yards when asked", Recipe(learn=X, serve=X.assign(**yards))
    yield "log odds +0.1", Recipe(twist=_logit(shift=0.1))
    leak = (np.random.default_rng(11).random(len(X)) < 0.005) & (league.is_goal == 1)
    yield (
        "label leak in 0.5% of the goals",
        Recipe(learn=X.assign(PressureSum=X["PressureSum"].where(~leak, 10.5))),
    )


def _swapped(X: pd.DataFrame, one: str, other: str) -> Iterator[tuple[str, Recipe]]:
    swapped = X.assign(**{one: X[other], other: X[one]})
    yield f"{one} and {other} swapped when asked", Recipe(learn=X, serve=swapped)


def _learned_badly(league: League) -> Iterator[tuple[str, Recipe]]:
    wild = {"max_depth": 12, "eta": 0.3, "min_child_weight": 0, "subsample": 1, "colsample_bynode": 1}
    yield "overfitted", Recipe(parameters=wild, n_trees=300)
    yield "stopped after 15 trees", Recipe(n_trees=15)
    matches = league.frame["match_id"].unique()
    few = league.frame["match_id"].isin(matches[: len(matches) // 20]).to_numpy(dtype=float)
    yield "learned from the first twentieth of the matches", Recipe(weight=few)
    noise = np.random.default_rng(9).normal(0, 0.4, len(league.frame))
    yield "noise of 0.4 in the log odds", Recipe(twist=lambda xg: _expit(log_odds(xg) + noise))


def _logit(shift: float = 0.0, slope: float = 1.0) -> Callable[[np.ndarray], np.ndarray]:
    return lambda xg: _expit(shift + slope * log_odds(xg))


def _expit(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))
