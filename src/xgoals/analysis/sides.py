"""Two sides of a match beside each other, and who had the chances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xgoals.analysis.highlights import LARGE_XG
from xgoals.analysis.results import Chance, Side, sequences
from xgoals.analysis.shots import number_or_none, text_or_empty

_CLOCK = ("period", "minute", "second", "shot_id")
_NEEDED = ("team", "xg", "is_goal", "is_penalty", "player", "provider_xg", *_CLOCK)
_WHERE_KNOWN = ("outcome", "body_part")


@dataclass(frozen=True)
class MatchShot(Chance):
    """A shot as a match counts it; texts are empty and the provider's xG None where not known."""

    is_goal: bool
    is_penalty: bool
    player: str
    outcome: str
    body_part: str
    provider_xg: float | None


@dataclass(frozen=True)
class SideNumbers:
    """What analysts compare of one side of a match.

    Attributes
    ----------
    side, name
        Home or away, and the team.
    score
        Goals of the result, own goals of the other side among them.
    goals, own_goals, penalty_goals
        Goals from its shots; own goals given to it, where they are known; its goals from the spot.
    xg, n_shots
        Sum over its shots, and how many they were.
    on_target
        Goals and saves.
    large
        Chances from :data:`~xgoals.analysis.highlights.LARGE_XG` on, penalties apart.
    headers, penalties
        Shots with the head, shots from the spot.
    best
        xG of the best chance, penalties apart; None without shots.
    per_shot
        Mean xG without penalties; None without shots.
    without_penalties
        Sum of xG without penalties.
    provider_xg
        The provider's sum; None where it lacks for a shot.
    xg_by_attack
        The sum over its attacks, each worth at most one goal (:func:`xgoals.analysis.results.sequences`).
    """

    side: Side
    name: str
    score: int
    goals: int
    own_goals: int
    penalty_goals: int
    xg: float
    n_shots: int
    on_target: int
    large: int
    headers: int
    penalties: int
    best: float | None
    per_shot: float | None
    without_penalties: float
    provider_xg: float | None
    xg_by_attack: float


@dataclass(frozen=True)
class PlayerChances:
    """The chances of a player in a match: shots, goals, sum of xG and the best one."""

    name: str
    side: Side
    n_shots: int
    goals: int
    xg: float
    best: float


def side_of(team: object, match: Mapping[str, Any]) -> Side:
    """The side that a team is; whoever is not at home is away."""
    return "home" if team == match["home_team"] else "away"


def in_order_of_play(shots: pd.DataFrame) -> pd.DataFrame:
    """The shots of a match by half and clock, ties by id."""
    return shots.sort_values(list(_CLOCK), kind="stable")


def shots_of_match(match: Mapping[str, Any], shots: pd.DataFrame) -> list[MatchShot]:
    """The shots of a match in the order of play (see :mod:`xgoals.analysis.shots`)."""
    known = [*_NEEDED, *(column for column in _WHERE_KNOWN if column in shots)]
    return [
        MatchShot(
            side=side_of(text_or_empty(row["team"]), match),
            period=int(row["period"] or 0),
            clock_s=60 * int(row["minute"]) + int(row["second"] or 0),
            xg=float(row["xg"]),
            is_goal=bool(row["is_goal"]),
            is_penalty=bool(row["is_penalty"]),
            player=text_or_empty(row["player"]),
            outcome=text_or_empty(row.get("outcome")),
            body_part=text_or_empty(row.get("body_part")),
            provider_xg=number_or_none(row["provider_xg"]),
        )
        for row in in_order_of_play(shots[known]).to_dict("records")
    ]


def side_numbers(side: Side, match: Mapping[str, Any], shots: Sequence[MatchShot]) -> SideNumbers:
    """Count one side.

    Parameters
    ----------
    side, match
        Which side of which match (see :func:`xgoals.analysis.match.match_numbers`).
    shots
        Of both sides.
    """
    own = [shot for shot in shots if shot.side == side]
    plain = [shot.xg for shot in own if not shot.is_penalty]
    provider = [shot.provider_xg for shot in own if shot.provider_xg is not None]
    goals = sum(shot.is_goal for shot in own)
    given = sum(side_of(goal["team"], match) == side for goal in match.get("own_goals") or ())
    score = match.get(f"{side}_score")
    return SideNumbers(
        side=side,
        name=str(match[f"{side}_team"]),
        score=goals + given if score is None or pd.isna(score) else int(score),
        goals=goals,
        own_goals=given,
        penalty_goals=sum(shot.is_goal and shot.is_penalty for shot in own),
        xg=float(sum(shot.xg for shot in own)),
        n_shots=len(own),
        on_target=sum(shot.outcome in ("goal", "saved") for shot in own),
        large=sum(xg >= LARGE_XG for xg in plain),
        headers=sum(shot.body_part == "head" for shot in own),
        penalties=sum(shot.is_penalty for shot in own),
        best=max(plain, default=None),
        per_shot=sum(plain) / len(plain) if plain else None,
        without_penalties=float(sum(plain)),
        provider_xg=float(sum(provider)) if own and len(provider) == len(own) else None,
        xg_by_attack=float(sum(sequences(shots)[side])),
    )


def players(shots: Sequence[MatchShot]) -> list[PlayerChances]:
    """Who had the chances, the largest sum of xG first; nobody without a name."""
    found: dict[tuple[Side, str], list[MatchShot]] = {}
    for shot in shots:
        if shot.player:
            found.setdefault((shot.side, shot.player), []).append(shot)
    rows = [
        PlayerChances(
            name=name,
            side=side,
            n_shots=len(own),
            goals=sum(shot.is_goal for shot in own),
            xg=float(sum(shot.xg for shot in own)),
            best=max(shot.xg for shot in own),
        )
        for (side, name), own in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.xg, row.name))
