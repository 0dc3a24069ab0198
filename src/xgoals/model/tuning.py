"""The search for XGBoost's parameters: Optuna proposes, folds by match judge, present parameters stay in doubt.

AUC is what is searched for, as in the original; log loss is the guard: a candidate whose log loss in the folds is
worse than that of the present parameters by more than a margin cannot win. The latest matches, on which promotion
rests, take no part.

What wins the search is then compared with the present parameters once more, on other folds and with other seeds, for
the best of sixty is the luckiest of sixty. It is adopted only if its AUC is better beyond chance there.

Every trial draws from a sampler that is seeded by the trial's number, so a search that was killed and taken up again
goes the way of one that was not.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import optuna
import pandas as pd
import xgboost
from optuna.trial import TrialState
from sklearn.metrics import log_loss, roc_auc_score

SEARCH_VERSION = 1
"""Part of a study's name: raise it when the space or the objective changes."""
N_FOLDS = 4
"""Even, so that two fits at once are never one."""
MAX_TREES = 450
EARLY_STOPPING_ROUNDS = 25
LOG_LOSS_GUARD = 0.0003
"""What a candidate may lose in log loss against the present parameters."""
CONFIRMING_SEEDS = (1, 2, 3)
CONFIRMING_SPLITS = 10_000
"""Seeds of the confirming folds lie beyond those that anybody would search with."""
N_RESAMPLES = 1000
CONFIDENCE = 0.95
STARTUP_TRIALS = 12
FIXED: Mapping[str, Any] = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "eval_metric": ["auc", "logloss"],
    "nthread": 1,
}
SURE_SIGNS: Mapping[str, int] = {
    "AngleToGoal": 1,
    "DistanceToGoal": -1,
    "DistanceToGoalClosest": -1,
    "GoalkeeperInterception": -1,
    "GoalkeeperCoverage": -1,
    "UnblockedShare": 1,
    "AmountOfDefenders": -1,
    "OpponentsGoalSide": -1,
    "PressureSum": -1,
    "PressureMax": -1,
    "PressureNearest": -1,
}
"""Where physics is sure which way a feature moves a chance, all else being equal."""

FloatArray = npt.NDArray[np.float64]
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found, and whether it is used.

    Attributes
    ----------
    parameters
        XGBoost's, with ``n_trees``: the winner's, adopted or not.
    evidence
        ``auc, log_loss`` of winner and present parameters in the search's folds (``search``) and in the
        confirming ones (``confirmed``), the interval of the gain, trials finished and pruned.
    """

    parameters: Mapping[str, Any]
    is_adopted: bool
    reason: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shots:
    """What a search learns from: features, outcomes, and which shots count when it judges (no penalties)."""

    X: pd.DataFrame
    is_goal: npt.NDArray[np.bool_]
    match_ids: pd.Series
    counts: npt.NDArray[np.bool_]

    def split(self, n: int, seed: int) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
        """Rows to learn from and rows to judge, n times; whole matches, drawn by the seed."""
        code, matches = pd.factorize(self.match_ids)
        part = (np.random.default_rng(seed).permutation(len(matches)) % n)[code]
        return [(np.flatnonzero(part != k), np.flatnonzero((part == k) & self.counts)) for k in range(n)]


@dataclass(frozen=True, slots=True)
class _Fold:
    learn: xgboost.QuantileDMatrix
    judge: xgboost.QuantileDMatrix


def search(
    study: optuna.Study,
    shots: Shots,
    present: Mapping[str, Any],
    *,
    seed: int,
    trials: int,
    out_of_time: Callable[[], bool] = lambda: False,
    tell: Callable[[str], None] = lambda _: None,
) -> SearchResult:
    """Search, or go on searching, until the study has so many finished trials or time is up; then confirm.

    Parameters
    ----------
    study
        New, or one that was interrupted; trials that were under way then are given up.
    shots
        What to learn from, penalties among them, without the held-out matches.
    present
        The parameters in use, with or without ``n_trees``.
    """
    folds = _bin_once(shots, seed)
    signs = [SURE_SIGNS.get(name, 0) for name in shots.X.columns]
    _give_up_interrupted(study)
    if not study.trials:
        study.enqueue_trial(_as_suggestion(present), user_attrs={"present": True})
    with ThreadPoolExecutor(2) as pool:
        while (n := len(study.get_trials(deepcopy=False, states=FINISHED))) < trials:
            if n and out_of_time():
                break
            _one_trial(study, folds, signs, seed=seed, pool=pool, tell=tell)
        guard, winner = _present_trial(study), _winner(study)
        found = _as_parameters(winner.params, signs) | {"n_trees": winner.user_attrs["n_trees"]}
        used = dict(present) | {"n_trees": present.get("n_trees", guard.user_attrs["n_trees"])}
        evidence: dict[str, Any] = {
            "search": {"winner": _figures(winner), "present": _figures(guard)},
            "trials": len(study.get_trials(deepcopy=False, states=FINISHED)),
            "pruned": len(study.get_trials(deepcopy=False, states=(TrialState.PRUNED,))),
            "n_shots": len(shots.X),
            "n_matches": int(shots.match_ids.nunique()),
        }
        if winner.number == guard.number:
            reason = f"Nothing better than the present parameters in {evidence['trials']} trials."
            return SearchResult(found, False, reason, evidence)
        confirmed = _confirm(shots, {"winner": found, "present": used}, pool)
    evidence["confirmed"] = confirmed
    is_adopted, reason = _verdict(confirmed)
    return SearchResult(found, is_adopted, reason, evidence)


def _one_trial(
    study: optuna.Study,
    folds: Sequence[_Fold],
    signs: Sequence[int],
    *,
    seed: int,
    pool: ThreadPoolExecutor,
    tell: Callable[[str], None],
) -> None:
    number = len(study.get_trials(deepcopy=False))
    study.sampler = optuna.samplers.TPESampler(
        n_startup_trials=STARTUP_TRIALS, multivariate=True, constant_liar=False, seed=seed + number
    )
    trial = study.ask()
    params = _as_parameters(_suggest(trial), signs) | {"seed": seed}
    curves: list[dict[str, FloatArray]] = []
    for first in range(0, len(folds), 2):
        pair = folds[first : first + 2]
        curves += pool.map(lambda fold: _learning_curve(fold, params), pair)
        trial.report(
            float(np.mean([curve["auc"][curve["logloss"].argmin()] for curve in curves])), len(curves)
        )
        if len(curves) < len(folds) and trial.should_prune():
            study.tell(trial, state=TrialState.PRUNED)
            tell(f"trial {trial.number}: pruned after {len(curves)} folds")
            return
    n_trees, auc, loss = _at_best_number_of_trees(curves)
    trial.set_user_attr("n_trees", n_trees)
    trial.set_user_attr("auc", auc)
    trial.set_user_attr("log_loss", loss)
    if "present" not in trial.user_attrs:
        loss_allowed = _present_trial(study).user_attrs["log_loss"] + LOG_LOSS_GUARD
        trial.set_constraint("log_loss_guard", loss - loss_allowed)
    study.tell(trial, auc)
    tell(f"trial {trial.number}: AUC {auc:.4f}, log loss {loss:.4f}, {n_trees} trees")


def _learning_curve(fold: _Fold, params: Mapping[str, Any]) -> dict[str, FloatArray]:
    """AUC and log loss on the judged matches after every tree."""
    history: dict[str, dict[str, list[float]]] = {}
    xgboost.train(
        dict(params), fold.learn, MAX_TREES, evals=[(fold.judge, "judge")], evals_result=history,
        early_stopping_rounds=EARLY_STOPPING_ROUNDS, verbose_eval=False,
    )  # fmt: skip
    return {metric: np.array(values) for metric, values in history["judge"].items()}


def _at_best_number_of_trees(curves: Sequence[Mapping[str, FloatArray]]) -> tuple[int, float, float]:
    """Trees at which the mean log loss of the folds is lowest, and both metrics there."""
    common = min(len(curve["logloss"]) for curve in curves)
    loss = np.mean([curve["logloss"][:common] for curve in curves], axis=0)
    auc = np.mean([curve["auc"][:common] for curve in curves], axis=0)
    best = int(loss.argmin())
    return best + 1, float(auc[best]), float(loss[best])


def _bin_once(shots: Shots, seed: int) -> list[_Fold]:
    """Features cut into bins once a fold, for all trials."""
    folds = []
    for learn_rows, rows in shots.split(N_FOLDS, seed):
        learn = xgboost.QuantileDMatrix(shots.X.iloc[learn_rows], shots.is_goal[learn_rows], nthread=1)
        judge = xgboost.QuantileDMatrix(shots.X.iloc[rows], shots.is_goal[rows], ref=learn, nthread=1)
        folds.append(_Fold(learn, judge))
    return folds


def _suggest(trial: optuna.Trial) -> dict[str, Any]:
    trial.suggest_int("max_depth", 3, 6)
    trial.suggest_float("eta", 0.03, 0.12, log=True)
    trial.suggest_float("min_child_weight", 1, 40, log=True)
    trial.suggest_float("subsample", 0.5, 1.0)
    trial.suggest_float("colsample_bynode", 0.15, 1.0)
    trial.suggest_float("lambda", 0.1, 30, log=True)
    trial.suggest_categorical("monotone", [False, True])
    return dict(trial.params)


def _as_suggestion(present: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters in use as a point of the search space; XGBoost's defaults where they are silent."""
    return {
        "max_depth": present.get("max_depth", 6),
        "eta": present.get("eta", 0.3),
        "min_child_weight": present.get("min_child_weight", 1),
        "subsample": present.get("subsample", 1.0),
        "colsample_bynode": present.get("colsample_bynode", 1.0),
        "lambda": present.get("lambda", 1.0),
        "monotone": "monotone_constraints" in present,
    }


def _as_parameters(suggested: Mapping[str, Any], signs: Sequence[int]) -> dict[str, Any]:
    params = {**FIXED, **{name: value for name, value in suggested.items() if name != "monotone"}}
    if suggested["monotone"]:
        params["monotone_constraints"] = f"({','.join(map(str, signs))})"
    return params


def _give_up_interrupted(study: optuna.Study) -> None:
    """A trial that was under way when a search was killed is tried again, by its own number's successor."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        if "present" in trial.user_attrs:
            study.enqueue_trial(
                trial.params or trial.system_attrs["fixed_params"], user_attrs={"present": True}
            )
        study.tell(trial.number, state=TrialState.FAIL)


def _present_trial(study: optuna.Study) -> optuna.trial.FrozenTrial:
    return next(
        trial
        for trial in study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        if "present" in trial.user_attrs
    )


def _winner(study: optuna.Study) -> optuna.trial.FrozenTrial:
    """The highest AUC among those that the guard lets pass."""
    allowed = _present_trial(study).user_attrs["log_loss"] + LOG_LOSS_GUARD
    complete = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    return max(
        (trial for trial in complete if trial.user_attrs["log_loss"] <= allowed),
        key=lambda trial: trial.user_attrs["auc"],
    )


def _figures(trial: optuna.trial.FrozenTrial) -> dict[str, Any]:
    return {name: trial.user_attrs[name] for name in ("auc", "log_loss", "n_trees")} | {"trial": trial.number}


def _confirm(
    shots: Shots, contenders: Mapping[str, Mapping[str, Any]], pool: ThreadPoolExecutor
) -> dict[str, Any]:
    """Both parameter sets out of fold, on folds and seeds that the search never saw; predictions averaged over seeds.

    Returns
    -------
    dict
        ``winner`` and ``present`` (each ``auc, log_loss``), ``auc_gain`` and its one-sided bound ``auc_gain_low``
        by bootstrap over matches.
    """

    def fit(job: tuple[int, npt.NDArray[np.intp], npt.NDArray[np.intp]]) -> dict[str, FloatArray]:
        seed, learn_rows, rows = job
        learn = xgboost.QuantileDMatrix(shots.X.iloc[learn_rows], shots.is_goal[learn_rows], nthread=1)
        judge = xgboost.DMatrix(shots.X.iloc[rows], nthread=1)
        boosters = {
            name: xgboost.train({**_without_trees(params), "seed": seed}, learn, params["n_trees"])
            for name, params in contenders.items()
        }
        return {name: booster.predict(judge) for name, booster in boosters.items()}

    jobs = [
        (seed, *rows) for seed in CONFIRMING_SEEDS for rows in shots.split(N_FOLDS, CONFIRMING_SPLITS + seed)
    ]
    xg = {name: np.zeros(len(shots.X)) for name in contenders}
    for (_, _, rows), predicted in zip(jobs, pool.map(fit, jobs), strict=True):
        for name, values in predicted.items():
            xg[name][rows] += values / len(CONFIRMING_SEEDS)
    is_goal = shots.is_goal[shots.counts]
    xg = {name: values[shots.counts] for name, values in xg.items()}
    gains = _resampled_auc_gains(is_goal, xg["winner"], xg["present"], shots.match_ids[shots.counts])
    figures: dict[str, Any] = {
        name: {"auc": float(roc_auc_score(is_goal, p)), "log_loss": float(log_loss(is_goal, p))}
        for name, p in xg.items()
    }
    return figures | {
        "auc_gain": figures["winner"]["auc"] - figures["present"]["auc"],
        "auc_gain_low": float(np.quantile(gains, 1 - CONFIDENCE)),
    }


def _without_trees(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name != "n_trees"}


def _resampled_auc_gains(
    is_goal: npt.NDArray[np.bool_], one: FloatArray, other: FloatArray, match_ids: pd.Series
) -> FloatArray:
    """AUC of one minus AUC of the other in bootstraps of matches.

    Weighted by how often each match was drawn, in the order of either prediction, which is sorted once.
    """
    match = pd.factorize(match_ids)[0]
    n = int(match.max()) + 1
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=N_RESAMPLES)
    orders = [np.argsort(p, kind="stable") for p in (one, other)]
    gains = np.empty(N_RESAMPLES)
    for k, counts in enumerate(drawn):
        aucs = [_weighted_auc(is_goal[order], counts[match[order]]) for order in orders]
        gains[k] = aucs[0] - aucs[1]
    return gains


def _weighted_auc(is_goal_in_order: npt.NDArray[np.bool_], weight: npt.NDArray[Any]) -> float:
    """Share of pairs of goal and miss in the right order; the rows come in ascending order of xG."""
    misses = np.where(is_goal_in_order, 0, weight)
    goals = np.where(is_goal_in_order, weight, 0)
    return float((goals * np.cumsum(misses)).sum() / (goals.sum() * misses.sum()))


def _verdict(confirmed: Mapping[str, Any]) -> tuple[bool, str]:
    loss = confirmed["winner"]["log_loss"] - confirmed["present"]["log_loss"]
    found = (
        f"AUC {confirmed['auc_gain']:+.4f} (95 % bound {confirmed['auc_gain_low']:+.4f}), log loss {loss:+.5f} "
        "on other folds and seeds"
    )
    if confirmed["auc_gain_low"] <= 0:
        return False, f"Not better than the present parameters beyond chance: {found}."
    if loss > LOG_LOSS_GUARD:
        return False, f"Better ranking, but worse probabilities than the present parameters: {found}."
    return True, f"Better than the present parameters: {found}."
