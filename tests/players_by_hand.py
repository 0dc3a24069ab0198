"""Shots of players, made by hand, that tests of numbers and tests of pages share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from xgoals.analysis.player.everybody import Everybody, Seen
from xgoals.analysis.player.goals import MIN_SHOTS, MIN_SHOTS_FACED, looked_at
from xgoals.analysis.player.kinds import Band, Kinds, Situation, Strike, Zone
from xgoals.analysis.player.profile import Profiles
from xgoals.analysis.player.reasons import mean_shots
from xgoals.analysis.player.shots import PlayerShot, shots_by
from xgoals.analysis.player.takes import Taken
from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, SeasonKey

SEASON = SeasonKey("League", "2023/2024")
REDS, BLUES = ClubKey(SEASON, "p", "1", "Reds"), ClubKey(SEASON, "p", "2", "Blues")
STRIKER, KEEPER, MAKER, BACK = (PlayerKey("p", name) for name in ("striker", "keeper", "maker", "back"))

SHOT = PlayerShot(
    shot_key=1, match=MatchKey("p", "m1"), anchor="shot-1", match_date=date(2024, 5, 1), club=REDS, opponent=BLUES,
    is_home=True, shooter=STRIKER, keeper=KEEPER, maker=None, player="Ada Striker", keeper_name="Kim Keeper",
    maker_name="", period=1, minute=10, second=0, depth_m=10.0, left_m=2.0, end_left_m=None, end_height_m=None,
    outcome="saved", is_goal=False, is_penalty=False, xg=0.1, has_seen_match=False, has_positions=True,
    tells_assists=False, kinds=Kinds(Zone.NEAR, Strike.RIGHT_FOOT, Situation.OPEN_PLAY, Band.FAIR),
    reasons={},
)  # fmt: skip
"""A save from 10 m."""


def shot(n: int, **changes: Any) -> PlayerShot:
    """The n-th shot; a goal where the outcome says so."""
    made = replace(SHOT, shot_key=n, anchor=f"shot-{n}", minute=n % 90)
    made = replace(made, **changes)
    return replace(made, is_goal=made.outcome == "goal")


def everybody(
    shots: Sequence[PlayerShot],
    *,
    names: Mapping[PlayerKey, str] | None = None,
    taken: Mapping[str, Mapping[PlayerKey, Sequence[Taken]]] | None = None,
    seen: Mapping[PlayerKey, tuple[Seen, ...]] | None = None,
) -> Everybody:
    """All players of these shots, as the frames of a database would give them."""
    shot_by, faced_by = shots_by(shots, lambda of: of.shooter), shots_by(shots, lambda of: of.keeper)
    return Everybody(
        names={STRIKER: "Ada Striker", KEEPER: "Kim Keeper"} if names is None else names,
        shot_by=shot_by,
        faced_by=faced_by,
        made_by=shots_by(shots, lambda of: of.maker),
        taken_by={"keeper": {}, "opponent": {}, **(taken or {})},
        seen=seen or {},
        shooters=looked_at(shot_by.values(), MIN_SHOTS),
        keepers=looked_at(faced_by.values(), MIN_SHOTS_FACED),
        profiles=Profiles.of(shots, shot_by),
        usual=mean_shots(shots),
    )
