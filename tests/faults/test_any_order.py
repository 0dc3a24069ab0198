"""In whatever order matches, corrections and deletions come, and in however many runs: what is stored is the same."""

from pathlib import Path

import numpy as np
import pytest
from final_state import final_state, told_differences
from inbox_pipeline import Pipeline
from small_world import batches, draw_world
from sqlalchemy import text

import leagues
from counting import Tries
from xgoals.settings import load_settings

ORDERS_OF_A_WORLD = 20
WHAT_WAS_READ = (
    "match", "match_incident", "own_goal", "player", "quarantine", "shot", "shot_actor", "shot_feature",
    "shot_position", "team", "told_name",
)  # fmt: skip
"""Tables that hang on no model."""


def test_any_order_comes_to_the_same_end(pipeline: Pipeline, tries: Tries, tmp_path: Path):
    n_orders = tries(1000, small=2)
    for n in range(n_orders):
        if n % ORDERS_OF_A_WORLD == 0:
            world = draw_world(tries.seed + n // ORDERS_OF_A_WORLD, tmp_path)
            pipeline.play([world.truth()])
            expected = final_state(pipeline.engine)
        rng = np.random.default_rng([tries.seed, n])
        order = list(batches(rng, world.shuffled(rng)))
        pipeline.play(order, rng)
        differences = told_differences(expected, final_state(pipeline.engine))
        told = "\n".join(f"run {i}: " + "; ".join(map(str, batch)) for i, batch in enumerate(order))
        assert not differences, f"order {n} of --fault-seed={tries.seed}:\n{told}\n{differences}"
    tries.done(2, "orders of matchdays, corrections and deletions", n_orders, 1000)


@pytest.mark.slow  # a model for every few deliveries
def test_any_order_comes_to_the_same_matches_shots_and_features_while_models_are_trained(
    pipeline: Pipeline, tries: Tries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    leagues.small_models(monkeypatch)
    for name in ("MATCHES", "GOALS"):
        monkeypatch.setenv(f"XGOALS_TRAINING__MIN_{name}", "2")
    pipeline.settings, pipeline.trains = load_settings(), True
    n_orders, before = tries(20, small=1), n_models(pipeline)
    for n in range(n_orders):
        if n % 5 == 0:
            world = draw_world(tries.seed + n, tmp_path)
            pipeline.play([world.truth()])
            expected = final_state(pipeline.engine)
        rng = np.random.default_rng([tries.seed, n, 1])
        order = list(batches(rng, world.shuffled(rng)))
        pipeline.play(order, rng)
        state = final_state(pipeline.engine)
        for table in WHAT_WAS_READ:
            differences = told_differences({table: expected[table]}, {table: state[table]})
            assert not differences, f"order {n} of --fault-seed={tries.seed}:\n{order}\n{differences}"
    assert n_models(pipeline) > before, "nothing was trained"
    tries.done(2, "orders with training on: matches, shots, features", n_orders, 20)


def n_models(pipeline: Pipeline) -> int:
    with pipeline.engine.connect() as connection:
        return int(connection.scalar(text("select count(*) from xgoals.model_version")) or 0)
