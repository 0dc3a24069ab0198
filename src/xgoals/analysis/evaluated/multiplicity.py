"""What stands once it is counted how many were looked at: Benjamini and Hochberg's procedure (1995, JRSS B 57)."""

from collections.abc import Sequence

import numpy as np

FALSE_DISCOVERY_RATE = 0.05


def false_discovery_rates(p: Sequence[float]) -> list[float]:
    """The smallest false discovery rate at which each test stands: of the k-th smallest of n, ``p * n / k``.

    Or what a larger p has, where that is less.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    n = len(values)
    rates = np.minimum.accumulate((values[order] * n / np.arange(1, n + 1))[::-1])[::-1]
    found = np.empty(n)
    found[order] = np.minimum(rates, 1.0)
    return [float(rate) for rate in found]


def beyond_chance(p: Sequence[float]) -> list[bool]:
    """Which tests stand after Benjamini and Hochberg's procedure.

    With the n tests in the order of p, all up to the last one with ``p <= FALSE_DISCOVERY_RATE * rank / n``.
    """
    ordered = np.sort(np.asarray(p, dtype=np.float64))
    passed = np.flatnonzero(
        ordered <= FALSE_DISCOVERY_RATE * np.arange(1, len(ordered) + 1) / max(1, len(ordered))
    )
    bound = ordered[passed[-1]] if len(passed) else -1.0
    return [bool(value <= bound) for value in p]
