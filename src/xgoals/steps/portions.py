"""Matches that are read together by one task: few matches have a task each, many share a few tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

MAX_PORTIONS = 24
"""Up to this many matches are read one by one; more are shared out among at most so many portions."""
WORTH_A_PORTION = 100
"""Of many matches at least so many go into a portion: starting a task takes longer than reading a small match."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Matches of one feed that are read together: their ids, or ``provider:id`` where two of the feed's have one id.

    ``is_lost`` in place of matches: something of the feed's source cannot be read, and nobody knows of which matches.
    The task that is given it looks once more, and is red if that is still so.
    """

    feed: str
    match_ids: tuple[str, ...]
    is_lost: bool = False


def share_out(match_ids: Sequence[str]) -> list[tuple[str, ...]]:
    """Portions of matches, in order: of one match each where they are few.

    >>> share_out(["a", "b"])
    [('a',), ('b',)]
    """
    n = len(match_ids)
    portions = n if n <= MAX_PORTIONS else min(MAX_PORTIONS, max(2, ceil(n / WORTH_A_PORTION)))
    bounds = [round(n * i / portions) for i in range(portions + 1)] if n else [0]
    return [tuple(match_ids[a:b]) for a, b in pairwise(bounds)]
