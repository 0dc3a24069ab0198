"""What `find_matches` of a run hands to the tasks that read: deliveries, and what the listing said of them."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, text

from xgoals.domain.errors import Problem
from xgoals.domain.page_keys import MatchKey
from xgoals.feeds import Delivery
from xgoals.feeds.handover import as_text, from_text
from xgoals.feeds.seen import state_of
from xgoals.store.arrivals.home_paths import home_of, path_here, stored_path
from xgoals.store.database import as_json, upsert

_COLUMNS = ("run_id", "feed", "provider", "match_id", "state", "delivery", "problems", "is_taken")
_KEY = ("run_id", "feed", "provider", "match_id")


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """A match to be read, with the state of its files when it was found, and the problems of its listing."""

    delivery: Delivery
    state: str
    problems: tuple[Problem, ...]

    @property
    def still_holds(self) -> bool:
        """Whether its files are as they were."""
        return bool(self.state) and self.state == state_of(self.delivery.files)


def hand_over(
    connection: Connection,
    run_id: str,
    feed: str,
    deliveries: Iterable[Delivery],
    problems: Sequence[Problem],
) -> None:
    """Write down what a run has found in one source, in place of what it found before; of ended runs nothing stays."""
    connection.execute(
        text(
            """delete from found_match where (run_id, feed) = (:run_id, :feed)
                 or run_id in (select run_id from run where state <> 'running')"""
        ),
        {"run_id": run_id, "feed": feed},
    )
    of_id: dict[str | None, list[Problem]] = {}
    for problem in problems:
        of_id.setdefault(problem.match_id, []).append(problem)
    rows = [
        (
            run_id, feed, d.provider, d.match_id, state_of(d.files), _anywhere(connection, as_text(d)),
            as_json([_stored(connection, p) for p in of_id.get(d.match_id, ()) if p.is_of(d.provider, d.match_id)]),
            False,
        )
        for d in deliveries
    ]  # fmt: skip
    upsert(connection, "found_match", _COLUMNS, _KEY, rows)


def take(connection: Connection, run_id: str, feed: str, match_ids: Collection[str]) -> list[FoundMatch]:
    """The matches that a task is to read, by id or ``provider:id``; none of those that a task has begun with before,
    for it tries again.
    """
    rows = connection.execute(
        text(
            """update found_match set is_taken = true
               where (run_id, feed) = (:run_id, :feed) and not is_taken
                 and (match_id = any(:match_ids) or provider || ':' || match_id = any(:match_ids))
               returning provider, match_id, state, delivery, problems"""
        ),
        {"run_id": run_id, "feed": feed, "match_ids": list(match_ids)},
    ).all()
    order = {name: n for n, name in enumerate(match_ids)}

    def place(row: Row[Any]) -> int:
        name = MatchKey(row.provider, row.match_id).name
        return order[name] if name in order else order[row.match_id]

    return [_found(connection, row) for row in sorted(rows, key=place)]


def read_found(connection: Connection, run_id: str, feed: str) -> list[FoundMatch]:
    """All that a run has found in the source of a feed."""
    rows = connection.execute(
        text("select state, delivery, problems from found_match where (run_id, feed) = (:run_id, :feed)"),
        {"run_id": run_id, "feed": feed},
    )
    return [_found(connection, row) for row in rows]


def forget(connection: Connection, run_id: str) -> None:
    """The run has ended: who tries a task again lists anew."""
    connection.execute(text("delete from found_match where run_id = :run_id"), {"run_id": run_id})


def _found(connection: Connection, row: Row[Any]) -> FoundMatch:
    problems = (Problem(**{**told, "path": path_here(connection, told["path"])}) for told in row.problems)
    return FoundMatch(from_text(_here(connection, row.delivery)), row.state, tuple(problems))


def _stored(connection: Connection, problem: Problem) -> dict[str, str | None]:
    return asdict(replace(problem, path=stored_path(connection, problem.path)))


_IN_HOME = '"xgoals-home:/'
"""How the JSON of a path begins that lies in whatever home."""


def _anywhere(connection: Connection, delivery: str) -> str:
    """A delivery whose files may lie in a home that the next task has mounted elsewhere."""
    home = home_of(connection)
    return delivery if home is None else delivery.replace(json.dumps(f"{home}/")[:-1], _IN_HOME)


def _here(connection: Connection, delivery: str) -> str:
    return delivery.replace(_IN_HOME, json.dumps(f"{home_of(connection) or ''}/")[:-1])
