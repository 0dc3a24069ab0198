"""The mapped tasks `ingest`: what each of them is given, what it is called, and when it is red."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from xgoals.domain.errors import FeedError, Problem
from xgoals.orchestration.tasks import pipeline_run

if TYPE_CHECKING:
    from xgoals.steps.portions import Portion

log = logging.getLogger(__name__)

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

    return [Portion(portion["feed"], tuple(portion["match_ids"])) for portion in portions if portion["feed"]]


def ingest_portion(given: Mapping[str, Any], *, reread: bool) -> None:
    """Read the matches of one mapped task; those that cannot be read make it red when the others are through."""
    from xgoals.steps import ingest

    portions = unmapped([given])
    # The template of the task's name in the UI.
    get_current_context()["what"] = _name_of(portions[0]) if portions else "nothing new"
    if not portions:
        log.info("nothing new to read")
        return
    with pipeline_run() as run:
        refused = ingest.ingest_matches(run, portions[0], reread=reread)
        if refused:
            is_watched = run.is_inbox(run.source_of(portions[0].feed)) and run.settings.schedule.watch_inbox
            raise _broken(refused, len(portions[0].match_ids), is_watched=is_watched)


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
    return ids[0] if len(ids) == 1 else f"{len(ids)} matches from {ids[0]}"
