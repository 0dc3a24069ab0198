"""Why our numbers and the provider's own differ: surrogates of the provider's, and both explained alike."""

from typing import TYPE_CHECKING

from xgoals.domain.difference import MIN_FIT_R2
from xgoals.steps.run_context import log
from xgoals.store import differences as store
from xgoals.store import features as feature_store

if TYPE_CHECKING:
    import pandas as pd
    import xgboost
    from sqlalchemy import Connection

    from xgoals.reasons.differences import Differences
    from xgoals.steps.explaining.explainer import Explainer


def update_differences(connection: "Connection", explainer: "Explainer") -> int:
    """Say of every published number of this version why it differs from the provider's; of how many it was not said.

    The surrogates are fitted with the first call for a version. Where one is too poor nothing is said.
    """
    version = explainer.model.model_version
    known = store.fits(connection, version) or _fit_surrogates(connection, explainer)
    good = [provider for provider, r2 in known.items() if r2 is not None and r2 >= MIN_FIT_R2]
    due = store.due(connection, version, good) if good else None
    if due is None or due.empty:
        return 0
    for provider, shots in due.groupby("provider", sort=True):
        boosters = _surrogate(connection, version, str(provider))
        for sister in sorted(set(shots["sister"].tolist())):
            _save(connection, explainer, shots[shots["sister"] == sister], sister, boosters[sister])
    return len(due)


def _fit_surrogates(connection: "Connection", explainer: "Explainer") -> dict[str, float | None]:
    """Fit and keep a surrogate for each provider of the window; their R2."""
    from xgoals.model.surrogate import fit_surrogate

    version, names = explainer.model.model_version, explainer.model.feature_names
    window = store.read_window(connection, version)
    found: dict[str, float | None] = {}
    for provider, shots in window.groupby("provider", sort=True):
        X = feature_store.read_values_in_blocks(connection, shots["features_key"].to_numpy(), names)
        surrogate = fit_surrogate(
            X,
            shots["provider_xg"].to_numpy(),
            shots["sister"].to_numpy(dtype="int64"),
            seed=explainer.model.seed,
        )
        r2 = found[str(provider)] = surrogate.r2 if surrogate else None
        boosters = surrogate.boosters if surrogate else {}
        store.save_surrogate(
            connection, version, str(provider), n_shots=len(shots), r2_log_odds=r2,
            boosters={number: bytes(booster.save_raw("ubj")) for number, booster in boosters.items()},
        )  # fmt: skip
        if r2 is None:
            log.info("%s's own xG: too few shots to say why ours differs", provider)
        else:
            told = "" if r2 >= MIN_FIT_R2 else ": too little to say why ours differs"
            log.info("our features say %.1f %% of %s's own xG (R2 of log-odds)%s", 100 * r2, provider, told)
    return found


def _surrogate(connection: "Connection", version: str, provider: str) -> "dict[int, xgboost.Booster]":
    import xgboost

    stored = store.load_surrogate(connection, version, provider)
    return {number: xgboost.Booster(model_file=bytearray(booster)) for number, booster in stored.items()}


def _save(
    connection: "Connection",
    explainer: "Explainer",
    shots: "pd.DataFrame",
    sister: int,
    surrogate: "xgboost.Booster",
) -> None:
    found = _differences(connection, explainer, shots, sister, surrogate)
    rows = shots.assign(average=found.average, part_values=found.parts.tolist(), rest=found.rest)
    store.save_differences(connection, explainer.model.model_version, rows)


def _differences(
    connection: "Connection",
    explainer: "Explainer",
    shots: "pd.DataFrame",
    sister: int,
    surrogate: "xgboost.Booster",
) -> "Differences":
    """Ours by the sister that spoke, theirs by the surrogate that has not seen the match either.

    Both in the same game: here it is chosen which.
    """
    from xgoals.explain.forest import read_forest
    from xgoals.model.artifact import catalogue_of
    from xgoals.reasons.differences import differences, in_parts

    catalogue, names = catalogue_of(explainer.model), explainer.model.feature_names
    X = feature_store.read_values_in_blocks(connection, shots["features_key"].to_numpy(), names)
    ours, theirs = (
        in_parts(forest, X, explainer.baseline, catalogue)
        for forest in (explainer.forest_of(sister), read_forest(surrogate))
    )
    return differences(ours, theirs, shots["provider_xg"].to_numpy())
