"""Two sides beside each other, and who had the chances."""

from xgoals.report.shot_frame import Facts

LARGE_XG = 0.3
"""A large chance: counted as such, and its card stands open."""


def side_by_side(own: list[Facts]) -> Facts:
    """What analysts compare of one side's shots.

    Returns
    -------
    dict
        ``on_target`` (goals and saves), ``large`` (chances from :data:`LARGE_XG` on), ``headers``,
        ``best`` (xG of the best one), ``per_shot`` (mean xG without penalties; None without shots), ``open_xg`` (all
        but penalties and direct free kicks), ``provider_xg`` (None where it lacks for a shot).
    """
    plain = [shot for shot in own if not shot["is_penalty"]]
    provider = [shot["provider_xg"] for shot in own]
    return {
        "on_target": sum(shot["outcome"] in ("goal", "saved") for shot in own),
        "large": sum(shot["xg"] >= LARGE_XG for shot in own),
        "headers": sum(shot["body_part"] == "head" for shot in own),
        "best": max((shot["xg"] for shot in own), default=None),
        "per_shot": sum(shot["xg"] for shot in plain) / len(plain) if plain else None,
        "penalties": sum(shot["is_penalty"] for shot in own),
        "without_penalties": float(sum(shot["xg"] for shot in plain)),
        "provider_xg": None if None in provider or not own else float(sum(provider)),
    }


def players(told: list[Facts]) -> list[Facts]:
    """Who had the chances: ``name, side, n, goals, xg, best``, the largest sum first; nobody without a name."""
    rows: dict[tuple[str, str], Facts] = {}
    for shot in told:
        if not shot["player"]:
            continue
        row = rows.setdefault(
            (shot["side"], shot["player"]),
            {"name": shot["player"], "side": shot["side"], "n": 0, "goals": 0, "xg": 0.0, "best": 0.0},
        )
        row["n"] += 1
        row["goals"] += int(shot["is_goal"])
        row["xg"] += shot["xg"]
        row["best"] = max(row["best"], shot["xg"])
    return sorted(rows.values(), key=lambda row: (-row["xg"], row["name"]))
