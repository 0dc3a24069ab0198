"""What the files of other providers share when they tell a simulated match: ids, shirts, clocks, dense tracks."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from xgoals.domain.match import Team
from xgoals.domain.scene import MatchRecord
from xgoals.feeds.simulated import SIMULATED_BY
from xgoals.feeds.simulator.dfl_events import EVENT_PLACE_SD_M
from xgoals.feeds.simulator.dfl_frames import NOISE_M, RATE_HZ, TimedShot, excerpts, fill, last_frame, noisy
from xgoals.feeds.simulator.dfl_text import FIRST_FRAME, Game
from xgoals.feeds.simulator.dfl_writer import game_of

Floats = npt.NDArray[np.float64]

MARK = {SIMULATED_BY: "xgoals"}
"""By it a reader knows that nobody has played the match."""
HALF_S = 45 * 60
HOLE_S = 0.6
"""Mean length of a hole in the ball's track."""
BEFORE_S, AFTER_S = 30, 30
"""Written around each shot where not the whole halves are."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a match is told.

    Attributes
    ----------
    rate_hz
        Frames a second of the tracking.
    clock_s
        By how much the events' clock is late against the tracking's, beside the operator's usual error.
    drift_s
        By how much later still the events' clock is when 45 minutes are played.
    whole_seconds
        Whether event times have no fractions.
    place_sd_m
        How far off the operator's place is, on each axis.
    noise_m
        How far off the cameras' places are, on each axis.
    ball_missing
        Share of the frames in which the ball is not seen, in holes of 0.6 s on average.
    whole_halves
        Whether the tracking holds every frame, or the minute around each shot.
    """

    rate_hz: int = RATE_HZ
    clock_s: float = 0.0
    drift_s: float = 0.0
    whole_seconds: bool = False
    place_sd_m: float = EVENT_PLACE_SD_M
    noise_m: float = NOISE_M
    ball_missing: float = 0.0
    whole_halves: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What was written: the files by kind, the true frame of every shot on the 25 Hz grid, and ids as written."""

    files: Mapping[str, Path]
    frames: Mapping[str, int]
    ids: Mapping[str, str]
    game: Game


@dataclass(frozen=True, slots=True)
class Tracks:
    """One half on the camera's frames: ``time_s`` (F,) from its start, ``xy_m`` (F, P, 2), ``ball_m`` (F, 3).

    NaN where somebody is not seen. In the stadium's directions, with noise.
    """

    time_s: Floats
    player_ids: tuple[str, ...]
    xy_m: Floats
    ball_m: Floats

    def seen_at(self) -> list[bytes]:
        """For each frame who is seen in it, a byte a person."""
        is_seen: npt.NDArray[np.bool_] = np.asarray(np.isfinite(self.xy_m).all(axis=2))
        return [row.tobytes() for row in is_seen]


def drawn_game(rng: np.random.Generator, record: MatchRecord) -> Game:
    """The record with every shot on a frame, none of them named by the feed, and time to walk between them."""
    return game_of(rng, record, contiguous=True, official_share=0.0)


def number_of(our_id: str) -> str:
    """A number in place of an id, the same in every file."""
    return str(int(hashlib.sha256(our_id.encode()).hexdigest()[:7], 16))


def letters_of(our_id: str) -> str:
    """25 letters and digits in place of an id, the same in every file."""
    return hashlib.sha256(our_id.encode()).hexdigest()[:25]


def shirts(game: Game) -> dict[str, int]:
    """Shirt numbers: each team counts from 1, its keeper first."""
    numbers: dict[str, int] = {}
    for team in game.record.teams:
        squad = [p.player_id for p in game.record.players if game.team_of.get(p.player_id) == team.team_id]
        squad.sort(key=lambda player: player not in game.keepers)
        numbers |= {player: i for i, player in enumerate(squad, start=1)}
    return numbers


def squad_of(game: Game, team: Team) -> Iterator[tuple[str, str, str]]:
    """Id, first and last name of everybody of a team who is ever seen."""
    for player in game.record.players:
        if game.team_of.get(player.player_id) == team.team_id:
            first, _, last = (player.name or player.player_id).rpartition(" ")
            yield player.player_id, first, last


def event_time(game: Game, timed: TimedShot, manner: Manner) -> datetime:
    """When the events say that a shot was: late as usual, and by the providers' difference."""
    into_s = (timed.n - FIRST_FRAME[timed.shot.period]) / RATE_HZ + (timed.scene.clock_offset_s or 0.0)
    late_s = max(into_s + manner.clock_s + manner.drift_s * into_s / HALF_S, 0.0)
    return game.starts[timed.shot.period] + timedelta(
        seconds=float(int(late_s)) if manner.whole_seconds else late_s
    )


def length_s(game: Game, period: int) -> float:
    """How long a half lasts."""
    of_period = [timed for timed in game.shots if timed.shot.period == period]
    return (last_frame(of_period, FIRST_FRAME[period]) - FIRST_FRAME[period]) / RATE_HZ


def tracks_of(rng: np.random.Generator, game: Game, period: int, manner: Manner) -> Tracks:
    """The tracks of one half as a camera system of the manner's rate sees them."""
    shots = [timed for timed in game.shots if timed.shot.period == period]
    first = FIRST_FRAME[period]
    last = last_frame(shots, first)
    pitch = game.match.pitch
    half = fill(rng, excerpts(rng, shots, pitch), shots, first, last, game.team_of)
    time_s = np.arange(0, int((last - first) / RATE_HZ * manner.rate_hz) + 1) / manner.rate_hz
    if not manner.whole_halves:
        after_s = time_s[:, None] - np.array([(timed.n - first) / RATE_HZ for timed in shots])
        time_s = time_s[((after_s >= -BEFORE_S) & (after_s <= AFTER_S)).any(axis=1)]
    at_n = first + time_s * RATE_HZ
    ids = tuple(sorted(half.people, key=lambda i: (game.team_of[i], i)))
    xy = np.full((len(time_s), len(ids), 2), np.nan)
    for i, player in enumerate(ids):
        for n, places in half.people[player]:
            inside = (at_n >= n[0]) & (at_n <= n[-1])
            for axis in (0, 1):
                xy[inside, i, axis] = _at(at_n[inside], n, places[:, axis])
    n, places = half.ball[0]
    ball = noisy(rng, np.column_stack([_at(at_n, n, places[:, axis]) for axis in range(3)]), manner.noise_m)
    ball[_holes(rng, time_s, manner)] = np.nan
    return Tracks(time_s, ids, xy + rng.normal(0, manner.noise_m, xy.shape), ball)


def _at(wanted: Floats, n: npt.NDArray[np.int64], values: Floats) -> Floats:
    return np.asarray(np.interp(wanted, n, values))


def _holes(rng: np.random.Generator, time_s: Floats, manner: Manner) -> npt.NDArray[np.bool_]:
    """Frames in which the ball is not seen."""
    missing = np.zeros(len(time_s), dtype=bool)
    count = int(manner.ball_missing * len(time_s) / manner.rate_hz / HOLE_S)
    for start, length in zip(
        rng.integers(0, len(time_s), count), rng.exponential(HOLE_S, count), strict=True
    ):
        missing[start : start + max(round(length * manner.rate_hz), 1)] = True
    return missing
