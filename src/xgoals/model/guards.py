"""Data guards: what is wrong with the data before any model is judged. They are no statistics of predictions.

A feature that the champion relies on must not have turned constant or missing, in the challenger's window or in the
matches that are new since the champion was trained; and a challenger must not know fewer matches than the champion.
A feature that the champion never used (PlayerSpeed, where no feed has speeds) is of no concern.
"""

import pandas as pd
import xgboost

from xgoals.model.gate import GateCheck

MAX_CHANCE = 1e-6
"""Of a feature being constant or missing in so many shots, judged by how it was distributed before."""


def relied_on(booster: xgboost.Booster) -> list[str]:
    """The features that a model splits on, the most useful first."""
    gain = booster.get_score(importance_type="total_gain")
    return sorted((name for name, value in gain.items() if value > 0), key=lambda name: -gain[name])


def data_guards(
    before: pd.DataFrame,
    window: pd.DataFrame,
    new: pd.DataFrame,
    used: list[str],
    *,
    matches: tuple[int, int],
) -> list[GateCheck]:
    """All guards.

    Parameters
    ----------
    before
        Features of the champion's window.
    window, new
        Features of the challenger's window, and of the matches in it that the champion does not know. A feature that
        they lack (another catalogue) is passed over.
    used
        The features that the champion relies on.
    matches
        How many the challenger's and the champion's window have.
    """
    now, then = matches
    fewer = f"{now} matches to learn from, the champion had {then}"
    # What the champion splits on was neither missing nor constant when it was trained.
    in_window = {name: how for name in used if name in window and (how := _how_dead(window[name]))}
    in_new = {
        name: how
        for name in used
        if len(new)
        and name in new
        and (how := _how_dead(new[name]))
        and not _by_chance(before[name], new[name])
    }
    return [
        GateCheck("as_many_matches", now >= then, now, then, fewer),
        _alive("features_alive_in_window", in_window, f"{len(window)} shots of the window"),
        _alive("features_alive_in_new_matches", in_new, f"{len(new)} shots of the new matches"),
    ]


def _alive(name: str, dead: dict[str, str], where: str) -> GateCheck:
    words = "; ".join(f"{feature} is {how}" for feature, how in dead.items()) or "no feature in use is dead"
    return GateCheck(name, not dead, len(dead), 0, f"{words} in the {where}", features=tuple(dead))


def _how_dead(values: pd.Series) -> str | None:
    if values.isna().all():
        return "missing"
    known = values.dropna()
    return "constant" if known.eq(known.iloc[0]).all() else None


def _by_chance(before: pd.Series, now: pd.Series) -> bool:
    """Whether so many shots may well all be missing, or all be the same, by how the feature was distributed."""
    known = now.dropna()
    if known.empty:
        return bool(before.isna().mean() ** len(now) >= MAX_CHANCE)
    usual = before.dropna().eq(known.iloc[0]).mean() if before.notna().any() else 1.0
    return bool(usual ** len(known) >= MAX_CHANCE)
