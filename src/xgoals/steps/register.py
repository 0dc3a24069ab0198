"""register: the challenger meets the champion; it is promoted only on evidence."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError
from xgoals.domain.model import Decision, ModelVersion, RunVerdict
from xgoals.steps.predictions import predictions
from xgoals.steps.run_context import RunContext, log, writing
from xgoals.store import features as feature_store
from xgoals.store import registry

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.model.gate import GateCheck

KEPT_SHARE = 0.5
"""An anchor that can predict fewer of the shots than this is given up: its features are no longer built."""
MUCH_GROWTH = 1.5
"""From so many times the champion's matches on, a leap in quality is what one expects."""
BETTER_ANCHOR = "It was better than the anchor before it beyond chance."


def register(context: RunContext, challenger: str | None) -> str:
    """Let the challenger replace the champion if the evidence says so; the champion's name.

    Raises
    ------
    ModelError
        If there is no champion and no model that could become one, or stored bytes are not those that were
        registered.
    """
    with writing(context, "register") as (engine, figures):
        with engine.begin() as connection:
            champion = registry.champion_name(connection)
            if challenger is None or challenger == champion:
                if champion is None:
                    raise ModelError("there is no model yet", advice="Run train first")
                log.info("no new challenger: champion %s stays", champion)
                figures["decision"] = asdict(RunVerdict("no_new_challenger"))
            elif champion is not None and registry.has_decision(connection, challenger, champion):
                log.info(
                    "%s was judged against this champion before: champion %s stays", challenger, champion
                )
                figures["decision"] = asdict(RunVerdict("judged_before"))
            else:
                decision = _judge(connection, context, challenger, champion)
                figures["decision"] = asdict(RunVerdict(decision.verdict, decision.reason))
                log.info("%s %s: %s", challenger, decision.verdict.replace("_", " "), decision.reason)
            champion = registry.champion_name(connection)
        figures["champion"] = champion
    if champion is None:
        raise ModelError(
            f"there is no champion: {decision.reason}",
            advice="Look at the features for what they should not know; xgoals models promote overrules this",
        )
    return champion


def _judge(connection: Connection, context: RunContext, challenger: str, champion: str | None) -> Decision:
    """Decide, store the decision with its evidence, and see to the anchor."""
    from xgoals.model.artifact import load_booster
    from xgoals.model.promotion import decide, decide_first

    model = registry.load_model(connection, challenger)
    now = datetime.now(UTC)
    if champion is None:
        load_booster(model)
        decision = decide_first(challenger, model.metrics)
        decision_n = registry.record_decision(connection, decision, run_id=context.run_id, decided_at=now)
        if decision.champion_after:
            registry.set_anchor(
                connection, challenger, decision_n=decision_n, reason="It was the first champion."
            )
        return decision
    opponent = registry.load_model(connection, champion)
    settings = context.settings.training
    judged, guards, anchor_is_lost = _evidence(connection, model, opponent)
    decision = decide(
        challenger,
        champion,
        judged,
        margin_log_loss=settings.promotion_margin_log_loss,
        auc_geometry=((model.metrics["out_of_fold"].get("geometry") or {}).get("auc")),
        has_grown=model.n_matches > MUCH_GROWTH * opponent.n_matches,
        guards=guards,
        needs_approval=settings.approval,
    )
    decision_n = registry.record_decision(connection, decision, run_id=context.run_id, decided_at=now)
    if anchor_is_lost:
        reason = "There was no anchor, or one whose features are no longer built."
        registry.set_anchor(connection, champion, decision_n=decision_n, reason=reason)
    if decision.verdict == "promoted" and decision.evidence["renews_anchor"]:
        registry.set_anchor(connection, challenger, decision_n=decision_n, reason=BETTER_ANCHOR)
    return decision


def _evidence(
    connection: Connection, challenger: ModelVersion, champion: ModelVersion
) -> tuple["pd.DataFrame", Sequence["GateCheck"], bool]:
    """What the gate is shown, the guards' findings, and whether there is no anchor that could be asked.

    Every prediction is by a model that had not seen the match: out of fold where the match was in the model's window,
    its own where the match is newer.
    """
    from xgoals.model.artifact import load_booster
    from xgoals.model.guards import data_guards, relied_on

    shots = _features(connection, challenger)
    of_champion = _features(connection, champion)
    window = registry.out_of_fold(connection, challenger.model_version)[["shot_key", "is_held_out"]]
    judged = shots.merge(window, on="shot_key", validate="1:1").set_index("shot_key")
    judged = judged.join(predictions(connection, challenger, shots, "challenger"))
    judged = judged.join(predictions(connection, champion, of_champion, "champion"))
    anchor = registry.anchor_name(connection)
    if anchor:
        model = registry.load_model(connection, anchor)
        judged = judged.join(predictions(connection, model, _features(connection, model), "anchor")["anchor"])
    knows = judged["champion_knows"].eq(True)
    judged["challenger_published"] = judged["challenger_xg"]
    judged["champion_published"] = judged["champion_xg"].where(knows)
    names = list(challenger.feature_names)
    guards = data_guards(
        of_champion[of_champion["shot_key"].isin(judged.index[knows])][list(champion.feature_names)],
        judged[names],
        judged.loc[~knows, names],
        relied_on(load_booster(champion)),
        matches=(challenger.n_matches, champion.n_matches),
    )
    anchor_is_lost = anchor is None or bool(judged["anchor"].notna().mean() < KEPT_SHARE)
    judged = judged.drop(columns=["anchor"] if anchor and anchor_is_lost else [])
    known = judged[["champion", *(["anchor"] if "anchor" in judged else [])]].notna().all(axis="columns")
    return judged[known], guards, anchor_is_lost


def _features(connection: Connection, model: ModelVersion) -> "pd.DataFrame":
    return feature_store.read_features(connection, model.catalogue, model.catalogue_version)
