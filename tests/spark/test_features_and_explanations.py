"""Features, explanations and the ten questions on a master and two workers: the same as in Postgres, of one league."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.dataset as ds
import pytest

from reading_questions import differences, questions
from xgoals.settings import Settings
from xgoals.spark.asking import Lake, open_lake
from xgoals.spark.build import spark_features
from xgoals.spark.explain import spark_explain
from xgoals.spark.load import load_explanations
from xgoals.spark.session import spark_session
from xgoals.steps.run_context import RunContext
from xgoals.store.database import connect
from xgoals.store.explanations import read_explained
from xgoals.store.features import read_features

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

KEYS = ["provider", "match_id", "shot_id"]


@pytest.fixture
def run(
    spark_cluster, reach: Callable[[str], tuple[RunContext, str]], tmp_path: Path
) -> tuple[RunContext, Settings]:
    """A league that the pipeline has explained, and settings that lead to the cluster."""
    context, _ = reach("explained")
    spark = spark_cluster.settings(tmp_path / "cluster").spark
    return context, context.settings.model_copy(update={"spark": spark})


def test_the_lake_and_postgres_agree(run: tuple[RunContext, Settings], league: Path, tmp_path: Path) -> None:
    context, settings = run
    lake = Lake(str(league), str(tmp_path / "features"), str(tmp_path / "explanations"))
    told: list[str] = []
    built = spark_features(
        settings, source=lake.archives, to=lake.features, catalogue="best-17", tell=told.append
    )
    explained = spark_explain(settings, "main", source=lake.features, to=lake.explanations)

    engine = connect(settings, "main")
    with engine.connect() as connection:
        features = read_features(connection, "best-17", _version(lake.features))
        values = read_explained(connection, explained.model_version).set_index(KEYS)
    assert (told, built.n_problems, built.n_shots, explained.n_shots) == ([], 0, len(features), len(features))

    ours = ds.dataset(lake.features).to_table().to_pandas().set_index(KEYS)
    theirs = features.astype(dict.fromkeys(KEYS, str)).set_index(KEYS).loc[ours.index]
    names = [name for name in ours if name in theirs and name[0].isupper()]
    assert len(names) == 17
    assert ours[names].to_numpy().tobytes() == theirs[names].to_numpy().tobytes()

    said = ds.dataset(lake.explanations).to_table().to_pandas().set_index(KEYS).loc[values.index]
    assert list(said["scored_by"]) == list(values["scored_by"])
    names = [name for name in said if name.startswith(("shap_", "group_"))] + ["xg", "base_value"]
    assert np.abs(said[names].to_numpy() - values[names].to_numpy()).max() <= 1e-12

    loaded = load_explanations(context, lake.explanations)
    assert (loaded.n_added, loaded.n_before, loaded.refusals) == (0, len(features), ())

    asked = questions()
    assert len(asked) == 10
    with spark_session(settings, "questions") as session, engine.connect() as connection:
        open_lake(session, lake, told.append)
        for question in asked:
            in_postgres = [dict(row._mapping) for row in connection.exec_driver_sql(question.postgres)]
            in_the_lake = session.sql(question.spark).toArrow().to_pylist()
            assert in_postgres, question.words
            assert differences(in_postgres, in_the_lake) == [], question.words
    engine.dispose()


def _version(place: str) -> int:
    first = ds.dataset(place).head(1, columns=["catalogue_version"])
    return int(first.column("catalogue_version")[0].as_py())
