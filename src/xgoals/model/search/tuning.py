"""The search for XGBoost's parameters: Optuna proposes, folds by match judge, present parameters stay in doubt.

AUC is what is searched for, as in the original; log loss is the guard: a candidate whose log loss in the folds is
worse than that of the present parameters by more than a margin cannot win. The latest matches, on which promotion
rests, take no part.

What wins meets the present parameters once more before it is adopted (:mod:`xgoals.model.search.confirmation`).

Every trial draws from a sampler that is seeded by how many were finished before it, so a search that was killed and
taken up again goes the way of one that was not.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import optuna
import xgboost
from optuna.trial import TrialState

from xgoals.domain.errors import ModelError
from xgoals.model.search.confirmation import LOG_LOSS_GUARD, N_FOLDS, SearchData, confirm, verdict
from xgoals.model.shots.eligible import teaches
from xgoals.model.signs import SIGNS_OF_PEOPLE, SURE_SIGNS, monotone_constraints

SEARCH_VERSION = 2
"""Part of a study's name: raise it when the space or the objective changes."""
MAX_TREES = 450
EARLY_STOPPING_ROUNDS = 25
STARTUP_TRIALS = 12
FIXED: Mapping[str, Any] = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "eval_metric": ["auc", "logloss"],
    "nthread": 1,
}
FloatArray = npt.NDArray[np.float64]
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)
_ALIVE = (*FINISHED, TrialState.WAITING)


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
class _Fold:
    train: xgboost.QuantileDMatrix
    test: xgboost.QuantileDMatrix


def search(
    study: optuna.Study,
    data: SearchData,
    present: Mapping[str, Any],
    *,
    seed: int,
    trials: int,
    number: int = 0,
    out_of_time: Callable[[], bool] = lambda: False,
    tell: Callable[[str], None] = lambda _: None,
) -> SearchResult:
    """Search, or go on searching, until the study has so many finished trials or time is up; then confirm.

    Parameters
    ----------
    study
        New, or one that was interrupted; trials that were under way then are given up.
    data
        What to learn from, penalties among them, without the held-out matches.
    present
        The parameters in use, with or without ``n_trees``.
    number
        Counts the searches: it says which fifth of the matches is reserved to confirm what this one finds.

    Raises
    ------
    ModelError
        If a fold has no goal.
    """
    data, reserved = data.reserve(number)
    folds = _bin_once(data, seed)
    features = list(data.X.columns)
    _give_up_interrupted(study)
    if not any("present" in trial.user_attrs for trial in study.get_trials(deepcopy=False, states=_ALIVE)):
        study.enqueue_trial(_as_suggestion(present, features), user_attrs={"present": True})
    with ThreadPoolExecutor(2) as pool:
        while (n := len(study.get_trials(deepcopy=False, states=FINISHED))) < trials:
            if n and out_of_time():
                break
            _one_trial(study, folds, features, seed=seed, pool=pool, tell=tell)
        guard, winner = _present_trial(study), _winner(study)
        found = _as_parameters(winner.params, features) | {"n_trees": winner.user_attrs["n_trees"]}
        used = dict(present) | {"n_trees": present.get("n_trees", guard.user_attrs["n_trees"])}
        evidence: dict[str, Any] = {
            "search": {"winner": _figures(study, winner), "present": _figures(study, guard)},
            "trials": len(study.get_trials(deepcopy=False, states=FINISHED)),
            "pruned": len(study.get_trials(deepcopy=False, states=(TrialState.PRUNED,))),
            "n_shots": len(data.X),
            "n_matches": int(data.match_ids.nunique()),
            "number": number,
        }
        if winner.number == guard.number:
            reason = f"Nothing better than the present parameters in {evidence['trials']} trials."
            return SearchResult(found, False, reason, evidence)
        confirmed = confirm(data, reserved, winner=found, present=used)
    evidence["confirmed"] = confirmed
    is_adopted, reason = verdict(confirmed)
    return SearchResult(found, is_adopted, reason, evidence)


def _one_trial(
    study: optuna.Study,
    folds: Sequence[_Fold],
    features: Sequence[str],
    *,
    seed: int,
    pool: ThreadPoolExecutor,
    tell: Callable[[str], None],
) -> None:
    number = len(study.get_trials(deepcopy=False, states=FINISHED))  # given-up ones change nothing
    study.sampler = optuna.samplers.TPESampler(
        n_startup_trials=STARTUP_TRIALS, multivariate=True, constant_liar=False, seed=seed + number
    )
    trial = study.ask()
    params = _as_parameters(_suggest(trial), features) | {"seed": seed}
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
    if not np.isfinite(auc):  # of any parameters: the folds are the same for all
        study.tell(trial, state=TrialState.FAIL)
        raise ModelError(
            "too little to search on: a fifth of the matches has no goal, and so no AUC",
            advice="Search again with more matches; until then training keeps the parameters that it has",
        )
    trial.set_user_attr("n_trees", n_trees)
    trial.set_user_attr("auc", auc)
    trial.set_user_attr("log_loss", loss)
    if "present" not in trial.user_attrs:
        loss_allowed = _present_trial(study).user_attrs["log_loss"] + LOG_LOSS_GUARD
        trial.set_constraint("log_loss_guard", loss - loss_allowed)
    study.tell(trial, auc)
    tell(f"trial {trial.number}: AUC {auc:.4f}, log loss {loss:.4f}, {n_trees} trees")


def _learning_curve(fold: _Fold, params: Mapping[str, Any]) -> dict[str, FloatArray]:
    """AUC and log loss on the test matches after every tree."""
    history: dict[str, dict[str, list[float]]] = {}
    xgboost.train(
        dict(params), fold.train, MAX_TREES, evals=[(fold.test, "test")], evals_result=history,
        early_stopping_rounds=EARLY_STOPPING_ROUNDS, verbose_eval=False,
    )  # fmt: skip
    return {metric: np.array(values) for metric, values in history["test"].items()}


def _at_best_number_of_trees(curves: Sequence[Mapping[str, FloatArray]]) -> tuple[int, float, float]:
    """Trees at which the mean log loss of the folds is lowest, and both metrics there."""
    common = min(len(curve["logloss"]) for curve in curves)
    loss = np.mean([curve["logloss"][:common] for curve in curves], axis=0)
    auc = np.mean([curve["auc"][:common] for curve in curves], axis=0)
    best = int(loss.argmin())
    return best + 1, float(auc[best]), float(loss[best])


def _bin_once(data: SearchData, seed: int) -> list[_Fold]:
    """Features cut into bins once a fold, for all trials."""
    folds = []
    taught = teaches(data.X)
    for both, test_rows in data.split(N_FOLDS, seed):
        train_rows = both[taught[both]]
        train = xgboost.QuantileDMatrix(data.X.iloc[train_rows], data.is_goal[train_rows], nthread=1)
        test = xgboost.QuantileDMatrix(data.X.iloc[test_rows], data.is_goal[test_rows], ref=train, nthread=1)
        folds.append(_Fold(train, test))
    return folds


def _suggest(trial: optuna.Trial) -> dict[str, Any]:
    trial.suggest_int("max_depth", 3, 6)
    trial.suggest_float("eta", 0.03, 0.12, log=True)
    trial.suggest_float("min_child_weight", 1, 40, log=True)
    trial.suggest_float("colsample_bynode", 0.15, 1.0)
    trial.suggest_float("lambda", 0.1, 30, log=True)
    trial.suggest_categorical("monotone", [False, True])
    return dict(trial.params)


def _as_suggestion(present: Mapping[str, Any], features: Sequence[str]) -> dict[str, Any]:
    """Parameters in use as a point of the search space; XGBoost's defaults where they are silent."""
    return {
        "max_depth": present.get("max_depth", 6),
        "eta": present.get("eta", 0.3),
        "min_child_weight": present.get("min_child_weight", 1),
        "colsample_bynode": present.get("colsample_bynode", 1.0),
        "lambda": present.get("lambda", 1.0),
        "monotone": present.get("monotone_constraints") == monotone_constraints(features, SURE_SIGNS),
    }


def _as_parameters(suggested: Mapping[str, Any], features: Sequence[str]) -> dict[str, Any]:
    params = {**FIXED, **{name: value for name, value in suggested.items() if name != "monotone"}}
    signs = SURE_SIGNS if suggested["monotone"] else SIGNS_OF_PEOPLE
    return params | {"monotone_constraints": monotone_constraints(features, signs)}


def _give_up_interrupted(study: optuna.Study) -> None:
    """A trial that was under way when a search was killed is tried again: the next draws as it has drawn."""
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
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


def _figures(study: optuna.Study, trial: optuna.trial.FrozenTrial) -> dict[str, Any]:
    """``trial`` is its place among those that were finished, from 0."""
    before = sum(t.number < trial.number for t in study.get_trials(deepcopy=False, states=FINISHED))
    return {name: trial.user_attrs[name] for name in ("auc", "log_loss", "n_trees")} | {"trial": before}
