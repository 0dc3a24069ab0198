"""Explanations of a partition: each shot by who has not seen its match, proven on the spot."""

import hashlib
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
import xgboost

from xgoals.domain.errors import ModelError, SourceError
from xgoals.domain.model import ModelSister, ModelVersion
from xgoals.features.catalogue import find_catalogue
from xgoals.model.artifact import Boosters
from xgoals.spark.explain import (
    KEYS,
    FeaturesKind,
    Speakers,
    check_features,
    explain_batches,
    explanations_schema,
)

CATALOGUE = find_catalogue("best-17")
NAMES = list(CATALOGUE.names)


def shots(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1, 1, (n, len(NAMES))).astype(np.float32).astype(np.float64)


def fitted(seed: int) -> tuple[bytes, dict[str, object]]:
    """A small booster's bytes, and what it must repeat."""
    X = shots(200, seed)
    data = xgboost.DMatrix(X, label=(X[:, seed % 5] > 0).astype(float), feature_names=NAMES)
    booster = xgboost.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, data, 6)
    golden = {"rows": X[:3].tolist(), "predictions": booster.predict(data)[:3].tolist()}
    return bytes(booster.save_raw()), golden


@pytest.fixture(scope="module")
def speakers() -> Speakers:
    """A champion and a sister that say different things."""
    (champion, golden), (sister, her_golden) = fitted(1), fitted(2)
    model = ModelVersion(
        model_version="xg-test", catalogue=CATALOGUE.name, catalogue_version=CATALOGUE.version, feature_names=NAMES,
        parameters={}, seed=1, window_from=date(2024, 1, 1), window_to=date(2024, 1, 2), n_matches=1, n_shots=200,
        n_goals=100, data_hash="", library_versions={}, is_simulated=True, booster=champion,
        sha256=hashlib.sha256(champion).hexdigest(), golden=golden, metrics={}, created_by_run="r",
        created_at=datetime(2024, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    known = ModelSister("xg-test", 1, sister, hashlib.sha256(sister).hexdigest(), her_golden)
    return Speakers(Boosters(model, {1: known}), dict.fromkeys(NAMES, 0.0))


def batch(X: np.ndarray, sisters: list[int | None]) -> pa.RecordBatch:
    n = len(X)
    columns = {
        "provider": ["p"] * n, "match_id": [f"m{i}" for i in range(n)], "shot_id": ["s"] * n,
        "features_hash": ["h"] * n, "catalogue": [CATALOGUE.name] * n,
        "catalogue_version": pa.array([CATALOGUE.version] * n, pa.int32()), "sister": pa.array(sisters, pa.int32()),
    }  # fmt: skip
    return pa.RecordBatch.from_pydict(columns | dict(zip(NAMES, X.T.copy(), strict=True)))


def test_each_shot_is_explained_by_who_speaks_for_its_match(speakers: Speakers) -> None:
    X = shots(6, 9)
    X[4, 3] = np.nan
    found = pa.Table.from_batches(explain_batches([batch(X, [0, 1, 0, 1, 1, 0])], speakers)).to_pandas()
    assert list(found.columns) == explanations_schema(CATALOGUE).names
    found = found.set_index("match_id")
    assert list(found.loc[[f"m{i}" for i in range(6)], "scored_by"]) == [
        "xg-test", "xg-test/1", "xg-test", "xg-test/1", "xg-test/1", "xg-test",
    ]  # fmt: skip
    for i, sister in enumerate([0, 1, 0, 1, 1, 0]):
        row, booster = found.loc[f"m{i}"], speakers.boosters.of(sister)
        said = booster.predict(xgboost.DMatrix(X[i : i + 1], feature_names=NAMES))[0]
        at_baseline = booster.predict(xgboost.DMatrix(np.zeros((1, len(NAMES))), feature_names=NAMES))[0]
        assert row["xg"] == pytest.approx(said, abs=1e-6)
        assert row["base_value"] == pytest.approx(at_baseline, abs=1e-6)
        for kind in ("shap_", "group_"):
            values = row[[name for name in row.index if name.startswith(kind)]].astype(float)
            assert row["base_value"] + values.sum() == pytest.approx(row["xg"], abs=1e-12)


def test_an_empty_partition_gives_nothing(speakers: Speakers) -> None:
    assert list(explain_batches([], speakers)) == []
    assert list(explain_batches([batch(shots(0, 1), [])], speakers)) == []


def test_of_a_match_that_nobody_is_known_to_speak_for_nothing_is_said(speakers: Speakers) -> None:
    with pytest.raises(ModelError, match="match p/m1: nobody is known to speak"):
        list(explain_batches([batch(shots(2, 9), [0, None])], speakers))


def test_a_booster_that_is_not_the_registered_one_says_nothing(speakers: Speakers) -> None:
    sister = speakers.boosters.sisters[1]
    other = replace(sister, booster=fitted(3)[0])
    changed = replace(speakers, boosters=Boosters(speakers.boosters.model, {1: other}))
    assert list(explain_batches([batch(shots(1, 9), [0])], changed))
    with pytest.raises(ModelError, match="xg-test/1 are not those that were registered"):
        list(explain_batches([batch(shots(1, 9), [1])], changed))


def test_features_of_another_catalogue_or_world_are_refused(speakers: Speakers) -> None:
    columns = [*KEYS, *FeaturesKind.__dataclass_fields__, *NAMES]
    right = FeaturesKind(CATALOGUE.name, CATALOGUE.version, True)
    check_features(columns, [right], speakers, "lake")
    check_features(columns, [], speakers, "lake")
    with pytest.raises(SourceError, match=r"columns are missing: Header; .*--catalogue best-17"):
        check_features([name for name in columns if name != "Header"], [right], speakers, "lake")
    for other in (replace(right, catalogue="article-17"), replace(right, catalogue_version=99)):
        with pytest.raises(
            SourceError, match=rf"features of {other.catalogue} version {other.catalogue_version}"
        ):
            check_features(columns, [right, other], speakers, "lake")
    with pytest.raises(ModelError, match="real shots, and a champion of simulated ones"):
        check_features(columns, [replace(right, is_simulated=False)], speakers, "lake")


_ON_AN_EXECUTOR = """
import pickle, sys
for name in ("airflow", "sqlalchemy", "psycopg2", "alembic", "pyspark"):
    sys.modules[name] = None
from xgoals.spark.build import build_batches
from xgoals.spark.explain import explain_batches
rows, shots, speakers = pickle.load(sys.stdin.buffer)
built, said = list(build_batches(rows, "best-17")), list(explain_batches(shots, speakers))
print(sum(map(len, built)), sum(map(len, said)))
"""


def test_executors_need_neither_airflow_nor_a_database(speakers: Speakers, tmp_path) -> None:
    from spark.archives_by_hand import as_partition, match, rows_of, shot

    rows = as_partition([rows_of(tmp_path / "a.parquet", match("m1", shot(1), shot(2)))])
    fresh = replace(speakers, boosters=replace(speakers.boosters, _loaded={}))
    task = pickle.dumps((rows, [batch(shots(3, 9), [0, 1, 0])], fresh))
    done = subprocess.run(
        [sys.executable, "-c", _ON_AN_EXECUTOR], input=task, capture_output=True, timeout=240
    )
    assert done.stdout.split() == [b"2", b"3"], done.stderr.decode()
