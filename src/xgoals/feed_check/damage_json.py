"""Damage to what a JSON file says, one field at a time."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import orjson

A_LIST = ("a list", '["A", 1]')
"""Every field gets one: it is no key of a table of words, and ``value in table`` raises for it."""
ODD = (
    ("null", "null"), ("an object", '{"a": 1}'), ("a text", '"half past"'),
    ("an empty text", '""'), ("a large number", "1e300"), ("a negative number", "-7"), ("NaN", "NaN"),
    ("thirty digits", "9" * 30), ("a long text", json.dumps("x" * 30_000)), ("half a surrogate pair", '"A\\udfffB"'),
    ("true", "true"),
)  # fmt: skip
LEVELS = 100_000
_MARK = '"\\u0001mark\\u0001"'

Path = tuple[str, ...]
ITEM = "[]"


def contents(data: bytes, rng: random.Random, ways: int) -> Iterator[tuple[str, str, bytes]]:
    """Kind, how, and content; of a file that is no JSON only what needs no look into it."""
    yield "deep nesting", f"{LEVELS} lists in each other", b"[" * LEVELS + b"]" * LEVELS
    yield "deep nesting", f"{LEVELS} objects that are never closed", b'{"a":' * LEVELS
    try:
        document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:  # such as one object a line
        yield from _lines(data)
        return
    paths = sorted(_paths(document, ()))
    for path in _some(paths, rng, ways):
        yield "lost fields", f"without {_shown(path)}", orjson.dumps(_changed(data, path, _drop))
    for path in _some(paths, rng, ways // 2):
        marked = json.dumps(_changed(data, path, _mark))
        for what, text in (A_LIST, rng.choice(ODD)):
            yield "odd values", f"{_shown(path)} is {what}", marked.replace(_MARK, text).encode()
    nested = json.dumps(_changed(data, rng.choice(paths), _mark)) if paths else "[]"
    yield "deep nesting", "a value", nested.replace(_MARK, "[" * 5000 + "]" * 5000).encode()


def _lines(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    lines = data.splitlines(keepends=True)
    yield "lost fields", "without its first line", b"".join(lines[1:])
    yield "lost fields", "without its last line", b"".join(lines[:-1])


def _some(paths: list[Path], rng: random.Random, ways: int) -> list[Path]:
    return paths if len(paths) <= ways else rng.sample(paths, ways)


def _shown(path: Path) -> str:
    return ".".join(path).replace(f".{ITEM}", ITEM)


def _paths(content: Any, here: Path) -> set[Path]:
    """Every key, whichever item of a list it is in."""
    found: set[Path] = set()
    waiting = [(content, here)]
    while waiting:
        holder, path = waiting.pop()
        if isinstance(holder, dict):
            found |= {(*path, _name(key)) for key in holder}
            waiting += [(value, (*path, _name(key))) for key, value in holder.items()]
        elif isinstance(holder, list):
            waiting += [(value, (*path, ITEM)) for value in holder]
    return found


def _name(key: str) -> str:
    """Ids as keys are one name."""
    return "*" if key.isdecimal() else key


def _drop(holder: dict[str, Any], key: str) -> None:
    del holder[key]


def _mark(holder: dict[str, Any], key: str) -> None:
    holder[key] = "\x01mark\x01"


def _changed(data: bytes, path: Path, change: Callable[[dict[str, Any], str], None]) -> Any:
    """The document with a change at every place of a path."""
    document = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    holders = [document]
    for step in path[:-1]:
        holders = [below for holder in holders for below in _below(holder, step)]
    for holder in holders:
        if isinstance(holder, dict):
            for key in [key for key in holder if _name(key) == path[-1]]:
                change(holder, key)
    return document


def _below(holder: Any, step: str) -> list[Any]:
    if step == ITEM:
        return holder if isinstance(holder, list) else []
    return [value for key, value in holder.items() if _name(key) == step] if isinstance(holder, dict) else []
