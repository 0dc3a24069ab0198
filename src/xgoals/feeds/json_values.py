"""Values of JSON that may be of any type -> values of the type that is meant, or None."""

import math
from typing import Any

from xgoals.domain.text import clean

EXACT = 2**53
"""Up to here a float is the whole number that it shows."""


def obj(value: object) -> dict[str, Any]:
    """The object; an empty one where there is something else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The list; an empty one where there is something else."""
    return value if isinstance(value, list) else []


def whole(value: object) -> int | None:
    """A whole number, also written as text or, by a data frame with gaps, with ".0"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and value == int(value) else None
    if isinstance(value, str) and len(value) < 20 and value.strip().removeprefix("-").isdecimal():
        return int(value)
    return None


def number(value: object) -> float | None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def id_of(value: object) -> str | None:
    """An id as text: whole numbers and texts are ids, nothing else is."""
    if isinstance(value, float):
        return (
            str(int(value)) if math.isfinite(value) and value == int(value) and abs(value) < EXACT else None
        )
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value.bit_length() < 400 else None
    return clean(value) or None if isinstance(value, str) else None


def text_of(value: object) -> str | None:
    """A text; None where it is empty or no text."""
    return clean(value) or None if isinstance(value, str) else None


def flag(value: object) -> bool | None:
    """True or false, also as 1 and 0 or in words; None for anything else."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return bool(value) if value in (True, False) and value is not None else None
