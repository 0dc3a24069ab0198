"""Reading many matches with the cores there are; memory does not depend on how many.

Heavy files are read by processes of their own that get a delivery and give back what they read. Not a process
pool of the standard library: its children would import the main program again, which is Airflow where a task
reads, and one child that is killed for want of memory would break the whole pool; here it costs its match.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from xgoals.domain.errors import FeedError
from xgoals.feeds import Delivery, MatchReading, load_feed

Reading = MatchReading | FeedError
"""What came of one match: its record and what is missing in it, or why it cannot be used."""

WORTH_PROCESSES_BYTES = 1_000_000_000
"""Below this, starting processes costs more than it saves: the fast reader takes 0.7 s for a match of 400 MB, and
the whole of a StatsBomb season is read in two seconds by one process."""
INFLATION = 10
"""A gzipped file is about this much larger inside."""


def read_all(feed: str, deliveries: Sequence[Delivery]) -> Iterator[tuple[Delivery, Reading]]:
    """Read the matches, in order, one result each; a broken match is a result too."""
    workers = min(_cores(), len(deliveries))
    if workers < 2 or _weight_bytes(deliveries) < WORTH_PROCESSES_BYTES:
        for delivery in deliveries:
            yield delivery, read_one(feed, delivery)
        return
    with ReaderProcesses(workers) as processes, ThreadPoolExecutor(workers) as threads:
        under_way: deque[tuple[Delivery, Future[Reading]]] = deque()
        for delivery in deliveries:
            under_way.append((delivery, threads.submit(processes.read, feed, delivery)))
            if len(under_way) > 2 * workers:
                done, future = under_way.popleft()
                yield done, future.result()
        while under_way:
            done, future = under_way.popleft()
            yield done, future.result()


def read_one(feed: str, delivery: Delivery) -> Reading:
    """Read one match; the reason why not is returned, since the others go on."""
    module = load_feed(feed)
    read_delivery = getattr(module, "read_delivery", None)
    try:
        if read_delivery is None:
            return MatchReading(*module.read_match(delivery))
        reading: MatchReading = read_delivery(delivery)
    except FeedError as error:
        return error
    return reading


class ReaderProcesses:
    """Processes that read matches, lent to one caller at a time each; they end with this one."""

    def __init__(self, count: int) -> None:
        self._free: SimpleQueue[subprocess.Popen[bytes] | None] = SimpleQueue()
        self._running: set[subprocess.Popen[bytes]] = set()
        for _ in range(count):
            self._free.put(None)  # started when they are needed

    def __enter__(self) -> "ReaderProcesses":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.kill()
            process.communicate()

    def read(self, feed: str, delivery: Delivery) -> Reading:
        """Let the next free process read a match.

        Raises
        ------
        RuntimeError
            If the process ended by itself: a bug, with its traceback on the error stream. One that was ended
            from outside (for want of memory, say) gives a FeedError for this match.
        """
        process = self._free.get() or self._start()
        ended = False
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: PT018, S101  (pipes)
            pickle.dump((feed, delivery), process.stdin)
            process.stdin.flush()
            reading: Reading = pickle.load(process.stdout)  # noqa: S301  (written by our own process)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            ended = True
        finally:
            self._free.put(None if ended else process)
        if not ended:
            return reading
        self._running.discard(process)
        process.communicate()  # closes the pipes, and waits
        if process.returncode >= 0:
            raise RuntimeError(f"reading match {delivery.match_id} failed, see the traceback above")
        return FeedError(
            f"the process that read match {delivery.match_id} was ended from outside (signal {-process.returncode})",
            where=str(delivery.files[0]),
            advice="Look whether the machine has run out of memory, and run again",
        )

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "xgoals.feeds.reader_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._running.add(process)
        return process


def _weight_bytes(deliveries: Sequence[Delivery]) -> int:
    files = {path for delivery in deliveries for path in delivery.files}  # an archive holds many matches
    return sum(path.stat().st_size * (INFLATION if path.suffix == ".gz" else 1) for path in files)


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
