"""A shot as the pages of players count and show it, and whose it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from xgoals.analysis.player.kinds import Kinds, kinds_of
from xgoals.analysis.shots import number_or_none, text_or_empty
from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, SeasonKey
from xgoals.domain.reason import Part


@dataclass(frozen=True, slots=True)
class PlayerShot:
    """One shot, whoever is asked about it; texts are empty where not known.

    Attributes
    ----------
    shot_key, match, anchor
        Which; its match; the name of its card on the match's page.
    match_date, club, opponent, is_home
        When, for whom the shooter plays, against whom.
    shooter, keeper, maker
        Who took it, kept goal, gave the last pass; None where nobody is named.
    player, keeper_name, maker_name
        What they are called.
    period, minute, second
        When in the match.
    depth_m, left_m
        From the goal line, and to the attacker's left of its middle; None where the place is not known.
    end_left_m, end_height_m
        Where on the goal line it ended, as the shooter sees it; None where not known.
    outcome, is_goal, is_penalty
        What became of it.
    xg
        The published number.
    has_seen_match
        Whether the model that said it has learned from the match.
    has_positions, tells_assists
        Whether anybody's position is known, and whether a feed names passes before any shot of the match.
    kinds
        Its kinds.
    reasons
        In xG, the parts that are known; empty without reasons.
    """

    shot_key: int
    match: MatchKey
    anchor: str
    match_date: date
    club: ClubKey
    opponent: ClubKey
    is_home: bool
    shooter: PlayerKey | None
    keeper: PlayerKey | None
    maker: PlayerKey | None
    player: str
    keeper_name: str
    maker_name: str
    period: int
    minute: int
    second: int
    depth_m: float | None
    left_m: float | None
    end_left_m: float | None
    end_height_m: float | None
    outcome: str
    is_goal: bool
    is_penalty: bool
    xg: float
    has_seen_match: bool
    has_positions: bool
    tells_assists: bool
    kinds: Kinds
    reasons: Mapping[Part, float]

    @property
    def season(self) -> SeasonKey:
        """The season of the match."""
        return self.club.season


Shots = Sequence[PlayerShot]


_NEEDED = (
    "shot_key", "provider", "match_id", "anchor", "competition", "season", "match_date", "team_id", "team",
    "opponent_id", "opponent", "is_home", "player_id", "keeper_id", "assist_player_id", "player", "keeper",
    "assist_player", "period", "minute", "second", "x_m", "y_m", "pitch_length_m", "end_y_m", "end_z_m", "outcome",
    "is_goal", "is_penalty", "xg", "has_seen_match", "has_positions",
)  # fmt: skip


def player_shots(shots: pd.DataFrame, reasons: pd.DataFrame) -> list[PlayerShot]:
    """Every row of the frame of shots, in its order.

    Parameters
    ----------
    shots
        Columns of ``store.told.play.read_shots`` and ``competition, season, anchor``; whole matches.
    reasons
        ``shot_key`` and a column a part, NaN where not known; a shot without reasons is not in it.
    """
    tells = shots["assist_kind"].notna() | shots["assist_player_id"].notna()
    tells_assists = tells.groupby([shots["provider"], shots["match_id"]]).transform("any")
    known = _reasons(reasons)
    rows = zip(
        shots.to_dict("records"),
        kinds_of(shots),
        tells_assists,
        strict=True,
    )
    return [_shot(row, kinds, bool(tells), known.get(row["shot_key"], {})) for row, kinds, tells in rows]


def _reasons(reasons: pd.DataFrame) -> dict[int, Mapping[Part, float]]:
    parts = tuple(Part)
    values = reasons[list(parts)].to_numpy(dtype=np.float64).tolist()
    return {
        int(key): {part: value for part, value in zip(parts, row, strict=True) if value == value}
        for key, row in zip(reasons["shot_key"], values, strict=True)
    }


def _shot(
    row: dict[Any, Any], kinds: Kinds, tells_assists: bool, reasons: Mapping[Part, float]
) -> PlayerShot:
    half, x_m, end_y_m = (
        float(row["pitch_length_m"]) / 2,
        number_or_none(row["x_m"]),
        number_or_none(row["end_y_m"]),
    )
    season = SeasonKey(row["competition"], row["season"])
    return PlayerShot(
        shot_key=int(row["shot_key"]),
        match=MatchKey(row["provider"], row["match_id"]),
        anchor=row["anchor"],
        match_date=row["match_date"],
        club=ClubKey(season, row["provider"], row["team_id"], text_or_empty(row["team"])),
        opponent=ClubKey(season, row["provider"], row["opponent_id"], text_or_empty(row["opponent"])),
        is_home=bool(row["is_home"]),
        shooter=_player(row, "player_id"),
        keeper=_player(row, "keeper_id"),
        maker=_player(row, "assist_player_id"),
        player=text_or_empty(row["player"]),
        keeper_name=text_or_empty(row["keeper"]),
        maker_name=text_or_empty(row["assist_player"]),
        period=int(row["period"]),
        minute=int(row["minute"]),
        second=int(row["second"]),
        depth_m=None if x_m is None else half - x_m,
        left_m=number_or_none(row["y_m"]),
        end_left_m=end_y_m,
        end_height_m=number_or_none(row["end_z_m"]),
        outcome=text_or_empty(row["outcome"]),
        is_goal=bool(row["is_goal"]),
        is_penalty=bool(row["is_penalty"]),
        xg=float(row["xg"]),
        has_seen_match=bool(row["has_seen_match"]),
        has_positions=bool(row["has_positions"]),
        tells_assists=tells_assists,
        kinds=kinds,
        reasons=reasons,
    )


def _player(row: dict[Any, Any], column: str) -> PlayerKey | None:
    player_id = row[column]
    return PlayerKey(row["provider"], player_id) if isinstance(player_id, str) else None


def shots_by(
    shots: Shots, who: Callable[[PlayerShot], PlayerKey | None]
) -> dict[PlayerKey, list[PlayerShot]]:
    """The shots of each player, in their order; those without one belong to nobody."""
    found: dict[PlayerKey, list[PlayerShot]] = {}
    for shot in shots:
        player = who(shot)
        if player is not None:
            found.setdefault(player, []).append(shot)
    return found


def open_play(shots: Iterable[PlayerShot]) -> list[PlayerShot]:
    """Without penalties."""
    return [shot for shot in shots if not shot.is_penalty]
