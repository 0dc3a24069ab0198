"""Reading many matches with the cores there are; memory does not depend on how many.

Heavy files are read by processes of their own that get a delivery and give back what they read. Not a process
pool of the standard library: its children would import the main program again, which is Airflow where a task
reads, and one child that is killed for want of memory would break the whole pool; here it costs its match.
"""

import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

from xgoals.domain.errors import FeedError
from xgoals.domain.text import MAX_NAME_CHARS, printable, shortened
from xgoals.feeds import Delivery, MatchReading, load_feed

log = logging.getLogger(__name__)

Reading = MatchReading | FeedError
"""What came of one match: its record and what is missing in it, or why it cannot be used."""

WORTH_PROCESSES_BYTES = 1_000_000_000
"""Below this, starting processes costs more than it saves: the fast reader takes 0.7 s for a match of 400 MB, and
the whole of a StatsBomb season is read in two seconds by one process."""
ENDS_WITHIN_S = 5.0
"""A process that has closed its answers is about to end."""
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
    """Read one match; the reason why not is returned, since the others go on.

    This is the one place where an error that nobody has thought of is the match's, not the run's: its traceback is
    logged, and the match is left out with the error's last line as the reason.
    """
    module = load_feed(feed)
    read_delivery = getattr(module, "read_delivery", None)
    try:
        if read_delivery is None:
            return _noted_once(MatchReading(*module.read_match(delivery)))
        return _noted_once(read_delivery(delivery))
    except FeedError as error:
        return error
    except Exception as error:  # a reader meets files that nobody has seen before
        log.warning("match %s cannot be read", printable(delivery.match_id), exc_info=True)
        return _unexpected(delivery, error)


def _noted_once(reading: MatchReading) -> MatchReading:
    """The reading with every problem once: what is said twice in the same words is one thing."""
    known = {(problem.path, problem.place, problem.reason): problem for problem in reversed(reading.problems)}
    return replace(reading, problems=list(reversed(known.values())))


def _unexpected(delivery: Delivery, error: Exception) -> FeedError:
    last_line = traceback.format_exception_only(error)[-1].strip()
    return FeedError(
        f"match {delivery.match_id} cannot be read: {shortened(last_line, MAX_NAME_CHARS)}",
        where=str(delivery.files[0]),
        advice="Look at the file; if nothing is wrong with it, report this sentence and the log with its traceback",
    )


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
        """Let the next free process read a match; one that ends over it costs this match only."""
        process = self._free.get() or self._start()
        ended = False
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: PT018, S101  (pipes)
            pickle.dump((feed, delivery), process.stdin)
            process.stdin.flush()
            reading: Reading = pickle.load(process.stdout)  # noqa: S301  (written by our own process)
        except Exception:  # whatever it is, the two no longer understand each other
            ended = True
        finally:
            self._free.put(None if ended else process)
        if not ended:
            return reading
        self._running.discard(process)
        return _ended(process, delivery)

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "xgoals.feeds.reader_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._running.add(process)
        return process


def _ended(process: "subprocess.Popen[bytes]", delivery: Delivery) -> FeedError:
    """Why there is no answer from a process that has ended, or is no longer understood."""
    try:
        process.wait(ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()  # closes the pipes
    code = process.returncode
    how = (
        f"was ended from outside (signal {-code})" if code < 0 else f"has ended by itself (exit code {code})"
    )
    advice = "Look whether the machine has run out of memory, and run again"
    return FeedError(
        f"the process that read match {delivery.match_id} {how}",
        where=str(delivery.files[0]),
        advice=advice if code < 0 else "Look at the log of the task, and report its traceback",
    )


def _weight_bytes(deliveries: Sequence[Delivery]) -> int:
    files = {path for delivery in deliveries for path in delivery.files}  # an archive holds many matches
    return sum(map(_file_weight_bytes, files))


def _file_weight_bytes(path: Path) -> int:
    try:
        size = path.stat().st_size
    except OSError:  # gone since it was listed: reading its match will say so
        return 0
    return size * (INFLATION if path.suffix == ".gz" else 1)


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
