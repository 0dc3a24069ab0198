"""register: the challenger meets the champion; it is promoted only on evidence."""

from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError
from xgoals.domain.model import NO_MODEL, Decision, ModelVersion, RunVerdict
from xgoals.steps.compute_baseline import ensure_baseline
from xgoals.steps.evidence import gather_evidence, level_evidence
from xgoals.steps.explaining.honest import note_told_twice
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import features as feature_store
from xgoals.store import matches as match_store
from xgoals.store import pins, registry, runs
from xgoals.store.sisters import load_boosters

MUCH_GROWTH = 1.5
"""From so many times the champion's matches on, a leap in quality is what one expects."""
BETTER_ANCHOR = "It was better than the anchor before it beyond chance."


def register(context: RunContext, challenger: str | None) -> str:
    """Let the challenger replace the champion if the evidence says so; the champion's name.

    Where no match is stored yet that is `NO_MODEL`.

    Raises
    ------
    ModelError
        If there is no champion and no model that could become one, or stored bytes are not those that were
        registered. A first model that is refused is such a case: the message has the figures.
    """
    with writing(context, "register") as (engine, figures), engine.begin() as connection:
        champion = registry.champion_name(connection)
        if champion is None and challenger is None and not match_store.any_match(connection):
            log.info("nothing to do yet: no match is stored")
            return NO_MODEL
        verdict = _meet(connection, context, challenger, champion)
        champion = registry.champion_name(connection)
        figures |= {"decision": asdict(verdict), "champion": champion}
        # With the decision, so that it is told whatever becomes of this process.
        runs.note_figures(connection, context.run_id, figures)
    if champion is None:
        raise _no_champion(verdict.reason)
    return champion


def _meet(
    connection: Connection, context: RunContext, challenger: str | None, champion: str | None
) -> RunVerdict:
    """What comes of the challenger in this run: also where an earlier try of it has decided, and was killed then."""
    is_new = challenger is not None and challenger != champion
    if not is_new and champion is None:
        latest = registry.latest_decision(connection)
        raise _no_champion(latest.reason if latest else None)
    if challenger is not None and champion is None:
        about = registry.decision_about(connection, challenger)
        if about is not None and (about.champion_before, about.verdict) == (None, "kept"):
            log.info("%s was refused as the first model before", challenger)
            return RunVerdict(about.verdict, about.reason)
    if (
        challenger is None
        or not is_new
        or (champion and registry.has_decision(connection, challenger, champion))
    ):
        told = "was judged against this champion before" if is_new else "is no new challenger"
        log.info("%s %s: champion %s stays", challenger or "there", told, champion)
        before = registry.decision_of_run(connection, context.run_id)
        if before is not None:
            return RunVerdict(before.verdict, before.reason)
        return RunVerdict("judged_before" if is_new else "no_new_challenger")
    decision = _judge(connection, context, challenger, champion)
    log.info("%s %s: %s", challenger, decision.verdict.replace("_", " "), decision.reason)
    return RunVerdict(decision.verdict, decision.reason)


def _no_champion(refusal: str | None) -> ModelError:
    """Why there is none: the last model was refused, for this reason, or there never was one."""
    if refusal is None:
        return ModelError("there is no model yet", advice="Run train first")
    return ModelError(
        f"there is no champion: {refusal}",
        advice=(
            "What was ingested stays, and nothing is published. More matches help a model that is too weak; one "
            "that is too good has features that know the outcome. xgoals models promote overrules this"
        ),
    )


def _judge(connection: Connection, context: RunContext, challenger: str, champion: str | None) -> Decision:
    """Decide, store the decision with its evidence, and see to the anchor."""
    from xgoals.model.promotion import decide, held_by_pin, not_comparable

    model = registry.load_model(connection, challenger)
    if not registry.has_model(connection, challenger):
        raise no_longer_whole(challenger)
    load_boosters(connection, challenger).prove()
    if champion is None:
        return _judge_first(connection, context, model)
    opponent, settings = registry.load_model(connection, champion), context.settings.training
    note_told_twice(connection, champion)
    if _differ_in_levels_alone(model, opponent):
        return _judge_levels(connection, context, model, opponent)
    evidence, guards, newcomers = gather_evidence(connection, model, opponent)
    decision = not_comparable(challenger, champion, evidence, model.n_shots) or decide(
        challenger,
        champion,
        evidence,
        margin_log_loss=settings.promotion_margin_log_loss,
        auc_geometry=((model.metrics["out_of_fold"].get("geometry") or {}).get("auc")),
        has_grown=model.n_matches > MUCH_GROWTH * opponent.n_matches,
        guards=guards,
        newcomers=newcomers,
        needs_approval=settings.approval,
    )
    if pins.pinned(connection) == champion:
        decision = held_by_pin(decision)
    decision_n = _record(connection, context, decision)
    if evidence.anchor is None:
        reason = "There was no anchor, or one whose features are no longer built."
        registry.set_anchor(connection, champion, decision_n=decision_n, reason=reason)
    if decision.verdict == "promoted" and decision.evidence["renews_anchor"]:
        registry.set_anchor(connection, challenger, decision_n=decision_n, reason=BETTER_ANCHOR)
    return decision


def _differ_in_levels_alone(model: ModelVersion, opponent: ModelVersion) -> bool:
    """Whether a challenger has the champion's trees."""
    return model.parent is not None and model.parent in (opponent.model_version, opponent.parent)


def _judge_levels(
    connection: Connection, context: RunContext, model: ModelVersion, opponent: ModelVersion
) -> Decision:
    """The same of the champion's trees with other levels; the anchor, which is of trees, stays."""
    from xgoals.model.levels.gate import decide_level
    from xgoals.model.promotion import held_by_pin

    shots, changed = level_evidence(connection, model, opponent)
    decision = decide_level(
        model.model_version,
        opponent.model_version,
        shots,
        changed,
        needs_approval=context.settings.training.approval,
    )
    if pins.pinned(connection) == opponent.model_version:
        decision = held_by_pin(decision)
    _record(connection, context, decision)
    return decision


def _judge_first(connection: Connection, context: RunContext, model: ModelVersion) -> Decision:
    """The same of a model that meets no champion; if it becomes one, it is the anchor, too."""
    from xgoals.model.floor import beside_geometry, floor_checks
    from xgoals.model.folds import one_id_a_match
    from xgoals.model.promotion import decide_first

    shots = feature_store.read_features(connection, model.catalogue, model.catalogue_version)
    window = shots.merge(registry.out_of_fold(connection, model.model_version), on="shot_key", validate="1:1")
    decision = decide_first(
        model.model_version, model.metrics, floor_checks(beside_geometry(one_id_a_match(window)))
    )
    decision_n = _record(connection, context, decision)
    if decision.champion_after:
        reason = "It was the first champion."
        registry.set_anchor(connection, model.model_version, decision_n=decision_n, reason=reason)
    return decision


def no_longer_whole(version: str) -> ModelError:
    """What is said of a model whose bytes or out-of-fold predictions were cleaned away."""
    return ModelError(
        f"model {version} is no longer whole: its out-of-fold predictions are gone, on which its figures, its "
        "baseline and every judgement of it rest",
        where="out_of_fold",
        advice="The same data make it again: xgoals train. See challengers_days in [retention] (docs/settings.md)",
    )


def _record(connection: Connection, context: RunContext, decision: Decision) -> int:
    return carry_out(connection, decision, run_id=context.run_id)


def carry_out(connection: Connection, decision: Decision, *, run_id: str | None) -> int:
    """Store a decision; where it makes a champion, with the baseline that others explain from. The decision's number.

    In one transaction: at no moment is there a champion that can answer nobody.
    """
    if decision.champion_after is not None and decision.champion_after != decision.champion_before:
        ensure_baseline(connection, decision.champion_after)
    return registry.record_decision(connection, decision, run_id=run_id, decided_at=datetime.now(UTC))
