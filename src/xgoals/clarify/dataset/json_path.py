"""The part of JMESPath that datasets need: names, places, all of a list, and several fields side by side.

``features``, ``data.rows[*].values``, ``[*].[age, income]``, ``"a name"``, ``@``, ``[0]``. Filters, functions, pipes
and slices are refused. Other than in JMESPath, what is missing below ``[*]`` stays in its place as null: a row keeps
its number.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from xgoals.domain.errors import SettingsError

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>  [A-Za-z_][A-Za-z0-9_]* | "(?:[^"\\]|\\.)*" )
      | (?P<place> \[ \s* -?\d+ \s* \] )
      | (?P<every> \[ \s* \* \s* \] )
      | (?P<sign>  [.,@\[\]] )
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Every:
    """All items of a list, ``[*]``."""


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A path, ready to be asked.

    Attributes
    ----------
    steps
        A field's name, a place in a list, every item of one, or several paths side by side.
    """

    steps: "tuple[Step, ...]"

    def of(self, content: object) -> object:
        """What is there; None where there is nothing."""
        return _follow(content, self.steps)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields that the path ends in; none where one of them has no name."""
        last = self.steps[-1] if self.steps else None
        if isinstance(last, tuple):
            names = [name for path in last for name in path.names]
            return tuple(names) if len(names) == len(last) else ()
        return (last,) if isinstance(last, str) else ()


Step: TypeAlias = str | int | Every | tuple[JsonPath, ...]


def json_path(text: str, key: str) -> JsonPath:
    """A path as it is written.

    Parameters
    ----------
    key
        The key of the configuration that has it, for messages.

    Raises
    ------
    SettingsError
        If it is none, or more of JMESPath than is read here.
    """
    try:
        tokens = _tokens(text)
        path = _take_path(tokens)
        if tokens:
            raise _UnknownPathError
    except _UnknownPathError:
        raise SettingsError(
            f"{key}: {text!r} is no path that is read here",
            advice="Names, [0], [*] and [a, b] are: data.rows[*].[age, income]; put the data into such a form",
        ) from None
    return path


class _UnknownPathError(Exception):
    """A path is none, or one of a kind that is not read."""


def _tokens(text: str) -> list[tuple[str | None, str]]:
    """The tokens, the first at the end."""
    found = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _UnknownPathError
        found.append((match.lastgroup, match[match.lastgroup or 0]))
        at = match.end()
    return found[::-1]


def _take_path(tokens: list[tuple[str | None, str]]) -> JsonPath:
    """Take fields joined by dots from the tokens, brackets directly behind them."""
    steps = _take_field(tokens)
    while tokens and tokens[-1] not in (("sign", ","), ("sign", "]")):
        if tokens[-1][0] in ("place", "every"):
            steps += _take_bracket(tokens)
        elif tokens.pop() == ("sign", "."):
            steps += _take_field(tokens)
        else:
            raise _UnknownPathError
    return JsonPath(tuple(steps))


def _take_field(tokens: list[tuple[str | None, str]]) -> list[Step]:
    if not tokens:
        raise _UnknownPathError
    if tokens[-1][0] in ("place", "every"):
        return _take_bracket(tokens)
    kind, text = tokens.pop()
    if kind == "name":
        return [str(json.loads(text)) if text.startswith('"') else text]
    if text == "@":
        return []
    if text == "[":
        return [_take_side_by_side(tokens)]
    raise _UnknownPathError


def _take_bracket(tokens: list[tuple[str | None, str]]) -> list[Step]:
    kind, text = tokens.pop()
    return [Every() if kind == "every" else int(text[1:-1])]


def _take_side_by_side(tokens: list[tuple[str | None, str]]) -> tuple[JsonPath, ...]:
    paths = [_take_path(tokens)]
    while tokens and tokens[-1] == ("sign", ","):
        tokens.pop()
        paths.append(_take_path(tokens))
    if not tokens or tokens.pop() != ("sign", "]"):
        raise _UnknownPathError
    return tuple(paths)


def _follow(content: object, steps: Sequence[Step]) -> object:
    for n, step in enumerate(steps):
        match step:
            case Every():
                rest = steps[n + 1 :]
                return [_follow(item, rest) for item in content] if isinstance(content, list) else None
            case tuple():
                content = [path.of(content) for path in step] if content is not None else None
            case int():
                is_there = isinstance(content, list) and -len(content) <= step < len(content)
                content = content[step] if is_there else None  # type: ignore[index]
            case str():
                content = content.get(step) if isinstance(content, dict) else None
    return content
