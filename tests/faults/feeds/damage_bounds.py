"""Numbers at the bounds of what can be, and just beyond; and at those of the columns that hold them."""

import json
import math
import re
from typing import Any

from damage import Damage, Rng
from damage_json import at_some, of_json
from damage_xml import of_attribute

from xgoals.domain import bounds
from xgoals.domain.bounds import Range

RANGES: dict[str, Range] = {name: value for name, value in vars(bounds).items() if isinstance(value, Range)}
"""Every range of the domain by its name."""
LIMITS = [
    float(value) for name, value in vars(bounds).items() if name.isupper() and type(value) in (int, float)
]
COLUMNS = [2**15, 2**31, 2**32, 2**53, 2**63, 2**64, 3.4028235e38, 3.5e38, 1.8e308, 5e-324, 1e-46]
"""Of smallint, integer, bigint, real and double precision; below the last two numbers become zero."""


def around(value: float) -> list[float]:
    """The value, and its nearest neighbours: as a whole number and as the next that there is."""
    return [value, value - 1, value + 1, math.nextafter(value, -math.inf), math.nextafter(value, math.inf)]


_EDGES = [edge for possible in RANGES.values() for edge in (possible.low, possible.high)]
NUMBERS = sorted({n for edge in (*_EDGES, *LIMITS, *COLUMNS, *(-c for c in COLUMNS)) for n in around(edge)})
"""Some two hundred."""


def _number(rng: Rng) -> float:
    value = rng.choice(NUMBERS)
    is_whole = math.isfinite(value) and value == math.floor(value)
    return int(value) if is_whole and rng.random() < 0.7 else value


def _put(rng: Rng, holder: Any, key: Any) -> None:
    if isinstance(holder[key], int | float) and not isinstance(holder[key], bool):
        holder[key] = _number(rng)


def _everywhere(rng: Rng, content: Any) -> Any:
    """All numbers of one name."""
    names = sorted(set(re.findall(r'"(\w+)": -?\d', json.dumps(content))))
    name, value = rng.choice(names or ["id"]), _number(rng)

    def changed(part: Any) -> Any:
        if isinstance(part, dict):
            return {
                k: value if k == name and isinstance(v, int | float) else changed(v) for k, v in part.items()
            }
        return [changed(v) for v in part] if isinstance(part, list) else part

    return changed(content)  # fmt: skip


def _attribute(rng: Rng, name: bytes, old: bytes) -> bytes:
    is_number = re.fullmatch(rb"-?\d+(\.\d+)?", old)
    return b' %s="%s"' % (name, repr(_number(rng)).encode() if is_number else old)


JSON: dict[str, Damage] = {
    "a number at a bound": of_json(at_some(_put)),
    "a name's numbers at a bound": of_json(_everywhere),
}
XML: dict[str, Damage] = {"a number at a bound": of_attribute(_attribute)}
