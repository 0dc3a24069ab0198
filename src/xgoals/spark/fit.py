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
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import xgboost

from xgoals.domain.errors import ModelError, ServiceError, SettingsError
from xgoals.model.fitting import MAX_BIN
from xgoals.model.shots.unseen import Taught
from xgoals.settings import Settings
from xgoals.spark.session import spark_session

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
        How many of them; None: all that there are.

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
    session = spark_session(settings, "xgoals train")
    try:
        yield workers_of(session, n_workers)
    finally:
        session.stop()


def workers_of(session: "SparkSession", n_workers: int | None = None) -> "Workers":
    """The workers of a session, as soon as there is room for all of them at once.

    Raises
    ------
    ServiceError
        If there is none after a minute: they would wait for each other for ever.
    """
    deadline = time.monotonic() + WAIT_FOR_WORKERS_S
    while (room := _room(session)) < (n_workers or 1) and time.monotonic() < deadline:
        time.sleep(0.5)
    if room < (n_workers or 1):
        raise ServiceError(
            f"there is room for {room} {'task' if room == 1 else 'tasks'} at once, and {n_workers or 1} workers "
            "have to work at once to train",
            where=session.sparkContext.master,
            advice="Ask for fewer (--workers), or give the cluster more cores: spark.executor.instances, "
            "spark.cores.max, or another worker; is another application holding them?",
        )
    return Workers(session, n_workers or room)


def _room(session: "SparkSession") -> int:
    """How many tasks the executors that are there can work on at once."""
    from xgboost.spark.utils import _get_max_num_concurrent_tasks

    return int(_get_max_num_concurrent_tasks(session.sparkContext))


@dataclass(frozen=True)
class Workers:
    """Spark workers as a :data:`xgoals.model.fitting.Grow`; one fit at a time, for each takes all of them."""

    session: "SparkSession"
    n_workers: int
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False, compare=False)

    def __call__(
        self, taught: Taught, parameters: Sequence[Mapping[str, Any]], n_trees: int
    ) -> list[xgboost.Booster]:
        """Grow a booster for each of the parameters.

        Raises
        ------
        ModelError
            If a feature has too many values, or the objective is another than the product's.
        ServiceError
            If the job fails.
        """
        from pyspark.errors import PySparkException

        _check_values(taught, parameters[0])
        try:
            with self._one_at_a_time, _quiet():
                rows = self._shared_out(taught)
                try:
                    return [self._grown(rows, list(taught.X.columns), own, n_trees) for own in parameters]
                finally:
                    rows.unpersist()
        except PySparkException as error:
            raise ServiceError(
                f"the workers did not grow the trees ({str(error).strip().splitlines()[0]})",
                where=self.session.sparkContext.master,
                advice="Nothing was stored. Try again, or train without Spark (xgoals train): it makes the same model",
            ) from error

    def _shared_out(self, taught: Taught) -> "DataFrame":
        columns = {str(name): pa.array(taught.X[name].to_numpy()) for name in taught.X}  # NaN stays NaN
        columns[_IS_GOAL] = pa.array(np.asarray(taught.y, dtype=np.float32))
        if taught.weight is not None:
            columns[_WEIGHT] = pa.array(taught.weight)
        rows: DataFrame = self.session.createDataFrame(pa.table(columns))
        return rows.repartition(self.n_workers).persist()

    def _grown(
        self, rows: "DataFrame", names: list[str], parameters: Mapping[str, Any], n_trees: int
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
            **weight,
            **own,
        )
        grown = estimator.fit(rows).get_booster()
        booster = xgboost.Booster(model_file=grown.save_raw("ubj"))
        booster.feature_names = names
        booster.feature_types = ["float"] * len(names)
        return booster


def _check_values(taught: Taught, parameters: Mapping[str, Any]) -> None:
    """Refuse what would depend on who has which shots."""
    if parameters["objective"] != "binary:logistic":
        raise ModelError(f"Spark's workers grow binary:logistic boosters, not {parameters['objective']}")
    most = _KEPT_A_BIN * parameters.get("max_bin", MAX_BIN)
    for name, n in taught.X.nunique().items():
        if n > most:
            raise ModelError(
                f"feature {name} has {n:,} values: beyond {most:,} several workers cut it elsewhere than one does",
                advice="Put it on a grid (per_unit in the catalogue), or train without Spark: xgoals train",
            )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without a line a fit from xgboost.spark, and without PySpark's warning that pandas 3 is new to it."""
    for name in ("XGBoost-PySpark", "SparkXGBClassifier"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield
