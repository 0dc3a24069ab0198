"""Seasons made by hand: matches with a few shots, as the store would read them."""

from datetime import date, timedelta

import pandas as pd

from xgoals.domain.match import MatchStatus
from xgoals.domain.page_keys import ClubKey, MatchKey, RoundKey, SeasonKey
from xgoals.domain.reason import Part
from xgoals.domain.season import SeasonMatch

SEASON = SeasonKey("League", "2030")
FIRST_DAY = date(2030, 8, 1)


def club(name: str) -> ClubKey:
    return ClubKey(SEASON, "feed", name.lower(), name)


def match(
    n: int,
    home: str,
    away: str,
    score: tuple[int, int] | None,
    *,
    matchday: int | None = 1,
    stage: str | None = None,
    status: MatchStatus = MatchStatus.PLAYED,
    n_shots: int = 1,
) -> SeasonMatch:
    """Match n, a week after the one before it."""
    return SeasonMatch(
        key=MatchKey("feed", f"m{n}"),
        round=RoundKey(SEASON, stage or str(matchday)),
        matchday=matchday,
        match_date=FIRST_DAY + timedelta(days=7 * n),
        home=club(home),
        away=club(away),
        home_score=None if score is None else score[0],
        away_score=None if score is None else score[1],
        status=status,
        n_shots=n_shots,
        is_simulated=False,
    )


def shots_of(*shots: tuple[SeasonMatch, str, float, bool], penalties: tuple[int, ...] = ()) -> pd.DataFrame:
    """Shots: match, who shoots ("home" or "away"), xG, whether it went in; one a minute, so that none is a rebound."""
    rows = []
    for n, (played, side, xg, is_goal) in enumerate(shots):
        own, other = (played.home, played.away) if side == "home" else (played.away, played.home)
        rows.append(
            {
                "shot_key": n, "provider": "feed", "match_id": played.key.match_id, "shot_id": f"s{n}",
                "match_date": played.match_date, "is_home": side == "home", "team_id": own.team_id, "team": own.name,
                "opponent_id": other.team_id, "opponent": other.name, "player_id": f"p{own.name}",
                "player": f"{own.name} Striker", "assist_player_id": None, "assist_player": None,
                "keeper_id": f"k{other.name}", "keeper": f"{other.name} Keeper", "period": 1, "minute": n % 45,
                "second": 0, "xg": xg, "has_positions": True,
                "is_goal": is_goal, "is_penalty": n in penalties, "has_seen_match": False,
                "outcome": "goal" if is_goal else "saved", "home_team": played.home.name,
                "away_team": played.away.name, "is_simulated": False, "anchor": f"shot-{n}",
            }
        )  # fmt: skip
    columns = (
        "shot_key", "provider", "match_id", "shot_id", "match_date", "is_home", "team_id", "team", "opponent_id",
        "opponent", "player_id", "player", "assist_player_id", "assist_player", "keeper_id", "keeper", "period",
        "minute", "second", "xg", "has_positions", "is_goal", "is_penalty", "has_seen_match", "outcome",
        "home_team", "away_team",
        "is_simulated", "anchor",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))


def reasons_of(values: dict[int, tuple[float, float, float, float]]) -> pd.DataFrame:
    """By shot key what place, keeper, opponents and strike change; each holds from 0.05 on."""
    rows = [
        {"shot_key": key}
        | {str(part): value for part, value in zip(Part, of, strict=True)}
        | {f"holds_{part}": abs(value) >= 0.05 for part, value in zip(Part, of, strict=True)}
        for key, of in values.items()
    ]
    columns = ["shot_key", *(str(part) for part in Part), *(f"holds_{part}" for part in Part)]
    return pd.DataFrame(rows, columns=columns)
