"""Matches that are read together by one task: few matches have a task each, many share a few tasks.

The task that lists a source and those that read it may work on different machines. What one of them does not see is
then no fault of a match: `not_seen_here`.
"""

import os
import socket
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from sqlalchemy import Connection

from xgoals.domain.errors import UnseenError
from xgoals.domain.page_keys import is_one_of
from xgoals.feeds import Delivery
from xgoals.store import runs
from xgoals.store.arrivals import found_matches

LISTED_ON = "listed_on"
"""The figure of a run that says on which machine `find_matches` has looked at its sources."""

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


def this_machine() -> str:
    """How the machine, or the container, is called on which this process works."""
    return socket.gethostname()


def listed_elsewhere(connection: Connection, run_id: str) -> str | None:
    """The other machine that has listed the sources of a run; None if it was this one."""
    figures = (runs.read_run(connection, run_id) or {}).get("figures") or {}
    machine = figures.get(LISTED_ON)
    return machine if machine not in (None, this_machine()) else None


def is_seen(delivery: Delivery) -> bool:
    """Whether this machine can read all files of a delivery."""
    return all(os.access(path, os.R_OK) for path in delivery.files)


def not_seen_here(
    connection: Connection, run_id: str, feed: str, match_ids: Collection[str], here: Iterable[Delivery] = ()
) -> list[Delivery]:
    """Of these matches the deliveries that `find_matches` has named and of which this machine lacks files.

    Parameters
    ----------
    here
        What this machine finds by itself. A match that lies there as whole as it was named, under other names, is seen.
    """
    n_files = {delivery.key: len(delivery.files) for delivery in here}
    named = [found.delivery for found in found_matches.read_found(connection, run_id, feed)]
    return [
        delivery
        for delivery in named
        if is_one_of(delivery.key, match_ids)
        and not is_seen(delivery)
        and n_files.get(delivery.key, 0) < len(delivery.files)
    ]


def unseen_error(unseen: Sequence[Delivery], listed_on: str) -> UnseenError:
    """Why these matches are not read here: the machine's fault, which trying again on another one mends."""
    first = unseen[0]
    path = next((path for path in first.files if not os.access(path, os.R_OK)), first.files[0])
    n, match_id = len(unseen), first.match_id
    which = f"match {match_id}" if n == 1 else f"{n} matches, the first {match_id}"
    return UnseenError(
        f"this worker ({this_machine()}) does not see the files of {which}, which {listed_on} has found",
        where=str(path),
        advice="Mount the source at the same path on all workers; then clear this task. If the file was removed"
        " meanwhile, start a new run",
    )
