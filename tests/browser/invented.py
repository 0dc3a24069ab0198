"""An invented model and its shots, for pages that a browser opens."""

from typing import Any

import numpy as np
import pandas as pd

from xgoals.domain.reason import Actor, Part, PartValue, ShotReasons
from xgoals.domain.scene import Clip
from xgoals.reasons.if_now import IfNow
from xgoals.report.shot.animation import Footage, frames_shown


def some_shots(n: int, seed: int = 4) -> pd.DataFrame:
    """Shots whose attributions add up, twelve a match, two seasons."""
    rng = np.random.default_rng(seed)
    x, y = 52.5 - rng.gamma(3.8, 4.4, n), rng.normal(0, 8, n)
    distance = np.hypot(52.5 - x, y)
    angle = np.degrees(np.arctan2(7.32 * (52.5 - x), (52.5 - x) ** 2 + y**2 - 3.66**2))
    header = np.where(rng.random(n) < 0.2, 1.0, -1.0)
    values = np.c_[0.05 * (angle - 25), 0.06 * (17 - distance), np.where(header > 0, -0.6, 0.0)]
    xg = 1 / (1 + np.exp(-(-2.3 + values.sum(axis=1))))
    match = np.arange(n) // 12
    frame = {
        "provider": "statsbomb",
        "match_id": [f"m{i}" for i in match],
        "shot_id": [f"s{i}" for i in range(n)],
        "shot_key": range(n),
        "competition": "League",
        "season": np.where(match < match.max() / 2, "2022", "2023"),
        "match_date": "2024-05-01",
        "home_team": "Reds",
        "away_team": "Blues",
        "team": np.where(rng.random(n) < 0.5, "Reds", "Blues"),
        "opponent": "Blues",
        "player": [f"Player {i % 23}" for i in range(n)],
        "period": 1,
        "minute": (np.arange(n) % 12) * 7 + 3,
        "second": 0,
        "x_m": x,
        "y_m": y,
        "pitch_length_m": 105.0,
        "pitch_width_m": 68.0,
        "body_part": np.where(header > 0, "head", "right_foot"),
        "shot_type": "open_play",
        "is_goal": rng.random(n) < xg,
        "is_penalty": False,
        "provider_xg": np.clip(xg + rng.normal(0, 0.02, n), 0.01, 0.99),
        "xg": xg,
        "xg_out_of_fold": xg,
        "is_held_out": match > match.max() * 0.8,
        "base_value": -2.3,
        "model_version": "xg-test",
        "is_simulated": False,
        "AngleToGoal": angle,
        "DistanceToGoal": distance,
        "Header": header,
        "PlayerSpeed": np.nan,
        "shap_AngleToGoal": values[:, 0],
        "shap_DistanceToGoal": values[:, 1],
        "shap_Header": values[:, 2],
        "shap_PlayerSpeed": 0.0,
    }
    shots = pd.DataFrame(frame)
    return shots.assign(outcome=np.where(shots["is_goal"], "goal", "saved"))


def a_model() -> dict[str, Any]:
    def feature(name: str, label: str, unit: str, kind: str, group: str) -> dict[str, Any]:
        words = {-1: "no", 1: "yes"} if kind == "binary" else None
        more = {"unit": unit, "kind": kind, "categories": words, "group": group}
        return {"name": name, "label": label, "definition": f"{label}.", **more}

    one = {"auc": 0.8, "log_loss": 0.25, "brier": 0.07, "ece": 0.01, "sum_xg": 31.0}
    block = {"n_shots": 400, "n_goals": 33, "n_matches": 34, "from": "2024-05-01", "to": "2024-05-08"}
    metrics = {**block, "model": one, "provider": {**one, "auc": 0.79}, "geometry": {**one, "auc": 0.75}}
    return {
        "model_version": "xg-test",
        "catalogue": "article-17",
        "features": [
            feature("AngleToGoal", "Angle to goal", "deg", "continuous", "place"),
            feature("DistanceToGoal", "Distance to goal", "m", "continuous", "place"),
            feature("Header", "Header", "", "binary", "execution"),
            feature("PlayerSpeed", "Speed of the shooter", "km/h", "continuous", "execution"),
        ],
        "params": {"max_depth": 4, "learning_rate": 0.05},
        "trees_in_booster": 510,
        "seed": 7,
        "window_from": "2024-05-01",
        "window_to": "2024-05-08",
        "n_matches": 34,
        "n_shots": 400,
        "n_goals": 33,
        "library_versions": {"xgboost": "3.2.0"},
        "created_at": "2024-05-09T04:00:00+00:00",
        "sha256": "ab" * 32,
        "metrics": {"held_out": metrics, "out_of_fold": metrics},
        "decision": {"verdict": "kept", "reason": "Not better by the margin."},
        "baseline": {"AngleToGoal": 25.0, "DistanceToGoal": 17.0, "Header": -1.0, "PlayerSpeed": None},
        "goal_rate": 0.098,
        "mean_prediction": 0.097,
        "prediction_at_baseline": 0.091,
        "space": "log_odds",
        "additivity_max_error": 4e-6,
        "explain_seconds": 1.5,
    }


def a_run() -> dict[str, Any]:
    return {
        "run_id": "manual__2024-05-09",
        "database": "main",
        "feeds": ["statsbomb"],
        "sources": ["season"],
        "state": "success",
        "started_at": "2024-05-09T04:00:00+00:00",
        "ended_at": "2024-05-09T04:01:30+00:00",
        "seconds_by_task": {"ingest": 40.0, "train": 20.0, "report": 2.5},
        "figures": {"matches_read": 34, "shots": 400, "goals": 33},
        "is_simulated": False,
    }


def one_in_quarantine() -> pd.DataFrame:
    columns = ["path", "match_id", "place", "reason", "advice", "severity", "feed"]
    row = ["events/9.json", "9", "line 3", "not JSON", "Fetch it again", "match", "statsbomb"]
    return pd.DataFrame([row], columns=columns)


def a_match() -> dict[str, Any]:
    return {
        "match_id": "m1",
        "competition": "League",
        "season": "2023",
        "matchday": 3,
        "match_date": "2024-05-01",
        "home_team": "Reds",
        "away_team": "Blues",
        "home_score": 3,
        "away_score": 2,
    }


def some_people(shots: pd.DataFrame, seed: int = 5) -> pd.DataFrame:
    """A keeper, nine opponents and nine team-mates around every shot, half of them running."""
    rng = np.random.default_rng(seed)
    rows: list[list[Any]] = []
    for shot in shots.to_dict("records"):
        rows.append([shot["shot_id"], 50.5, rng.normal(0, 1), False, True, "Keeper", np.nan, np.nan])
        for i in range(18):
            place = [shot["x_m"] + rng.normal(0, 7), shot["y_m"] + rng.normal(0, 7)]
            run = rng.normal(0, 4, 2).tolist() if i % 2 else [np.nan, np.nan]
            rows.append([shot["shot_id"], *place, i < 9, False, f"Player {i}", *run])
    columns = ["shot_id", "x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms"]
    return pd.DataFrame(rows, columns=columns)


def some_reasons(shots: pd.DataFrame, people: pd.DataFrame, seed: int = 8) -> dict[int, ShotReasons]:
    """Reasons that add up, some of which hold; of every other shot three of those around take something."""
    rng = np.random.default_rng(seed)
    reasons = {}
    for shot in shots.to_dict("records"):
        around = people[people["shot_id"] == shot["shot_id"]].reset_index(drop=True)
        opponents = around.index[~around["is_teammate"]].tolist()
        values = [float(value) for value in rng.normal(0, 0.05, 3)]
        parts = [shot["xg"] - 0.1 - sum(values), *values]
        told = {
            part: PartValue(value, 0.01, 20, abs(value) > 0.02)
            for part, value in zip(Part, parts, strict=True)
        }
        actors = [
            Actor(n, n == 0, k, -takes, takes)
            for k, n in enumerate(opponents[:4])
            for takes in [float(rng.uniform(0, 0.3))]
        ]
        reasons[shot["shot_key"]] = ShotReasons(
            0.1, shot["xg"], told, Part.PLACE, 18, 20, tuple(range(24)), 0.7, 0.5,
            tuple(actors) if shot["shot_key"] % 2 else (),
        )  # fmt: skip
    return reasons


def some_footage(shots: pd.DataFrame) -> dict[str, Footage]:
    """A clip a shot: the shooter runs 12 m to his place and receives the ball a second before; a line that rises."""
    return {shot["shot_id"]: _footage(shot) for shot in shots.to_dict("records")}


def _footage(shot: dict[Any, Any]) -> Footage:
    n = np.arange(126)
    time_s = (n - 75) / 25
    place = np.array([shot["x_m"], shot["y_m"]])
    shooter = place + np.minimum(time_s, 0)[:, None] * [4.0, 0.0]
    ball = place + np.where(time_s < -1, time_s + 1, 0)[:, None] * [0.0, 14.0]
    ball = np.where(
        time_s[:, None] > 0, place + time_s[:, None] * (np.array([52.5, 1.0]) - place) / 0.8, ball
    )
    height = np.clip(2 * time_s, 0, 2)
    others = np.random.default_rng(6).normal(0, 7, (10, 2)) + place
    keeper = np.tile([51.0, 0.0], (126, 1))
    people = [shooter, keeper, *(np.tile(other, (126, 1)) for other in others)]
    clip = Clip(
        shot_id=shot["shot_id"],
        frame_n=n,
        time_s=time_s,
        xy_m=np.stack(people, axis=1).astype(np.float32),
        ball_xyz_m=np.c_[ball, height].astype(np.float32),
        player_ids=("nine", "one", *(f"p{i}" for i in range(10))),
        is_teammate=(True, False, *(i < 5 for i in range(10))),
        is_keeper=(False, True, *(False for _ in range(10))),
    )
    frames = frames_shown(clip)
    asked = time_s[frames][time_s[frames] <= 0]
    now = IfNow(
        time_s=asked,
        xg=shot["xg"] * np.linspace(0.2, 1, len(asked)),
        has_ball=asked >= -1,
        alike=np.where(asked < -2, 3, 60),
        n_training=400,
    )
    return Footage(clip, "nine", 52.5, {"nine": shot["player"], "one": "Keeper"}, now)
