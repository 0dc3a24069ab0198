"""Clubs made by hand: the shots of a season with everything that a club's page tells."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from seasons_by_hand import SEASON, match, shots_of
from xgoals.domain.page_keys import PlayerKey
from xgoals.domain.reason import Part
from xgoals.domain.season import SeasonMatch
from xgoals.steps.pages.season_data import SeasonData

LENGTH_M = 105.0
"""Of the pitch."""
_USUAL = {
    "x_m": LENGTH_M / 2 - 11, "y_m": 0.0, "pitch_length_m": LENGTH_M, "body_part": "right_foot",
    "shot_type": "open_play", "set_up": "open_play", "assist_kind": None, "has_positions": True,
}  # fmt: skip


def with_places(shots: pd.DataFrame, changes: dict[int, dict[str, Any]] | None = None) -> pd.DataFrame:
    """The shots from the penalty spot, in open play, with the right foot, but for what is changed, by row."""
    frame = shots.assign(**_USUAL).astype(object)
    for row, values in (changes or {}).items():
        for column, value in values.items():
            frame.loc[row, column] = value
    kinds = {"x_m": float, "y_m": float, "xg": float, "is_goal": bool, "is_penalty": bool, "shot_key": int}
    return frame.astype(kinds | {"pitch_length_m": float, "has_seen_match": bool})


def reasons(values: dict[int, Sequence[float]]) -> pd.DataFrame:
    """By shot key what place, keeper, opponents and strike change, and the xG with nobody there, if it is known."""
    columns = ["shot_key", *map(str, Part), "empty_xg"]
    rows = [(key, *of, *([np.nan] if len(of) == len(Part) else [])) for key, of in values.items()]
    return pd.DataFrame(rows, columns=columns).astype({"shot_key": int} | dict.fromkeys(columns[1:], float))


def actors(*rows: tuple[int, str, bool, float]) -> pd.DataFrame:
    """Shot, player, whether he kept goal, and what he took."""
    frame = pd.DataFrame(list(rows), columns=["shot_key", "player_id", "is_keeper", "takes"])
    return frame.assign(provider="feed", player=frame["player_id"].str.upper())


def seen(*rows: tuple[int, str, bool, bool]) -> pd.DataFrame:
    """Shot, player, whether he is with the shooter, whether he keeps goal."""
    return pd.DataFrame(list(rows), columns=["shot_key", "player_id", "is_teammate", "is_keeper"])


def season(matches: Sequence[SeasonMatch], shots: pd.DataFrame, **more: Any) -> SeasonData:
    """A season as it is read."""
    clubs = sorted({club for played in matches for club in (played.home, played.away)})
    people = {
        PlayerKey("feed", str(key)): str(name)
        for role in ("player", "keeper")
        for key, name in zip(shots[f"{role}_id"], shots[role], strict=True)
        if key is not None
    }
    parts = {
        "matches": tuple(matches), "shots": shots, "reasons": reasons({}), "actors": actors(), "seen": seen(),
        "own_goals": pd.DataFrame({"provider": [], "match_id": [], "team_id": []}, dtype=str),
        "incidents": pd.DataFrame(), "clubs": tuple(clubs), "players": people,
    }  # fmt: skip
    return SeasonData(**(parts | more), key=SEASON)


def round_robin(n_rounds: int, names: str = "ABCD") -> list[SeasonMatch]:
    """Everybody against everybody else so many times, home and away by turns, 0-0."""
    pairs = [(home, away) for n in range(n_rounds) for home, away in _pairs(names, n)]
    return [match(n, *pair, (0, 0)) for n, pair in enumerate(pairs)]


def _pairs(names: str, n: int) -> list[tuple[str, str]]:
    all_of_them = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    return [(b, a) for a, b in all_of_them] if n % 2 else all_of_them


__all__ = ["actors", "match", "reasons", "round_robin", "season", "seen", "shots_of", "with_places"]
