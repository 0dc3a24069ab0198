"""The league's statistics against those measured on real shots (penalties left out unless said)."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import roc_auc_score

from xgoals.domain.scene import MatchRecord, Person, Scene
from xgoals.domain.shot import Shot

GOAL_X, POST = 52.5, 3.66
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """One row a shot, measured here with formulas of our own rather than the simulator's."""

    distance: Floats
    goal: Floats
    in_triangle: Floats
    pressure: Floats
    nearest: Floats
    keeper_goal: Floats
    keeper_off_deg: Floats
    shooter_kmh: Floats
    truth: Floats
    provider: Floats
    header: npt.NDArray[np.bool_]
    free_kick: npt.NDArray[np.bool_]


@pytest.fixture(scope="session")
def pairs(league: list[MatchRecord]) -> list[tuple[Shot, Scene]]:
    return [pair for r in league for pair in zip(r.shots, r.scenes, strict=True) if not pair[0].is_penalty]


@pytest.fixture(scope="session")
def table(pairs: list[tuple[Shot, Scene]]) -> Table:
    numbers = np.array([measure(shot, scene) for shot, scene in pairs])
    columns: dict[str, Any] = dict(zip((f.name for f in fields(Table)), numbers.T, strict=False))
    return Table(
        **columns,
        header=np.array([s.body_part == "head" for s, _ in pairs]),
        free_kick=np.array([s.shot_type == "free_kick" for s, _ in pairs]),
    )


def measure(shot: Shot, scene: Scene) -> list[float]:
    assert shot.x_m is not None
    assert shot.y_m is not None
    shooter = complex(shot.x_m, shot.y_m)
    goal = complex(GOAL_X, 0) - shooter
    opponents = [
        complex(p.x_m, p.y_m) - shooter for p in scene.people if not p.is_teammate and not p.is_keeper
    ]
    keeper = next((complex(p.x_m, p.y_m) for p in scene.people if p.is_keeper), None)
    left, right = complex(GOAL_X, POST) - shooter, complex(GOAL_X, -POST) - shooter
    inside = sum(cross(left, o) <= 0 <= cross(right, o) and 0 < o.real <= goal.real for o in opponents)
    pressed = 0.0
    for o in opponents:
        z = (1 + (o.real * goal.real + o.imag * goal.imag) / (abs(o) * abs(goal))) / 2
        pressed += max(0.0, 1 - abs(o) / (3 + 6 * (z**3 + 0.3 * z) / 1.3)) ** 1.75
    off = keeper_goal = np.nan
    if keeper is not None:
        bisector = left / abs(left) + right / abs(right)
        off = abs(np.degrees(np.angle((keeper - shooter) / bisector)))
        keeper_goal = abs(complex(GOAL_X, 0) - keeper)
    assert scene.shooter_vx_ms is not None
    assert scene.shooter_vy_ms is not None
    kmh = 3.6 * abs(complex(scene.shooter_vx_ms, scene.shooter_vy_ms))
    nearest = min(abs(o) for o in opponents)
    truth, provider = shot.official["TrueGoalProbability"], shot.provider_xg
    assert provider is not None
    return [
        abs(goal), float(shot.is_goal), inside, pressed, nearest, keeper_goal, off, kmh, truth, provider
    ]  # fmt: skip


def cross(a: complex, b: complex) -> float:
    return a.real * b.imag - a.imag * b.real


def test_three_seasons_hold_about_24_000_shots(league: list[MatchRecord]) -> None:
    assert len(league) == 918
    shots = [s for r in league for s in r.shots]
    assert 23_000 < len(shots) < 25_000
    assert sum(s.is_penalty for s in shots) / 918 == pytest.approx(0.30, abs=0.06)


@pytest.mark.parametrize(
    ("low", "high", "share", "goal_rate", "in_triangle", "pressure", "nearest"),
    [
        (0, 6, 0.04, 0.397, 0.40, 0.84, 1.3),
        (6, 11, 0.20, 0.168, 0.57, 1.02, 1.2),
        (11, 16, 0.21, 0.122, 0.57, 0.78, 1.8),
        (16, 22, 0.24, 0.056, 0.82, 0.71, 2.3),
        (22, 30, 0.26, 0.026, 1.08, 0.50, 3.1),
        (30, 99, 0.06, 0.018, 1.01, 0.31, 4.2),
    ],
)
def test_bands_of_distance(
    table: Table,
    low: float,
    high: float,
    share: float,
    goal_rate: float,
    in_triangle: float,
    pressure: float,
    nearest: float,
) -> None:
    band = (table.distance >= low) & (table.distance < high)
    assert band.mean() == pytest.approx(share, abs=0.025)
    # Four standard errors of the simulated rate beside a quarter of the measured one.
    error = 4 * np.sqrt(goal_rate * (1 - goal_rate) / band.sum())
    assert table.goal[band].mean() == pytest.approx(goal_rate, abs=0.25 * goal_rate + error)
    assert table.in_triangle[band].mean() == pytest.approx(in_triangle, abs=0.12)
    assert table.pressure[band].mean() == pytest.approx(pressure, abs=0.15)
    assert table.nearest[band].mean() == pytest.approx(nearest, abs=0.35)


def test_goal_rates(table: Table) -> None:
    assert table.goal.mean() == pytest.approx(0.095, abs=0.007)
    assert table.goal[table.free_kick].mean() == pytest.approx(0.060, abs=0.03)


def test_headers_and_free_kicks(table: Table) -> None:
    assert table.header.mean() == pytest.approx(0.165, abs=0.015)
    assert table.free_kick.mean() == pytest.approx(0.046, abs=0.008)


def test_keepers_stand_a_few_metres_off_their_line(table: Table) -> None:
    for low, high in [(0, 6), (6, 11), (11, 16), (16, 22), (22, 30), (30, 99)]:
        band = (table.distance >= low) & (table.distance < high) & ~np.isnan(table.keeper_goal)
        assert 2.4 < table.keeper_goal[band].mean() < 3.9
        assert 0.9 < table.keeper_goal[band].std() < 2.7


@pytest.mark.parametrize(
    ("low", "high", "off_deg"), [(6, 11, 10.0), (11, 16, 5.7), (16, 22, 3.0), (22, 99, 2.5)]
)
def test_keepers_stand_near_the_bisector(table: Table, low: float, high: float, off_deg: float) -> None:
    band = (table.distance >= low) & (table.distance < high)
    assert np.nanmean(table.keeper_off_deg[band]) == pytest.approx(off_deg, rel=0.25)


def test_shooters_run_at_14_kmh(table: Table) -> None:
    assert table.shooter_kmh.mean() == pytest.approx(14, abs=0.7)
    assert table.shooter_kmh.max() < 3.6 * 9.5


def test_the_truth_is_calibrated_and_ranks_shots_like_a_good_model(table: Table) -> None:
    for low, high in [(0, 0.03), (0.03, 0.08), (0.08, 0.2), (0.2, 0.5), (0.5, 1)]:
        group = (table.truth >= low) & (table.truth < high)
        error = 4 * np.sqrt(table.truth[group].mean() / group.sum())
        assert table.goal[group].mean() == pytest.approx(table.truth[group].mean(), abs=error)
    assert 0.76 < roc_auc_score(table.goal, table.truth) < 0.82


def test_the_providers_estimate_is_off_by_015_log_odds(table: Table) -> None:
    error = np.log(table.provider / (1 - table.provider)) - np.log(table.truth / (1 - table.truth))
    assert error.std() == pytest.approx(0.15, abs=0.005)
    assert error.mean() == pytest.approx(0, abs=0.005)


def test_a_quarter_is_blocked(pairs: list[tuple[Shot, Scene]]) -> None:
    assert np.mean([s.outcome == "blocked" for s, _ in pairs]) == pytest.approx(0.25, abs=0.03)


def test_frames_show_ten_to_twenty_people(pairs: list[tuple[Shot, Scene]]) -> None:
    seen = np.array([len(scene.people) for _, scene in pairs])
    assert seen.max() <= 20
    assert seen.mean() == pytest.approx(15, abs=1)
    assert (seen < 10).mean() < 0.01


def test_keepers_out_of_the_frame_are_rare_but_happen(pairs: list[tuple[Shot, Scene]]) -> None:
    keepers: list[list[Person]] = [[p for p in scene.people if p.is_keeper] for _, scene in pairs]
    assert all(len(k) <= 1 and not any(p.is_teammate for p in k) for k in keepers)
    assert 0 < np.mean([not k for k in keepers]) < 0.006


def test_penalties_are_scored_three_times_in_four(league: list[MatchRecord]) -> None:
    penalties = [s for r in league for s in r.shots if s.is_penalty]
    assert np.mean([s.is_goal for s in penalties]) == pytest.approx(0.76, abs=0.1)
    assert {(s.x_m, s.y_m) for s in penalties} == {(41.5, 0.0)}


def test_headers_are_struck_like_headers(pairs: list[tuple[Shot, Scene]]) -> None:
    for shot, scene in pairs:
        if shot.body_part == "head":
            assert shot.technique in ("normal", "diving_header")
            assert shot.ball_control == "direct"
            assert shot.set_up in ("cross", "corner", "free_kick", "open_play", "throw_in", "rebound")
            assert scene.ball_z_m is not None
            assert scene.ball_z_m > 0.9
        else:
            assert shot.technique != "diving_header"
        assert (shot.technique in ("volley", "overhead")) == (shot.ball_control == "volley")
