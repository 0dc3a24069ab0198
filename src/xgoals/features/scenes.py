"""Shots and people as columns: what every feature is computed from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.domain.match import Match
from xgoals.domain.scene import MatchRecord, Scene
from xgoals.domain.shot import UNKNOWN, BodyPart, Shot
from xgoals.features.interception import FITTED, Interception, Lines, Persons, Placement, lines_to_goal

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Word = TypeVar("Word", bound=StrEnum)

REBOUND_WINDOW_S = (1.0, 5.0)
"""A shot this long after its team's previous one is a rebound. A shot in the same second would leak: feeds
that record whole seconds cannot say which came first, and the second one knows that the first was no goal."""


@dataclass(frozen=True)
class Scenes:
    """n shots and the people around them.

    Attributes
    ----------
    shots
        n rows: ``x_m, y_m, pitch_length_m, body_part, shot_type, ball_control, set_up, technique,
        shooter_vx_ms, shooter_vy_ms, frame_source`` and, for rebounds, ``match_id, team_id, period,
        period_time_s, event_n`` (and ``provider``, where there are several), or ``is_rebound`` where it is
        known already; ``is_won_in_the_air`` where the feed tells of aerial duels.
    people
        One row a person: ``row`` (the shot's position in ``shots``), ``x_m, y_m, is_teammate, is_keeper``.
    interception
        The physics of keeper and blockers; only a fit of its parameters has a reason to change it.
    """

    shots: pd.DataFrame
    people: pd.DataFrame
    interception: Interception = FITTED

    @classmethod
    def of(cls, records: Iterable[MatchRecord]) -> "Scenes":
        """The scenes of matches that were read but not stored.

        ``shots`` also holds ``provider, shot_id, competition, season, matchday, minute, player, team, is_goal,
        is_penalty, provider_xg``.
        """
        shots: list[dict[str, object]] = []
        people: list[tuple[int, float, float, bool, bool]] = []
        for record in records:
            scenes = {scene.shot_id: scene for scene in record.scenes}
            teams = {team.team_id: team.name for team in record.teams}
            players = {player.player_id: player.short_name or player.name for player in record.players}
            for shot in record.shots:
                scene = scenes.get(shot.shot_id, Scene(shot.shot_id))
                people += [(len(shots), p.x_m, p.y_m, p.is_teammate, p.is_keeper) for p in scene.people]
                names = {"team": teams.get(shot.team_id), "player": players.get(shot.player_id or "")}
                shots.append(_shot_columns(record.match, shot, scene) | names)
        return cls(
            pd.DataFrame(shots),
            pd.DataFrame(people, columns=["row", "x_m", "y_m", "is_teammate", "is_keeper"]),
        )

    def __len__(self) -> int:
        return len(self.shots)

    def column(self, name: str) -> FloatArray:
        """A numeric column of the shots, shape (n,)."""
        return self.shots[name].to_numpy(dtype=np.float64, na_value=np.nan)

    def is_word(self, column: str, *words: str) -> BoolArray:
        """Whether a column of words holds one of these, shape (n,)."""
        held = self.shots[column].array
        if isinstance(held, pd.Categorical):  # of a single scene, pandas takes longer than all the rest
            is_one = np.array([*(word in words for word in held.categories), False])
            return np.asarray(is_one[held.codes])
        return self.shots[column].isin(words).to_numpy()

    def codes(self, column: str, table: Mapping[Word, int], other: Word) -> FloatArray:
        """A column of words as codes, shape (n,); words that the table lacks get the code of ``other``.

        A word that the feed has not said is NaN.
        """
        plain = {str(word): float(code) for word, code in table.items()}
        codes = self.shots[column].map(plain).fillna(float(table[other]))
        return self.where_known(np.asarray(codes, dtype=np.float64), column)

    def where_known(self, values: FloatArray, *columns: str) -> FloatArray:
        """The values, shape (n,); NaN where the feed has not said one of the words that they rest on."""
        for column in columns:
            values = np.where(self.is_word(column, UNKNOWN), np.nan, values)
        return values

    @cached_property
    def goal_x_m(self) -> FloatArray:
        """The goal line attacked, shape (n,)."""
        return self.column("pitch_length_m") / 2

    @cached_property
    def has_people(self) -> BoolArray:
        """Whether anybody's position is known, shape (n,)."""
        return np.bincount(self.people["row"].to_numpy(dtype=np.int64), minlength=len(self)) > 0

    @cached_property
    def outfield_opponents(self) -> "People":
        """All opponents but keepers."""
        is_keeper = self.people["is_keeper"].to_numpy(dtype=bool)
        chosen = ~self.people["is_teammate"].to_numpy(dtype=bool) & ~is_keeper
        return People(self, self.people[chosen])

    @cached_property
    def others(self) -> "People":
        """Everybody but the shooter and the opponents' keepers."""
        is_keeper = self.people["is_keeper"].to_numpy(dtype=bool)
        chosen = self.people["is_teammate"].to_numpy(dtype=bool) | ~is_keeper
        return People(self, self.people[chosen])

    @cached_property
    def lines(self) -> Lines:
        """The lines to the goal, and who meets the ball on them."""
        placement = Placement(
            x_m=self.column("x_m"),
            y_m=self.column("y_m"),
            goal_x_m=self.goal_x_m,
            is_header=self.is_word("body_part", BodyPart.HEAD),
            keeper_xy_m=self.keeper_xy_m,
            has_people=self.has_people,
            screens=self.others.persons,
            blockers=self.outfield_opponents.persons,
        )
        return lines_to_goal(placement, self.interception)

    @cached_property
    def keeper_xy_m(self) -> tuple[FloatArray, FloatArray]:
        """The opponents' keeper, each shape (n,); NaN where none is in the frame, of two the deepest."""
        is_keeper = self.people["is_keeper"].to_numpy(dtype=bool)
        keepers = np.flatnonzero(~self.people["is_teammate"].to_numpy(dtype=bool) & is_keeper)
        row = self.people["row"].to_numpy(dtype=np.int64)[keepers]
        x_m, y_m = (self.people[name].to_numpy(dtype=np.float64)[keepers] for name in ("x_m", "y_m"))
        # Whatever the order of rows, and on a mirrored pitch too: then the more central, then the nearer one.
        order = np.lexsort((y_m * self.column("y_m")[row], -np.abs(y_m), x_m))
        xy = np.full((len(self), 2), np.nan)
        xy[row[order]] = np.column_stack([x_m, y_m])[order]  # of one shot's the last one stays
        return xy[:, 0], xy[:, 1]

    @cached_property
    def is_won_in_the_air(self) -> BoolArray:
        """Whether the shooter won an aerial duel for the ball, shape (n,); False where the feed does not tell."""
        if "is_won_in_the_air" not in self.shots.columns:
            return np.zeros(len(self), dtype=bool)
        return self.shots["is_won_in_the_air"].fillna(False).to_numpy(dtype=bool)

    @cached_property
    def is_rebound(self) -> BoolArray:
        """Whether the shot follows its team's previous shot of the match within the rebound window."""
        if "is_rebound" in self.shots.columns:
            return self.shots["is_rebound"].to_numpy(dtype=bool)
        match = [name for name in ("provider", "match_id") if name in self.shots.columns]
        order = self.shots.assign(position=np.arange(len(self))).sort_values([*match, "period", "event_n"])
        previous_s = order.groupby([*match, "team_id", "period"])["period_time_s"].shift()
        gap_s = order["period_time_s"] - previous_s
        rebound = np.zeros(len(self), dtype=bool)
        rebound[order["position"].to_numpy()] = gap_s.between(*REBOUND_WINDOW_S).to_numpy()
        return rebound


def _shot_columns(match: Match, shot: Shot, scene: Scene) -> dict[str, object]:
    return {
        "provider": match.provider, "match_id": match.match_id, "shot_id": shot.shot_id,
        "competition": match.competition, "season": match.season, "matchday": match.matchday,
        "pitch_length_m": match.pitch.length_m, "pitch_width_m": match.pitch.width_m, "team_id": shot.team_id,
        "event_n": shot.event_n, "period": shot.period, "minute": shot.minute,
        "period_time_s": shot.period_time_s, "x_m": shot.x_m, "y_m": shot.y_m,
        "body_part": shot.body_part.value, "shot_type": shot.shot_type.value,
        "ball_control": shot.ball_control.value, "set_up": shot.set_up.value, "technique": shot.technique.value,
        "is_won_in_the_air": shot.raw.get("aerial_won") == "true",
        "shooter_vx_ms": scene.shooter_vx_ms, "shooter_vy_ms": scene.shooter_vy_ms,
        "frame_source": scene.frame_source.value, "is_goal": shot.is_goal, "is_penalty": shot.is_penalty,
        "provider_xg": shot.provider_xg,
    }  # fmt: skip


@dataclass(frozen=True)
class People:
    """Some of the people of some scenes, with reductions over each shot."""

    scenes: Scenes
    rows: pd.DataFrame

    @cached_property
    def row(self) -> npt.NDArray[np.int64]:
        """The shot that each person belongs to."""
        return self.rows["row"].to_numpy(dtype=np.int64)

    @cached_property
    def x_m(self) -> FloatArray:
        """One x a person."""
        return self.rows["x_m"].to_numpy(dtype=np.float64)

    @cached_property
    def y_m(self) -> FloatArray:
        """One y a person."""
        return self.rows["y_m"].to_numpy(dtype=np.float64)

    @property
    def persons(self) -> Persons:
        """Whose they are and where they stand."""
        return Persons(self.row, self.x_m, self.y_m)

    def of_shot(self, values: FloatArray) -> FloatArray:
        """A value of each shot, (n,), repeated for each person."""
        return values[self.row]

    def sum(self, values: FloatArray) -> FloatArray:
        """Sum over the people of each shot, (n,); 0 where there are none, NaN where nobody is known."""
        total = np.bincount(self.row, weights=values, minlength=len(self.scenes))
        return np.where(self.scenes.has_people, total, np.nan)

    def max(self, values: FloatArray, *, empty: float) -> FloatArray:
        """Largest over the people of each shot, (n,); ``empty`` where there are none, NaN as in sum."""
        largest = np.full(len(self.scenes), -np.inf)
        np.maximum.at(largest, self.row, values)
        largest[np.isneginf(largest)] = empty
        return np.where(self.scenes.has_people, largest, np.nan)
