"""What kind of file a model lies in, and the model's own bytes out of it."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import xgboost

from xgoals.clarify.model_archive import is_tar, model_in_archive
from xgoals.domain.errors import FeedError, ModelError
from xgoals.feeds.gzip_stream import inflated
from xgoals.model.model_file.booster import booster_of_content
from xgoals.model.model_file.json_text import read_json
from xgoals.model.model_file.soundness import Content
from xgoals.model.model_file.ubjson import BrokenError, read_ubjson
from xgoals.model.model_file.values import UnsoundError

Format = Literal["JSON", "UBJSON"]

_MAX_BYTES = 1 << 29
_GZIP = b"\x1f\x8b"
_SAVE = "save it where it was made, by booster.save_model('model.ubj')"
_NOT_OPENED = (
    "a pickle, which runs code when it is opened, so it is not opened here",
    "Where it was made: python -c \"import pickle; pickle.load(open('xgboost-model', 'rb')).save_model('model.ubj')\"",
)
_BY_AN_OLDER_ONE = "import xgboost; xgboost.Booster(model_file='xgboost-model').save_model('model.ubj')"
_OLD_BINARY = (
    "XGBoost's old binary format, which XGBoost 3.1 and newer do not read",
    f"With an older one (pip install 'xgboost<3.1'): python -c \"{_BY_AN_OLDER_ONE}\"",
)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model out of a file.

    Attributes
    ----------
    inside
        The name of the file in an archive that it comes from; None: it is a file of its own.
    sha256
        Of the model's own bytes, unpacked.
    """

    booster: xgboost.Booster
    content: Content
    format: Format
    inside: str | None
    sha256: str


def read_model_file(path: Path) -> ModelFile:
    """A model file's model: JSON or UBJSON, as it is, gzipped, or in SageMaker's ``model.tar.gz``.

    Raises
    ------
    ModelError
        If it cannot be read, is something else (a pickle, the old binary format, a text dump; how to convert it), is
        cut off, contradicts itself, or is no binary model of plain trees.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else None
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}", where=str(path)) from None
    if data is None:
        raise ModelError(f"more than {_MAX_BYTES:,} bytes are no model that fits here", where=str(path))
    data = _inflated(data, path)
    inside = None
    if is_tar(data):
        data, inside = model_in_archive(data, path)
    where = f"{path}, {inside}" if inside else str(path)
    return _model_in(data, inside, where)


def _inflated(data: bytes, path: Path) -> bytes:
    if not data.startswith(_GZIP):
        return data
    try:
        return b"".join(inflated([data], _MAX_BYTES, str(path)))
    except FeedError as error:
        raise ModelError(error.what, where=str(path), advice="Copy it again") from None


def _model_in(data: bytes, inside: str | None, where: str) -> ModelFile:
    if refusal := _what_else(data):
        what, advice = refusal
        raise ModelError(what, where=where, advice=advice)
    is_json = re.match(rb'\s*\{\s*"', data) is not None
    again = f"Copy it again, or {_SAVE}"
    try:
        booster, content = booster_of_content(read_json(data) if is_json else read_ubjson(data))
    except BrokenError as error:
        raise ModelError(
            f"a broken model file ({str(error).rstrip('.')})", where=where, advice=again
        ) from None
    except UnsoundError as error:
        raise ModelError(
            f"no model of XGBoost, or a damaged one: {error}", where=where, advice=again
        ) from None
    except ModelError as error:
        raise ModelError(error.what, where=where, advice=error.advice) from None
    booster.feature_types = None  # the data of a job say what kind of values they hold
    sha256 = hashlib.sha256(data).hexdigest()
    return ModelFile(booster, content, "JSON" if is_json else "UBJSON", inside, sha256)


def _what_else(data: bytes) -> tuple[str, str] | None:
    """What a file is that no model is read from, and what to do; None where it may be one."""
    as_ubj = _SAVE[0].upper() + _SAVE[1:]
    if not data.strip():
        return "the file is empty", "Copy it again"
    if re.match(rb"\x80[\x01-\x05]|ccopy_reg|cxgboost|\(i", data):
        return _NOT_OPENED
    if data.startswith((b"PK\x03\x04", b"\x78\x9c", b"\x78\x01", b"\x78\xda")):
        return "a packed file (a joblib, zip or torch file?), which is not opened here", as_ubj
    if data.startswith(b"booster["):
        return "a text dump of trees, which no model can be made of again", as_ubj
    if data.startswith(b"tree\n"):
        return "a model of LightGBM", "Only boosters of XGBoost are explained here"
    if data.startswith((b"binf", b"bs64")) or (data[:1] != b"{" and b"gbtree" in data[:4096]):
        return _OLD_BINARY
    if not re.match(rb'\s*\{\s*"|\{[iUIlL]', data):
        return "no model file of XGBoost", as_ubj
    return None
