"""Moments at which a process may die: in and between statements, around a commit, around all that befalls a file."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extensions
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2


class Kind(StrEnum):
    """Of a moment."""

    START = "at its start"
    WRITE = "after a statement that writes"
    BEFORE_COMMIT = "before a commit"
    AFTER_COMMIT = "after a commit"
    MID_COPY = "when half of the rows of a COPY are sent"
    FILE = "when a file is opened to be written"
    HALF_FILE = "when half of what is written at once is in a file"
    BEFORE_REMOVAL = "before a file or a folder is removed"
    AFTER_REMOVAL = "after a file or a folder was removed"
    BEFORE_PROGRAM = "before another program is started"
    MID_PROGRAM = "while another program is at work, which lives on"
    AFTER_PROGRAM = "after another program has ended"
    HANDED_OVER = "after a mail was taken, before that is known"
    BEFORE_RENAME = "before a file gets its name"
    AFTER_RENAME = "after a file has got its name"


PROGRAM_WORKS_S = 0.03
"""So long after its start a program is in the middle of its work."""


@dataclass(frozen=True)
class Moment:
    """The ``n``-th of its kind, from 0."""

    kind: Kind
    n: int

    def __str__(self) -> str:
        return f"{self.kind} (number {self.n})"


_watchers: list[Callable[[Kind], None]] = []


def tell(kind: Kind) -> None:
    """A moment of this kind has come; nobody listens in a process that is not watched."""
    for watcher in _watchers:
        watcher(kind)


def watch(at: Callable[[Moment], None]) -> None:
    """From now on, and to its end, this process calls ``at`` with each moment."""
    seen: Counter[Kind] = Counter()

    def heard(kind: Kind) -> None:
        seen[kind] += 1
        at(Moment(kind, seen[kind] - 1))

    _watchers.append(heard)
    _watch_database(tell)
    _watch_copies(tell)
    _watch_files(tell)
    _watch_halves(tell)
    _watch_programs(tell)
    tell(Kind.START)


def die_at(moment: Moment) -> None:
    """This process is killed at a moment, as the system does it: nothing is cleaned up."""

    def at(now: Moment) -> None:
        if now == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(at)


def _watch_database(tell: Callable[[Kind], None]) -> None:
    commit, execute = PGDialect_psycopg2.do_commit, PGDialect_psycopg2.do_execute
    execute_many = PGDialect_psycopg2.do_executemany

    def do_commit(self: Any, connection: Any) -> None:
        tell(Kind.BEFORE_COMMIT)
        commit(self, connection)
        tell(Kind.AFTER_COMMIT)

    def do_execute(self: Any, cursor: Any, statement: str, *rest: Any) -> None:
        execute(self, cursor, statement, *rest)
        if not statement.lstrip().lower().startswith("select"):
            tell(Kind.WRITE)

    def do_executemany(self: Any, cursor: Any, *rest: Any) -> None:
        execute_many(self, cursor, *rest)
        tell(Kind.WRITE)

    PGDialect_psycopg2.do_commit, PGDialect_psycopg2.do_execute = do_commit, do_execute
    PGDialect_psycopg2.do_executemany = do_executemany


def _watch_copies(tell: Callable[[Kind], None]) -> None:
    """Whoever connects from now on gets cursors that tell half way through what is copied in."""

    class Cursor(psycopg2.extensions.cursor):
        def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> Any:
            if "from stdin" not in str(sql).lower():
                return super().copy_expert(sql, file, size)
            content = file.read()
            return super().copy_expert(sql, _Halves(content, lambda: tell(Kind.MID_COPY)), size)

    connect = psycopg2.connect

    def connect_with_cursor(*args: Any, **kwargs: Any) -> Any:
        return connect(*args, **{"cursor_factory": Cursor, **kwargs})

    psycopg2.connect = connect_with_cursor


class _Halves:
    """A source that is read in two halves, and tells in between."""

    def __init__(self, content: Any, between: Callable[[], None]) -> None:
        half = len(content) // 2
        self._left, self._none, self._between = [content[:half], content[half:]], content[:0], between

    def read(self, _: int = -1) -> Any:
        if len(self._left) == 1:
            self._between()
        return self._left.pop(0) if self._left else self._none


def _watch_files(tell: Callable[[Kind], None]) -> None:
    def around(change: Callable[..., Any], before: Kind, after: Kind) -> Callable[..., Any]:
        def changed(*args: Any, **kwargs: Any) -> Any:
            tell(before)
            done = change(*args, **kwargs)
            tell(after)
            return done

        return changed

    for name in ("replace", "rename", "link"):
        setattr(os, name, around(getattr(os, name), Kind.BEFORE_RENAME, Kind.AFTER_RENAME))
    for module, name in ((os, "unlink"), (os, "remove"), (os, "rmdir"), (shutil, "rmtree")):
        setattr(module, name, around(getattr(module, name), Kind.BEFORE_REMOVAL, Kind.AFTER_REMOVAL))

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and args[2] is not None and args[2] & (os.O_WRONLY | os.O_RDWR):
            tell(Kind.FILE)

    sys.addaudithook(heard)


def _watch_halves(tell: Callable[[Kind], None]) -> None:
    """The first write to a file comes in two, the first half of it on the disk before anything is told."""

    def in_halves(write: Callable[[Path, Any], int]) -> Callable[..., int]:
        def written(path: Path, data: Any, *args: Any, **kwargs: Any) -> int:
            write(path, data[: len(data) // 2], *args, **kwargs)
            tell(Kind.HALF_FILE)
            return write(path, data, *args, **kwargs)

        return written

    Path.write_bytes, Path.write_text = in_halves(Path.write_bytes), in_halves(Path.write_text)  # type: ignore[method-assign]


def _watch_programs(tell: Callable[[Kind], None]) -> None:
    run = subprocess.run

    def ran(*args: Any, **kwargs: Any) -> Any:
        tell(Kind.BEFORE_PROGRAM)
        meanwhile = threading.Timer(PROGRAM_WORKS_S, tell, [Kind.MID_PROGRAM])
        meanwhile.start()
        try:
            done = run(*args, **kwargs)
        finally:
            meanwhile.cancel()
        tell(Kind.AFTER_PROGRAM)
        return done

    subprocess.run = ran
