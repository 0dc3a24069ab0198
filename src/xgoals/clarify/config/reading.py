"""A configuration from its file."""

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from xgoals.clarify.config.analysis import AnalysisConfig
from xgoals.clarify.config.in_words import sentences_of
from xgoals.domain.errors import SettingsError

_MAX_BYTES = 16 << 20
_SAID = 8
_ADVICE = "docs/clarify-configuration.md has every key"


def read_config(path: Path) -> AnalysisConfig:
    """The configuration in a file.

    Raises
    ------
    SettingsError
        If it cannot be read, is no JSON (with its line), or is not what Clarify's schema accepts: the path of each
        key that is wrong, what it says, what is allowed.
    """
    return config_of(_json_of(_text_of(path), str(path)), str(path))


def config_of(content: object, where: str) -> AnalysisConfig:
    """The configuration in a value of JSON.

    Parameters
    ----------
    where
        What it was read from, for messages.

    Raises
    ------
    SettingsError
        As :func:`read_config`.
    """
    try:
        return AnalysisConfig.model_validate(content)
    except ValidationError as error:
        said = sentences_of(error, content)
        more = f"; and {len(said) - _SAID} more" if len(said) > _SAID else ""
        raise SettingsError("; ".join(said[:_SAID]) + more, where=where, advice=_ADVICE) from None


def _text_of(path: Path) -> str:
    try:
        data = path.read_bytes() if path.stat().st_size <= _MAX_BYTES else None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", where=str(path)) from None
    if data is None:
        raise SettingsError(f"more than {_MAX_BYTES:,} bytes are no configuration", where=str(path))
    if not data.strip():
        raise SettingsError("the file is empty", where=str(path), advice=_ADVICE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"the file is not in UTF-8 (byte 0x{data[error.start]:02x} at {error.start:,})"
        raise SettingsError(what, where=str(path), advice="Save it in UTF-8") from None


def _json_of(text: str, where: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_without_twins)
    except json.JSONDecodeError as error:
        what = f"broken JSON in line {error.lineno}, column {error.colno}: {error.msg}"
        raise SettingsError(what, where=where, advice="Mend that line") from None
    except _TwinsError as error:
        advice = "Leave one: which of the two is meant, nobody can tell"
        raise SettingsError(
            f"the key {error} is there twice in one object", where=where, advice=advice
        ) from None
    except (RecursionError, ValueError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise SettingsError(f"broken JSON: {what}", where=where) from None


class _TwinsError(Exception):
    """An object has a key twice."""


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwinsError(next(name for n, name in enumerate(names) if name in names[:n]))
    return found
