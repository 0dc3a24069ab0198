"""ingest: feed files -> matches, shots, scenes and clips.

Matches are read and written one transaction each, several portions of them at the same time if need be; a match
that cannot be used goes into quarantine with a reason, and the others go on. What a run has brought is summed up
when all portions are through.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError, Problem, XgoalsError
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import Delivery, MatchReading
from xgoals.feeds.reading import read_all
from xgoals.steps.arrivals import Arrivals, look_into
from xgoals.steps.context import RunContext, log, writing
from xgoals.steps.finding import ALL_NEW, Wanted, find_matches
from xgoals.steps.matchdays import find_schedule, matchday_verdicts
from xgoals.store import deliveries as delivery_store
from xgoals.store import matches as store
from xgoals.store import quarantine, runs
from xgoals.store.database import RefusedError

MAX_NAME = 100
REMARKS_TOLD = 3
"""Of what is missing in a match the log tells this much."""


@dataclass
class _Tally:
    """What happened to the matches of one portion."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Problem] = field(default_factory=list)


def ingest(context: RunContext, wanted: Wanted = ALL_NEW) -> str:
    """All of it in one go: find the matches, read them, sum up."""
    portions = find_matches(context, wanted)
    for portion in portions:
        ingest_matches(context.of_feed(portion["feed"]), portion["match_ids"], again=wanted.again)
    return sum_up(context, portions)


def ingest_matches(context: RunContext, match_ids: Collection[str], *, again: bool = False) -> list[Problem]:
    """Read these matches of the source, one transaction each; why some cannot be read, where that is news.

    What is in quarantine for the same reason since an earlier run is told in the log only.
    """
    with writing(context, "ingest", beside_its_like=True) as (engine, figures):
        tally = _Tally()
        if match_ids:
            with engine.connect() as connection, delivery_store.matches_in_hand(connection, match_ids):
                found = look_into(connection, context.feed, context.source, only=match_ids, again=again)
                connection.commit()
                _read(connection, context, found, tally)
        figures.update(sorted(tally.counts.items()))
    return tally.refused


def sum_up(context: RunContext, portions: Sequence[Mapping[str, Any]]) -> str:
    """Say what the run has brought: totals, what is left out, and how far the matchdays are.

    Writes the figures ``matches, shots, goals, matches_quarantined, refused_matches`` (match_id, path, place,
    reason, advice, found_by_run), ``matchdays`` (sentences) and ``matchday_states`` (docs/scheduling.md has them).
    """
    with writing(context, "sum_up") as (engine, figures), engine.begin() as connection:
        if portions:
            store.analyse_matches(connection)
        run = runs.read_run(connection, context.run_id) or {}
        known = run.get("figures") or {}
        refused, states = [], []
        for part in context.parts():
            ids = [match_id for p in portions if p["feed"] == part.feed for match_id in p["match_ids"]]
            refused += quarantine.refused_matches(connection, part.feed, str(part.source))
            states += _matchday_states(connection, part, ids, known.get("corrected_matches", ()))
        figures.update(
            store.totals(connection),
            matches_quarantined=len({entry["match_id"] or entry["path"] for entry in refused}),
            refused_matches=refused,
        )
        states = with_overdue(states, known.get("overdue_matchdays", ()))
        for state in states:
            log.info(
                "%s%s", state["sentence"], "; past its deadline, so it goes on as it is" * state["is_overdue"]
            )
        if states:
            figures["matchdays"] = "; ".join(state["sentence"] for state in states)
            figures["matchday_states"] = states
        _tell_what_is_left_out(refused)
    return context.run_id


def with_overdue(
    states: Sequence[Mapping[str, Any]], overdue: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The states of matchdays with ``is_overdue``, and those overdue of which this run has read nothing."""

    def day(state: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(state.get(key) for key in ("competition_id", "season_id", "matchday"))

    late = {day(state): state for state in overdue}
    mine = [{**state, "is_overdue": state["state"] == "partial" and day(state) in late} for state in states]
    read = {day(state) for state in states}
    return mine + [{**state, "is_overdue": True} for key, state in late.items() if key not in read]


def _matchday_states(
    connection: Connection, context: RunContext, match_ids: Collection[str], corrected: Collection[str]
) -> list[dict[str, Any]]:
    if not match_ids:
        return []
    found = look_into(connection, context.feed, context.source, only=match_ids)
    deliveries = [w.delivery for w in found.weighed]
    verdicts = matchday_verdicts(connection, deliveries, corrected, find_schedule(context.source))
    return [verdict.as_dict() for verdict in verdicts]


def _tell_what_is_left_out(refused: Sequence[Mapping[str, Any]]) -> None:
    for entry in refused[:REMARKS_TOLD]:
        log.warning("in quarantine: %s: %s. %s", entry["path"], entry["reason"], entry["advice"])
    if len(refused) > REMARKS_TOLD:
        log.warning("in quarantine: %d more, all in the table quarantine", len(refused) - REMARKS_TOLD)


def _read(connection: Connection, context: RunContext, found: Arrivals, tally: _Tally) -> None:
    fresh = found.fresh
    if len(fresh) < len(found.weighed):
        log.info("%d of %d matches are stored already", len(found.weighed) - len(fresh), len(found.weighed))
    for n, (delivery, reading) in enumerate(read_all(context.feed, fresh), start=1):
        problems = [p for p in found.problems if p.match_id == delivery.match_id]
        _save_reading(connection, context, delivery, reading, problems, tally)
        if n % 200 == 0 or n == len(fresh):
            log.info("read %d of %d matches", n, len(fresh))


def _save_reading(
    connection: Connection,
    context: RunContext,
    delivery: Delivery,
    reading: MatchReading | FeedError,
    found: list[Problem],
    tally: _Tally,
) -> None:
    """One transaction a match: all of it, or the reason why not."""
    try:
        if isinstance(reading, FeedError):
            raise reading
        with connection.begin():
            written = _write(connection, context, delivery, reading, found)
    except (FeedError, RefusedError) as error:
        log.warning("match %s left out: %s", delivery.match_id, error)
        problem = _left_out(delivery, error)
        with connection.begin():
            is_news = quarantine.save_refusal(connection, context.feed, problem, run_id=context.run_id)
        if is_news:
            tally.refused.append(problem)
        else:
            log.warning("match %s: an earlier run has found and reported the same", delivery.match_id)
        return
    log.info("%s", _story(reading.record, written))
    for problem in reading.problems[:REMARKS_TOLD]:
        log.info("match %s, %s: %s", delivery.match_id, problem.place, problem.reason)
    if len(reading.problems) > REMARKS_TOLD:
        more = len(reading.problems) - REMARKS_TOLD
        log.info("match %s: %d more remarks, all in the table quarantine", delivery.match_id, more)
    tally.counts["matches_read"] += 1
    if reading.read_path:
        tally.counts[f"positions_read_by_{reading.read_path}"] += 1
    tally.counts["shots_corrected"] += len(written.corrected)
    tally.counts["shots_withdrawn"] += len(written.withdrawn)


def _story(record: MatchRecord, written: store.Written) -> str:
    """What reading a match has brought, in a line."""
    match = record.match
    score = "?:?" if match.home_score is None else f"{match.home_score}:{match.away_score}"
    told = f"match {match.match_id}, {match.home.name} {score} {match.away.name}, {match.match_date}"
    told = f"{told}: {len(record.shots)} shots"
    changes = (("added", written.added), ("corrected", written.corrected), ("withdrawn", written.withdrawn))
    if len(written.added) == len(record.shots):
        return told
    parts = [f"{len(shots)} {word}" for word, shots in changes if shots]
    return f"{told}, {', '.join(parts) or 'none of them changed'}"


def _write(
    connection: Connection,
    context: RunContext,
    delivery: Delivery,
    reading: MatchReading,
    found: list[Problem],
) -> store.Written:
    match = reading.record.match
    written = store.save_match(
        connection, reading.record, feed=context.feed, fingerprint=delivery.fingerprint
    )
    files = _files(delivery, reading)
    delivery_store.save_files(connection, context.feed, match, files, fingerprint=delivery.fingerprint)
    problems = [*found, *reading.problems]
    quarantine.save_problems(connection, context.feed, delivery.match_id, problems, run_id=context.run_id)
    _save_clips(connection, context, reading.record)
    return written


def _left_out(delivery: Delivery, error: XgoalsError) -> Problem:
    """Why a match cannot be used; the error names the file, often with a place in it."""
    where = error.where or str(delivery.files[0])
    path = next((str(path) for path in delivery.files if where.startswith(f"{path}, ")), where)
    return Problem(
        path=path,
        place=where.removeprefix(path).removeprefix(", ") or None,
        reason=error.what,
        advice=error.advice or "",
        match_id=delivery.match_id,
        severity="match",
    )


def _save_clips(connection: Connection, context: RunContext, record: MatchRecord) -> None:
    """One file a match, relative to ``XGOALS_HOME``; written before the transaction ends.

    If the transaction fails after that, the file is ahead of the database until the match is read again,
    which the next run does.
    """
    match = record.match
    path = (
        Path("clips")
        / context.database
        / _file_name(match.provider)
        / f"{_file_name(match.match_id)}.parquet"
    )
    if record.clips:
        from xgoals.feeds.clips import write_clips

        write_clips(record.clips, context.settings.home / path)
    store.save_clips(connection, match, [clip.shot_id for clip in record.clips], str(path))


def _file_name(provider_id: str) -> str:
    """A provider's id as a name that any file system takes."""
    name = quote(provider_id, safe="")
    return name if len(name) <= MAX_NAME else hashlib.sha256(name.encode()).hexdigest()


def _files(delivery: Delivery, reading: MatchReading) -> list[delivery_store.FeedFile]:
    of_kind = {message.path: message for message in delivery.messages}
    return [
        delivery_store.FeedFile(
            str(path),
            of_kind[path].kind if path in of_kind else None,
            reading.sha256.get(path),
            of_kind[path].message_time if path in of_kind else None,
        )
        for path in delivery.files
    ]
