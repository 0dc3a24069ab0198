"""What stands in a model file, taken out as what it has to be."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Json: TypeAlias = Mapping[str, object]
_WHOLE_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_NO_NAME: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\[\]<]")
"""XGBoost takes no brackets in names, and ends a name at the first NUL."""


class UnsoundError(Exception):
    """A model file contradicts itself."""


def object_of(holder: object, name: str) -> Json:
    """The object of this name in another."""
    found = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(found, dict):
        raise UnsoundError(f"it has no {name}")
    return found


def list_of(holder: Json, name: str) -> Sequence[object] | NDArray[np.generic]:
    """The list of this name; empty where there is none."""
    found = holder.get(name, [])
    if not isinstance(found, list | np.ndarray):
        raise UnsoundError(f"its {name} is no list")
    return found


def texts_of(holder: Json, name: str) -> tuple[str, ...]:
    """The texts of this name, all of which XGBoost takes as names."""
    found = list_of(holder, name)
    texts = tuple(text for text in found if isinstance(text, str) and not _NO_NAME.search(text))
    if len(texts) != len(found):
        raise UnsoundError(f"its {name} are no texts, or hold characters that XGBoost takes in no name")
    return texts


def whole_number(holder: Json, name: str, default: int | None = None) -> int:
    """The number of this name, which may be written as a text."""
    text = str(holder.get(name, default))
    if not _WHOLE_NUMBER.fullmatch(text):
        raise UnsoundError(f"it does not say its {name}")
    return int(text)


def whole_numbers(values: object, name: str) -> NDArray[np.int64]:
    """Whole numbers of 32 bits."""
    numbers = numbers_of(values, name).astype(np.float64)
    if not (np.abs(numbers) <= np.iinfo(np.int32).max).all() or (numbers != np.floor(numbers)).any():
        raise UnsoundError(f"its {name} are no whole numbers")
    return numbers.astype(np.int64)


def numbers_of(values: object, name: str) -> NDArray[np.generic]:
    """Numbers, as they are in the file (n,); what is none is refused by UnsoundError."""
    try:
        found = np.asarray(values)
    except (TypeError, ValueError, OverflowError):
        raise UnsoundError(f"its {name} are no list of numbers") from None
    if found.ndim != 1:
        raise UnsoundError(f"its {name} are no list of numbers")
    if len(found) and found.dtype.kind not in "biuf":  # texts of numbers are texts
        raise UnsoundError(f"its {name} are no numbers")
    return found
