"""All players at once: what one is compared with, and what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.player.goals import MIN_SHOTS, MIN_SHOTS_FACED, LookedAt, looked_at
from xgoals.analysis.player.profile import Profiles
from xgoals.analysis.player.reasons import MeanShots, mean_shots
from xgoals.analysis.player.shots import Shots, player_shots, shots_by
from xgoals.analysis.player.takes import TakenBy, taken_by
from xgoals.domain.page_keys import ClubKey, PlayerKey, SeasonKey


@dataclass(frozen=True, slots=True)
class Seen:
    """At how many shots, and in how many matches, an outfield player is seen as an opponent for a club in a season."""

    club: ClubKey
    n_shots: int
    n_matches: int


@dataclass(frozen=True, eq=False, slots=True)
class Everybody:
    """What the pages of all players are written from.

    Attributes
    ----------
    names
        As people know them; who has none is not in it.
    shot_by, faced_by, made_by
        The shots that somebody took, faced as keeper, gave the last pass to; in the order of play.
    taken_by, seen
        What people took away, and at how many shots they are seen.
    shooters, keepers
        How rare everybody's goals are, and everybody's goals against.
    profiles, usual
        Everybody's shots by kind; the mean shot.
    """

    names: Mapping[PlayerKey, str]
    shot_by: Mapping[PlayerKey, Shots]
    faced_by: Mapping[PlayerKey, Shots]
    made_by: Mapping[PlayerKey, Shots]
    taken_by: TakenBy
    seen: Mapping[PlayerKey, tuple[Seen, ...]]
    shooters: LookedAt
    keepers: LookedAt
    profiles: Profiles
    usual: MeanShots

    @classmethod
    def of(
        cls,
        shots: pd.DataFrame,
        reasons: pd.DataFrame,
        actors: pd.DataFrame,
        references: pd.DataFrame,
        seen: pd.DataFrame,
    ) -> "Everybody":
        """Compare all with all.

        Parameters
        ----------
        shots, reasons
            As for :func:`xgoals.analysis.player.shots.player_shots`, in the order of play.
        actors, references
            As for :func:`xgoals.analysis.player.takes.taken_by`.
        seen
            Outfield opponents in frames, a row a person, season and club: ``provider, player_id, player, competition,
            season, team_id, team, n_shots, n_matches``.
        """
        every = player_shots(shots, reasons)
        shot_by = shots_by(every, lambda shot: shot.shooter)
        faced_by = shots_by(every, lambda shot: shot.keeper)
        return cls(
            names=_names(shots, seen),
            shot_by=shot_by,
            faced_by=faced_by,
            made_by=shots_by(every, lambda shot: shot.maker),
            taken_by=taken_by(actors, references, {shot.shot_key: shot for shot in every}),
            seen=_seen(seen),
            shooters=looked_at(shot_by.values(), MIN_SHOTS),
            keepers=looked_at(faced_by.values(), MIN_SHOTS_FACED),
            profiles=Profiles.of(every, shot_by),
            usual=mean_shots(every),
        )


def _seen(frame: pd.DataFrame) -> dict[PlayerKey, tuple[Seen, ...]]:
    found: dict[PlayerKey, tuple[Seen, ...]] = {}
    for row in frame.to_dict("records"):
        key = PlayerKey(row["provider"], row["player_id"])
        season = SeasonKey(row["competition"], row["season"])
        club = ClubKey(season, row["provider"], row["team_id"], row["team"])
        line = Seen(club, int(row["n_shots"]), int(row["n_matches"]))
        found[key] = (*found.get(key, ()), line)
    return found


def _names(shots: pd.DataFrame, seen: pd.DataFrame) -> dict[PlayerKey, str]:
    """The names of all, by key."""
    names: dict[PlayerKey, str] = {}
    columns = (
        (seen, "player_id", "player"),
        (shots, "keeper_id", "keeper"),
        (shots, "assist_player_id", "assist_player"),
        (shots, "player_id", "player"),
    )
    for frame, player_id, name in columns:
        known = frame[frame[name].notna() & frame[player_id].notna()].drop_duplicates(["provider", player_id])
        keys = map(PlayerKey, known["provider"], known[player_id])
        names.update(zip(keys, known[name], strict=True))
    return names
