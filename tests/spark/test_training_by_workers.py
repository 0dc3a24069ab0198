"""A model whose trees several workers grow is the model of one process, to the bit."""

import time
from threading import Thread

import numpy as np
import pandas as pd
import pytest
from spark_processes import SparkCluster
from window_by_hand import league

from xgoals.domain.errors import ServiceError
from xgoals.features.catalogue import BEST_17
from xgoals.model import training
from xgoals.model.fitting import in_own_order, in_this_process, xgboost_parameters
from xgoals.model.shots.unseen import Taught, with_unseen
from xgoals.spark import fit

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]

FEW = {**training.PARAMETERS, "eta": 0.2, "n_trees": 15, "n_seeds": 1}


@pytest.fixture(scope="module")
def frame():
    return league(60)


@pytest.fixture(scope="module")
def taught(frame):
    """What one fit learns from: shots, and copies of half the weight with hidden words."""
    X = frame[list(BEST_17.names)].astype(np.float32)
    shots = with_unseen(*in_own_order(X, frame["is_goal"].to_numpy()), 3)
    assert shots.weight is not None
    assert shots.X.isna().any().any()
    return shots


def of_seeds(*seeds):
    own = {name: FEW[name] for name in FEW if name not in ("n_trees", "n_seeds")}
    return [xgboost_parameters(own, BEST_17.names) | {"seed": seed} for seed in seeds]


def raw(boosters):
    return [bytes(booster.save_raw("ubj")) for booster in boosters]


@pytest.mark.parametrize("n_workers", [1, 2])
def test_trees_are_the_same_whoever_grows_them_from_shots_in_any_order(
    spark_cluster: SparkCluster, tmp_path, taught, n_workers
):
    one = in_this_process(taught, of_seeds(3, 4), 30)
    order = np.random.default_rng(n_workers).permutation(len(taught.X))
    shuffled = Taught(taught.X.iloc[order], taught.y[order], taught.weight[order])
    with fit.growing(spark_cluster.settings(tmp_path), n_workers) as grow:
        assert grow.n_workers == n_workers
        assert raw(grow(shuffled, of_seeds(3, 4), 30)) == raw(one)
        without = Taught(taught.X, taught.y, None)
        assert raw(grow(without, of_seeds(3), 10)) == raw(in_this_process(without, of_seeds(3), 10))


def test_a_challenger_with_all_that_is_said_of_it_is_the_same(spark_cluster: SparkCluster, tmp_path, frame):
    def train(shots, **options):
        return training.train(shots, BEST_17, seed=3, held_out_share=0.2, parameters=FEW, **options)

    here = train(frame)
    with fit.growing(spark_cluster.settings(tmp_path), 2) as grow:
        assert grow.n_workers == 2
        there = train(frame.sample(frac=1, random_state=1), grow=grow)
    assert (there.booster, there.sisters) == (here.booster, here.sisters)
    assert there.metrics == here.metrics
    pd.testing.assert_frame_equal(there.predictions.loc[frame.index], here.predictions)


def test_more_workers_than_there_is_room_for_are_refused_and_not_waited_for(
    spark_cluster: SparkCluster, tmp_path, monkeypatch
):
    monkeypatch.setattr(fit, "WAIT_FOR_WORKERS_S", 1)
    with (
        pytest.raises(
            ServiceError, match=r"room for [12] tasks? at once, and 3 workers have to work at once"
        ) as said,
        fit.growing(spark_cluster.settings(tmp_path), 3),
    ):
        pass
    assert "--workers" in said.value.advice


def test_a_worker_killed_in_the_middle_ends_it_with_a_sentence(spark_cluster: SparkCluster, tmp_path, taught):
    """Those that are left would wait for it for ever."""
    try:
        with fit.growing(spark_cluster.settings(tmp_path), 2) as grow:
            Thread(target=kill_once_both_work, args=(spark_cluster, grow.session)).start()
            with pytest.raises(ServiceError, match="Spark has failed"):
                grow(taught, of_seeds(3), 20_000)
    finally:
        spark_cluster.start_worker("two")
        spark_cluster.wait_for(2)
    with fit.growing(spark_cluster.settings(tmp_path / "again"), 2) as grow:
        assert raw(grow(taught, of_seeds(3), 5)) == raw(in_this_process(taught, of_seeds(3), 5))


def kill_once_both_work(cluster, session):
    tracker, since = session.sparkContext.statusTracker(), {}
    while True:
        stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
        for stage in stages:
            began = since.setdefault(stage.stageId, time.monotonic())
            if stage.numActiveTasks == 2 and time.monotonic() - began > 5:  # no other stage takes as long
                cluster.kill_worker("two")
                return
        time.sleep(0.2)
