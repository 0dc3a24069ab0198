"""Scenes -> features: one formula a feature, all of them over columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from xgoals.domain import geometry
from xgoals.domain.bounds import MS_TO_KMH
from xgoals.domain.errors import XgoalsError
from xgoals.domain.shot import BallControl, BodyPart, SetUp, ShotType, Technique
from xgoals.features.catalogue import (
    BALL_CONTROL_CODES,
    DEFENDER_MARGIN_M,
    KEEPER_HALF_REACH_M,
    NEAREST_REACH_M,
    NO,
    SET_UP_CODES,
    STRIKE_CODES,
    TECHNIQUE_CODES,
    YES,
    Catalogue,
    Feature,
    Strike,
)
from xgoals.features.scenes import BoolArray, FloatArray, Scenes


class FeatureError(XgoalsError):
    """A feature left the range of its definition: an impossible scene."""


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A value that its definition does not allow; ``row`` is the shot's in the frame of shots."""

    row: Any
    feature: Feature
    value: float

    @property
    def sentence(self) -> str:
        """What is wrong with it."""
        known = self.feature
        return (
            f"{known.name} = {self.value:g} is outside {known.low:g} to {known.high:g} {known.unit}".rstrip()
        )

    def as_error(self) -> FeatureError:
        """The same as an error, for who asks about this one scene."""
        advice = "Check the positions of this shot in the feed"
        return FeatureError(self.sentence, where=f"shot {self.row}", advice=advice)


@dataclass(frozen=True, slots=True)
class FailedFormula:
    """A formula that these scenes have made fail: its column is missing."""

    feature: Feature
    error: Exception


def build_features(
    scenes: Scenes,
    catalogue: Catalogue,
    *,
    out_of_range: list[OutOfRange] | None = None,
    failed: list[FailedFormula] | None = None,
) -> pd.DataFrame:
    """The features of every shot.

    Parameters
    ----------
    scenes
        n shots and their people.
    catalogue
        Which features, in which order.
    out_of_range
        Receives each value that its definition does not allow.
    failed
        Receives each formula that fails; without it, its error is raised.

    Returns
    -------
    DataFrame (n, len(catalogue.features)) of float64
        The index of ``scenes.shots``; NaN is a missing value. So is what lies outside the range that its
        definition allows, whatever a scene holds.
    """
    # NaN is a value here, comparisons with it are meant; and what overflows is outside of every range.
    with np.errstate(invalid="ignore", over="ignore"):
        columns = {feature.name: _column(scenes, feature, failed) for feature in catalogue.features}
    is_penalty = scenes.is_word("shot_type", ShotType.PENALTY)
    for feature in catalogue.features:
        values = columns[feature.name]
        if feature.at_penalty is not None:
            values = np.where(is_penalty, feature.at_penalty, values)
        if out_of_range is not None:
            outside = np.flatnonzero((values < feature.low) | (values > feature.high))
            rows = scenes.shots.index[outside]
            out_of_range += [
                OutOfRange(row, feature, float(value))
                for row, value in zip(rows, values[outside], strict=True)
            ]
        columns[feature.name] = in_range(values, feature)
    return pd.DataFrame(columns, index=scenes.shots.index)


def in_range(values: FloatArray, feature: Feature) -> FloatArray:
    """Values as a feature holds them: missing outside the range of its definition, and on its grid."""
    with np.errstate(invalid="ignore", over="ignore"):
        inside = np.where((values < feature.low) | (values > feature.high), np.nan, values)
        return inside if feature.per_unit is None else np.round(inside * feature.per_unit) / feature.per_unit


def _column(scenes: Scenes, feature: Feature, failed: list[FailedFormula] | None) -> FloatArray:
    try:
        return FORMULAS[feature.name](scenes)
    except MemoryError:
        raise
    except Exception as error:
        if failed is None:
            raise
        failed.append(FailedFormula(feature, error))
        return np.full(len(scenes), np.nan)


def _where_placed(scenes: Scenes, values: FloatArray) -> FloatArray:
    """Missing where the shot's place is: who stands around it, and how near, is not known then."""
    return np.where(np.isnan(scenes.column("x_m")) | np.isnan(scenes.column("y_m")), np.nan, values)


def _binary(condition: BoolArray) -> FloatArray:
    return np.where(condition, YES, NO)


def _angle_to_goal(scenes: Scenes) -> FloatArray:
    return geometry.angle_to_goal_deg(scenes.column("x_m"), scenes.column("y_m"), scenes.goal_x_m)


def _distance_to_goal(scenes: Scenes) -> FloatArray:
    return geometry.distance_to_goal_m(scenes.column("x_m"), scenes.column("y_m"), scenes.goal_x_m)


def _distance_to_goal_closest(scenes: Scenes) -> FloatArray:
    return geometry.distance_to_goal_closest_m(scenes.column("x_m"), scenes.column("y_m"), scenes.goal_x_m)


def _goalkeeper_coverage(scenes: Scenes) -> FloatArray:
    share = geometry.keeper_coverage_share(
        scenes.column("x_m"),
        scenes.column("y_m"),
        *scenes.keeper_xy_m,
        scenes.goal_x_m,
        half_reach_m=KEEPER_HALF_REACH_M,
    )
    return 100 * share


def _keeper_to_goal(scenes: Scenes) -> FloatArray:
    return geometry.distance_to_goal_m(*scenes.keeper_xy_m, scenes.goal_x_m)


def _keeper_to_goal_closest(scenes: Scenes) -> FloatArray:
    return geometry.distance_to_goal_closest_m(*scenes.keeper_xy_m, scenes.goal_x_m)


def _amount_of_defenders(scenes: Scenes) -> FloatArray:
    people = scenes.outfield_opponents
    inside = geometry.in_shot_triangle(
        people.of_shot(scenes.column("x_m")),
        people.of_shot(scenes.column("y_m")),
        people.x_m,
        people.y_m,
        people.of_shot(scenes.goal_x_m),
        margin_m=DEFENDER_MARGIN_M,
    )
    return _where_placed(scenes, people.sum(inside))


def _pressures(scenes: Scenes) -> FloatArray:
    """Pressure of each outfield opponent."""
    people = scenes.outfield_opponents
    return geometry.pressure(
        people.of_shot(scenes.column("x_m")),
        people.of_shot(scenes.column("y_m")),
        people.x_m,
        people.y_m,
        people.of_shot(scenes.goal_x_m),
    )


def _pressure_max(scenes: Scenes) -> FloatArray:
    return _where_placed(scenes, scenes.outfield_opponents.max(_pressures(scenes), empty=0.0))


def _pressure_sum(scenes: Scenes) -> FloatArray:
    return _where_placed(scenes, scenes.outfield_opponents.sum(_pressures(scenes)))


def _set_up(scenes: Scenes) -> FloatArray:
    codes = scenes.codes("set_up", SET_UP_CODES, SetUp.OTHER)
    # Also of an unknown set-up a rebound could be told: but what is known of rebounds only tells of their outcome.
    return np.where(scenes.is_rebound & ~np.isnan(codes), SET_UP_CODES[SetUp.REBOUND], codes)


def _player_speed(scenes: Scenes) -> FloatArray:
    speed_ms = np.hypot(scenes.column("shooter_vx_ms"), scenes.column("shooter_vy_ms"))
    return MS_TO_KMH * speed_ms


def _goalkeeper_interception(scenes: Scenes) -> FloatArray:
    return _of_flight(scenes, scenes.lines.keeper_share)


def _unblocked_share(scenes: Scenes) -> FloatArray:
    return _of_flight(scenes, scenes.lines.unblocked_share)


def _of_flight(scenes: Scenes, share: FloatArray) -> FloatArray:
    """A share of the angle that rests on how fast the ball flies: a header or not."""
    return scenes.where_known(_where_placed(scenes, 100 * share), "body_part")


def _opponents_goal_side(scenes: Scenes) -> FloatArray:
    people = scenes.outfield_opponents
    goal_side = (people.x_m > people.of_shot(scenes.column("x_m"))).astype(np.float64)
    return _where_placed(scenes, people.sum(goal_side))


def _pressure_nearest(scenes: Scenes) -> FloatArray:
    people = scenes.outfield_opponents
    x_m, y_m = people.of_shot(scenes.column("x_m")), people.of_shot(scenes.column("y_m"))
    distance_m = np.hypot(people.x_m - x_m, people.y_m - y_m)
    nearness = people.max(np.maximum(0, 1 - distance_m / NEAREST_REACH_M), empty=0.0)
    return _where_placed(scenes, nearness)


def _strike(scenes: Scenes) -> FloatArray:
    """The first of these that is true; what nothing else claims was struck under control.

    Missing where technique or ball control are not known, all but penalties: who knows it of some kinds only (of dead
    balls, of volleys) would tell by a gap what kind a shot is.
    """
    technique, control = partial(scenes.is_word, "technique"), partial(scenes.is_word, "ball_control")
    first_touch = control(BallControl.DIRECT, BallControl.VOLLEY)
    kinds: dict[Strike, BoolArray] = {
        Strike.AERIAL: scenes.is_won_in_the_air & scenes.is_word("body_part", BodyPart.HEAD),
        Strike.AWKWARD: technique(Technique.BACKHEEL, Technique.OVERHEAD),
        Strike.VOLLEY: technique(Technique.VOLLEY),
        Strike.HALF_VOLLEY_FIRST_TOUCH: technique(Technique.HALF_VOLLEY) & first_touch,
        Strike.HALF_VOLLEY: technique(Technique.HALF_VOLLEY),
        Strike.DIVING_HEADER: technique(Technique.DIVING_HEADER),
        Strike.LOB: technique(Technique.LOB),
        Strike.DEAD_BALL: scenes.is_word("shot_type", ShotType.FREE_KICK, ShotType.CORNER, ShotType.PENALTY),
        Strike.REBOUND: first_touch & scenes.is_rebound,
        Strike.FIRST_TOUCH: first_touch,
    }
    codes = [float(STRIKE_CODES[kind]) for kind in kinds]
    strike = np.select(list(kinds.values()), codes, float(STRIKE_CODES[Strike.CONTROLLED]))
    known = scenes.where_known(strike, "technique", "ball_control")
    return np.where(scenes.is_word("shot_type", ShotType.PENALTY), strike, known)


def _is_body_part(*words: BodyPart) -> Callable[[Scenes], FloatArray]:
    return lambda scenes: scenes.where_known(_binary(scenes.is_word("body_part", *words)), "body_part")


def _is_shot_type(word: ShotType) -> Callable[[Scenes], FloatArray]:
    return lambda scenes: scenes.where_known(_binary(scenes.is_word("shot_type", word)), "shot_type")


FORMULAS: Mapping[str, Callable[[Scenes], FloatArray]] = {
    "Header": _is_body_part(BodyPart.HEAD),
    "GoalkeeperCoverage": _goalkeeper_coverage,
    "AngleToGoal": _angle_to_goal,
    "DistanceToGoal": _distance_to_goal,
    "DistanceToGoalClosest": _distance_to_goal_closest,
    "GoalDistanceGoalkeeper": _keeper_to_goal,
    "GoalDistanceGoalkeeperClosest": _keeper_to_goal_closest,
    "FootShot": _is_body_part(BodyPart.LEFT_FOOT, BodyPart.RIGHT_FOOT),
    "FreeKick": _is_shot_type(ShotType.FREE_KICK),
    "Penalty": _is_shot_type(ShotType.PENALTY),
    "AmountOfDefenders": _amount_of_defenders,
    "TakerBallControl": lambda scenes: scenes.codes("ball_control", BALL_CONTROL_CODES, BallControl.OTHER),
    "TakerSetup": _set_up,
    "ExtendedTypeOfShot": lambda scenes: scenes.codes("technique", TECHNIQUE_CODES, Technique.OTHER),
    "PlayerSpeed": _player_speed,
    "PressureMax": _pressure_max,
    "PressureSum": _pressure_sum,
    "GoalkeeperInterception": _goalkeeper_interception,
    "OpponentsGoalSide": _opponents_goal_side,
    "UnblockedShare": _unblocked_share,
    "StrikeType": _strike,
    "PressureNearest": _pressure_nearest,
}
"""Feature name -> formula. A name means the same in every catalogue."""
