"""What all sections of a configuration share: strict types, no unknown keys, no null where nothing is meant.

The types are those of JSON as the schema of Clarify's SDK tells them apart: true is no whole number, and 1 is no
number with a decimal point.
"""

from collections.abc import Callable
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

AS_WRITTEN = "as written"
"""The context of what comes from a file: there ``null`` is a value, and a wrong one, not the word for nothing."""

NameOrIndex = str | int
"""A column: its name, or its place counted from 0."""
Scalar = int | float | str


class Section(BaseModel):
    """Base of all sections."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, protected_namespaces=())

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """A section as it is written in a file; in it ``null`` is refused."""
        return super().model_validate(obj, **({"context": AS_WRITTEN} | options))

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None and info.context == AS_WRITTEN:
            raise PydanticCustomError("null", "null")
        return value


def _refuse_whole(value: Any) -> Any:
    if isinstance(value, int):  # pydantic's strict float takes them
        raise PydanticCustomError("float_type", "float")
    return value


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def one_of(allowed: frozenset[str], what: str) -> Callable[[str], str]:
    """A check that a text is one of many, too many to name them all."""

    def check(value: str) -> str:
        if value not in allowed:
            raise PydanticCustomError("none_of", "{what}", {"what": what})
        return value

    return check


AnyCase = BeforeValidator(_lower)
"""Capitals or not, as the schema has it."""
Fraction = Annotated[float, BeforeValidator(_refuse_whole)]
"""A number that is written with a decimal point."""
JsonObject = Annotated[dict[str, JsonValue], Field(min_length=1)]
"""Any object but an empty one."""
