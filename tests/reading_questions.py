"""The ten questions of docs/lake.md, asked on both sides."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[1] / "docs" / "lake.md"
_QUESTION = re.compile(
    r"^## \d+\. (?P<words>.+?)\n.*?```sql\n-- Postgres\n(?P<postgres>.+?)\n```"
    r"\n\n```sql\n-- Spark\n(?P<spark>.+?)\n```",
    re.MULTILINE | re.DOTALL,
)
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Question:
    """What is asked, and its two texts."""

    words: str
    postgres: str
    spark: str


def questions() -> list[Question]:
    return [Question(**found.groupdict()) for found in _QUESTION.finditer(PAGE.read_text("utf-8"))]


def differences(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[str]:
    """What two answers do not agree in, whatever the order of their rows."""
    if len(ours) != len(theirs):
        return [f"{len(ours)} rows and {len(theirs)}"]
    pairs = zip(sorted(ours, key=_place), sorted(theirs, key=_place), strict=True)
    return [
        f"{name}: {one[name]!r} and {other.get(name)!r}"
        for one, other in pairs
        for name in one
        if not _agree(one[name], other.get(name))
    ]


def _place(row: dict[str, Any]) -> list[str]:
    return [f"{float(value):.6f}" if _is_number(value) else str(value) for value in row.values()]


def _agree(one: object, other: object) -> bool:
    if _is_number(one) and _is_number(other):
        return math.isclose(float(one), float(other), rel_tol=TOLERANCE, abs_tol=TOLERANCE)  # type: ignore[arg-type]
    return str(one) == str(other)


def _is_number(value: object) -> bool:
    return hasattr(value, "__float__") and not isinstance(value, bool)
