"""What is wrong with a setting, in plain words: of an unknown name which one was meant, of a value what it must be."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic_core import ErrorDetails

PREFIX = "XGOALS_"
OTHER_VARIABLES = frozenset(
    {
        "XGOALS_CONFIG", "XGOALS_ADMIN_DATABASE_URL", "XGOALS_UI_PASSWORD", "XGOALS_HEALTH_URL",
        "XGOALS_WRITER_DATABASE_URL", "XGOALS_READER_DATABASE_URL",
        # the mark of a component's processes, which has an underscore before it
        "XGOALS_COMPONENT",
        # of docker-compose.yml
        "XGOALS_AUTH", "XGOALS_DB_PASSWORD", "XGOALS_WRITER_PASSWORD", "XGOALS_READER_PASSWORD",
        "XGOALS_CHECK_PASSWORD", "XGOALS_INBOX", "XGOALS_PARALLELISM", "XGOALS_PORT", "XGOALS_TIMEZONE",
        "XGOALS_UI_USERS", "XGOALS_URL",
        # of the tests
        "XGOALS_CHROMIUM", "XGOALS_FUZZ_SEED", "XGOALS_REAL_DATA",
    }
)  # fmt: skip
"""Variables with our prefix that are no settings."""


def setting_names(model: type[BaseModel], place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every setting, sections included: ``("schedule",)``, ``("schedule", "timezone")``, ..."""
    for name, field in model.model_fields.items():
        yield (*place, name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from setting_names(field.annotation, (*place, name))


def unknown_variable(model: type[BaseModel], environment: Mapping[str, str] = os.environ) -> str | None:
    """What is wrong with the first variable that begins as ours do and is none of them; None if all are known."""
    known = {PREFIX + "__".join(name).upper() for name in setting_names(model)} | OTHER_VARIABLES
    open_ended = tuple(
        f"{PREFIX}{'__'.join(name).upper()}__" for name in setting_names(model) if _is_table(model, name)
    )
    for variable in sorted(environment):
        name = variable.upper()
        if not name.startswith(PREFIX) or name in known or name.startswith(open_ended):
            continue
        return f"there is no setting {variable}{did_you_mean(name, known)}"
    return None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question that names the nearest of what there is; empty where nothing is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""


def in_words(error: ErrorDetails, model: type[BaseModel]) -> str:
    """A validation error as a sentence without its key."""
    says = _SENTENCES.get(error["type"])
    if _is_secret(tuple(map(str, error["loc"])), model) and error["type"] != "value_error":
        return "it has to be text in quotes (what stands there is not repeated here)"
    if error["type"] == "extra_forbidden":
        return "unknown setting" + _nearest_key(tuple(map(str, error["loc"])), model)
    if says is None:
        return error["msg"]
    return says(error["input"], error.get("ctx") or {})


def _is_secret(place: tuple[str, ...], model: type[BaseModel]) -> bool:
    """Whether a setting, or one of a section, holds what nobody is to read."""
    for part in place:
        if part not in model.model_fields:
            return False
        kind = model.model_fields[part].annotation
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return SecretStr in get_args(kind) or kind is SecretStr
        model = kind
    return any(_is_secret((name,), model) for name in model.model_fields)


def _nearest_key(place: tuple[str, ...], model: type[BaseModel]) -> str:
    names = list(setting_names(model))
    beside = [name[-1] for name in names if name[:-1] == place[:-1]]
    near = did_you_mean(place[-1], beside)
    if near:
        return near
    elsewhere = [".".join(name) for name in names if name[-1] == place[-1]]
    return f"; did you mean {elsewhere[0]}?" if elsewhere else ""


def _is_table(model: type[BaseModel], name: tuple[str, ...]) -> bool:
    """Whether people choose the keys below this setting, as the steps in ``recipients_by_step``."""
    for section in name[:-1]:
        model = model.model_fields[section].annotation  # type: ignore[assignment]
    return get_origin(model.model_fields[name[-1]].annotation) is dict


def _kinds(value: Any) -> str:
    """A value as a message shows it."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


Sentence = Callable[[Any, Mapping[str, Any]], str]


def _is_no(what: str) -> Sentence:
    return lambda value, _: f"{_kinds(value)} is no {what}"


_LIST = _is_no('list; write it as ["a", "b"]')
_SECTION = _is_no("section; write [section] on a line of its own, and its keys below")
_SENTENCES: dict[str, Sentence] = {
    "value_error": lambda _, ctx: str(ctx.get("error", "this cannot be used")),
    "literal_error": lambda value, ctx: f"{_kinds(value)} is none of {ctx['expected'].replace(' or ', ', ')}",
    "greater_than": lambda value, ctx: f"{_kinds(value)} is too small: it has to be more than {ctx['gt']:g}",
    "greater_than_equal": lambda value, ctx: f"{_kinds(value)} is too small: at least {ctx['ge']:g}",
    "less_than": lambda value, ctx: f"{_kinds(value)} is too large: it has to be less than {ctx['lt']:g}",
    "less_than_equal": lambda value, ctx: f"{_kinds(value)} is too large: at most {ctx['le']:g}",
    "too_short": lambda _, ctx: f"at least {ctx['min_length']} has to be named",
    "missing": lambda *_: "it has to be given",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), _is_no("whole number")),
    **dict.fromkeys(("float_type", "float_parsing"), _is_no("number")),
    **dict.fromkeys(("bool_type", "bool_parsing"), _is_no("yes or no; write true or false")),
    **dict.fromkeys(("string_type", "path_type"), _is_no('text; write it in quotes: "..."')),
    **dict.fromkeys(("tuple_type", "list_type"), _LIST),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type"), _SECTION),
}
