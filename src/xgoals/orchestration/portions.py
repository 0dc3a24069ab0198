"""The mapped tasks `ingest`: what each of them is given, what it is called, and when it is red."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from xgoals.domain.errors import FeedError, Problem, XgoalsError
from xgoals.orchestration.tasks import pipeline_run

if TYPE_CHECKING:
    from xgoals.steps.portions import Portion

log = logging.getLogger(__name__)

INGEST = "ingest"
READ_THROUGH = "read_through"
"""What a task leaves that has read its portion to the end, also where it is red for a broken match."""

NOTHING_NEW: dict[str, Any] = {"feed": None, "match_ids": ()}
"""A mapped task with nothing to map over would look skipped: with nothing to read one of them says so."""


_BY_ITSELF = (
    "A file that is replaced in the inbox is read by itself within half a minute where the watcher runs (xgoals up); "
    "elsewhere clear this task"
)


def mapped(portions: Sequence[Portion]) -> list[dict[str, Any]]:
    """What the tasks `ingest` of a run are mapped over."""
    return [asdict(portion) for portion in portions] or [NOTHING_NEW]


def unmapped(portions: Iterable[Mapping[str, Any]]) -> list[Portion]:
    """The portions that `mapped` was given."""
    from xgoals.steps.portions import Portion

    return [
        Portion(portion["feed"], tuple(portion["match_ids"]), portion.get("is_lost", False))
        for portion in portions
        if portion["feed"]
    ]


class PortionUnreadError(XgoalsError):
    """A portion was not read to its end: its process was killed, or the database did not answer; the run ends there.

    Attributes
    ----------
    map_index
        Which one.
    """

    map_index: int = -1


def check_all_read() -> None:
    """Look whether all tasks `ingest` of the present run have come to their end, with or without broken matches.

    Raises
    ------
    PortionUnreadError
        If one has not.
    """
    unread = _unread()
    if not unread:
        return
    named = ", ".join(map(str, unread[:5])) + (", ..." if len(unread) > 5 else "")
    error = PortionUnreadError(
        f"{len(unread)} of the tasks ingest ended before they had read their matches (numbers {named}): killed by the"
        " system, perhaps because memory ran out, or the database did not answer, or their worker does not see the"
        " files",
        advice="Mend what the end of their log names (journalctl -k names what was killed), then clear them: the run"
        " goes on from there",
    )
    error.map_index = unread[0]
    raise error


def _unread() -> list[int]:
    """The numbers of the tasks `ingest` that have failed without having read their portion."""
    ti = get_current_context()["ti"]
    states = ti.get_task_states(dag_id=ti.dag_id, task_ids=[INGEST], run_ids=[ti.run_id]).get(ti.run_id, {})
    failed = sorted(
        int(name.removeprefix(f"{INGEST}_"))
        for name, state in states.items()
        if state == "failed" and name.startswith(f"{INGEST}_")
    )
    return [n for n in failed if not ti.xcom_pull(task_ids=INGEST, key=READ_THROUGH, map_indexes=n)]


def ingest_portion(given: Mapping[str, Any], *, reread: bool) -> None:
    """Read the matches of one mapped task; those that cannot be read make it red when the others are through.

    A database that goes away ends it at once, and it is tried again.
    """
    from xgoals.steps import ingest

    portions = unmapped([given])
    # The template of the task's name in the UI.
    get_current_context()["what"] = _name_of(portions[0]) if portions else "nothing new"
    if not portions:
        log.info("nothing new to read")
        return
    with pipeline_run() as run:
        refused = ingest.ingest_matches(run, portions[0], reread=reread)
        get_current_context()["ti"].xcom_push(READ_THROUGH, True)
        if refused:
            is_watched = run.is_inbox(run.source_of(portions[0].feed)) and run.settings.schedule.watch_inbox
            raise _broken(refused, max(len(refused), len(portions[0].match_ids)), is_watched=is_watched)


def _broken(refused: Sequence[Problem], n: int, *, is_watched: bool) -> FeedError:
    """What is wrong with the first match, and how the mended one gets in."""
    first = refused[0]
    matches = (
        f"match {first.match_id}" if n == 1 else f"{len(refused)} of {n} matches, the first {first.match_id}"
    )
    place = f"{first.path}, {first.place}" if first.place else first.path
    then = _BY_ITSELF if is_watched else "Then clear this task"
    advice = f"{first.advice.rstrip('.')}. {then}"
    return FeedError(f"{matches} cannot be read: {first.reason}", where=place, advice=advice)


def _name_of(portion: Portion) -> str:
    """What a mapped task is called."""
    ids = portion.match_ids
    if portion.is_lost:
        return f"{portion.feed}: something is lost"
    return ids[0] if len(ids) == 1 else f"{len(ids)} matches from {ids[0]}"
