"""Model files that are damaged, and archives and pickles that mean harm: each kind by name, all chance by a seed."""

import gzip
import io
import json
import pickle
import random
import tarfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Model = dict[str, Any]


@dataclass(frozen=True)
class Sound:
    """A model as XGBoost wrote it, both ways."""

    ubj: bytes
    json: bytes

    @property
    def content(self) -> Model:
        """Its JSON, to be edited."""
        return json.loads(self.json)


@dataclass(frozen=True)
class Damaged:
    """A file.

    Attributes
    ----------
    must_fail
        Whether no reading of it can be right.
    """

    what: str
    name: str
    data: bytes
    must_fail: bool = False


# --- bytes ---------------------------------------------------------------------------------------------------------


def _bytes(chance: random.Random, sound: Sound) -> Damaged:
    return bytes_damaged(chance, *chance.choice([(sound.ubj, "model.ubj"), (sound.json, "model.json")]))


def bytes_damaged(chance: random.Random, whole: bytes, name: str = "model.ubj") -> Damaged:
    """Some bytes are others, missing or too many."""
    data, kind = bytearray(whole), chance.randrange(7)
    at = chance.randrange(len(data))
    if kind == 0:
        for _ in range(chance.choice([1, 1, 1, 2, 8, 64])):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return Damaged(f"bits flipped, one near {at}", name, bytes(data))
    if kind == 1:
        data[at] = chance.randrange(256)
        return Damaged(f"byte {at} is another", name, bytes(data))
    if kind == 2:
        return Damaged(f"cut off at {at}", name, bytes(data[:at]), must_fail=True)
    if kind == 3:
        more = chance.choice([b"\0", b"}", b"x" * 999, bytes(data), chance.randbytes(50)])
        return Damaged(f"{len(more)} bytes more", name, bytes(data) + more, must_fail=more.strip() != b"")
    other = chance.randrange(len(data))
    first, last = sorted((at, min(other, at + 5_000)))
    if kind == 4:
        return Damaged(f"bytes {first} to {last} are missing", name, bytes(data[:first] + data[last:]))
    if kind == 5:
        return Damaged(f"bytes {first} to {last} twice", name, bytes(data[:last] + data[first:]))
    data[first:last] = bytes(last - first)
    return Damaged(f"bytes {first} to {last} are zero", name, bytes(data))


# --- what is written in it -------------------------------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    None, True, "", "0", "-1", "1_0", "٣", " 3", "nan", "inf", "1e999", "9" * 5000, -1, 0, 7, 2**31, 2**63, 10**30,
    1.5, -0.0, 1e300, [], {}, [[]], [None], "x" * 100_000, {"name": 1}, [0.5, 0.5], "\x00", "\ud800",
)  # fmt: skip


def _trees(model: Model) -> list[dict[str, Any]]:
    trees: list[dict[str, Any]] = model["learner"]["gradient_booster"]["model"]["trees"]
    return trees


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands, of long lists a few places."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(p for key, part in items for p in _places(part, (*path, key)))]


def _holder(model: Any, path: tuple[Any, ...]) -> Any:
    for part in path[:-1]:
        model = model[part]
    return model


def _odd_value(chance: random.Random, model: Model) -> str:
    path = chance.choice([p for p in _places(model) if p])
    value = chance.choice(ODD)
    _holder(model, path)[path[-1]] = deepcopy(value)
    return f"{'/'.join(map(str, path))} = {str(value)[:30]!r}"


def _without(chance: random.Random, model: Model) -> str:
    path = chance.choice([p for p in _places(model) if p and isinstance(p[-1], str)])
    del _holder(model, path)[path[-1]]
    return f"without {'/'.join(map(str, path))}"


def _number_of_a_tree(chance: random.Random, model: Model) -> str:
    n = chance.randrange(len(_trees(model)))
    name = chance.choice(
        ["left_children", "right_children", "split_indices", "split_conditions", "default_left", "parents",
         "base_weights", "sum_hessian", "split_type"]
    )  # fmt: skip
    numbers = _trees(model)[n][name]
    value = chance.choice([-2, -1, 0, 1, 2, len(numbers), 10**6, 2**31 - 1, 0.5, -1e30, "1", None, True])
    at = chance.randrange(len(numbers))
    numbers[at] = value
    return f"tree {n}, {name}[{at}] = {value!r}"


def _list_of_a_tree(chance: random.Random, model: Model) -> str:
    n = chance.randrange(len(_trees(model)))
    tree = _trees(model)[n]
    name = chance.choice([key for key, value in tree.items() if isinstance(value, list) and value])
    how = chance.randrange(3)
    tree[name] = [tree[name][:-1], tree[name] * 3, tree[name][::-1]][how]
    return f"tree {n}, {name} is {['shorter', 'three times as long', 'reversed'][how]}"


def _circle(chance: random.Random, model: Model) -> str:
    n = chance.randrange(len(_trees(model)))
    tree = _trees(model)[n]
    inner = [at for at, left in enumerate(tree["left_children"]) if left != -1]
    side = chance.choice(["left_children", "right_children"])
    at = chance.choice(inner)
    to = chance.choice([node for node in range(len(tree[side])) if node != tree[side][at]])
    tree[side][at] = to
    return f"tree {n}: node {to} is a child of {at}"


def _swapped(chance: random.Random, model: Model) -> str:
    trees = _trees(model)
    one, other = chance.sample(range(len(trees)), 2)
    trees[one], trees[other] = trees[other], trees[one]
    return f"trees {one} and {other} swapped"


def _count(chance: random.Random, model: Model) -> str:
    learner = model["learner"]
    holder, name = chance.choice([
        (learner["learner_model_param"], "num_feature"), (learner["learner_model_param"], "num_class"),
        (learner["learner_model_param"], "num_target"), (learner["learner_model_param"], "base_score"),
        (learner["gradient_booster"]["model"]["gbtree_model_param"], "num_trees"),
        (learner["gradient_booster"]["model"]["gbtree_model_param"], "num_parallel_tree"),
        (_trees(model)[0]["tree_param"], "num_nodes"), (_trees(model)[0]["tree_param"], "num_deleted"),
        (_trees(model)[0]["tree_param"], "size_leaf_vector"), (_trees(model)[0]["tree_param"], "num_feature"),
    ])  # fmt: skip
    holder[name] = chance.choice(
        ["0", "1", "2", "3", "-1", "4294967297", "2147483647", "99999999999999999999", "", "[0.5,0.5]", "[-1]", "[1E0]",
         "0.5_0", "٠.٥", "[[0.5]]", "[0.500000001]", "1e-50", "0x1p-1"]
    )  # fmt: skip
    return f"{name} = {holder[name]!r}"


def _kind(chance: random.Random, model: Model) -> str:
    learner = model["learner"]
    how = chance.randrange(7)
    if how == 0:
        learner["objective"]["name"] = chance.choice(
            ["multi:softprob", "reg:squarederror", "rank:ndcg", "binary:hinge", "x"]
        )
    elif how == 1:
        learner["gradient_booster"] = {
            "name": "dart",
            "gbtree": learner["gradient_booster"],
            "weight_drop": [0.5],
        }
    elif how == 2:
        learner["gradient_booster"]["name"] = "gblinear"
    elif how == 3:
        tree = _trees(model)[0]
        tree["split_type"][0], tree["categories"] = 1, [0]
        tree["categories_nodes"], tree["categories_segments"], tree["categories_sizes"] = [0], [0], [1]
    elif how == 4:
        learner["learner_model_param"]["num_class"] = "3"
    elif how == 5:
        learner["feature_types"] = ["c"] * int(learner["learner_model_param"]["num_feature"])
    else:
        _trees(model)[0]["tree_param"]["size_leaf_vector"] = "3"
    return f"another kind of model ({how})"


def _names(chance: random.Random, model: Model) -> str:
    names = model["learner"]["feature_names"]
    at = chance.randrange(len(names))
    names[at] = chance.choice([names[at - 1], "a\0b", "", 7, None, ["x"], "<script>", "[x]", "x" * 10_000])
    return f"feature {at} is called {str(names[at])[:30]!r}"


def _deep(chance: random.Random, model: Model) -> str:
    """A tree that is a list: each node's left child is the next one."""
    depth = chance.choice([1_500, 20_000])
    tree, n_nodes = _trees(model)[0], 2 * depth + 1
    inner = range(depth)
    tree["left_children"] = [n + 1 for n in inner] + [-1] * (depth + 1)
    tree["right_children"] = [depth + 1 + n for n in inner] + [-1] * (depth + 1)
    for name in ("split_indices", "default_left", "split_type", "parents"):
        tree[name] = [0] * n_nodes
    for name in ("split_conditions", "base_weights", "loss_changes", "sum_hessian"):
        tree[name] = [0.1] * n_nodes
    tree["tree_param"]["num_nodes"] = str(n_nodes)
    return f"a tree of {depth} splits one below the other"


EDITS: tuple[Callable[[random.Random, Model], str], ...] = (
    _odd_value, _odd_value, _odd_value, _without, _without, _number_of_a_tree, _number_of_a_tree, _number_of_a_tree,
    _list_of_a_tree, _circle, _circle, _swapped, _count, _count, _kind, _names, _deep,
)  # fmt: skip
_ALWAYS_WRONG = (_circle, _kind, _deep)


def _edited(chance: random.Random, sound: Sound) -> Damaged:
    model, edit = sound.content, chance.choice(EDITS)
    what = edit(chance, model)
    return Damaged(what, "model.json", json.dumps(model).encode(), must_fail=edit in _ALWAYS_WRONG)


def _written_oddly(chance: random.Random, sound: Sound) -> Damaged:
    """The text itself."""
    text, how = sound.json.decode(), chance.randrange(8)
    if how == 0:  # the same
        return Damaged(
            "white space", "model.json", json.dumps(sound.content, indent=chance.randrange(9)).encode()
        )
    if how == 1:
        name = chance.choice(
            ["num_feature", "base_score", "left_children", "split_conditions", "name", "num_trees"]
        )
        return Damaged(
            f"{name} twice",
            "model.json",
            text.replace(f'"{name}":', f'"{name}":[],"{name}":', 1).encode(),
            True,
        )
    if how == 2:
        word = chance.choice(["NaN", "Infinity", "-Infinity", "1e999", "-", "0x10", "9" * 6000])
        return Damaged(
            f"a number is {word[:9]}", "model.json",
            text.replace('"split_conditions":[', f'"split_conditions":[{word},', 1).encode(), True,
        )  # fmt: skip
    if how == 3:
        n = chance.choice([500, 2_000, 200_000])
        return Damaged(f"{n} lists in lists", "model.json", b'{"learner":' + b"[" * n + b"]" * n + b"}", True)
    if how == 4:
        return Damaged("UTF-16", "model.json", text.encode("utf-16"), True)
    if how == 5:
        return Damaged("BOM", "model.json", b"\xef\xbb\xbf" + sound.json, True)
    if how == 6:
        bomb = b"[$T#L" + (1 << 40).to_bytes(8, "big")
        return Damaged(
            "a list of a million million words", "m.ubj", b"{L\0\0\0\0\0\0\0\1a" + bomb + b"}", True
        )
    one = b"[$T#l" + (60_000).to_bytes(4, "big")
    return Damaged("lists that take no bytes", "m.ubj", b"{i\1a[" + one * 7_000 + b"]}", True)


# --- what it is packed in --------------------------------------------------------------------------------------------


class _Runs:
    """Opened as a pickle, it leaves a mark."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.mark, "w")


def _pickled(chance: random.Random, sound: Sound, mark: str) -> Damaged:
    name = chance.choice(
        ["xgboost-model", "model.pkl", "model.json", "model.ubj", "model.bin", "model.joblib"]
    )
    protocol = chance.randrange(6)
    data = pickle.dumps(_Runs(mark), protocol=protocol)
    how = chance.randrange(4)
    if how == 1:
        data = gzip.compress(data)
    elif how == 2:
        data = _tar(chance, [("xgboost-model", data)])
    elif how == 3:
        data = pickle.dumps([_Runs(mark), sound.ubj], protocol=protocol)
    return Damaged(f"a pickle of protocol {protocol} ({how})", name, data, must_fail=True)


def _tar(chance: random.Random, members: list[tuple[str, bytes]], **kinds: Any) -> bytes:
    packed = io.BytesIO()
    form = chance.choice([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    with tarfile.open(fileobj=packed, mode=chance.choice(["w", "w:gz"]), format=form) as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            for key, value in kinds.items():
                setattr(member, key, value)
            archive.addfile(member, io.BytesIO(data) if member.isreg() else None)
    return packed.getvalue()


def _packed(chance: random.Random, sound: Sound) -> Damaged:
    how = chance.randrange(11)
    if how > 6:
        return _packed_badly(chance, sound, how)
    good = ("xgboost-model", sound.ubj)
    if how == 0:  # the same, whatever it is called: nothing is unpacked
        name = chance.choice(
            ["../../xgboost-model", "/etc/xgboost-model", "a/../xgboost-model", "./xgboost-model"]
        )
        return Damaged(f"archive, {name}", "model.tar.gz", _tar(chance, [(name, sound.ubj)]))
    if how == 1:
        return Damaged("two of one name", "model.tar.gz", _tar(chance, [good, good]), True)
    if how == 2:
        return Damaged(
            "two models", "model.tar.gz", _tar(chance, [("a.ubj", sound.ubj), ("b.json", sound.json)]), True
        )
    if how == 3:
        kind = chance.choice(
            [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE]
        )
        data = _tar(
            chance, [("xgboost-model", b"")], type=kind, linkname="/etc/passwd", devmajor=1, devminor=5
        )
        return Damaged(f"archive, its model is of type {kind!r}", "model.tar.gz", data, True)
    if how == 4:
        sparse = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(1 << 45)}
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            member = tarfile.TarInfo("xgboost-model")
            body = b"1\n0\n1\n".ljust(512, b"\0") + sound.ubj
            member.size, member.pax_headers = len(body), sparse
            archive.addfile(member, io.BytesIO(body))
        return Damaged("a sparse file of 32 TB", "model.tar", packed.getvalue(), True)
    if how == 5:
        raw = bytearray(gzip.decompress(d) if (d := _tar(chance, [good]))[:2] == b"\x1f\x8b" else d)
        raw[124:136] = b"\xff" * 8 + chance.randbytes(4)  # a size below zero
        return Damaged("a member of a size below zero", "model.tar", _checked(raw), True)
    packed_ = gzip.compress(bytes(chance.choice([1 << 20, 1 << 25])))
    return Damaged("zeros, packed", "model.tar.gz", packed_, True)


def _packed_badly(chance: random.Random, sound: Sound, how: int) -> Damaged:
    if how == 7:
        data = bytearray(_tar(chance, [("xgboost-model", sound.ubj)]))
        for _ in range(chance.choice([1, 5, 50])):
            data[chance.randrange(min(len(data), 2_000))] = chance.randrange(256)
        return Damaged("a damaged archive", "model.tar.gz", bytes(data))
    if how == 8:
        names = chance.choice([[], ["code/x.py"], ["model.txt"], ["xgboost-model.bak"]])
        return Damaged(
            "archive, no model", "m.tar.gz", _tar(chance, [(name, sound.ubj) for name in names]), True
        )
    if how == 9:  # a long name, whose header is followed by a long name, whose header ...
        header = bytearray(tarfile.TarInfo("x").tobuf(tarfile.GNU_FORMAT))
        header[156:157] = b"L"
        return Damaged("endless long names", "model.tar", bytes(_checked(header)) * 5_000, True)
    return Damaged("gzip in gzip", "m.gz", gzip.compress(gzip.compress(sound.ubj)), True)


def _checked(data: bytearray) -> bytes:
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


def damaged(seed: str, sound: Sound, mark: str) -> Damaged:
    """The damage of a seed; a pickle that is opened makes the file ``mark``."""
    chance = random.Random(seed)
    kind = chance.choices([0, 1, 2, 3, 4], [8, 12, 2, 2, 3])[0]
    if kind == 3:
        return _pickled(chance, sound, mark)
    return (_bytes, _edited, _written_oddly, None, _packed)[kind](chance, sound)
