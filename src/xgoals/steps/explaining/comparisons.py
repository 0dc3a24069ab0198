"""What is measured beside explanations: why the provider's numbers are others, and how far reasons can be trusted."""

import time
from typing import TYPE_CHECKING, Any

from xgoals.steps.code_version import release_key
from xgoals.steps.run_context import log
from xgoals.store.comparisons.trust import read_trust, save_trust
from xgoals.store.derived.states import Content, DerivedState, read_state, save_state, state_key
from xgoals.store.reasons import judged_by

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from xgoals.reasons.frozen import FrozenWindow
    from xgoals.steps.explaining.explainer import Explainer

STATE = "comparisons"
DERIVED_FROM: tuple[Content, ...] = (
    "match", "shot", "shot_position", "shot_feature", "shot_xg", "out_of_fold", "model_version", "model_sister",
    "model_match", "model_reference", "shot_difference", "model_surrogate", "model_trust",
)  # fmt: skip


def compare_and_measure(engine: "Engine", model_version: str) -> dict[str, Any]:
    """Say why numbers differ from the provider's, and measure trust once a model; for the run's row.

    Where nothing has changed since that was done, nothing is read. Both rest on the window that reasons are compared
    with: without one there is nothing to do.
    """
    with engine.connect() as connection:
        known = read_state(connection, STATE)
        if known is not None and known.state_key == _state_key(connection, model_version):
            return {"differences_told": 0}
    with engine.begin() as connection:
        n_told = _compare(connection, model_version)
    with engine.begin() as connection:
        save_state(connection, STATE, DerivedState(_state_key(connection, model_version)))
    return {"differences_told": n_told}


def _state_key(connection: "Connection", model_version: str) -> str:
    return state_key(connection, DERIVED_FROM, model_version, release_key())


def _compare(connection: "Connection", model_version: str) -> int:
    if judged_by.load_reference(connection, model_version) is None:
        return 0
    from xgoals.steps.explaining.differences import TellsDifferences
    from xgoals.steps.explaining.explainer import Explainer
    from xgoals.steps.explaining.reason_games import frozen_window

    frozen = frozen_window(connection, model_version)
    if frozen is None:
        return 0
    window, average_xg = frozen
    explainer = Explainer.load(connection, model_version)
    if not read_trust(connection, model_version):
        _measure(connection, explainer, window)
    began = time.monotonic()
    n_told = TellsDifferences(connection, explainer, window, average_xg).all_due()
    if n_told:
        log.info("why %d numbers are not the provider's: said in %.1f s", n_told, time.monotonic() - began)
    return n_told


def _measure(connection: "Connection", explainer: "Explainer", window: "FrozenWindow") -> None:
    from xgoals.analysis.trust.measure import measure_trust
    from xgoals.model.artifact import catalogue_of

    began, model = time.monotonic(), explainer.model
    figures = measure_trust(window, catalogue_of(model), model.parameters)
    save_trust(connection, model.model_version, figures)
    if figures:
        log.info(
            "how far explanations can be trusted: measured on %d shots in %.1f s",
            figures[0].n,
            time.monotonic() - began,
        )
    else:
        log.info("how far explanations can be trusted: too few shots to measure it")
