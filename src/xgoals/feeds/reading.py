"""Reading many matches with the cores there are; memory does not depend on how many."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from xgoals.domain.errors import FeedError, Problem
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Delivery, load_feed

Reading = tuple[MatchRecord, list[Problem]] | FeedError
"""What came of one match: its record and what is missing in it, or why it cannot be used."""

WORTH_PROCESSES_BYTES = 300_000_000
"""Below this, starting processes and sending records back costs more than it saves (the whole of a StatsBomb
season is read in two seconds by one process)."""


def read_all(feed: str, deliveries: Sequence[Delivery]) -> Iterator[tuple[Delivery, Reading]]:
    """Read the matches, in order, one result each; a broken match is a result too."""
    workers = min(os.cpu_count() or 1, len(deliveries))
    size = sum(path.stat().st_size for delivery in deliveries for path in delivery.files)
    if workers < 2 or size < WORTH_PROCESSES_BYTES:
        for delivery in deliveries:
            yield delivery, read_one(feed, delivery)
        return
    # Forking a process with threads (a database pool, OpenMP) can hang the child: spawn.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=workers, mp_context=context) as pool:
        under_way: deque[tuple[Delivery, Future[Reading]]] = deque()
        for delivery in deliveries:
            under_way.append((delivery, pool.submit(read_one, feed, delivery)))
            if len(under_way) > 2 * workers:
                done, future = under_way.popleft()
                yield done, future.result()
        for done, future in under_way:
            yield done, future.result()


def read_one(feed: str, delivery: Delivery) -> Reading:
    """Read one match; the reason why not is returned, since the others go on."""
    try:
        return load_feed(feed).read_match(delivery)
    except FeedError as error:
        return error
