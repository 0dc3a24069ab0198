"""What is wrong with a configuration, key by key: where, what is written there, what is allowed."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from xgoals.clarify.config.analysis import AnalysisConfig
from xgoals.settings.in_words import did_you_mean

Place = tuple[str | int, ...]

_SHOWN = 60
_KINDS: Mapping[str, str] = {
    "int_type": "a whole number",
    "float_type": "a number with a decimal point, as 1.0",
    "string_type": "a text in quotes",
    "string_unicode": "a text without half characters",
    "bool_type": "true or false",
    "list_type": "a list [...]",
    "dict_type": "an object {...}",
    "model_type": "an object {...}",
    "none_required": "null",
    "too_short": "an object that is not empty",
}


def sentences_of(error: ValidationError, content: object) -> list[str]:
    """One sentence for each place that is wrong, in the order of the schema.

    Parameters
    ----------
    content
        What was validated.
    """
    errors = [(_place(content, details), details) for details in error.errors(include_url=False)]
    places = list(dict.fromkeys(place for place, _ in errors))
    # A union complains about every alternative: what is wrong lies deepest.
    deepest = [
        place
        for place in places
        if not any(place != other and other[: len(place)] == place for other in places)
        or any(at == place and _is_alone(details) for at, details in errors)
    ]
    return [
        _sentence(place, _at(content, place), [details for at, details in errors if at == place])
        for place in deepest
    ]


def _is_alone(details: ErrorDetails) -> bool:
    return details["type"] in ("missing", "extra_forbidden")


def _place(content: object, details: ErrorDetails) -> Place:
    """Where in the content an error is: pydantic's own words for alternatives of a union are left out."""
    if _is_alone(details):
        return (*_place_of(content, details["loc"][:-1]), details["loc"][-1])
    return _place_of(content, details["loc"])


def _place_of(content: object, loc: Place) -> Place:
    place: list[str | int] = []
    for part in loc:
        if _holds(content, part):
            content = content[part]  # type: ignore[index]
            place.append(part)
    return tuple(place)


def _holds(content: object, part: str | int) -> bool:
    if isinstance(content, list):
        return isinstance(part, int) and part < len(content)
    return isinstance(content, dict) and part in content


def _at(content: Any, place: Place) -> object:
    for part in place[:-1]:
        content = content[part]
    if not place:
        return content
    is_there = isinstance(content, list) or place[-1] in content
    return content[place[-1]] if is_there else None


def _sentence(place: Place, value: object, errors: list[ErrorDetails]) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    return f"{path}: {_what_is_wrong(place, value, errors)}" if path else _what_is_wrong(place, value, errors)


def _what_is_wrong(place: Place, value: object, errors: list[ErrorDetails]) -> str:
    first = errors[0]
    if first["type"] == "missing":
        return "it has to be given"
    if first["type"] == "extra_forbidden":
        return f"unknown key{_nearest(place)}"
    if first["type"] == "null":
        return "null is no value; leave the key out where nothing is meant"
    if first["type"] in ("mixed", "prefix"):
        return first["msg"]
    allowed = list(dict.fromkeys(_allowed(details) for details in errors))
    return f"{_shown(value)} is not {' or '.join(allowed)}"


def _allowed(details: ErrorDetails) -> str:
    if details["type"] == "literal_error":
        return f"one of {details['ctx']['expected'].replace(' or ', ', ')}"
    if details["type"] == "none_of":
        return str(details["ctx"]["what"])
    return _KINDS.get(details["type"], details["msg"])


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _nearest(place: Place) -> str:
    """Which key was meant: one beside it that is spelled alike, or one of that name elsewhere."""
    names = tuple(part for part in place if isinstance(part, str))
    known = list(_keys(AnalysisConfig))
    beside = [path[-1] for path in known if path[:-1] == names[:-1]]
    if near := did_you_mean(names[-1].lower().replace("-", "_"), beside):
        return near
    elsewhere = next((".".join(path) for path in known if path[-1] == names[-1]), None)
    return f"; did you mean {elsewhere}?" if elsewhere else f"; there are: {', '.join(beside)}"


def _keys(section: type[BaseModel], place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every key, those of nested sections after all of its own section."""
    nested = []
    for name, field in section.model_fields.items():
        yield (*place, name)
        nested += [(name, inner) for inner in _sections_in(field.annotation)]
    for name, inner in nested:
        yield from _keys(inner, (*place, name))


def _sections_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _sections_in(part)
