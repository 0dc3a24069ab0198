"""What ran on which data, and what waits for a human."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

import pandas as pd

from xgoals.domain.model import RunVerdict
from xgoals.report.facts import Facts
from xgoals.report.words.providers import SOURCES

SHOWN_PROBLEMS = 50
"""Rows of quarantine that a page lists; the rest is counted."""

STEPS = ("ingest", "build_features", "train", "register", "compute_baseline", "explain", "report")


def run_facts(run: Facts, shots: pd.DataFrame) -> Facts:
    """The run as a page tells it: figures, time per task in the pipeline's order, total time."""
    seconds: dict[str, float] = run.get("seconds_by_task") or {}
    ordered = [step for step in STEPS if step in seconds] + [step for step in seconds if step not in STEPS]
    return {
        **{
            key: run.get(key)
            for key in ("run_id", "database", "feeds", "state", "started_at", "ended_at", "code")
        },
        "figures": _figures(run.get("figures") or {}),
        "tasks": [{"task": step, "seconds": seconds[step]} for step in ordered],
        "longest": max(seconds.values(), default=0.0),
        "seconds": elapsed_s(run.get("started_at"), run.get("ended_at")),
        "is_simulated": is_simulated(run, shots),
        "read_from": list(run.get("sources") or ()),
        "sources": sources(shots),
        "sampled_from": run.get("sampled_from"),
        "honesty": run.get("honesty"),
        "n_sampled": len(shots),
    }


def _figures(figures: Facts) -> Facts:
    """The figures of a run; what register came to in words."""
    verdict = RunVerdict.of(figures)
    return {**figures, "decision": str(verdict)} if verdict else dict(figures)


def elapsed_s(start: datetime | str | None, end: datetime | str | None) -> float | None:
    """Seconds between two moments, None while one of them is open."""
    if start is None or end is None:
        return None
    first, last = (datetime.fromisoformat(x) if isinstance(x, str) else x for x in (start, end))
    return (last - first).total_seconds()


def is_simulated(run: Facts, shots: pd.DataFrame) -> bool:
    """Whether anything on the page is invented: the run says so, or one shot does."""
    return bool(run.get("is_simulated")) or bool(shots["is_simulated"].astype(bool).any())


def sources(shots: pd.DataFrame) -> list[str]:
    """Whom to name as the source of real data."""
    real = shots[~shots["is_simulated"].astype(bool)]
    return sorted({SOURCES[provider] for provider in real["provider"].unique() if provider in SOURCES})


def quarantine_facts(quarantine: pd.DataFrame, sources: Sequence[str] = ()) -> Facts:
    """What was left out and why: whole matches first, then single values.

    Parameters
    ----------
    quarantine
        ``path, match_id, place, reason, advice, severity, feed``.
    sources
        The folders that the run read; paths below them are told from there.

    Returns
    -------
    dict
        ``reasons``: ``reason, advice, severity, n``, those of whole matches first, then the commonest; ``rows``: the
        first 50 entries; ``more``: how many others; ``n_matches, n_values``.
    """
    if quarantine.empty:
        return {"reasons": [], "rows": [], "more": 0, "n_matches": 0, "n_values": 0}
    whole = quarantine["severity"] == "match"
    ordered = pd.concat([quarantine[whole], quarantine[~whole]])
    rows = [_as_texts(row, sources) for row in ordered.to_dict("records")]
    counts = Counter((row["severity"] == "match", row["reason"], row["advice"]) for row in rows)
    return {
        "reasons": [
            {"reason": reason, "advice": advice, "severity": "match" if is_match else "value", "n": n}
            for (is_match, reason, advice), n in sorted(
                counts.items(), key=lambda item: (not item[0][0], -item[1], item[0])
            )
        ],
        "rows": rows[:SHOWN_PROBLEMS],
        "more": max(0, len(ordered) - SHOWN_PROBLEMS),
        "n_matches": int(whole.sum()),
        "n_values": int((~whole).sum()),
    }


def _as_texts(row: dict[Any, Any], sources: Sequence[str]) -> Facts:
    keys = ("path", "match_id", "place", "reason", "advice", "severity", "feed")
    texts = {key: "" if pd.isna(row.get(key)) else str(row[key]) for key in keys}
    path = PurePath(texts["path"])
    for source in sources:
        if path.is_relative_to(source):
            texts["path"] = path.relative_to(source).as_posix()
    return texts
