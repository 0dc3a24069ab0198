"""A version that differs from the champion in levels alone, before the gate: better where it differs.

Its trees have been judged. What is asked is asked of each provider whose numbers change: on matches that have not
taught the level it loses nothing, and its sum of xG is that of the goals.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from xgoals.domain.model import Because, Decision
from xgoals.model.gate import CONFIDENCE, N_RESAMPLES, GateCheck, paired_loss
from xgoals.model.levels.judge import TOLERANCE
from xgoals.model.resampling import Draws, one_sided_bounds

SAME = 1e-6
"""Numbers by the same trees are no farther apart."""


def level_checks(shots: pd.DataFrame, changed: Sequence[str]) -> list[GateCheck]:
    """What is asked of a version with new levels.

    Parameters
    ----------
    shots
        Those that figures are over: ``provider, match_id, is_goal``, and ``champion, challenger``: xG by who has not
        seen the match.
    changed
        The providers whose level was learnt.
    """
    others = shots[~shots["provider"].isin(changed)]
    apart = float((others["challenger"] - others["champion"]).abs().max()) if len(others) else 0.0
    untouched = GateCheck(
        "others_untouched", apart <= SAME, apart, SAME,
        f"numbers of other providers differ by {apart:.1g} at most", n_shots=len(others),
    )  # fmt: skip
    return [check for name in changed for check in _of_provider(shots[shots["provider"] == name], name)] + [
        untouched
    ]


def decide_level(
    challenger: str,
    champion: str,
    shots: pd.DataFrame,
    changed: Sequence[str],
    *,
    needs_approval: bool = False,
) -> Decision:
    """Whether a version with new levels becomes champion; ``shots`` and ``changed`` as for :func:`level_checks`."""
    checks = level_checks(shots, changed)
    evidence = {
        "guards": [],
        "checks": [check.as_record() for check in checks],
        "renews_anchor": False,
        "levels": list(changed),
    }
    failed = [check for check in checks if not check.passed]
    if failed:
        reason = f"The level of {', '.join(changed)} was refused. {'; '.join(c.sentence for c in failed)}."
        return Decision(challenger, champion, "kept", reason, evidence | {"because": Because.REFUSED})
    found = (
        f"The champion's trees with a level of {', '.join(changed)}: {'; '.join(c.sentence for c in checks)}."
    )
    if needs_approval:
        found += f" It waits for a person: xgoals models promote {challenger}."
    verdict = "awaiting_approval" if needs_approval else "promoted"
    return Decision(challenger, champion, verdict, found, evidence | {"because": Because.LEVEL})  # type: ignore[arg-type]


def newcomer_checks(shots: pd.DataFrame) -> list[GateCheck]:
    """What is asked of newly trained trees on the shots of providers that the champion's trees do not know.

    The champion is off there, so nothing that is measured over all shots would say anything of the rest: the loss may
    not be surely higher, and the sum of xG has to be that of the goals.

    Parameters
    ----------
    shots
        Those that figures are over, as for :func:`level_checks`.
    """
    names = sorted(shots["provider"].unique())
    return [
        check
        for name in names
        for check in _of_provider(shots[shots["provider"] == name], name, by_chance=True)
    ]


def _of_provider(shots: pd.DataFrame, name: str, *, by_chance: bool = False) -> list[GateCheck]:
    """``by_chance``: whether a loss that chance may be is let pass."""
    loss = paired_loss(shots["is_goal"], shots["match_id"], shots["challenger"], shots["champion"])
    on = {"n_shots": len(shots), "n_matches": int(shots["match_id"].nunique()), "features": (name,)}
    gained = GateCheck(
        "level_gain", (loss.low if by_chance else loss.mean) <= 0, loss.mean, 0.0,
        f"log loss {loss.mean:+.4f} on {name}'s shots that have not taught it (99 % bounds {loss.low:+.4f} and "
        f"{loss.high:+.4f})", loss.low, loss.high, **on,  # type: ignore[arg-type]
    )  # fmt: skip
    goal, xg = shots["is_goal"].to_numpy(dtype=np.float64), shots["challenger"].to_numpy(dtype=np.float64)
    draws, total = Draws.of(shots["match_id"], N_RESAMPLES, seed=0), float(xg.sum() / max(goal.sum(), 1))
    low, high = one_sided_bounds(draws.sums(xg) / np.maximum(draws.sums(goal), 1), 1 - (1 - CONFIDENCE) / 2)
    is_level = abs(total - 1) <= TOLERANCE or low <= 1 <= high
    told = GateCheck(
        "level_sum", is_level, total, 1.0,
        f"sum of xG over goals {total:.3f} (99 % interval {low:.3f} to {high:.3f})", low, high, **on,  # type: ignore[arg-type]
    )  # fmt: skip
    return [gained, told]
