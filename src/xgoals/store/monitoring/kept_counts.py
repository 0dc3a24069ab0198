"""Counts that would take a walk through a whole table: made by the run that has changed it, and kept.

They stand in `derived_state` beside the state that they were made from. Who asks reads three rows, however many matches
there are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, text

from xgoals.store.derived.states import Content, DerivedState, read_state, save_state, state_key

_VERSION = 1
"""Of what is counted, and how: another one counts anew."""


@dataclass(frozen=True, slots=True)
class ProviderCounts:
    """What is stored of a provider; ``newest_match``: its kick-off, where that is unknown midnight UTC of its day."""

    provider: str
    n_matches: int
    n_shots: int
    newest_match: datetime | None


@dataclass(frozen=True, slots=True)
class NewestFile:
    """When the file of a feed that came or changed last did so, as its file system tells."""

    feed: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class QuarantineCount:
    """How many entries of one severity of a feed are in quarantine."""

    feed: str
    severity: str
    n: int


@dataclass(frozen=True, slots=True)
class KeptCounts:
    """What the last step that changed something has counted; empty in results of an earlier release."""

    providers: tuple[ProviderCounts, ...] = ()
    newest_files: tuple[NewestFile, ...] = ()
    quarantine: tuple[QuarantineCount, ...] = ()


def keep_counts(connection: Connection) -> None:
    """Count what has changed since it was counted last; asks only for counters where nothing has.

    The caller holds the writers' lock alone: else rows that are not committed yet would be missed for good.
    """
    for content, count in _COUNTED.items():
        name, key = _name(content), state_key(connection, (content,), _VERSION)
        known = read_state(connection, name)
        if known is None or known.state_key != key:
            save_state(connection, name, DerivedState(key, count(connection)))


def read_counts(connection: Connection) -> KeptCounts:
    """What was counted last."""
    rows = connection.execute(
        text("select name, facts from derived_state where name = any(:names)"),
        {"names": [_name(content) for content in _COUNTED]},
    )
    facts: dict[str, Mapping[str, Any]] = {row.name: row.facts for row in rows}
    matches, shots = facts.get(_name("match"), {}), facts.get(_name("shot"), {})
    entries = facts.get(_name("quarantine"), {}).get("entries", ())
    return KeptCounts(
        tuple(
            ProviderCounts(provider, n, shots.get(provider, 0), _moment(newest))
            for provider, n, newest in matches.get("providers", ())
        ),
        tuple(
            NewestFile(feed, changed_at)
            for feed, at_s in matches.get("files", ())
            if (changed_at := _moment(at_s)) is not None
        ),
        tuple(QuarantineCount(feed, severity, n) for feed, severity, n in entries),
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _name(content: Content) -> str:
    return f"counts of {content}"


def _matches(connection: Connection) -> dict[str, Any]:
    providers = connection.execute(
        text(
            """select provider, count(*), cast(extract(epoch from max(
                   coalesce(kick_off, match_date::timestamp at time zone 'UTC'))) as double precision)
               from match group by provider order by provider"""
        )
    )
    # The states of several files are one text; of each one's numbers the third is when it came or was changed, in ns.
    files = connection.execute(
        text(
            """select feed, max(cast(split_part(one, ':', 3) as double precision)) / 1e9
               from seen_file, unnest(string_to_array(state, ' ')) as one
               where one ~ '^[0-9]+:[0-9]+:[0-9]+:[0-9]+$' group by feed order by feed"""
        )
    )
    return {"providers": [list(row) for row in providers], "files": [list(row) for row in files]}


def _shots(connection: Connection) -> dict[str, Any]:
    rows = connection.execute(
        text(
            "select provider, count(*) as n from shot where withdrawn_at is null group by provider order by provider"
        )
    )
    return {row.provider: row.n for row in rows}


def _quarantine(connection: Connection) -> dict[str, Any]:
    rows = connection.execute(
        text(
            "select feed, severity, count(*) from quarantine group by feed, severity order by feed, severity"
        )
    )
    return {"entries": [list(row) for row in rows]}


_COUNTED: Mapping[Content, Callable[[Connection], dict[str, Any]]] = {
    "match": _matches,
    "shot": _shots,
    "quarantine": _quarantine,
}
