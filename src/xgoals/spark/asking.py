"""The lake as tables: views over archives, features and explanations, named as the analysts' views in Postgres."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xgoals.features.catalogue import find_catalogue
from xgoals.settings import asset_folder
from xgoals.spark.folders import SHOT, find_archives, read_archives, read_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame, SparkSession

    from xgoals.settings import Settings

VIEWS = ("archive", "match", "player", "shot_position", "champion_shot")
"""In ``sql/lake``, each built on those before; ``shot_explanation_long`` comes on top."""


@dataclass(frozen=True, slots=True)
class Lake:
    """Where archives, features and explanations lie: folders, or URLs of buckets."""

    archives: str
    features: str
    explanations: str


def open_lake(session: "SparkSession", lake: Lake, tell: "Callable[[str], None]") -> None:
    """Make the lake's views in a session: ``session.sql("select ... from champion_shot")`` asks them.

    ``archive``, ``feature`` and ``explanation`` are what lies there; ``match``, ``player``, ``shot_position``,
    ``champion_shot`` and ``shot_explanation_long`` have the columns of their namesakes in Postgres, as far as archives
    know them.

    Raises
    ------
    SourceError
        If one of the three is not there, or was not written to its end.
    """
    features = read_whole(session, lake.features, f"xgoals spark features --to {lake.features}")
    explanations = read_whole(session, lake.explanations, f"xgoals spark explain --to {lake.explanations}")
    read_archives(session, find_archives(lake.archives, tell)).createOrReplaceTempView("archive_row")
    features.createOrReplaceTempView("feature")
    explanations.createOrReplaceTempView("explanation")
    for name in VIEWS:
        session.sql((asset_folder("sql") / "lake" / f"{name}.sql").read_text("utf-8"))
    _long(features, explanations).createOrReplaceTempView("shot_explanation_long")


def _long(features: "DataFrame", explanations: "DataFrame") -> "DataFrame":
    """One row a shot and feature: its value and its Shapley value."""
    first = features.select("catalogue").first()
    names = find_catalogue(first["catalogue"]).names if first else ()
    triples = ", ".join(f"'{name}', `{name}`, `shap_{name}`" for name in names)
    values = features.select(*SHOT, *names)
    said = explanations.select(
        *SHOT, "model_version", "scored_by", "base_value", "xg", *(f"shap_{n}" for n in names)
    )
    return values.join(said, list(SHOT)).selectExpr(
        *SHOT,
        "model_version",
        "scored_by",
        "base_value",
        "xg as prediction",
        f"stack({len(names)}, {triples}) as (feature, feature_value, shap_value)",
    )


def ask_lake(
    settings: "Settings", lake: Lake, query: str, tell: "Callable[[str], None]"
) -> list[dict[str, Any]]:
    """The rows that a query in Spark SQL gives; they are held in memory.

    Raises
    ------
    SourceError
        As :func:`open_lake`.
    ServiceError
        If Spark fails, or does not understand the query.
    """
    from xgoals.spark.session import spark_session, spark_told

    with spark_told(settings), spark_session(settings, "xgoals sql") as session:
        open_lake(session, lake, tell)
        rows: list[dict[str, Any]] = session.sql(query).toArrow().to_pylist()
    return rows
