"""Pages are written before the transaction ends that registers them: what was broken off in between is mended.

Whoever writes or removes pages says so first, in a transaction of its own, and takes that back in the one that
registers them. Where it was never taken back somebody was killed, or failed, over it: some pages may lie there that
nobody has registered as they are. They are owed from then on, and the next run writes them.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from xgoals.steps.pages.files import PageFiles
from xgoals.steps.run_context import log
from xgoals.store import match_news, runs
from xgoals.store.derived.page_sources import forget_sources
from xgoals.store.derived.states import DerivedState, forget_state, read_state, save_state

UNDER_WAY = "pages under way"


@contextmanager
def pages_under_way(engine: Engine, files: PageFiles) -> Iterator[Connection]:
    """The transaction in which pages are written, removed and registered; under the writers' lock.

    Raises
    ------
    StoreError
        If the storage does not answer, or refuses.
    """
    with engine.begin() as connection:
        if is_broken_off(connection):
            _owe_what_differs(connection, files)
        save_state(connection, UNDER_WAY, DerivedState(UNDER_WAY))
    with engine.begin() as connection:
        yield connection
        forget_state(connection, UNDER_WAY)
        runs.forget_announced(connection)


def write_page(connection: Connection, files: PageFiles, path: str, html: str) -> str:
    """Write a page; its SHA-256, by which servers know it as ours at once, and not only when all are registered.

    Raises
    ------
    StoreError
        If it cannot be written; the one before it stays.
    """
    with connection.engine.begin() as beside:
        runs.announce_report(beside, hashlib.sha256(html.encode()).hexdigest(), path)
    return files.write(path, html)


def is_broken_off(connection: Connection) -> bool:
    """Whether somebody has begun to write pages, and has not come to the end; ask under the writers' lock."""
    return read_state(connection, UNDER_WAY) is not None


def _owe_what_differs(connection: Connection, files: PageFiles) -> None:
    """Let every page be written anew that is not there as it is registered; those of every run are anyhow."""
    broken = [report for report in runs.list_reports(connection) if not _lies_as_registered(files, report)]
    if not broken:
        return
    log.warning("whoever wrote pages last was ended over it: %d of them are written again", len(broken))
    match_news.owe_pages(connection, _matches_of(broken))
    for kind in ("season", "club", "player"):
        forget_sources(connection, kind, [report["scope_id"] for report in broken if report["kind"] == kind])


def _lies_as_registered(files: PageFiles, report: dict[str, Any]) -> bool:
    content = files.storage.read(report["path"])
    return content is not None and hashlib.sha256(content).hexdigest() == report["sha256"]


def _matches_of(reports: Iterable[dict[str, Any]]) -> set[match_news.Key]:
    """Of pages of matches, and of rounds, which are written with any match of theirs."""
    told = (report["facts"] for report in reports if report["kind"] in ("match", "matchday"))
    return {(facts["provider"], facts["match_id"]) for facts in told}
