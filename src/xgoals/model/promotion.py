"""Challenger against champion, on evidence: the verdict, its reason in words, and when the anchor is renewed.

The anchor is an earlier champion that stays put while champions come and go. Every challenger must hold against it
too: many losses, each within the margin, cannot add up unseen. It is renewed only by a champion that is better than
the anchor beyond chance, when the anchor's features are no longer built, or by a person's promotion.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from xgoals.domain.model import Because, Decision
from xgoals.model import gate
from xgoals.model.evidence import Evidence
from xgoals.model.gate import GateCheck
from xgoals.model.metrics import auc, compare


def statistical_gate(
    shots: Evidence,
    *,
    margin_log_loss: float,
    auc_geometry: float | None = None,
    has_grown: bool = False,
) -> tuple[list[GateCheck], bool]:
    """Every check of a challenger that meets a champion.

    Parameters
    ----------
    shots
        Those that are judged.
    margin_log_loss
        What a challenger may lose in log loss.
    auc_geometry
        AUC of the geometry-only peer on the challenger's window, where it is known.
    has_grown
        Whether the challenger knows so many more matches than the champion that a leap is to be expected; then only
        the peer can say what is too good.

    Returns
    -------
    checks, renews_anchor
        The second says whether the challenger is better than the anchor beyond chance.
    """
    latest, wider = shots.among(shots.is_held_out), gate.LATEST_MARGIN_FACTOR * margin_log_loss
    checks = [gate.not_worse("champion", shots, "champion", shots.champion, margin_log_loss)[0]]
    if len(latest):
        checks.append(gate.not_worse("latest", latest, "champion", latest.champion, wider)[0])
    renews_anchor = False
    if shots.anchor is not None:
        check, loss = gate.not_worse("anchor", shots, "anchor", shots.anchor, margin_log_loss)
        checks.append(check)
        renews_anchor = loss.high < 0
    checks.append(gate.calibrated(shots))
    if auc_geometry is not None:
        of_challenger = auc(shots.is_goal, shots.challenger)
        checks.append(gate.plausible_over_geometry(of_challenger, auc_geometry))
    if not has_grown:
        checks += [gate.plausible_gain(shots), gate.few_sharp_disagreements(shots)]
    return checks + gate.published_as_judged(shots), renews_anchor


def not_comparable(challenger: str, champion: str, shots: Evidence, n_window: int) -> Decision | None:
    """The verdict where there is nothing to compare the two on; None where there is.

    Parameters
    ----------
    shots
        Also those that no figure is over.
    n_window
        Shots of the challenger's window.
    """
    counted = shots.is_goal[shots.is_judged]
    if counted.nunique() == 2:
        return None
    reason = (
        f"The challenger was refused. It cannot be compared with the champion: of {n_window} shots of its window the "
        f"champion can predict {len(counted)} that are judged, with {int(counted.sum())} goals."
    )
    found = {"n_window": n_window, "n_judged": len(counted), "n_goals": int(counted.sum())}
    evidence = {"checks": [], "guards": [], "renews_anchor": False, "because": Because.NOT_COMPARABLE} | found
    return Decision(challenger, champion, "kept", reason, evidence)


def decide(
    challenger: str,
    champion: str,
    shots: Evidence,
    *,
    margin_log_loss: float,
    auc_geometry: float | None = None,
    has_grown: bool = False,
    guards: Sequence[GateCheck] = (),
    newcomers: Sequence[GateCheck] = (),
    needs_approval: bool = False,
) -> Decision:
    """Whether the challenger becomes champion.

    Parameters
    ----------
    shots
        Also those that no figure is over.
    auc_geometry, has_grown
        As in :func:`statistical_gate`.
    guards
        The data guards' findings, which refuse before any prediction is looked at.
    newcomers
        What was found on providers that the champion does not know (:func:`levels.gate.newcomer_checks`).
    needs_approval
        Whether a person has the last word on a challenger that passes.
    """
    checks, renews_anchor = statistical_gate(
        shots.among(shots.is_judged),
        margin_log_loss=margin_log_loss,
        auc_geometry=auc_geometry,
        has_grown=has_grown,
    )
    checks += newcomers
    names = ("challenger", "champion", *(["anchor"] if shots.anchor is not None else []))
    evidence: dict[str, Any] = compare(shots.frame(), {name: name for name in names}) | {
        "margin_log_loss": margin_log_loss,
        "guards": [check.as_record() for check in guards],
        "checks": [check.as_record() for check in checks],
        "renews_anchor": renews_anchor,
    }
    refused_by_guards = [check for check in guards if not check.passed]
    refused_by_gate = [check for check in checks if not check.passed]
    if refused_by_guards:
        return Decision(challenger, champion, "kept", _because("The data", refused_by_guards), evidence)
    if refused_by_gate:
        return Decision(challenger, champion, "kept", _because("The challenger", refused_by_gate), evidence)
    found = f"Not worse than the champion, calibrated, plausible: {checks[0].sentence}."
    if needs_approval:
        found += f" It waits for a person: xgoals models promote {challenger}."
        return Decision(challenger, champion, "awaiting_approval", found, evidence)
    return Decision(challenger, champion, "promoted", found, evidence)


def held_by_pin(decision: Decision) -> Decision:
    """The same where a person has pinned the champion: whatever was found, it stays."""
    evidence = {**decision.evidence, "pinned": True}
    reason = decision.reason
    if decision.verdict != "kept":
        reason = (
            f"The champion is pinned and stays. {decision.evidence['checks'][0]['sentence']}: it would have passed. "
            f"To have it all the same: xgoals models pin --none, then xgoals models promote {decision.challenger}."
        )
    return Decision(decision.challenger, decision.champion_before, "kept", reason, evidence)


def decide_first(challenger: str, metrics: Mapping[str, Any], floor: Sequence[GateCheck]) -> Decision:
    """The verdict on a model that meets no champion: it is promoted if it is neither too good nor too bad.

    Parameters
    ----------
    metrics
        As a trained model bears them.
    floor
        As :func:`xgoals.model.floor.floor_checks` returns them.
    """
    checks = [*gate.first_model_checks(metrics), *floor]
    evidence = {"challenger": metrics["held_out"]["model"], "checks": [c.as_record() for c in checks]}
    failed = [check for check in checks if not check.passed]
    if failed:
        return Decision(challenger, None, "kept", _because("The first model", failed), evidence)
    found = "; ".join(check.sentence for check in floor)
    reason = (
        f"It is the first model: there was no champion to compare it with. {found[:1].upper()}{found[1:]}."
    )
    return Decision(challenger, None, "promoted", reason, evidence)


_WHAT_FAILED = {
    "geometry": "worse than plain geometry",
    "calibrated_slope": "not calibrated",
    "calibrated_sum": "not calibrated",
    "as_many_matches": "window with fewer matches than the champion's",
    "features_alive_in_window": "a feature that the champion relies on has died",
    "features_alive_in_new_matches": "a feature that the champion relies on has died",
    "champion": "worse than the champion",
    "latest": "worse than the champion on the latest matches",
    "anchor": "worse than the anchor",
    "calibrated": "not calibrated",
    "level_gain": "worse than the champion on the shots of a provider that is new",
    "level_sum": "not at the level of a provider that is new",
    "plausible_gain": "too good to be true",
    "plausible_over_geometry": "too good to be true",
    "few_sharp_disagreements": "sharp disagreements with the champion",
    "published_sum": "the published model is not the one that was judged",
    "published_order": "the published model is not the one that was judged",
}


def _because(who: str, failed: Sequence[GateCheck]) -> str:
    found = "; ".join(f"{_WHAT_FAILED[check.name]}: {check.sentence}" for check in failed)
    return f"{who} was refused. {found[0].upper()}{found[1:]}."
