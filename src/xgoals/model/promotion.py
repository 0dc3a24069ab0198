"""Challenger against champion, on evidence: both are judged on the same held-out matches."""

import pandas as pd

from xgoals.domain.model import Decision
from xgoals.model.metrics import compare


def decide(
    challenger: str, champion: str | None, held_out: pd.DataFrame, *, margin_log_loss: float
) -> Decision:
    """Whether the challenger becomes champion.

    Parameters
    ----------
    held_out
        Shots of the challenger's held-out matches: ``is_goal, is_penalty, match_id, match_date, challenger,
        champion``; the last two are predictions of models that had not seen the match.
    margin_log_loss
        How much worse the challenger's log loss may be.
    """
    if champion is None:
        evidence = compare(held_out, {"challenger": "challenger"})
        return Decision(
            challenger,
            None,
            "promoted",
            "It is the first model: there was no champion to compare it with.",
            evidence,
        )
    evidence = compare(held_out, {"challenger": "challenger", "champion": "champion"})
    evidence["margin_log_loss"] = margin_log_loss
    worse_by = evidence["challenger"]["log_loss"] - evidence["champion"]["log_loss"]
    verdict = (
        f"log loss {evidence['challenger']['log_loss']:.4f} against {evidence['champion']['log_loss']:.4f}"
    )
    on = f"on the same {evidence['n_shots']} held-out shots"
    if worse_by <= margin_log_loss:
        return Decision(
            challenger, champion, "promoted", f"Not worse than the champion: {verdict} {on}.", evidence
        )
    reason = f"Worse than the champion by more than {margin_log_loss}: {verdict} {on}."
    return Decision(challenger, champion, "kept", reason, evidence)
