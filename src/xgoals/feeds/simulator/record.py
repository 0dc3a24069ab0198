"""From arrays to domain objects: the shots and scenes of one simulated match."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from xgoals.domain.scene import FrameSource, Person, Scene
from xgoals.domain.shot import Shot
from xgoals.feeds.simulator.league import Club, Lineup
from xgoals.feeds.simulator.play import HALF_S, Attempts, played_s
from xgoals.feeds.simulator.scenes import GOAL_X_M, FloatArray, Kind

PROVIDER = "simulated"
FRAMES_PER_S = 25
FIRST_FRAME = {1: 10_000, 2: 100_000}
"""Number of the frame at kick-off of either half, as in tracking data of the big leagues."""
HALF_TIME = timedelta(minutes=15)
TOP_SPEED_MS = 9.4
SHOOTER_SPEED_MS = 3.9
"""Mean speed of a shooter, 14 km/h."""

Names = npt.NDArray[np.object_]


def shots_and_scenes(
    rng: np.random.Generator,
    match_id: str,
    kick_off: datetime,
    first_added_s: float,
    clubs: tuple[Club, Club],
    lineups: tuple[Lineup, Lineup],
    attempts: Attempts,
) -> tuple[tuple[Shot, ...], tuple[Scene, ...]]:
    """The shots of a match and what the cameras saw, aligned.

    Parameters
    ----------
    rng
        The match's random stream; draws the velocities and the ball's place.
    match_id, kick_off
        Of the match.
    first_added_s
        Stoppage time of the first half, which delays the second.
    clubs, lineups
        Home, away.
    attempts
        What happened, in the order of time.
    """
    moment = played_s(attempts.plan)
    ids = np.stack([_ids(club)[lineup.on_pitch(moment)] for club, lineup in zip(clubs, lineups, strict=True)])
    n = moment.size
    own, others = ids[attempts.plan.side, np.arange(n)], ids[1 - attempts.plan.side, np.arange(n)]
    shooter_ids = own[np.arange(n), attempts.shooter_slot].tolist()
    starts = {1: kick_off, 2: kick_off + timedelta(seconds=HALF_S + first_added_s) + HALF_TIME}
    shots = tuple(_shots(match_id, starts, clubs, shooter_ids, attempts))
    people = _people(rng, attempts, own, others)
    scenes = tuple(_scenes(rng, shots, people, attempts))
    return shots, scenes


def _ids(club: Club) -> Names:
    return np.array([player.player_id for player in club.squad.players], dtype=object)


def _shots(
    match_id: str,
    starts: dict[int, datetime],
    clubs: tuple[Club, Club],
    shooter_ids: list[str],
    attempts: Attempts,
) -> Iterator[Shot]:
    plan, moments, how = attempts.plan, attempts.moments, attempts.manner
    event_s = np.round(plan.time_s + plan.clock_offset_s, 2).tolist()
    periods, sides = plan.period.tolist(), plan.side.tolist()
    xs, ys = moments.x_m.tolist(), moments.y_m.tolist()
    provider_xg, truth = np.round(attempts.provider_xg, 6).tolist(), attempts.probability.tolist()
    for i, shooter in enumerate(shooter_ids):
        yield Shot(
            shot_id=f"{match_id}-S{i + 1:02d}",
            event_n=i,
            period=periods[i],
            minute=int(45 * (periods[i] - 1) + event_s[i] // 60),
            second=int(event_s[i] % 60),
            period_time_s=event_s[i],
            team_id=clubs[sides[i]].team.team_id,
            player_id=shooter,
            x_m=xs[i],
            y_m=ys[i],
            body_part=how.body_part[i],
            shot_type=how.shot_type[i],
            outcome=attempts.outcome[i],
            ball_control=how.ball_control[i],
            set_up=how.set_up[i],
            technique=how.technique[i],
            event_time=starts[periods[i]] + timedelta(seconds=event_s[i]),
            provider_xg=provider_xg[i],
            official={"TrueGoalProbability": truth[i]},
        )


def _people(
    rng: np.random.Generator, attempts: Attempts, own: Names, others: Names
) -> list[tuple[Person, ...]]:
    """For each shot the keeper, then opponents, then team-mates, those in the frame."""
    moments = attempts.moments
    n = moments.x_m.size
    places = np.concatenate([moments.keeper_m[:, None], moments.opponents_m, moments.teammates_m], axis=1)
    velocities = _velocities(rng, moments.kind == Kind.FREE_KICK, moments.kind == Kind.PENALTY, places)
    slots = np.arange(1, 10)
    mates = slots + (slots >= attempts.shooter_slot[:, None])
    opponents = rng.permuted(np.tile(np.arange(1, 11), (n, 1)), axis=1)
    mates = rng.permuted(mates, axis=1)
    row = np.arange(n)[:, None]
    names = np.concatenate([others[:, :1], others[row, opponents], own[row, mates]], axis=1)
    is_teammate = np.arange(places.shape[1]) > moments.opponents_m.shape[1]
    is_keeper = np.arange(places.shape[1]) == 0
    columns = zip(
        places.tolist(),
        velocities.tolist(),
        names.tolist(),
        np.isfinite(places[..., 0]).tolist(),
        strict=True,
    )
    roles = list(zip(is_teammate.tolist(), is_keeper.tolist(), strict=True))
    return [
        tuple(
            Person(place[0], place[1], teammate, keeper, name, velocity[0], velocity[1])
            for place, velocity, name, seen, (teammate, keeper) in zip(
                p, v, names_, visible, roles, strict=True
            )
            if seen
        )
        for p, v, names_, visible in columns
    ]


def _velocities(
    rng: np.random.Generator,
    free_kick: npt.NDArray[np.bool_],
    penalty: npt.NDArray[np.bool_],
    places: FloatArray,
) -> FloatArray:
    """(n, people, 2) m/s: a jog or a sprint roughly towards the goal; slow where the ball is dead."""
    shape = places.shape[:2]
    speed = rng.gamma(2.2, 1.2, shape)
    speed[:, 0] *= 0.45  # keepers mostly shuffle
    speed = np.where((free_kick | penalty)[:, None], 0.25 * speed, speed)
    towards = np.arctan2(-places[..., 1], GOAL_X_M - places[..., 0])
    return _vectors(np.minimum(speed, TOP_SPEED_MS), towards + rng.normal(0, 1.0, shape))


def _vectors(speed: FloatArray, bearing: FloatArray) -> FloatArray:
    components = np.stack([speed * np.cos(bearing), speed * np.sin(bearing)], axis=-1)
    return np.asarray(np.round(components, 2), dtype=np.float64)


def _scenes(
    rng: np.random.Generator, shots: tuple[Shot, ...], people: list[tuple[Person, ...]], attempts: Attempts
) -> Iterator[Scene]:
    plan, moments = attempts.plan, attempts.moments
    n = len(shots)
    ahead = np.arctan2(-moments.y_m, GOAL_X_M - moments.x_m)
    speed = np.minimum(rng.gamma(5.0, SHOOTER_SPEED_MS / 5.0, n), TOP_SPEED_MS)
    velocity = _vectors(speed, ahead + rng.normal(0, 0.7, n)).tolist()
    reach = rng.uniform(0.3, 0.9, n)
    bearing = ahead + rng.normal(0, 0.6, n)
    height = np.where(moments.kind == Kind.HEADER, rng.normal(1.9, 0.2, n), np.abs(rng.normal(0.1, 0.15, n)))
    ball_x = np.minimum(moments.x_m + reach * np.cos(bearing), GOAL_X_M)
    ball = np.round(np.stack([ball_x, moments.y_m + reach * np.sin(bearing), height], axis=-1), 2).tolist()
    frames = np.round(FRAMES_PER_S * plan.time_s).astype(int).tolist()
    offsets, periods = plan.clock_offset_s.tolist(), plan.period.tolist()
    for i, shot in enumerate(shots):
        yield Scene(
            shot_id=shot.shot_id,
            people=people[i],
            frame_source=FrameSource.OFFICIAL,
            frame_n=FIRST_FRAME[periods[i]] + frames[i],
            clock_offset_s=offsets[i],
            confidence=1.0,
            shooter_vx_ms=velocity[i][0],
            shooter_vy_ms=velocity[i][1],
            ball_x_m=ball[i][0],
            ball_y_m=ball[i][1],
            ball_z_m=ball[i][2],
        )
