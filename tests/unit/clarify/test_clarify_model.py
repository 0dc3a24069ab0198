"""Models of Clarify jobs: what lies in a file, an archive of SageMaker or the registry, and what is refused."""

import gzip
import io
import json
import pickle
import random
import tarfile
from pathlib import Path

import numpy as np
import orjson
import pytest
import xgboost as xgb

from xgoals.clarify.model import ClarifyModel, is_registered, load_model
from xgoals.domain.errors import ModelError
from xgoals.model.model_file.ubjson import BrokenError, read_ubjson
from xgoals.settings import Settings

RNG = np.random.default_rng(4)
X = RNG.normal(size=(300, 3))
X[::7, 1] = np.nan
Y = (X[:, 0] + RNG.normal(size=300) > 0).astype(int)
NAMES = ["distance", "angle", "header"]


def trained(
    rounds: int = 4, names: list[str] | None = NAMES, label: object = Y, **parameters: object
) -> xgb.Booster:
    settings = {"objective": "binary:logistic", "max_depth": 3, "nthread": 1} | parameters
    return xgb.train(settings, xgb.DMatrix(X, label, feature_names=names), rounds)


@pytest.fixture(scope="module")
def booster() -> xgb.Booster:
    return trained()


def loaded(path: Path, data: bytes) -> ClarifyModel:
    path.write_bytes(data)
    return load_model(str(path), Settings.model_construct(), "main")


def refusal(path: Path, data: bytes) -> str:
    with pytest.raises(ModelError) as error:
        loaded(path, data)
    assert str(path) in str(error.value)
    return str(error.value)


def tar(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"num_parallel_tree": 3, "subsample": 0.5},
        {"gamma": 3.0, "max_depth": 6, "tree_method": "exact"},  # pruned: its lists hold deleted nodes
        {"base_score": 0.03},
        {"objective": "reg:logistic"},
    ],
)
def test_a_model_of_a_file_predicts_to_the_bit_what_was_saved(
    tmp_path: Path, parameters: dict[str, object]
) -> None:
    booster = trained(**parameters)
    expected = booster.predict(xgb.DMatrix(X, feature_names=NAMES))
    for kind in ("ubj", "json"):
        model = loaded(tmp_path / "model", bytes(booster.save_raw(kind)))
        assert model.feature_names == tuple(NAMES)
        np.testing.assert_array_equal(model.booster.predict(xgb.DMatrix(X, feature_names=NAMES)), expected)


def test_sagemakers_archive_and_a_gzipped_model_are_unpacked(tmp_path: Path, booster: xgb.Booster) -> None:
    data = bytes(booster.save_raw("ubj"))
    archive = loaded(tmp_path / "model.tar.gz", tar({"code/inference.py": b"", "xgboost-model": data}))
    assert archive.origin == "Model file model.tar.gz (xgboost-model in it), 4 trees, UBJSON."
    assert loaded(tmp_path / "m.gz", gzip.compress(data)).feature_names == tuple(NAMES)
    said = refusal(tmp_path / "two.tar.gz", tar({"a.json": data, "b.ubj": data}))
    assert "2 files of the archive could be the model" in said
    assert "there are: a.json, b.ubj" in said
    assert "xgboost-model: a pickle" in refusal(
        tmp_path / "p.tar.gz", tar({"xgboost-model": pickle.dumps(1)})
    ).replace(", xgboost", " xgboost")


def test_a_model_without_names_says_so_by_xgboosts_own(tmp_path: Path) -> None:
    for names in (None, ["f0", "f1", "f2"]):
        model = loaded(tmp_path / "m.ubj", bytes(trained(names=names).save_raw("ubj")))
        assert model.feature_names == ("f0", "f1", "f2")
        assert model.booster.feature_names is None


def test_a_model_of_an_older_xgboost_lacks_some_lists(tmp_path: Path, booster: xgb.Booster) -> None:
    model = json.loads(booster.save_raw("json"))
    forest = model["learner"]["gradient_booster"]["model"]
    for name in ("iteration_indptr", "cats"):
        forest.pop(name, None)
    for tree in forest["trees"]:
        tree["default_left"] = [bool(value) for value in tree["default_left"]]
        for name in (
            "split_type",
            "categories",
            "categories_nodes",
            "categories_segments",
            "categories_sizes",
        ):
            del tree[name]
    parameters = model["learner"]["learner_model_param"]
    parameters["base_score"] = parameters["base_score"].strip("[]")
    read = loaded(tmp_path / "m.json", json.dumps(model).encode()).booster
    rows = xgb.DMatrix(X, feature_names=NAMES)
    np.testing.assert_array_equal(read.predict(rows), booster.predict(rows))


def test_early_stopping_is_told(tmp_path: Path) -> None:
    booster = trained(6)
    booster.set_attr(best_iteration="2")
    (note,) = loaded(tmp_path / "m.ubj", bytes(booster.save_raw("ubj"))).notes
    assert "the best of its 6 rounds was number 3" in note.says
    booster.set_attr(best_iteration="5")
    assert not loaded(tmp_path / "m.ubj", bytes(booster.save_raw("ubj"))).notes


@pytest.mark.parametrize(
    ("parameters", "label", "says"),
    [
        ({"objective": "multi:softmax", "num_class": 3}, RNG.integers(0, 3, 300), "objective multi:softmax"),
        ({"objective": "reg:squarederror"}, Y, "objective reg:squarederror"),
        ({"objective": "rank:pairwise"}, Y, "objective rank:pairwise"),
        ({"booster": "gblinear", "verbosity": 0}, Y, "a gblinear booster"),
        ({"booster": "dart"}, Y, "a dart booster"),
        ({"multi_strategy": "multi_output_tree"}, np.column_stack([Y, Y]), "several outputs"),
    ],
)
def test_what_is_no_binary_model_of_trees_is_refused_by_name(
    tmp_path: Path, parameters: dict[str, object], label: object, says: str
) -> None:
    assert says in refusal(tmp_path / "m.ubj", bytes(trained(2, label=label, **parameters).save_raw("ubj")))


def test_categorical_splits_are_refused_by_name(tmp_path: Path) -> None:
    rows = xgb.DMatrix(
        np.repeat([[0.0], [1.0], [2.0]], 50, axis=0),
        np.repeat([0, 1, 0], 50),
        feature_types=["c"],
        enable_categorical=True,
    )
    booster = xgb.train({"objective": "binary:logistic", "max_cat_to_onehot": 1, "nthread": 1}, rows, 2)
    assert "categorical splits" in refusal(tmp_path / "m.ubj", bytes(booster.save_raw("ubj")))


@pytest.mark.parametrize(
    ("data", "says", "advice"),
    [
        (pickle.dumps({"a": 1}), "a pickle, which runs code when it is opened", "pickle.load"),
        (pickle.dumps({"a": 1}, protocol=0), "no model file", "save_model"),
        (b"\0\0\0\x3f" + b"\3\0\0\0" * 30 + b"binary:logistic\6gbtree", "old binary format", "xgboost<3.1"),
        (b"binf" + b"\0" * 50, "old binary format", "xgboost<3.1"),
        (b"booster[0]:\n0:leaf=1\n", "a text dump of trees", "save_model"),
        (b"tree\nversion=v4\n", "a model of LightGBM", "XGBoost"),
        (b"", "the file is empty", "Copy"),
        (b"hello", "no model file of XGBoost", "save_model"),
        (b'{"a": 1', "a broken model file", "Copy it again"),
        (b'{"a": 1}', "it has no learner", "Copy it again"),
        (b'{"learner": {"gradient_booster": 3}}', "is no learner", "Copy it again"),
    ],
)
def test_what_is_no_model_file_is_named_with_what_to_do(
    tmp_path: Path, data: bytes, says: str, advice: str
) -> None:
    said = refusal(tmp_path / "model", data)
    assert says in said
    assert advice in said


@pytest.mark.parametrize(
    ("tree", "says"),
    [
        ({"left_children": [0, -1, -1]}, "tree 1: a node has a child that is not there, or another's"),
        ({"left_children": [2, -1, -1]}, "tree 1: a node has a child that is not there, or another's"),
        ({"left_children": [9, -1, -1]}, "tree 1: a node has a child that is not there, or another's"),
        ({"right_children": [-1, -1, -1]}, "tree 1: a node has one child"),
        ({"split_indices": [3, 0, 0]}, "asks for a feature beyond the 3"),
        ({"split_conditions": [1.0, 2.0]}, "tree 1: its lists differ in length"),
        ({"split_conditions": [1e300, 0.0, 0.0]}, "no finite number"),
        ({"left_children": [0.5, -1, -1]}, "no whole numbers"),
        ({"default_left": ["x", 0, 0]}, "no numbers"),
    ],
)
def test_a_tree_that_is_none_is_refused_before_xgboost_walks_it(
    tmp_path: Path, tree: dict[str, object], says: str
) -> None:
    model = json.loads(trained(2, max_depth=1).save_raw("json"))
    model["learner"]["gradient_booster"]["model"]["trees"][1] |= tree
    assert says in refusal(tmp_path / "m.json", json.dumps(model).encode())


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("learner_model_param", "num_feature"), "2", "it names 3 features and has 2"),
        (("learner_model_param", "base_score"), "[7]", "its base_score is '7', no probability"),
        (("learner_model_param", "base_score"), ".5", "its base_score is '.5', no probability"),
        (
            ("gradient_booster", "model", "gbtree_model_param", "num_trees"),
            "9",
            "it says that it has 9 trees, and has 2",
        ),
        (("gradient_booster", "model", "iteration_indptr"), [0, 5], "its rounds do not add up"),
        (("feature_names",), ["a", "a", "b"], "it names 2 features and has 3"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused(
    tmp_path: Path, place: tuple[str, ...], value: object, says: str
) -> None:
    model = json.loads(trained(2, max_depth=1).save_raw("json"))
    holder = model["learner"]
    for part in place[:-1]:
        holder = holder[part]
    holder[place[-1]] = value
    assert says in refusal(tmp_path / "m.json", json.dumps(model).encode())


def test_damaged_bytes_never_end_the_process(tmp_path: Path) -> None:
    """XGBoost's own loader dies of about every third of these."""
    whole, rng = bytes(trained(2, max_depth=2).save_raw("ubj")), random.Random(5)
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(rng.choice([1, 1, 3])):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        try:
            loaded(tmp_path / "m.ubj", bytes(damaged))
        except ModelError:
            refused += 1
    assert refused > 100
    for length in range(0, len(whole), 97):
        refusal(tmp_path / "m.ubj", whole[:length])


def test_ubjson_is_read_as_xgboost_writes_it(booster: xgb.Booster) -> None:
    def plain(value: object) -> object:
        return orjson.loads(orjson.dumps(value, default=lambda array: array.tolist()))

    found = plain(read_ubjson(bytes(booster.save_raw("ubj"))))
    expected = json.loads(booster.save_raw("json"))
    as_float32 = {"base_weights", "loss_changes", "split_conditions", "sum_hessian"}
    for tree, other in zip(
        found["learner"]["gradient_booster"]["model"]["trees"],  # type: ignore[index]
        expected["learner"]["gradient_booster"]["model"]["trees"],
        strict=True,
    ):
        for name in as_float32:
            assert np.float32(tree.pop(name)).tolist() == np.float32(other.pop(name)).tolist()
    assert found == expected
    for broken in (b"[$d", b"{", b"{i\x01a", b"[" * 100, b"[#i\xff", b"Q", b"TT"):
        with pytest.raises(BrokenError):
            read_ubjson(broken)


def test_what_is_a_file_and_what_a_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "xgboost-model").write_bytes(b"")
    assert is_registered("champion")
    assert is_registered("xg-1f2e")
    for file in ("xgboost-model", "model.ubj", "models/xg-1f2e"):
        assert not is_registered(file)
    with pytest.raises(ModelError, match="there is no such file"):
        load_model("absent.ubj", Settings.model_construct(), "main")
    with pytest.raises(ModelError, match="Download it first"):
        load_model("s3://bucket/model.tar.gz", Settings.model_construct(), "main")
