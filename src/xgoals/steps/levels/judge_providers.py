"""Are a version's numbers at each provider's level? Asked whenever it has explained something new."""

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection

from xgoals.domain.provider_level import KindLevel, ProviderLevel
from xgoals.steps.run_context import log
from xgoals.store.levels import judged as store

if TYPE_CHECKING:
    from xgoals.model.levels.judge import JudgedLevel, XgPerGoal


def judge_providers(connection: Connection, model_version: str) -> dict[str, ProviderLevel]:
    """Judge and keep the level of every provider; nothing is read where there is one provider only."""
    known, stored = store.known_providers(connection, model_version), store.stored_matches(connection)
    if len(known.keys() | stored.keys()) < 2:
        store.save_levels(connection, model_version, {})  # what was said of one that is gone goes with it
        return {}
    from xgoals.model.levels.judge import judge_level
    from xgoals.model.shots.eligible import is_judged

    shots = store.read_numbers(connection, model_version)
    shots = shots[is_judged(shots)]
    found = {}
    for provider, part in shots.groupby("provider", sort=True, observed=True):
        kinds = {"Header": part["is_header"], "FreeKick": part["is_free_kick"]}
        X = part.assign(**{name: np.where(is_kind, 1.0, -1.0) for name, is_kind in kinds.items()})
        level = judge_level(X, part["xg"].to_numpy(dtype=np.float64), part["is_goal"], part["match_id"])
        found[str(provider)] = _as_stored(level, is_own=known.keys() == {provider})
    store.save_levels(connection, model_version, found)
    for provider, kept in found.items():
        if kept.is_off:
            log.warning(
                "%s expects %.2f goals for each that %s's shots brought (95 %% interval %.2f to %.2f, %s shots): "
                "compare these numbers with each other only, until it has a level of its own",
                model_version, kept.shots.xg_per_goal, provider, kept.shots.low, kept.shots.high, kept.n_shots,
            )  # fmt: skip
    return found


def _as_stored(level: "JudgedLevel", *, is_own: bool) -> ProviderLevel:
    return ProviderLevel(
        "own" if is_own else level.verdict.value,
        level.n_matches,
        level.shots.n_shots,
        _kind(level.shots),
        _kind(level.headers),
    )


def _kind(of: "XgPerGoal") -> KindLevel:
    return KindLevel(of.n_goals, of.value, of.low, of.high)
