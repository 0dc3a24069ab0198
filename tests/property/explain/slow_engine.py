"""The slow engine that docs/explaining.md shows: the block of the page itself, made a function."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explaining.md"


def read_slow_engine() -> Callable[..., np.ndarray]:
    """``slow_shapley(booster, x, baseline)`` as the page has it."""
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (source,) = (block for block in blocks if "def slow_shapley(" in block)
    names: dict[str, Any] = {}
    exec(compile(source, str(PAGE), "exec"), names)
    return names["slow_shapley"]
