"""Numbers as feeds write them, with a decimal point or, in files that another program has saved, a comma."""

import math
import re

_WITH_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
MAX_DIGITS = 9


def parse_number(text: str | None) -> float | None:
    """A finite number; None where there is none.

    >>> parse_number("100.5"), parse_number("100,50"), parse_number("much"), parse_number("NaN")
    (100.5, 100.5, None, None)
    """
    if text is None or "_" in text:
        return None
    try:
        value = float(text.replace(",", ".") if _WITH_COMMA.fullmatch(text) else text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def parse_count(text: str | None) -> int | None:
    """A whole number from 0 on, of a length that can be one."""
    digits = (text or "").strip()
    return int(digits) if digits.isdecimal() and len(digits) <= MAX_DIGITS else None
