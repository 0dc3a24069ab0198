"""sum_up: what a run has brought, when all portions of ``ingest`` are through."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from xgoals.domain.page_keys import not_among
from xgoals.feeds.matchday import Verdict
from xgoals.steps.arrivals import list_arrivals
from xgoals.steps.matchdays import MatchdayState, find_schedule, matchday_verdicts, with_overdue
from xgoals.steps.portions import Portion
from xgoals.steps.run_context import FeedSource, RunContext, log, writing
from xgoals.store import matches as store
from xgoals.store import runs
from xgoals.store.arrivals import found_matches, quarantine
from xgoals.store.records import read_names

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
        listed = run.get("figures") or {}
        refused_of = {
            source.feed: quarantine.refused_matches(connection, source.feed, str(source.path))
            for source in context.sources
        }
        refused = [entry for entries in refused_of.values() for entry in entries]
        figures.update(
            store.totals(connection),
            matches_quarantined=sum(
                len({entry["match_id"] or entry["path"] for entry in entries})
                for entries in refused_of.values()
            ),
            refused_matches=refused,
        )
        states = _matchday_states(connection, context, portions, listed)
        if states:
            names = [read_names(connection, state.provider, state.verdict.match_ids) for state in states]
            named = list(zip(states, names, strict=True))
            figures["matchdays"] = "; ".join(state.verdict.sentence(known) for state, known in named)
            figures["matchday_states"] = [state.as_dict(known) for state, known in named]
        _log_what_is_left_out(refused)
    return context.run_id


def _matchday_states(
    connection: Connection, context: RunContext, portions: Sequence[Portion], listed: Mapping[str, Any]
) -> list[MatchdayState]:
    """Of every matchday that the run has read something of, or that is past its deadline.

    ``listed`` are the figures that `find_matches` has noted of this run.
    """
    corrected, reported = listed.get("corrected_matches", ()), listed.get("overdue_matchdays", ())
    states = []
    for source in context.sources:
        ids = [match_id for p in portions if p.feed == source.feed for match_id in p.match_ids]
        overdue = [Verdict.from_dict(s) for s in reported if s.get("provider") in (None, source.feed)]
        verdicts = _verdicts(connection, context, source, ids, corrected)
        states += with_overdue(verdicts, overdue, source.feed)
    for state in states:
        deadline = "; past its deadline, so it goes on as it is" * state.is_overdue
        log.info("%s%s", state.verdict.sentence(), deadline)
    return states


def _verdicts(
    connection: Connection,
    context: RunContext,
    source: FeedSource,
    match_ids: Collection[str],
    corrected: Collection[str],
) -> list[Verdict]:
    if not match_ids:
        return []
    deliveries = [
        found.delivery for found in found_matches.read_found(connection, context.run_id, source.feed)
    ]
    if not_among(match_ids, [delivery.key for delivery in deliveries]):  # a task is tried again after the end
        deliveries = list_arrivals(connection, source, match_ids=match_ids).deliveries
    return matchday_verdicts(connection, deliveries, corrected, find_schedule(source.path))


def _log_what_is_left_out(refused: Sequence[Mapping[str, Any]]) -> None:
    for entry in refused[:PROBLEMS_TOLD]:
        log.warning("in quarantine: %s: %s. %s", entry["path"], entry["reason"], entry["advice"])
    if len(refused) > PROBLEMS_TOLD:
        log.warning("in quarantine: %d more, all in the table quarantine", len(refused) - PROBLEMS_TOLD)
