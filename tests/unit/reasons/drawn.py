"""Shots drawn at random, a model that is plain arithmetic, and Shapley values by their definition."""

from itertools import permutations

import numpy as np
import pandas as pd

from xgoals.features.build import build_features
from xgoals.features.catalogue import BEST_17
from xgoals.features.scenes import Scenes
from xgoals.reasons.frozen import FrozenWindow, freeze

COLUMNS = ["row", "x_m", "y_m", "is_teammate", "is_keeper"]


def draw(n: int, seed: int, *, n_matches: int = 20, most_opponents: int = 6) -> Scenes:
    """Shots of some matches, most of them with a keeper, some opponents and team-mates; people where shots are."""
    rng = np.random.default_rng(seed)
    shots, people = [], []
    for row in range(n):
        x_m, y_m = 52.5 - rng.uniform(0.5, 28), rng.normal(0, 9)
        kind = rng.choice(
            ["open_play", "open_play", "open_play", "free_kick", "penalty"], p=[0.3, 0.3, 0.3, 0.06, 0.04]
        )
        shots.append({
            "provider": "p", "match_id": f"m{rng.integers(n_matches):02d}", "shot_id": f"s{row:04d}", "shot_key": row,
            "team_id": "t", "event_n": row, "period": 1, "period_time_s": 60.0 * row, "x_m": x_m, "y_m": y_m,
            "pitch_length_m": 105.0, "body_part": rng.choice(["head", "right_foot", "left_foot"]), "shot_type": kind,
            "ball_control": rng.choice(["direct", "control", "volley"]), "set_up": "open_play",
            "technique": rng.choice(["normal", "volley", "lob"]), "is_rebound": False, "is_goal": rng.random() < 0.15,
            "shooter_vx_ms": rng.choice([np.nan, 3.0, 5.0]), "shooter_vy_ms": 0.0, "frame_source": "freeze_frame",
        })  # fmt: skip
        people.append((row, 52.5 - rng.uniform(0.3, 4), y_m / 3 + rng.normal(), False, True))
        people += [
            (row, rng.uniform(x_m - 4, 52), y_m * rng.random() + rng.normal(0, 3), False, False)
            for _ in range(rng.integers(most_opponents + 1))
        ]
        people += [
            (row, rng.uniform(x_m - 4, 52), rng.normal(0, 8), True, False) for _ in range(rng.integers(3))
        ]
    return Scenes(pd.DataFrame(shots), pd.DataFrame(people, columns=COLUMNS))


def built(scenes: Scenes) -> np.ndarray:
    return build_features(scenes, BEST_17).to_numpy(dtype=np.float64, copy=True)


def matches_of(scenes: Scenes) -> list[str]:
    return (scenes.shots["provider"] + "/" + scenes.shots["match_id"]).tolist()


def frozen(scenes: Scenes) -> FrozenWindow:
    return freeze(scenes.shots, scenes.people, built(scenes), matches_of(scenes))


def model(rows: np.ndarray, shot: np.ndarray | None = None) -> np.ndarray:
    """A number between 0 and 1 that every feature changes, and pairs of them together."""
    known = np.nan_to_num(rows, nan=-3.0)
    own = np.sin(known * np.linspace(0.01, 0.4, rows.shape[1]) + np.arange(rows.shape[1]))
    return 1 / (
        1 + np.exp(2 - own.sum(axis=1) / 2 - own[:, 1] * own[:, 12] - own[:, 13] * own[:, 11] * own[:, 5])
    )


def by_orders(worth: np.ndarray) -> np.ndarray:
    """Of one game: what each adds when he comes, over all orders."""
    n = len(worth).bit_length() - 1
    added = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        there = 0
        for player in order:
            added[player] += worth[there | 1 << player] - worth[there]
            there |= 1 << player
    return added / len(orders)


def scenes_of(scenes: Scenes, rows) -> Scenes:
    """Some of the scenes."""
    position = {row: i for i, row in enumerate(rows)}
    people = scenes.people[scenes.people["row"].isin(rows)]
    return Scenes(
        scenes.shots.iloc[rows].reset_index(drop=True), people.assign(row=people["row"].map(position))
    )


def by_shot(scenes: Scenes) -> list[np.ndarray]:
    """The people of each shot, (people, 4): x, y, whether a team-mate, whether a keeper."""
    of = {row: some[COLUMNS[1:]].to_numpy(dtype=float) for row, some in scenes.people.groupby("row")}
    return [of.get(row, np.empty((0, 4))) for row in range(len(scenes))]


def put_together(scenes: Scenes, rows: list[int], people: list[np.ndarray]) -> Scenes:
    """Scenes of these shots with these people."""
    frame = pd.DataFrame(np.concatenate(people), columns=COLUMNS[1:])
    frame.insert(0, "row", np.repeat(np.arange(len(people)), [len(some) for some in people]))
    frame = frame.astype({"is_teammate": bool, "is_keeper": bool})
    return Scenes(scenes.shots.iloc[rows].reset_index(drop=True), frame)


def moved_by_hand(compared, i: int, r: int, people: np.ndarray) -> np.ndarray:
    """People of reference ``r`` as they would stand around shot ``i``."""
    shifted = people + np.array([compared.scenes.goal_x_m[i] - compared.pool.goal_x_m[r], 0, 0, 0])
    across = compared.scenes.column("y_m")[i] * compared.pool.column("y_m")[r]
    return shifted * [1, -1 if across < 0 else 1, 1, 1]
