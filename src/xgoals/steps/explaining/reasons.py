"""Why each published number is what it is: for what is published anew, and what an earlier run has left.

A new champion gives reasons for what it publishes, not for all of history again. Matches whose pages are owed come
first, then the newest. On a first load of many thousand shots a run stops after ``limits.reasons_minutes``, and later
ones go on; `xgoals explain --reasons all` does everything at once.
"""

import time
from typing import TYPE_CHECKING, Any, Literal

from xgoals.steps.code_version import release_key
from xgoals.steps.run_context import log
from xgoals.store import registry
from xgoals.store.derived.states import Content, DerivedState, read_state, save_state, state_key
from xgoals.store.reasons import judged_by

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Wanted = Literal["in-time", "all", "none"]
"""As many reasons as a run has time for, all of them, or none now."""

STATE = "reasons"
DERIVED_FROM: tuple[Content, ...] = (
    "match", "shot", "shot_position", "shot_feature", "shot_xg", "shot_reason", "out_of_fold", "model_version",
    "model_reference",
)  # fmt: skip


def explain_reasons(
    engine: "Engine", model_version: str, wanted: Wanted, *, budget_s: float
) -> dict[str, Any]:
    """Give reasons for published numbers that have none; how many, and how many are left, for the run's row.

    Where nothing has changed since all was done, nothing is read. What is done is committed match by match.

    Parameters
    ----------
    budget_s
        So long reasons are given in time, beside what has begun then; 0: none are.
    """
    if wanted == "none" or (wanted == "in-time" and not budget_s):
        return {}
    with engine.connect() as connection:
        known = read_state(connection, STATE)
        if known == DerivedState(_state_key(connection, model_version), {"n_left": 0}):
            return {"shots_with_new_reasons": 0, "shots_without_reasons": 0}
    from xgoals.steps.explaining.reason_games import GivesReasons, freeze_window

    deadline = None if wanted == "all" else time.monotonic() + budget_s
    n_done = n_left = 0
    with engine.begin() as connection:
        freeze_window(connection, model_version)
        previous = registry.previous_champion(connection)
        kept = [version for version in (model_version, previous) if version is not None]
        judged_by.forget_others(connection, kept)
    for version in kept:
        done, left = GivesReasons(engine, version).until(deadline)
        n_done, n_left = n_done + done, n_left + left
    if n_done or n_left:
        log.info("reasons of %d shots given, of %d left for later runs", n_done, n_left)
    with engine.begin() as connection:
        save_state(connection, STATE, DerivedState(_state_key(connection, model_version), {"n_left": n_left}))
    return {"shots_with_new_reasons": n_done, "shots_without_reasons": n_left}


def _state_key(connection: "Connection", model_version: str) -> str:
    return state_key(connection, DERIVED_FROM, model_version, release_key())
