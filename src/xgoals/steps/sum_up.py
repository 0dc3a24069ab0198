"""sum_up: what a run has brought, when all portions of ``ingest`` are through."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from xgoals.steps.arrivals import look_into
from xgoals.steps.find_matches import Portion
from xgoals.steps.matchdays import find_schedule, matchday_verdicts
from xgoals.steps.run_context import FeedSource, RunContext, log, writing
from xgoals.store import matches as store
from xgoals.store import quarantine, runs

PROBLEMS_TOLD = 3
"""Of what is left out the log tells this much."""


def sum_up(context: RunContext, portions: Sequence[Portion]) -> str:
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
        for source in context.sources:
            ids = [match_id for p in portions if p.feed == source.feed for match_id in p.match_ids]
            refused += quarantine.refused_matches(connection, source.feed, str(source.path))
            states += _matchday_states(connection, source, ids, known.get("corrected_matches", ()))
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
    connection: Connection, source: FeedSource, match_ids: Collection[str], corrected: Collection[str]
) -> list[dict[str, Any]]:
    if not match_ids:
        return []
    found = look_into(connection, source.feed, source.path, only=match_ids)
    deliveries = [w.delivery for w in found.weighed]
    verdicts = matchday_verdicts(connection, deliveries, corrected, find_schedule(source.path))
    return [verdict.as_dict() for verdict in verdicts]


def _tell_what_is_left_out(refused: Sequence[Mapping[str, Any]]) -> None:
    for entry in refused[:PROBLEMS_TOLD]:
        log.warning("in quarantine: %s: %s. %s", entry["path"], entry["reason"], entry["advice"])
    if len(refused) > PROBLEMS_TOLD:
        log.warning("in quarantine: %d more, all in the table quarantine", len(refused) - PROBLEMS_TOLD)
