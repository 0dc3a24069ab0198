"""Whether the model's numbers are fair to every club: measured where anything has changed, told where that is new."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from xgoals.domain.findings.fairness import BiasFigure, Verdict
from xgoals.domain.trouble import Trouble
from xgoals.steps.code_version import release_key
from xgoals.steps.run_context import RunContext, log
from xgoals.store import registry
from xgoals.store.comparisons.fairness import read_honest_shots, save_bias
from xgoals.store.derived.states import Content, DerivedState, read_state, save_state, state_key

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

STATE = "fairness"
DERIVED_FROM: tuple[Content, ...] = (
    "match", "team", "shot", "shot_feature", "shot_xg", "model_match", "model_version", "bias_metric",
)  # fmt: skip


def measure_fairness(engine: "Engine", context: RunContext, model_version: str) -> Trouble | None:
    """Measure where rows, settings or the release have changed; what a person should know of clubs that are off.

    That is told once for what is off: a part that was off before, under whatever model, is no news.
    """
    margin_per_100 = context.settings.fairness.margin_per_100_shots
    with engine.connect() as connection:
        known = read_state(connection, STATE)
        if known is None or known.state_key != _state_key(connection, model_version, margin_per_100):
            known = None
    if known is None:
        with engine.begin() as connection:
            known = _measure(connection, model_version, margin_per_100)
    trouble = known.facts["trouble"]
    return Trouble(**trouble) if trouble else None


def _state_key(connection: "Connection", model_version: str, margin_per_100: float) -> str:
    return state_key(connection, DERIVED_FROM, model_version, margin_per_100, release_key())


def _measure(connection: "Connection", model_version: str, margin_per_100: float) -> DerivedState:
    """Measure, store, and note what is off: in one transaction, so that nothing is stored that was not looked at."""
    from xgoals.analysis.fairness.measure import measure_fairness as measure

    began = time.monotonic()
    before = read_state(connection, STATE)
    shots = read_honest_shots(connection, registry.load_model(connection, model_version))
    figures = measure(shots, margin_per_100)
    save_bias(connection, model_version, figures)
    unfair = [one for one in figures if one.verdict is not None and one.verdict.is_unfair and one.facet]
    facts = {"unfair": sorted(map(_key, unfair)), "trouble": _news(unfair, before)}
    log.info(
        "fairness: %d parts of the shots are off beyond chance, measured in %.1f s",
        len(unfair),
        time.monotonic() - began,
    )
    state = DerivedState(_state_key(connection, model_version, margin_per_100), facts)
    save_state(connection, STATE, state)
    return state


def _news(unfair: Sequence[BiasFigure], before: DerivedState | None) -> dict[str, object] | None:
    """What is off that was not before; else what was told last, as long as any of it is off."""
    known = set(before.facts["unfair"]) if before else set()
    new = [one for one in unfair if _key(one) not in known]
    if new:
        return asdict(trouble_of(new))
    return before.facts["trouble"] if before and unfair else None


def _key(figure: BiasFigure) -> str:
    return f"{figure.facet}|{figure.facet_value}|{figure.verdict}"


def trouble_of(unfair: Sequence[BiasFigure]) -> Trouble:
    """What a person should know of parts that are off, the surest first."""
    ranked = sorted(unfair, key=lambda one: (one.p or 0.0, one.facet or "", one.facet_value))
    told = "|".join(sorted(map(_key, ranked)))
    return Trouble(
        matter="fairness",
        what="xG is off beyond chance, and by as much as matters.",
        where=_where(ranked),
        advice="See chapter Fairness of the model's report. That a club finishes well, or badly, is no fault of the "
        "numbers; what is no club (a body part, a competition, a provider) has no finishers of its own: look at its "
        "data, or train anew.",
        step="explain",
        state_key=hashlib.sha256(told.encode()).hexdigest()[:12],
    )


def _where(ranked: Sequence[BiasFigure]) -> str:
    low, high = (_listed(ranked, side) for side in (Verdict.TOO_LOW, Verdict.TOO_HIGH))
    if low and high:
        return f"xG too low (goals minus xG per 100 shots): {low}; too high: {high}"
    if low:
        return f"xG too low (goals minus xG per 100 shots): {low}"
    return f"xG too high (goals minus xG per 100 shots): {high}"


def _listed(ranked: Sequence[BiasFigure], side: Verdict) -> str:
    """The parts that are off on one side, each with its goals minus xG per 100 shots."""
    from xgoals.report.model.fairness_sentences import VALUES

    return ", ".join(
        f"{VALUES.get(one.facet_value, one.facet_value)} ({one.value:+.1f})"
        for one in ranked
        if one.verdict is side
    )
