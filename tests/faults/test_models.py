"""Damaged models: refused before XGBoost sees a byte of them, no process dies, no prediction is another."""

import gzip
import hashlib
import json
import math
import random
import resource
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xgboost
from model_damage import Sound, bytes_damaged, damaged
from sqlalchemy import Connection, text
from warm import run_warm

from counting import Tries
from xgoals.clarify.model import load_model
from xgoals.domain.errors import ModelError
from xgoals.domain.model import ModelSister, ModelVersion
from xgoals.features.catalogue import BEST_17
from xgoals.model.model_file.ubjson import read_ubjson
from xgoals.settings import Settings
from xgoals.steps.explaining.reason_games import stored_halvings
from xgoals.store import differences, registry
from xgoals.store.differences import Fit
from xgoals.store.features import save_catalogue
from xgoals.store.reasons import judged_by
from xgoals.store.reasons.judged_by import StoredRefit
from xgoals.store.sisters import load_boosters, save_sisters

WHAT = "a model damaged"
PROMISED = 2_000
NAMES = ["distance", "angle", "header"]


def trained(n_features: int, seed: int, names: list[str]) -> xgboost.Booster:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(200, n_features))
    X[::7, 1] = np.nan
    y = X[:, 0] + rng.normal(size=200) > 0
    rows = xgboost.DMatrix(X, y, feature_names=names)
    return xgboost.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, rows, 4)


def rows_of(n_features: int) -> np.ndarray:
    X = np.random.default_rng(1).normal(size=(60, n_features))
    X[::5, 0] = np.nan
    return X


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What XGBoost was given to load, each held against a walk through its trees by plain loops."""
    seen: list[bytes] = []
    load = xgboost.Booster.load_model

    def loads(self: xgboost.Booster, fname: bytearray) -> None:
        assert isinstance(fname, bytearray), "never a path"
        _walk(json.loads(fname))
        seen.append(bytes(fname))
        load(self, fname)

    monkeypatch.setattr(xgboost.Booster, "load_model", loads)
    return seen


def _walk(model: dict) -> None:
    """Every node is reached once, from its root, and every number is one."""
    learner = model["learner"]
    n_features = int(learner["learner_model_param"]["num_feature"])
    forest = learner["gradient_booster"]["model"]
    assert int(forest["gbtree_model_param"]["num_trees"]) == len(forest["trees"])
    for tree in forest["trees"]:
        n_nodes = int(tree["tree_param"]["num_nodes"])
        waiting, seen = [0], set()
        while waiting:
            node = waiting.pop()
            assert 0 <= node < n_nodes
            assert node not in seen
            seen.add(node)
            assert math.isfinite(tree["split_conditions"][node])
            if (left := tree["left_children"][node]) != -1:
                assert 0 <= tree["split_indices"][node] < n_features
                waiting += [left, tree["right_children"][node]]
        assert len(seen) == n_nodes


def _walked(data: bytes, X: np.ndarray) -> np.ndarray:
    """What a file's own trees say, (n,), walked by plain loops."""
    model = json.loads(data) if data.lstrip()[1:2] in b'"\n ' else read_ubjson(data)
    learner = model["learner"]
    base = float(np.float32(learner["learner_model_param"]["base_score"].strip("[]")))
    margin = np.full(
        len(X), math.log(base / (1 - base)) if 0 < base < 1 else math.copysign(13.8155, base - 0.5)
    )
    for tree in learner["gradient_booster"]["model"]["trees"]:
        for row, x in enumerate(X.astype(np.float32)):
            node = 0
            while tree["left_children"][node] != -1:
                value = x[tree["split_indices"][node]]
                below = (
                    tree["default_left"][node]
                    if np.isnan(value)
                    else value < np.float32(tree["split_conditions"][node])
                )
                node = int(tree["left_children" if below else "right_children"][node])
            margin[row] += np.float32(tree["split_conditions"][node])
    return 1 / (1 + np.exp(-margin))


def test_a_damaged_file_is_refused_or_says_what_its_trees_say(
    tmp_path: Path, tries: Tries, shown: list[bytes]
) -> None:
    booster, X = trained(3, 4, NAMES), rows_of(3)
    sound = Sound(bytes(booster.save_raw("ubj")), bytes(booster.save_raw("json")))
    expected = booster.predict(xgboost.DMatrix(X, feature_names=NAMES))
    n, ends, mark = tries(1_400, small=60), Counter[str](), tmp_path / "a pickle was opened"
    for number in range(n):
        seed = f"{tries.seed}:{number}"
        damage = damaged(seed, sound, str(mark))
        path = tmp_path / damage.name
        path.write_bytes(damage.data)
        try:
            model = load_model(str(path), Settings.model_construct(), "main")
        except ModelError as error:
            told = str(error)
            if str(path) not in told or len(told) > 1_000:
                pytest.fail(f"{seed}, {damage.what}: {told[:200]}")
            ends["refused"] += 1
        else:
            assert not damage.must_fail, (seed, damage.what)
            own = hashlib.sha256(damage.data).hexdigest()
            assert model.sha256 == own or path.name.endswith(".gz"), (seed, damage.what)
            if len(model.feature_names) != 3:  # told apart by the columns of the data
                continue
            names = model.booster.feature_names
            found = model.booster.predict(xgboost.DMatrix(X, feature_names=names))
            if (found == expected).all():
                ends["the same"] += 1
            else:
                assert np.abs(found - _walked(damage.data, X)).max() < 1e-5, (seed, damage.what)
                ends["another model"] += 1
        assert not mark.exists(), (seed, damage.what)
    assert damage.data not in shown
    assert ends["refused"] > n / 2
    assert ends["the same"]
    tries.done(6, WHAT, n, PROMISED)


def _read_all(
    folder: str, seed: int, numbers: range, ubj: bytes, text_json: bytes, with_bombs: bool
) -> Counter[str]:
    """In a process of little memory."""
    most = 4 << 30
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
    ends = Counter[str]()
    bombs = (
        [
            gzip.compress(bytes(600 << 20), 1),
            b'{"learner":' + b"[" * 9_000_000,
            b'{"learner":[' + b"0," * (1 << 27),
        ]
        if with_bombs
        else []
    )
    for number in numbers:
        damage = damaged(f"{seed}:{number}", Sound(ubj, text_json), f"{folder}/mark")
        path = Path(folder, damage.name)
        path.write_bytes(bombs.pop() if bombs else damage.data)
        try:
            load_model(str(path), Settings.model_construct(), "main")
            ends["read"] += 1
        except ModelError:
            ends["refused"] += 1
    return ends


def test_no_process_of_little_memory_dies_of_a_damaged_file(tmp_path: Path, tries: Tries) -> None:
    booster = trained(3, 4, NAMES)
    raw = [bytes(booster.save_raw(kind)) for kind in ("ubj", "json")]
    n = tries(200, small=5)
    ended = run_warm(_read_all, str(tmp_path), tries.seed, range(5_000, 5_000 + n), *raw, not tries.is_small)
    assert ended.code == 0, f"it died, signal {-ended.code}"
    assert sum(ended.result().values()) == n
    tries.done(6, WHAT, n, PROMISED)


# --- the registry ----------------------------------------------------------------------------------------------------


def _golden(booster: xgboost.Booster, names: list[str]) -> dict[str, list]:
    rows = rows_of(len(names))[1:5]
    return {
        "rows": rows.tolist(),
        "predictions": booster.predict(xgboost.DMatrix(rows, feature_names=names)).tolist(),
    }


def _version(name: str, seed: int) -> tuple[ModelVersion, list[ModelSister]]:
    names = list(BEST_17.names)
    boosters = [trained(len(names), seed + n, names) for n in range(3)]
    raw = [bytes(booster.save_raw("ubj")) for booster in boosters]
    sha = [hashlib.sha256(data).hexdigest() for data in raw]
    golden = [_golden(booster, names) for booster in boosters]
    day = date(2026, 5, 1)
    version = ModelVersion(
        name, BEST_17.name, BEST_17.version, names, {"n_trees": 4}, seed, day, day, 1, 1, 0, "x", {}, True,
        raw[0], sha[0], golden[0], {}, "run", datetime.now(UTC),
    )  # fmt: skip
    return version, [ModelSister(name, n, raw[n], sha[n], golden[n]) for n in (1, 2)]


@pytest.fixture
def two_versions(home, tries: Tries) -> Connection:
    """A registry of two versions, each with two sisters, in a transaction that is undone."""
    with home.engine.connect() as connection:
        connection.execute(text("set search_path to xgoals, public"))
        save_catalogue(connection, BEST_17.name, BEST_17.version, [])
        nothing = pd.DataFrame({name: [] for name in ("shot_key", "xg", "is_held_out", "xg_held_out")})
        for name, seed in (("xg-one", 10), ("xg-two", 20)):
            version, sisters = _version(name, seed)
            registry.save_model(connection, version, nothing)
            save_sisters(connection, name, sisters, {})
        connection.execute(text("alter table model_version drop constraint model_version_check"))
        yield connection


WHOLE = "booster = o.booster, sha256 = o.sha256, golden = o.golden"


def _other_bytes(chance: random.Random, connection: Connection, where: str) -> str:
    """Damaged, with a checksum of their own."""
    table, row = where.split(" ", 1)
    stored = bytes(connection.scalar(text(f"select booster from {table} {row}")))
    damage = bytes_damaged(chance, stored)
    has_sum = chance.random() < 0.8
    sums = ", sha256 = encode(sha256(cast(:data as bytea)), 'hex')" if has_sum else ""
    connection.execute(text(f"update {table} set booster = :data{sums} {row}"), {"data": damage.data})
    return "" if damage.data == stored else f"{damage.what}, {'with' if has_sum else 'without'} its checksum"


def _other_golden(chance: random.Random, connection: Connection, where: str) -> str:
    table, row = where.split(" ", 1)
    golden = chance.choice([
        "'{}'", "'[]'", "'null'", "'7'", "golden - 'rows'", "golden - 'predictions'",
        "jsonb_set(golden, '{rows}', '[]')",
        "jsonb_set(golden, '{predictions}', '[0.5]')", "jsonb_set(golden, '{predictions,2}', '0.987')",
        "jsonb_set(golden, '{predictions,1}', 'null')", "jsonb_set(golden, '{predictions,1}', '\"NaN\"')",
        "jsonb_set(golden, '{rows,0}', '[1, 2]')", "jsonb_set(golden, '{rows,0,0}', '{}')",
        "jsonb_set(golden, '{rows,0,0}', '1e300')", "'{\"rows\": [], \"predictions\": []}'",
    ])  # fmt: skip
    connection.execute(text(f"update {table} set golden = {golden.replace(':', chr(92) + ':')} {row}"))
    return f"golden = {golden}"


def _anothers(chance: random.Random, connection: Connection, where: str) -> str:
    """Another model's bytes with their right checksum, and often with their golden rows."""
    table, row = where.split(" ", 1)
    sources = [
        "model_version where model_version = 'xg-one'", "model_version where model_version = 'xg-two'",
        *(f"model_sister where (model_version, sister) = ('{v}', {n})" for v in ("xg-one", "xg-two") for n in (1, 2)),
    ]  # fmt: skip
    source = chance.choice([found for found in sources if found != where])
    columns = chance.choice([WHOLE, WHOLE, "booster = o.booster, sha256 = o.sha256", "golden = o.golden"])
    seal = chance.choice(["", ", seal = o.seal"])
    o = f"(select booster, sha256, golden, seal from {source}) o"
    connection.execute(text(f"update {table} set {columns}{seal} from {o} {row}"))
    return f"{columns}{seal} from {source}"


def _other_features(chance: random.Random, connection: Connection, _: str) -> str:
    names = list(BEST_17.names)
    how = chance.randrange(4)
    if how == 0:
        chance.shuffle(names)
    elif how == 1:
        names.pop()
    elif how == 2:
        names[3] = "x"
    else:
        names = []
    connection.execute(
        text("update model_version set feature_names = :names where model_version = 'xg-one'"),
        {"names": names},
    )
    return f"features {names}"


def test_a_damaged_row_of_the_registry_is_refused_and_no_other(
    two_versions: Connection, tries: Tries, shown: list[bytes]
) -> None:
    X = pd.DataFrame(rows_of(len(BEST_17.names)), columns=list(BEST_17.names))
    boosters = {name: load_boosters(two_versions, name) for name in ("xg-one", "xg-two")}
    for number, seed in ((0, 10), (1, 11), (2, 12)):
        own = trained(len(BEST_17.names), seed, list(BEST_17.names))
        found = boosters["xg-one"].of(number)
        assert (found.predict(xgboost.DMatrix(X)) == own.predict(xgboost.DMatrix(X))).all()
        assert found.get_score(importance_type="total_gain") == own.get_score(importance_type="total_gain")
    boosters["xg-two"].prove()
    n = tries(400, small=30)
    for number in range(n):
        chance = random.Random(f"{tries.seed}:registry:{number}")
        sister = chance.randrange(3)
        where = (
            f"model_sister where (model_version, sister) = ('xg-one', {sister})" if sister
            else "model_version where model_version = 'xg-one'"
        )  # fmt: skip
        damage = chance.choice([_other_bytes, _other_bytes, _other_golden, _anothers, _other_features])
        undone = two_versions.begin_nested()
        what = damage(chance, two_versions, where)
        with pytest.raises(ModelError, match="xg-one") if what else nullcontext():
            load_boosters(two_versions, "xg-one").prove()
            pytest.fail(f"seed {tries.seed}, number {number}: {where}: {what}") if what else None
        load_boosters(two_versions, "xg-two").prove()
        undone.rollback()
    tries.done(6, WHAT, n, PROMISED)


def test_the_same_data_trained_again_mend_what_a_disk_has_damaged(two_versions: Connection) -> None:
    nothing = pd.DataFrame({name: [] for name in ("shot_key", "xg", "is_held_out", "xg_held_out")})
    version, sisters = _version("xg-one", 10)
    for damage in (
        "update model_version set booster = set_byte(booster, 1000, get_byte(booster, 1000) # 1)",
        "update model_sister set booster = set_byte(booster, 1000, get_byte(booster, 1000) # 1) where sister = 2",
        "update model_version set golden = '{}'",
    ):
        two_versions.execute(text(damage))
        assert not registry.has_model(two_versions, "xg-one")
        registry.save_model(two_versions, version, nothing)
        save_sisters(two_versions, "xg-one", sisters, {})
        load_boosters(two_versions, "xg-one").prove()


def test_models_beside_a_version_are_fitted_anew_where_they_are_not_what_was_stored(
    two_versions: Connection,
) -> None:
    connection, names = two_versions, list(BEST_17.names)
    raw = [bytes(trained(len(names), seed, names).save_raw("ubj")) for seed in range(4)]
    sums = [hashlib.sha256(data).hexdigest() for data in raw]
    for version, (first, second) in (("xg-one", (0, 1)), ("xg-two", (2, 3))):
        content = {0: raw[first], 1: raw[second]}
        differences.save_surrogate(connection, version, "p", Fit(0.5, 0.1), n_shots=9, boosters=content)
        halves = [StoredRefit(1, half, 0, 0.1, raw[n], sums[n]) for half, n in ((1, first), (2, second))]
        judged_by.save_refits(connection, version, halves)
    connection.execute(text("alter table model_refit drop constraint model_refit_check"))
    assert differences.load_surrogate(connection, "xg-one", "p") == {0: raw[0], 1: raw[1]}
    assert len(stored_halvings(connection, "xg-one")) == 1
    other = "(select booster, sha256 from {} where model_version = 'xg-two' limit 1) o where model_version = 'xg-one'"
    for change in (
        "booster = set_byte(booster, 900, 7)",
        "booster = o.booster, sha256 = o.sha256",
        "seal = 'x'",
    ):
        for table in ("surrogate_booster", "model_refit"):
            undone = connection.begin_nested()
            changed = change.replace("(booster", f"({table}.booster")
            connection.execute(text(f"update {table} set {changed} from {other.format(table)}"))
            assert differences.load_surrogate(connection, "xg-one", "p") is None or table == "model_refit"
            assert stored_halvings(connection, "xg-one") == [] or table == "surrogate_booster"
            undone.rollback()
    # Sealed as it is, and no model all the same.
    damaged_ = b"{" + raw[0]
    connection.execute(
        text("update model_refit set booster = :data, sha256 = :sum, seal = null where half = 1"),
        {"data": damaged_, "sum": hashlib.sha256(damaged_).hexdigest()},
    )
    assert stored_halvings(connection, "xg-one") == []
