"""A matchday as numbers: results against chances, the best chances, the surprises, the sitters, the finishing."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from xgoals.report.shot_frame import Facts, Model, floats, without_penalties
from xgoals.report.summarise_match import goals_distribution, match_facts, published_shot

SITTER_XG = 0.4
"""A miss from here on is a sitter missed."""

SURPRISE_XG = 0.08
"""A goal from less than this is a surprise."""


def matchday_facts(
    matches: Iterable[Mapping[str, Any]],
    shots: pd.DataFrame,
    model: Model,
    models: Mapping[str, Model] | None = None,
) -> Facts:
    """All numbers of the matchday page.

    Parameters
    ----------
    matches
        As for a match page, and ``path``: where its own report lies, seen from this one (None without).
    shots
        The shots of all of them.
    model
        The champion.
    models
        The models that published the numbers, by version, where they are not all the champion's.

    Returns
    -------
    dict
        ``matches`` (:func:`match_facts` without shots, and ``path``, ``surprise``: how unlikely the result was),
        ``best, surprises, sitters`` (shots), ``teams`` and ``players`` (:func:`finishing`), ``totals``.
    """
    models = models or {}
    told = [_match(match, shots, model, models) for match in matches]
    cut = without_penalties(shots)
    blind = cut["xg_out_of_fold"].fillna(cut["xg"])
    goal = cut["is_goal"].astype(bool)
    return {
        "matches": sorted(
            told, key=lambda match: (str(match["match"]["match_date"]), match["match"]["home_team"])
        ),
        "best": _shots(cut, cut["xg"], model, models, ascending=False),
        "surprises": _shots(cut[goal & (blind < SURPRISE_XG)], blind, model, models, ascending=True),
        "sitters": _shots(cut[~goal & (cut["xg"] >= SITTER_XG)], cut["xg"], model, models, ascending=False),
        "teams": finishing(shots, "team"),
        "players": finishing(cut, "player"),
        "totals": {
            "goals": int(shots["is_goal"].astype(bool).sum()),
            "xg": float(floats(shots["xg"]).sum()),
            "n": len(shots),
            "n_matches": len(told),
        },
    }


def _match(match: Mapping[str, Any], shots: pd.DataFrame, model: Model, models: Mapping[str, Model]) -> Facts:
    facts = match_facts(match, shots[shots["match_id"] == match["match_id"]], model, models)
    home, away = facts["sides"]["home"]["score"], facts["sides"]["away"]["score"]
    result = "home" if home > away else "away" if away > home else "draw"
    return {
        **{key: facts[key] for key in ("match", "sides", "shares", "own_goals", "goals_without_shot")},
        "path": match.get("path"),
        "n_shots": len(facts["shots"]),
        "result": result,
        "likelihood": facts["shares"][result],
    }


def _shots(
    cut: pd.DataFrame,
    by: "pd.Series[float]",
    model: Model,
    models: Mapping[str, Model],
    *,
    ascending: bool,
    n: int = 6,
) -> list[Facts]:
    keyed = cut.assign(_by=by.reindex(cut.index))
    ordered = keyed.sort_values(["_by", "match_id", "shot_id"], ascending=[ascending, True, True]).head(n)
    return [published_shot(row, model, models) for row in ordered.drop(columns="_by").to_dict("records")]


def finishing(shots: pd.DataFrame, by: str) -> list[Facts]:
    """Goals and expected goals by team or player, the largest surplus first; own goals belong to nobody.

    Returns
    -------
    list of dict
        ``name, goals, xg, n, over`` and ``chance``: how often shots like these give so many goals or more (or, below
        expectation, so few or fewer), exactly, shots taken as independent.
    """
    rows: list[Facts] = [
        {
            "name": str(name),
            "goals": int(part["is_goal"].astype(bool).sum()),
            "xg": float(floats(part["xg"]).sum()),
            "n": len(part),
            "chances": floats(part["xg"]).tolist(),
        }
        for name, part in shots[shots[by].notna()].groupby(by)
    ]
    for row in rows:
        row["over"] = row["goals"] - row["xg"]
        row["chance"] = _as_far(row.pop("chances"), row["goals"], is_over=row["over"] >= 0)
    return sorted(rows, key=lambda row: (-row["over"], row["name"]))


def _as_far(chances: list[float], goals: int, *, is_over: bool) -> float:
    """Probability of this many goals or more, or of this many or fewer."""
    exact = goals_distribution(chances)
    return float(exact[goals:].sum() if is_over else exact[: goals + 1].sum())
