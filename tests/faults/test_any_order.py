"""In whatever order matches, corrections and deletions come, and in however many runs: what is stored is the same."""

from pathlib import Path

import numpy as np
import pytest
from final_state import final_state, told_differences
from inbox_pipeline import Pipeline
from small_world import batches, draw_world

from counting import Tries

ORDERS_OF_A_WORLD = 20


@pytest.mark.parametrize("half", [0, 1])  # two processes may share them
def test_any_order_comes_to_the_same_end(pipeline: Pipeline, tries: Tries, tmp_path: Path, half: int):
    n_orders = tries(500, small=2)
    for n in range(half * n_orders, (half + 1) * n_orders):
        if n % ORDERS_OF_A_WORLD == 0 or n == half * n_orders:
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
