"""Data guards: what is wrong with the data before any model is judged. They are no statistics of predictions.

A feature that the champion relies on must not have turned constant or missing, in the challenger's window or in the
matches that are new since the champion was trained; and a challenger must not know fewer matches than the champion.
A feature that the champion never used (PlayerSpeed, where no feed has speeds) is of no concern.
"""

import numpy as np
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
    providers: "tuple[pd.Series[str], pd.Series[str]] | None" = None,
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
    providers
        Of the shots ``before`` and ``new``; None: all are one's. A provider's new shots are held against what it told
        before: one that never knew where people stand has lost nothing.
    """
    now, then = matches
    fewer = f"{now} matches to learn from, the champion had {then}"
    # What the champion splits on was neither missing nor constant when it was trained.
    in_window = {name: how for name in used if name in window and (how := _how_dead(window[name]))}
    in_new = {}
    for name in used:
        then_known, now_known = _told_before(before, new, name, providers)
        if len(now_known) and (how := _how_dead(now_known)) and not _by_chance(then_known, now_known):
            in_new[name] = how
    return [
        GateCheck("as_many_matches", now >= then, now, then, fewer),
        _alive("features_alive_in_window", in_window, f"{len(window)} shots of the window"),
        _alive("features_alive_in_new_matches", in_new, f"{len(new)} shots of the new matches"),
    ]


def _told_before(
    before: pd.DataFrame,
    new: pd.DataFrame,
    name: str,
    providers: "tuple[pd.Series[str], pd.Series[str]] | None",
) -> "tuple[pd.Series[float], pd.Series[float]]":
    """A feature before and in new shots, of those providers that told it before; nothing where it is not built."""
    if name not in new:
        return new.iloc[:0, 0], new.iloc[:0, 0]
    if providers is None:
        return before[name], new[name]
    of_before, of_new = (names.to_numpy() for names in providers)
    told = [p for p in np.unique(of_new) if not _how_dead(before.loc[of_before == p, name])]
    return before.loc[np.isin(of_before, told), name], new.loc[np.isin(of_new, told), name]


def _alive(name: str, dead: dict[str, str], where: str) -> GateCheck:
    words = "; ".join(f"{feature} is {how}" for feature, how in dead.items()) or "no feature in use is dead"
    return GateCheck(name, not dead, len(dead), 0, f"{words} in the {where}", features=tuple(dead))


def _how_dead(values: pd.Series) -> str | None:
    if values.isna().all():  # as is, of nothing, everything
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
