"""What was found out about files that have not changed since: no file is opened twice for the same question.

A file is the same as long as size, both times of change and inode are. What has changed less than two seconds before
it was looked at is not remembered: a second change within one tick of a file system's clock could not be told.
"""

import os
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xgoals.feeds.resends import sha256_of

SETTLED_NS = 2_000_000_000
"""FAT keeps times of change to two seconds; every other file system is finer."""

Question = tuple[str, str]
"""A path, of several files the first one's, and what is to be known of it."""
Answer = tuple[str, str]
"""The state of the files, and what was found out."""


@dataclass
class SeenFiles:
    """Answers about files, as far as they are known and still hold.

    Attributes
    ----------
    known
        From before.
    found
        What had to be found out this time and may be remembered.
    asked
        All questions of this time: what is known of others is about files that are gone.
    """

    known: Mapping[Question, Answer] = field(default_factory=dict)
    found: dict[Question, Answer] = field(default_factory=dict)
    asked: set[Question] = field(default_factory=set)
    now_ns: Callable[[], int] = time.time_ns
    _stats: dict[str, os.stat_result] = field(default_factory=dict)

    def stat(self, path: str) -> os.stat_result:
        """The state of a file, as it was when this listing first looked.

        Raises
        ------
        OSError
            If there is none.
        """
        found = self._stats.get(path)
        if found is None:
            found = self._stats[path] = os.stat(path)  # noqa: PTH116  (a hundred thousand files)
        return found

    def is_file(self, path: str) -> bool:
        """Whether a regular file (or a link to one) lies there."""
        try:
            return stat.S_ISREG(self.stat(path).st_mode)
        except OSError:
            return False

    def answer(self, what: str, paths: Sequence[str], find_out: Callable[[], str]) -> str:
        """What is known of some files, or what looking into them says.

        Parameters
        ----------
        what
            The question, in a word.
        paths
            The files that the answer depends on.
        find_out
            Opens them.
        """
        question = (paths[0], what)
        self.asked.add(question)
        stats = [self.stat(path) for path in paths]
        state = " ".join(map(_state, stats))
        known = self.known.get(question)
        if known is not None and known[0] == state:
            return known[1]
        looked_at_ns = self.now_ns()
        answer = find_out()
        is_settled = all(looked_at_ns - _changed_ns(of_file) > SETTLED_NS for of_file in stats)
        if is_settled and state == state_of(paths):
            self.found[question] = (state, answer)
        return answer

    def sha256(self, path: Path) -> str:
        """SHA-256 of a file."""
        return self.answer("sha256", [str(path)], lambda: sha256_of(path))


def state_of(paths: Sequence[str | Path]) -> str:
    """The state of some files at this moment; empty where one is gone."""
    try:
        return " ".join(_state(os.stat(path)) for path in paths)  # noqa: PTH116
    except OSError:
        return ""


def _state(of_file: os.stat_result) -> str:
    return f"{of_file.st_size}:{of_file.st_mtime_ns}:{of_file.st_ctime_ns}:{of_file.st_ino}"


def _changed_ns(of_file: os.stat_result) -> int:
    return max(of_file.st_mtime_ns, of_file.st_ctime_ns)
