"""The process that tries a feed: attempts come in, outcomes go out, pickled.

A reader may hang over a damaged file, or want all memory there is: then this process ends, and not the one that checks.
"""

import os
import pickle
import resource
import sys
from pathlib import Path

from xgoals.feed_check.attempt import Attempt, tried

MORE_MEMORY_BYTES = 2 << 30


def main() -> None:
    """Answer attempts until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints
    _limit_memory()
    while True:
        try:
            attempt: Attempt = pickle.load(sys.stdin.buffer)  # noqa: S301  (from the process that started this one)
        except EOFError:
            return
        pickle.dump(tried(attempt), answers)
        answers.flush()


def _limit_memory() -> None:
    """So much more than now, where the system can be told so."""
    try:
        with Path("/proc/self/statm").open() as told:
            pages = int(told.read().split()[0])
        most = pages * resource.getpagesize() + MORE_MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (OSError, ValueError):
        return


if __name__ == "__main__":
    main()
