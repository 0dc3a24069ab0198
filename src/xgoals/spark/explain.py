"""Explanations on executors: exact values of each shot, by the one of a version's boosters that has not seen its match.

The driver reads the champion, its sisters and the baseline from the registry, and finds out who speaks for which match.
Executors get them as they are, need no database, and prove each booster before they ask it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xgoals.domain.errors import ModelError, SourceError
from xgoals.domain.model import scored_by
from xgoals.features.catalogue import Catalogue, find_catalogue

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from sqlalchemy import Connection

    from xgoals.model.artifact import Boosters
    from xgoals.settings import Database, Settings

KEYS = ("provider", "match_id", "shot_id", "features_hash")
SISTER = "sister"


@dataclass(frozen=True)
class Speakers:
    """All that an executor must know of a version: its boosters, and the row that explanations start from."""

    boosters: "Boosters"
    baseline: Mapping[str, float]

    @property
    def catalogue(self) -> Catalogue:
        """Whose features the version reads."""
        return find_catalogue(self.boosters.model.catalogue)


@dataclass(frozen=True, slots=True)
class FeaturesKind:
    """What features are of: catalogue and world."""

    catalogue: str
    catalogue_version: int
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """What `spark_explain` has done."""

    n_shots: int
    model_version: str
    path: str

    def __str__(self) -> str:
        return f"{self.n_shots:,} shots explained by {self.model_version} -> {self.path}"


def explanations_schema(catalogue: Catalogue) -> pa.Schema:
    """The columns of the explanations' Parquet, in probability: base value plus ``shap_...`` is ``xg``."""
    return pa.schema(
        [
            *((name, pa.string()) for name in KEYS),
            ("catalogue", pa.string()),
            ("catalogue_version", pa.int32()),
            ("model_version", pa.string()),
            (SISTER, pa.int32()),
            ("scored_by", pa.string()),
            ("xg", pa.float64()),
            ("base_value", pa.float64()),
            *((f"shap_{name}", pa.float64()) for name in catalogue.names),
            *((f"group_{name}", pa.float64()) for name in catalogue.groups),
        ]
    )


def explain_batches(batches: Iterable[pa.RecordBatch], speakers: Speakers) -> Iterator[pa.RecordBatch]:
    """Explain the shots of a partition.

    Parameters
    ----------
    batches
        Rows of features with ``sister``: who speaks for the shot, 0 for the champion itself.

    Returns
    -------
    iterator of RecordBatch
        Of `explanations_schema`; the order of the rows is another one.

    Raises
    ------
    ModelError
        If nobody is known to speak for a shot, a booster is not the registered one, or the values of any shot do not
        add up to its prediction.
    """
    from xgoals.model.artifact import by_sister

    for batch in batches:
        if not batch.num_rows:
            continue
        for sister, rows in by_sister(_who_speaks(batch)):
            yield _explained(batch.take(pa.array(rows)), sister, speakers)


def _who_speaks(batch: pa.RecordBatch) -> npt.NDArray[np.int64]:
    column = batch.column(SISTER)
    if column.null_count:
        nobodys = batch.filter(column.is_null()).slice(0, 1).to_pylist()[0]
        raise ModelError(
            "nobody is known to speak for this match",
            where=f"match {nobodys['provider']}/{nobodys['match_id']}",
            advice="Were the features written anew meanwhile? Run again",
        )
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.int64)


def _explained(shots: pa.RecordBatch, sister: int, speakers: Speakers) -> pa.RecordBatch:
    """The shots of one booster."""
    from xgoals.explain import exact_shapley
    from xgoals.explain.verify import verify_additivity

    catalogue, booster = speakers.catalogue, speakers.boosters.of(sister)
    X = np.column_stack([_numbers(shots, name) for name in catalogue.names])
    found = exact_shapley(booster, X, speakers.baseline, space="probability", groups=catalogue.groups)
    assert found.group_values is not None  # noqa: S101  (groups were asked for)
    names = (shots.column(name).to_pylist() for name in ("match_id", "shot_id"))
    verify_additivity(found, booster, X, ids=["shot " + "/".join(name) for name in zip(*names, strict=True)])
    version, n = speakers.boosters.model.model_version, len(X)
    columns: list[Any] = [
        *(shots.column(name) for name in (*KEYS, "catalogue", "catalogue_version")),
        [version] * n,
        [sister] * n,
        [scored_by(version, sister)] * n,
        found.predictions,
        np.full(n, found.base_value),
        *np.ascontiguousarray(found.values.T),
        *np.ascontiguousarray(found.group_values.T),
    ]
    schema = explanations_schema(catalogue)
    arrays = [
        column if isinstance(column, pa.Array) else pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _numbers(shots: pa.RecordBatch, name: str) -> npt.NDArray[np.float64]:
    """A feature of the shots, (n,); null is missing, as NaN is."""
    return np.asarray(shots.column(name).fill_null(np.nan).to_numpy(zero_copy_only=False), dtype=np.float64)


def spark_explain(settings: "Settings", database: "Database", *, source: str, to: str) -> Explained:
    """The champion's number and its exact explanation of all shots of a folder of features, as a folder of Parquet.

    Nothing is stored: see `xgoals.spark.load`.

    Raises
    ------
    ModelError
        If there is no champion, it has no baseline or no sisters, it reads other features, or lives in another world
        than these shots.
    SettingsError
        If something else lies where the explanations go.
    SourceError
        If the features are not there, or were not written to their end.
    ServiceError
        If Spark fails.
    """
    from xgoals.spark.folders import MATCH, check_target, check_whole, read_whole, spark_types, write_whole
    from xgoals.spark.session import spark_session, spark_told
    from xgoals.store.database import connect

    made_by = f"xgoals spark features --source ARCHIVES --to {source}"
    check_whole(source, made_by)
    check_target(to, source)
    engine = connect(settings, database)
    with engine.connect() as connection:
        speakers = read_speakers(connection)
    with spark_session(settings, "xgoals explain") as session, spark_told(settings):
        shots = read_whole(session, source, made_by)
        check_features(shots.columns, _kinds(shots), speakers, source)
        with engine.connect() as connection:
            who = who_speaks(connection, speakers, _matches(shots))
        sisters = session.createDataFrame(who)
        schema = explanations_schema(speakers.catalogue)
        work = partial(explain_batches, speakers=speakers)
        explained = shots.join(sisters, list(MATCH), "left").mapInArrow(work, spark_types(schema))
        write_whole({"": explained}, to)
        n_shots = read_whole(session, to, made_by).count()
    engine.dispose()
    return Explained(n_shots, speakers.boosters.model.model_version, to)


def read_speakers(connection: "Connection") -> Speakers:
    """The champion with its sisters and baseline, each booster proven.

    Raises
    ------
    ModelError
        If there is none, it cannot be used, or has no sisters: it would speak for matches that it has learned from.
    """
    from xgoals.model.artifact import catalogue_of
    from xgoals.steps.explaining.explainer import Explainer
    from xgoals.store import registry
    from xgoals.store.sisters import has_sisters

    champion = registry.champion_name(connection)
    if champion is None:
        raise ModelError("there is no champion yet", advice="Run: xgoals run")
    explainer = Explainer.load(connection, champion)
    catalogue_of(explainer.model)
    if not has_sisters(connection, champion):
        raise ModelError(
            f"{champion} has no sisters: it would speak for matches that it has learned from",
            advice="Run: xgoals explain, which fits them",
        )
    explainer.boosters.prove()
    boosters = replace(explainer.boosters, model=replace(explainer.model, metrics={}), _loaded={})
    return Speakers(boosters, {str(name): float(value) for name, value in explainer.baseline.items()})


def who_speaks(connection: "Connection", speakers: Speakers, matches: pa.Table) -> pa.Table:
    """``provider, match_id, sister``: for each of these matches who has not seen it, nor what another feed tells of it.

    Parameters
    ----------
    matches
        ``provider, match_id, match_date, home_team, away_team``.
    """
    from xgoals.domain.model import CHAMPION
    from xgoals.model.folds import Fixture
    from xgoals.outputs.scores import who_has_not_seen

    rows = matches.to_pylist()
    fixtures = {
        (row["provider"], row["match_id"]): Fixture.of(
            row["provider"], row["match_date"], row["home_team"], row["away_team"]
        )
        for row in rows
    }
    version = speakers.boosters.model.model_version
    said_by = who_has_not_seen(connection, version, fixtures)
    return pa.table(
        {
            "provider": pa.array([provider for provider, _ in fixtures], pa.string()),
            "match_id": pa.array([match_id for _, match_id in fixtures], pa.string()),
            SISTER: pa.array([said_by.get(key, CHAMPION) for key in fixtures], pa.int32()),
        }
    )


def _matches(shots: "DataFrame") -> pa.Table:
    names = ("provider", "match_id", "match_date", "home_team", "away_team")
    found: pa.Table = shots.select(*names).distinct().toArrow()
    return found


def check_features(
    columns: Sequence[str], kinds: Iterable[FeaturesKind], speakers: Speakers, source: str
) -> None:
    """Look whether features are those that a version reads, and of its world.

    Parameters
    ----------
    columns
        Of the folder.
    kinds
        Whatever is in it.

    Raises
    ------
    SourceError
        If they are of another catalogue, or of another version of it.
    ModelError
        If they are of simulated shots and the champion of real ones, or the other way round.
    """
    catalogue, model = speakers.catalogue, speakers.boosters.model
    if missing := [
        name for name in (*KEYS, *FeaturesKind.__dataclass_fields__, *catalogue.names) if name not in columns
    ]:
        raise _other_features(source, speakers, f"columns are missing: {', '.join(missing)}")
    for kind in kinds:
        if (kind.catalogue, kind.catalogue_version) != (catalogue.name, catalogue.version):
            what = f"features of {kind.catalogue} version {kind.catalogue_version}"
            raise _other_features(source, speakers, what)
        if kind.is_simulated != model.is_simulated:
            worlds = ("real", "simulated")
            raise ModelError(
                f"{worlds[kind.is_simulated]} shots, and a champion of {worlds[model.is_simulated]} ones",
                where=source,
                advice="Nothing simulated meets real data: --database main is real, --database demo simulated",
            )


def _kinds(shots: "DataFrame") -> list[FeaturesKind]:
    names = list(FeaturesKind.__dataclass_fields__)
    if any(name not in shots.columns for name in names):
        return []
    return [FeaturesKind(**row.asDict()) for row in shots.select(*names).distinct().take(10)]


def _other_features(source: str, speakers: Speakers, what: str) -> SourceError:
    catalogue, model = speakers.catalogue, speakers.boosters.model
    return SourceError(
        f"{what}; champion {model.model_version} reads {catalogue.name} version {catalogue.version}",
        where=source,
        advice=f"Build them again: xgoals spark features --catalogue {catalogue.name}",
    )
