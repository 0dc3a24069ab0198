"""A matchday as numbers: results against chances, the best chances, the surprises, the sitters, the finishing."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from xgoals.report.shot_frame import Facts, Model, floats, without_penalties
from xgoals.report.summarise_match import match_facts
from xgoals.report.summarise_shots import shot_facts

SITTER_XG = 0.4
"""A miss from here on is a sitter missed."""

SURPRISE_XG = 0.08
"""A goal from less than this is a surprise."""


def matchday_facts(matches: Iterable[Mapping[str, Any]], shots: pd.DataFrame, model: Model) -> Facts:
    """All numbers of the matchday page.

    Parameters
    ----------
    matches
        As for a match page, and ``path``: where its own report lies, seen from this one (None without).
    shots
        The shots of all of them.
    model
        The model that scored them.

    Returns
    -------
    dict
        ``matches`` (:func:`match_facts` without shots, and ``path``, ``surprise``: how unlikely the result was),
        ``best, surprises, sitters`` (shots), ``teams`` and ``players`` (``name, goals, xg, over``), ``totals``.
    """
    told = [_match(match, shots, model) for match in matches]
    cut = without_penalties(shots)
    blind = cut["xg_out_of_fold"].fillna(cut["xg"])
    goal = cut["is_goal"].astype(bool)
    return {
        "matches": sorted(
            told, key=lambda match: (str(match["match"]["match_date"]), match["match"]["home_team"])
        ),
        "best": _shots(cut, cut["xg"], model, ascending=False),
        "surprises": _shots(cut[goal & (blind < SURPRISE_XG)], blind, model, ascending=True),
        "sitters": _shots(cut[~goal & (cut["xg"] >= SITTER_XG)], cut["xg"], model, ascending=False),
        "teams": finishing(shots, "team"),
        "players": finishing(cut, "player"),
        "totals": {
            "goals": int(shots["is_goal"].astype(bool).sum()),
            "xg": float(floats(shots["xg"]).sum()),
            "n": len(shots),
            "n_matches": len(told),
        },
    }


def _match(match: Mapping[str, Any], shots: pd.DataFrame, model: Model) -> Facts:
    facts = match_facts(match, shots[shots["match_id"] == match["match_id"]], model)
    home, away = facts["sides"]["home"]["score"], facts["sides"]["away"]["score"]
    result = "home" if home > away else "away" if away > home else "draw"
    return {
        **{key: facts[key] for key in ("match", "sides", "shares", "goals_without_shot")},
        "path": match.get("path"),
        "n_shots": len(facts["shots"]),
        "result": result,
        "likelihood": facts["shares"][result],
    }


def _shots(
    cut: pd.DataFrame, by: "pd.Series[float]", model: Model, *, ascending: bool, n: int = 6
) -> list[Facts]:
    keyed = cut.assign(_by=by.reindex(cut.index))
    ordered = keyed.sort_values(["_by", "match_id", "shot_id"], ascending=[ascending, True, True]).head(n)
    return [shot_facts(row, model) for row in ordered.drop(columns="_by").to_dict("records")]


def finishing(shots: pd.DataFrame, by: str) -> list[Facts]:
    """Goals and expected goals by team or player, the largest surplus first; own goals belong to nobody."""
    rows: list[Facts] = [
        {
            "name": str(name),
            "goals": int(part["is_goal"].astype(bool).sum()),
            "xg": float(floats(part["xg"]).sum()),
            "n": len(part),
        }
        for name, part in shots[shots[by].notna()].groupby(by)
    ]
    for row in rows:
        row["over"] = row["goals"] - row["xg"]
    return sorted(rows, key=lambda row: (-row["over"], row["name"]))
