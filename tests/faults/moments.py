"""Moments at which a process may die: between statements, around a commit, around a file's getting its name."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2


class Kind(StrEnum):
    """Of a moment."""

    START = "at its start"
    WRITE = "after a statement that writes"
    BEFORE_COMMIT = "before a commit"
    AFTER_COMMIT = "after a commit"
    FILE = "when a file is opened to be written"
    BEFORE_RENAME = "before a file gets its name"
    AFTER_RENAME = "after a file has got its name"


@dataclass(frozen=True)
class Moment:
    """The ``n``-th of its kind, from 0."""

    kind: Kind
    n: int

    def __str__(self) -> str:
        return f"{self.kind} (number {self.n})"


def watch(at: Callable[[Moment], None]) -> None:
    """From now on, and to its end, this process calls ``at`` with each moment."""
    seen: Counter[Kind] = Counter()

    def tell(kind: Kind) -> None:
        seen[kind] += 1
        at(Moment(kind, seen[kind] - 1))

    _watch_database(tell)
    _watch_files(tell)
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


def _watch_files(tell: Callable[[Kind], None]) -> None:
    def renaming(rename: Callable[..., None]) -> Callable[..., None]:
        def renamed(*args: Any, **kwargs: Any) -> None:
            tell(Kind.BEFORE_RENAME)
            rename(*args, **kwargs)
            tell(Kind.AFTER_RENAME)

        return renamed

    os.replace, os.rename = renaming(os.replace), renaming(os.rename)

    def heard(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and args[2] is not None and args[2] & (os.O_WRONLY | os.O_RDWR):
            tell(Kind.FILE)

    sys.addaudithook(heard)
