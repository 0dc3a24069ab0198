"""Boosters grown by several Spark workers: the same, to the bit, as one process grows.

``xgboost.spark`` gives each worker some of the shots; at every level of a tree they add up their histograms. What
comes out could depend on who has which shots in three ways. Rows could be drawn by their position: they never are
(:mod:`xgoals.model.fitting`). Features could be cut elsewhere: the sketch that says where is exact, whoever merges it,
as long as a feature has no more values than it keeps; on their grid features have fewer, and others are refused. Sums
could be rounded otherwise: float32 gradients in double precision have bits to spare for some hundred thousand shots,
beyond which the last one may differ.

This is a way to grow trees where the data lies, and no way to be sooner done: see docs/spark.md.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import xgboost

from xgoals.domain.errors import ModelError, ServiceError, SettingsError
from xgoals.model.booster_arithmetic import booster_of, read_model
from xgoals.model.fitting import MAX_BIN
from xgoals.model.shots.unseen import Taught
from xgoals.settings import Settings
from xgoals.spark.session import quiet_about_pandas, spark_session, spark_told

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

WAIT_FOR_WORKERS_S = 60
"""A cluster's executors come one after the other, once a session asks for them."""
_KEPT_A_BIN = 8
"""XGBoost's sketch keeps so many values of a feature for each of its bins."""
_IS_GOAL, _WEIGHT = "is_goal", "weight"
_SAID_BY_THE_CLUSTER = ("nthread", "seed", "objective", "eval_metric")
"""Parameters that ``SparkXGBClassifier`` does not take: it has its own words for them, or needs none."""


@contextmanager
def growing(settings: Settings, n_workers: int | None = None) -> "Iterator[Workers]":
    """A session, whose workers grow trees; it ends with the block.

    Parameters
    ----------
    n_workers
        How many of them are waited for; None: those that are there at once.

    Raises
    ------
    SettingsError
        If ``spark.remote`` is set: a Spark Connect server has no way to let tasks work at once.
    ServiceError
        If the session does not start, or has no room for so many workers at once.
    """
    if settings.spark.remote:
        raise SettingsError(
            f"xgboost.spark cannot train through Spark Connect ({settings.spark.remote})",
            where="spark.remote",
            advice="Leave it empty and set spark.master (spark://host:7077, yarn, local[2]), or train without "
            "Spark (xgoals train): it makes the same model",
        )
    # Workers that begin again after one was lost would wait for its successor, for ever if there is none.
    conf = {"spark.stage.maxConsecutiveAttempts": "1", **settings.spark.conf}
    own = settings.model_copy(update={"spark": settings.spark.model_copy(update={"conf": conf})})
    with spark_session(own, "xgoals train") as session:
        yield workers_of(session, settings, n_workers)


def workers_of(session: "SparkSession", settings: Settings, n_workers: int | None = None) -> "Workers":
    """The workers of a session of these settings, as soon as there is room for all of them at once.

    Raises
    ------
    ServiceError
        If there is none after a minute: they would wait for each other for ever.
    """
    is_growing = not settings.spark.master.startswith("local")
    deadline = time.monotonic() + WAIT_FOR_WORKERS_S * is_growing
    while (room := _room(session)) < (n_workers or 1) and time.monotonic() < deadline:
        time.sleep(0.5)
    if room < (n_workers or 1):
        raise ServiceError(
            f"there is room for {room} {'task' if room == 1 else 'tasks'} at once, and {n_workers or 1} workers "
            "have to work at once to train",
            where=settings.spark.master,
            advice="Ask for fewer (--workers), or give the session more cores (spark.executor.instances, "
            "spark.cores.max) or the cluster another worker; is another application holding them?",
        )
    return Workers(session, settings, n_workers or room)


def _room(session: "SparkSession") -> int:
    """How many tasks the executors that are there can work on at once."""
    from xgboost.spark.utils import _get_max_num_concurrent_tasks

    return int(_get_max_num_concurrent_tasks(session.sparkContext))


@dataclass(frozen=True)
class Workers:
    """Spark workers as a :data:`xgoals.model.fitting.Grow`; one fit at a time, for each takes all of them."""

    session: "SparkSession"
    settings: Settings
    n_workers: int
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False, compare=False)

    def __call__(
        self, taught: Taught, parameters: Sequence[Mapping[str, Any]], n_trees: int
    ) -> list[xgboost.Booster]:
        """Grow a booster for each of the parameters.

        Raises
        ------
        ModelError
            As :func:`check_values`.
        ServiceError
            If the job fails.
        """
        check_values(taught, parameters[0])
        quiet_about_pandas()
        for name in ("XGBoost-PySpark", "SparkXGBClassifier"):  # else a line a fit
            logging.getLogger(name).setLevel(logging.WARNING)
        with self._one_at_a_time, spark_told(self.settings):
            rows = self._shared_out(taught)
            start = _start(taught, parameters[0])
            grown = [self._grown(rows, list(taught.X.columns), own, n_trees, start) for own in parameters]
            rows.unpersist()
            return grown

    def _shared_out(self, taught: Taught) -> "DataFrame":
        columns = {str(name): pa.array(taught.X[name].to_numpy()) for name in taught.X}  # NaN stays NaN
        columns[_IS_GOAL] = pa.array(np.asarray(taught.y, dtype=np.float32))
        if taught.weight is not None:
            columns[_WEIGHT] = pa.array(taught.weight)
        rows: DataFrame = self.session.createDataFrame(pa.table(columns))
        return rows.repartition(self.n_workers).persist()

    def _grown(
        self,
        rows: "DataFrame",
        names: list[str],
        parameters: Mapping[str, Any],
        n_trees: int,
        start: dict[str, str],
    ) -> xgboost.Booster:
        from xgboost.spark import SparkXGBClassifier

        own = {name: value for name, value in parameters.items() if name not in _SAID_BY_THE_CLUSTER}
        weight = {"weight_col": _WEIGHT} if _WEIGHT in rows.columns else {}
        estimator = SparkXGBClassifier(
            features_col=names,
            label_col=_IS_GOAL,
            num_workers=self.n_workers,
            n_estimators=n_trees,
            random_state=parameters["seed"],
            disable_default_eval_metric=1,
            base_score=float(start["base_score"].strip("[]")),
            **weight,
            **own,
        )
        grown = estimator.fit(rows).get_booster()
        model = read_model(grown)
        model["learner"]["learner_model_param"] |= start
        booster = booster_of(model)
        booster.feature_names = names
        booster.feature_types = ["float"] * len(names)
        return booster


def _start(taught: Taught, parameters: Mapping[str, Any]) -> dict[str, str]:
    """Where the log odds begin, as one process finds it: workers round the mean of their means otherwise."""
    outcomes = xgboost.DMatrix(np.zeros((len(taught.y), 1)), taught.y, weight=taught.weight)
    own = {"objective": parameters["objective"], "nthread": 1}
    found = read_model(xgboost.train(own, outcomes, 1))["learner"]["learner_model_param"]
    return {name: found[name] for name in ("base_score", "boost_from_average")}


def check_values(taught: Taught, parameters: Mapping[str, Any]) -> None:
    """Refuse what would depend on who has which shots.

    Raises
    ------
    ModelError
        If a feature has more values than the sketch keeps, or the objective is not ``binary:logistic``.
    """
    if parameters["objective"] != "binary:logistic":
        raise ModelError(f"Spark's workers grow binary:logistic boosters, not {parameters['objective']}")
    most = _KEPT_A_BIN * parameters.get("max_bin", MAX_BIN)
    for name, n in taught.X.nunique().items():
        if n > most:
            raise ModelError(
                f"feature {name} has {n:,} values: beyond {most:,} several workers cut it elsewhere than one does",
                advice="Put it on a grid (per_unit in the catalogue), or train without Spark: xgoals train",
            )
