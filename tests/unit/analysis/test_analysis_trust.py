"""Does a first reason hold: shares by hand, on models whose answers are known, and on scenes that cannot be."""

import numpy as np
import pandas as pd
import pytest

from xgoals.analysis.trust import football_order, one_baseline
from xgoals.analysis.trust.measure import measure_trust
from xgoals.analysis.trust.panel import LEAST_SHOTS, fit_panel, set_aside
from xgoals.domain.trust import Game, Question
from xgoals.features.build import build_features
from xgoals.features.catalogue import BEST_17
from xgoals.features.scenes import Scenes
from xgoals.reasons.frozen import freeze

PARAMETERS = {
    "objective": "binary:logistic", "tree_method": "hist", "max_depth": 3, "eta": 0.2, "nthread": 1, "n_trees": 12,
    "n_seeds": 1, "seed": 7, "colsample_bynode": 0.5,
}  # fmt: skip
NAMES = list(BEST_17.names)


def invented(n_matches, a_match=25, seed=0):
    """Shots with a keeper and two opponents, goals by distance alone."""
    rng = np.random.default_rng(seed)
    n = n_matches * a_match
    x, y = rng.uniform(28, 48, n), rng.normal(0, 6, n)
    match = np.repeat(np.arange(n_matches), a_match)
    goal = rng.random(n) < 1 / (1 + np.exp(0.25 * (np.hypot(52.5 - x, y) - 8)))
    shots = pd.DataFrame(
        {
            "provider": "made", "match_id": match.astype(str), "shot_id": np.arange(n).astype(str),
            "shot_key": np.arange(n), "is_goal": goal, "x_m": x, "y_m": y, "pitch_length_m": 105.0,
            "pitch_width_m": 68.0, "body_part": "right_foot", "shot_type": "open_play", "ball_control": "control",
            "set_up": "open_play", "technique": "normal", "shooter_vx_ms": np.nan, "shooter_vy_ms": np.nan,
            "frame_source": "official", "is_rebound": False,
        }
    )  # fmt: skip
    people = pd.DataFrame(
        {
            "row": np.repeat(np.arange(n), 3),
            "x_m": np.column_stack([rng.uniform(48, 52, n), x + rng.uniform(0.5, 4, n), x - 2]).ravel(),
            "y_m": np.column_stack([y * 0.1, y * 0.8 + rng.normal(0, 1, n), y]).ravel(),
            "is_teammate": False,
            "is_keeper": np.tile([True, False, False], n),
        }
    )
    features = build_features(Scenes(shots, people), BEST_17).to_numpy(dtype=float)
    return freeze(shots, people, features, [f"made/{number}" for number in match])


@pytest.fixture(scope="module")
def window():
    return invented(100)


@pytest.fixture(scope="module")
def panel(window):
    return fit_panel(window, NAMES, PARAMETERS)


class TestThePanel:
    def test_whole_matches_are_set_aside_a_twentieth_of_the_window(self, window, panel):
        assert len(panel.asked) == 125 == panel.n_matches * 25
        aside = set(window.match[panel.asked].tolist())
        assert aside.isdisjoint(window.match[panel.learned].tolist())
        assert len(panel.learned) + len(panel.asked) == len(window)

    def test_which_ones_depends_on_their_names_alone(self, window):
        chosen = set(np.array(window.matches)[set_aside(window)])
        backwards = window.take(np.arange(len(window))[::-1])
        assert set(np.array(backwards.matches)[set_aside(backwards)]) == chosen

    def test_no_model_has_learned_from_them(self, window, panel):
        """With other outcomes of these shots all models are the same."""
        changed = window.is_goal.copy()
        changed[panel.asked] = ~changed[panel.asked]
        other = type(window)(
            window.scenes, window.features, changed, window.shot_key, window.match, window.matches
        )
        again = fit_panel(other, NAMES, PARAMETERS)
        for one, two in zip(
            (panel.reference, *panel.other_seeds, *panel.halves),
            (again.reference, *again.other_seeds, *again.halves),
            strict=True,
        ):
            assert one.save_raw() == two.save_raw()

    def test_a_window_too_small_has_none(self):
        assert fit_panel(invented(79), NAMES, PARAMETERS) is None  # a twentieth: 75 shots of 3 matches
        assert LEAST_SHOTS == 100


class TestFirstReasons:
    def test_the_largest_whatever_its_sign_and_never_a_missing_one(self):
        values = np.array([[0.1, -0.3, 0.2], [np.nan, 0.01, -0.02], [0.0, 0.0, 0.0]])
        assert one_baseline.first_reasons(values).tolist() == [1, 2, 0]

    def test_every_variation_of_one_baseline_is_a_share(self, window, panel):
        features = pd.DataFrame(window.features, columns=NAMES)
        found = dict(
            one_baseline.shares_that_stay(
                panel, features.iloc[panel.asked], features.iloc[panel.learned], BEST_17
            )
        )
        assert set(found) == {
            Question.OTHER_SEED, Question.HALF_THE_MATCHES, Question.MEDIANS, Question.NEAREST_SHOT,
            Question.MEAN_OF_SHOTS,
        }  # fmt: skip
        assert all(0.3 < share <= 1 for share in found.values())  # goals depend on the place alone

    def test_the_same_model_under_another_name_changes_nothing(self, window, panel):
        from dataclasses import replace

        same = replace(panel, other_seeds=(panel.reference,), halves=(panel.reference,))
        features = pd.DataFrame(window.features, columns=NAMES)
        found = dict(
            one_baseline.shares_that_stay(
                same, features.iloc[panel.asked], features.iloc[panel.learned], BEST_17
            )
        )
        assert found[Question.OTHER_SEED] == found[Question.HALF_THE_MATCHES] == 1.0


class TestMixtures:
    def test_each_player_is_the_shots_or_the_baselines_and_neither_end_is_asked(self):
        asked = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0], "c": [5.0, 6.0]})
        baseline = pd.Series({"a": -1.0, "b": -2.0, "c": -3.0})
        rows = one_baseline.mixtures(asked, baseline, [["a", "b"], ["c"]], np.arange)
        assert rows.to_numpy().tolist() == [[1, 3, -3], [2, 4, -3], [-1, -2, 5], [-1, -2, 6]]


def test_all_figures_of_a_model(window):
    figures = measure_trust(window, BEST_17, PARAMETERS)
    known = {(of.game, of.question): of for of in figures}
    assert len(known) == len(figures) == 5 + 3 + 4
    assert {of.n for of in figures if of.question is not Question.LIKE_NOTHING} == {125}
    assert {of.n_matches for of in figures} == {5}
    assert all(0 <= of.share <= 1 for of in figures)
    by_game = {of.game: of.share for of in figures if of.question is Question.LIKE_NOTHING}
    assert by_game[Game.REAL_SHOTS] <= by_game[Game.SINGLE_FEATURES]
    assert figures == measure_trust(window, BEST_17, PARAMETERS)


def test_half_of_the_references_is_the_nearer_half(window, panel):
    from xgoals.reasons.from_there import coalitions
    from xgoals.reasons.of_shots import compare

    shots = window.take(panel.asked[:4])
    compared = compare(
        shots.scenes, shots.features, [window.matches[m] for m in shots.match], window, BEST_17
    )
    compared.prepare()
    block = coalitions(compared, np.arange(4))
    half = football_order._half_of(block)
    assert half.row.shape[1] == block.row.shape[1] // 2
    assert (half.row == block.row[:, : half.row.shape[1]]).all()
