"""What ran on which data, and what waits for a human."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

import pandas as pd

from xgoals.domain.model import RunVerdict
from xgoals.language import Language
from xgoals.report.words.feed_sentences import feed_sentence
from xgoals.report.words.providers import credit_of
from xgoals.report.words.said import Said

SHOWN_PROBLEMS = 50
"""Rows of quarantine that a page lists; the rest is counted."""

STEPS = ("ingest", "build_features", "train", "register", "compute_baseline", "explain", "report")


@dataclass(frozen=True)
class TaskTime:
    """How long a task of the run took."""

    task: str
    seconds: float


@dataclass(frozen=True)
class RunFacts:
    """The run as a page tells it.

    Attributes
    ----------
    run_id, database, feeds, state, started_at, ended_at, code
        As the run was recorded; ``code`` is what wrote the page.
    figures
        Name -> count, measure or text, in the order in which they came.
    tasks, longest
        Time by task in the pipeline's order, and the longest of them.
    seconds
        Total time; None while the run goes on.
    is_simulated
        Whether anything on the page is invented.
    read_from, sources
        Folders, and who is to be named as the source of real data.
    sampled_from, n_sampled
        How many shots are stored where the page is of a sample, else None; how many it is of.
    honesty
        What is known of all published numbers; None where nothing is.
    """

    run_id: str
    database: str
    feeds: tuple[str, ...]
    state: str
    started_at: datetime | str | None
    ended_at: datetime | str | None
    code: str | None
    figures: Mapping[str, object]
    tasks: tuple[TaskTime, ...]
    longest: float
    seconds: float | None
    is_simulated: bool
    read_from: tuple[str, ...]
    sources: list[str]
    sampled_from: int | None
    n_sampled: int
    honesty: Mapping[str, Any] | None


def run_facts(run: Mapping[str, Any], shots: pd.DataFrame) -> RunFacts:
    """The run as a page tells it, from the record that the store has."""
    seconds: dict[str, float] = run.get("seconds_by_task") or {}
    ordered = [step for step in STEPS if step in seconds] + [step for step in seconds if step not in STEPS]
    return RunFacts(
        run_id=str(run.get("run_id") or ""),
        database=str(run.get("database") or ""),
        feeds=tuple(run.get("feeds") or ()),
        state=str(run.get("state") or "running"),
        started_at=run.get("started_at"),
        ended_at=run.get("ended_at"),
        code=run.get("code"),
        figures=_figures(run.get("figures") or {}),
        tasks=tuple(TaskTime(step, seconds[step]) for step in ordered),
        longest=max(seconds.values(), default=0.0),
        seconds=elapsed_s(run.get("started_at"), run.get("ended_at")),
        is_simulated=is_simulated(run, shots),
        read_from=tuple(run.get("sources") or ()),
        sources=sources(shots),
        sampled_from=run.get("sampled_from"),
        n_sampled=len(shots),
        honesty=run.get("honesty"),
    )


def _figures(figures: Mapping[str, Any]) -> dict[str, object]:
    """The figures of a run; of what register came to the verdict, why stands with the decision."""
    verdict = RunVerdict.of(figures)
    return {**figures, "decision": verdict.verdict.replace("_", " ")} if verdict else dict(figures)


def elapsed_s(start: datetime | str | None, end: datetime | str | None) -> float | None:
    """Seconds between two moments, None while one of them is open."""
    if start is None or end is None:
        return None
    first, last = (datetime.fromisoformat(x) if isinstance(x, str) else x for x in (start, end))
    return (last - first).total_seconds()


def is_simulated(run: Mapping[str, Any], shots: pd.DataFrame) -> bool:
    """Whether anything on the page is invented: the run says so, or one shot does."""
    return bool(run.get("is_simulated")) or bool(shots["is_simulated"].astype(bool).any())


def sources(shots: pd.DataFrame) -> list[str]:
    """Whom to name as the source of real data."""
    real = shots[~shots["is_simulated"].astype(bool)]
    return sorted({credit_of(str(provider)) for provider in real["provider"].unique()})


@dataclass(frozen=True)
class QuarantineReason:
    """What is wrong ``n`` times, and what to do."""

    reason: Said
    advice: Said
    is_match: bool
    n: int


@dataclass(frozen=True)
class QuarantineRow:
    """One entry; texts are empty where they are not known."""

    path: str
    match_id: str
    place: str
    is_match: bool
    reason: Said


@dataclass(frozen=True)
class Quarantine:
    """What was left out and why.

    Attributes
    ----------
    reasons
        Those of whole matches first, then the commonest.
    rows, more
        The first 50 entries, whole matches first; how many others there are.
    n_matches, n_values
        How many whole matches, and how many single values or shots.
    """

    reasons: tuple[QuarantineReason, ...]
    rows: tuple[QuarantineRow, ...]
    more: int
    n_matches: int
    n_values: int


def quarantine_facts(quarantine: pd.DataFrame, words: Language, sources: Sequence[str] = ()) -> Quarantine:
    """What was left out and why, in the words of a page.

    Parameters
    ----------
    quarantine
        ``path, match_id, place, reason, advice, severity, feed``.
    words
        The language of the page.
    sources
        The folders that the run read; paths below them are told from there.
    """
    if quarantine.empty:
        return Quarantine((), (), 0, 0, 0)
    whole = quarantine["severity"] == "match"
    ordered = pd.concat([quarantine[whole], quarantine[~whole]])
    rows = [_as_texts(row) for row in ordered.to_dict("records")]
    counts = Counter((row["severity"] == "match", row["reason"], row["advice"]) for row in rows)
    listed = sorted(counts.items(), key=lambda item: (not item[0][0], -item[1], item[0]))
    return Quarantine(
        reasons=tuple(
            QuarantineReason(feed_sentence(reason, words), feed_sentence(advice, words), is_match, n)
            for (is_match, reason, advice), n in listed
        ),
        rows=tuple(_row(row, sources, words) for row in rows[:SHOWN_PROBLEMS]),
        more=max(0, len(ordered) - SHOWN_PROBLEMS),
        n_matches=int(whole.sum()),
        n_values=int((~whole).sum()),
    )


def _as_texts(row: Mapping[Any, Any]) -> dict[str, str]:
    keys = ("path", "match_id", "place", "reason", "advice", "severity")
    return {key: "" if pd.isna(row.get(key)) else str(row[key]) for key in keys}


def _row(row: Mapping[str, str], sources: Sequence[str], words: Language) -> QuarantineRow:
    path = PurePath(row["path"])
    below = next((source for source in sources if path.is_relative_to(source)), None)
    return QuarantineRow(
        path=row["path"] if below is None else path.relative_to(below).as_posix(),
        match_id=row["match_id"],
        place=row["place"],
        is_match=row["severity"] == "match",
        reason=feed_sentence(row["reason"], words),
    )
