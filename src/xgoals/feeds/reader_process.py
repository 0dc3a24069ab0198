"""The process that :mod:`xgoals.feeds.reading` lends out: deliveries come in, what was read goes out, pickled.

It ends when its standard input does, so that it never outlives the one it reads for. Whatever a library prints
goes to the error stream, since the output carries the answers.
"""

import os
import pickle
import sys

from xgoals.feeds.reading import read_one


def main() -> None:
    """Answer deliveries until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            feed, delivery = pickle.load(sys.stdin.buffer)  # noqa: S301  (from the process that started this one)
        except EOFError:
            return
        pickle.dump(read_one(feed, delivery), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


if __name__ == "__main__":
    main()
