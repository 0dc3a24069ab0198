"""find_matches: which matches of a source are to be read, in portions that are read apart from each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import SourceError
from xgoals.feeds import Announcement, Delivery, load_feed
from xgoals.feeds.matchday import State
from xgoals.feeds.resends import Resend
from xgoals.steps.arrivals import Arrivals, announcements, is_empty, look_into
from xgoals.steps.matchdays import find_schedule
from xgoals.steps.run_context import FeedSource, RunContext, log, writing
from xgoals.store import deliveries as delivery_store
from xgoals.store import inbox_events, quarantine

MAX_PORTIONS = 24
"""Up to this many matches are read one by one; more are shared out among at most so many portions."""
WORTH_A_PORTION = 100
"""Of many matches at least so many go into a portion: starting a task takes longer than reading a small match."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matches of a source a run is about; the default is all that is new or changed.

    ``competition`` and ``season`` are ids or names. ``again``: read also what has not changed.
    """

    match_ids: frozenset[str] = frozenset()
    competition: str | None = None
    season: str | None = None
    first_matchday: int | None = None
    last_matchday: int | None = None
    again: bool = False

    @property
    def needs_announcements(self) -> bool:
        """Whether more than the match's id decides."""
        return any(
            part is not None
            for part in (self.competition, self.season, self.first_matchday, self.last_matchday)
        )

    def has(self, match: Announcement) -> bool:
        """Whether a match is one of them, as far as its announcement decides."""
        after_first = self.first_matchday is None or (match.matchday or 0) >= self.first_matchday
        before_last = self.last_matchday is None or (
            match.matchday is not None and match.matchday <= self.last_matchday
        )
        return (
            after_first
            and before_last
            and self.competition in (None, match.competition_id, match.competition)
            and self.season in (None, match.season_id, match.season)
        )


ALL_NEW = Wanted()


@dataclass(frozen=True, slots=True)
class Portion:
    """Matches of one feed that are read together; of no feed if there is nothing to read."""

    feed: str | None = None
    match_ids: tuple[str, ...] = ()


def find_matches(context: RunContext, wanted: Wanted = ALL_NEW) -> list[Portion]:
    """List the sources of a run; the matches to read, in portions. What cannot be used is quarantined.

    Raises
    ------
    SourceError
        If a source cannot be listed, or a match that is asked for by its id is not in it.
    SettingsError
        If the schedule in it cannot be used.
    """
    portions: list[Portion] = []
    with writing(context, "find_matches") as (engine, figures):
        figures.update(_figures())
        for source in context.sources:
            chosen, found = _find(engine, context, source, wanted)
            portions += [Portion(source.feed, ids) for ids in share_out(chosen)]
            figures.update({name: figures[name] + value for name, value in found.items()})
        if not portions:
            log.info("nothing new: there is nothing to read, and no reason to train")
    return portions


def _find(
    engine: Engine, context: RunContext, source: FeedSource, wanted: Wanted
) -> tuple[list[str], dict[str, Any]]:
    """Ids of the matches to read of one source, and the figures."""
    load_feed(source.feed)  # an unknown one is told, even where its inbox is empty
    is_inbox = context.is_inbox(source)
    overdue = _take_up(engine, context, source.feed) if is_inbox and wanted == ALL_NEW else []
    if is_inbox and is_empty(source.path):
        missing = "" if source.path.is_dir() else " (there is no such folder)"
        log.info("nothing in the inbox %s%s", source.path, missing)
        return [], _figures(overdue_matchdays=overdue)
    find_schedule(source.path)  # one that cannot be used is told before anything is read
    with engine.connect() as connection:
        found = look_into(
            connection, source.feed, source.path, only=wanted.match_ids or None, again=wanted.again
        )
    absent = wanted.match_ids - {w.delivery.match_id for w in found.weighed}
    if absent:
        raise SourceError(
            f"no match {', '.join(sorted(absent))} in it",
            where=str(source.path),
            advice="Compare the ids with those in the feed's files",
        )
    chosen = _choose(source.feed, found.fresh, wanted)
    _tell(found, chosen)
    _remember_what_came_again(engine, found)
    with engine.begin() as connection:
        _quarantine(connection, context.run_id, found)
    kinds = Counter(w.resend for w in found.weighed)
    return [delivery.match_id for delivery in chosen], _figures(
        matches_found=kinds.total(),
        matches_unchanged=kinds[Resend.UNCHANGED],
        matches_corrected=sum(found.before(d) is not None for d in chosen),
        matches_older=kinds[Resend.OLDER],
        corrected_matches=sorted(d.match_id for d in chosen if found.is_correction(d)),
        overdue_matchdays=overdue,
    )


def _take_up(engine: Engine, context: RunContext, feed: str) -> list[dict[str, Any]]:
    """Answer for what the watcher has reported of this inbox; the matchdays that are past their deadline."""
    with engine.begin() as connection:
        reported = inbox_events.take_up(connection, feed, context.run_id)
    for verdict in reported:
        log.info("the watcher of the inbox has reported: %s", verdict["sentence"])
    return [verdict for verdict in reported if verdict["state"] == State.PARTIAL]


def _figures(**known: Any) -> dict[str, Any]:
    listed = ("matches_found", "matches_unchanged", "matches_corrected", "matches_older")
    counted_later = ("matches_read", "shots_corrected", "shots_withdrawn")
    return (
        dict.fromkeys((*listed, *counted_later), 0)
        | {"corrected_matches": [], "overdue_matchdays": []}
        | known
    )


def share_out(match_ids: Sequence[str]) -> list[tuple[str, ...]]:
    """Portions of matches, in order: of one match each where they are few.

    >>> share_out(["a", "b"])
    [('a',), ('b',)]
    """
    n = len(match_ids)
    portions = n if n <= MAX_PORTIONS else min(MAX_PORTIONS, max(2, ceil(n / WORTH_A_PORTION)))
    bounds = [round(n * i / portions) for i in range(portions + 1)] if n else [0]
    return [tuple(match_ids[a:b]) for a, b in pairwise(bounds)]


def _choose(feed: str, fresh: list[Delivery], wanted: Wanted) -> list[Delivery]:
    if not wanted.needs_announcements:
        return fresh
    announced = announcements(feed, fresh)
    return [
        d
        for d in fresh
        if (match := announced.get((d.provider, d.match_id))) is not None and wanted.has(match)
    ]


def _tell(found: Arrivals, chosen: list[Delivery]) -> None:
    for problem in found.problems:
        log.warning("left out: %s: %s", problem.path, problem.reason)
    for w in found.weighed:
        if w.resend is Resend.OLDER and (before := found.before(w.delivery)):
            log.info(
                "match %s: the message of %s is older than the stored one of %s, which stays",
                w.delivery.match_id, w.delivery.message_time, before.message_time,
            )  # fmt: skip
    log.info(
        "%d matches found in %s, %d of them new or changed",
        len(found.weighed),
        found.source,
        len(found.fresh),
    )
    if len(chosen) != len(found.fresh):
        log.info("%d of these are asked for", len(chosen))
    for delivery in chosen if len(chosen) <= MAX_PORTIONS else ():
        log.info(
            "to be read: match %s (%s)", delivery.match_id, "corrected" if found.before(delivery) else "new"
        )


def _remember_what_came_again(engine: Engine, found: Arrivals) -> None:
    """The fingerprint of content that has come again: it need not be hashed next time."""
    for w in found.weighed:
        before = found.before(w.delivery)
        if w.resend is Resend.UNCHANGED and before and before.fingerprint != w.delivery.fingerprint:
            with engine.begin() as connection:
                delivery_store.save_fingerprint(
                    connection, w.delivery.provider, w.delivery.match_id, w.delivery.fingerprint
                )


def _quarantine(connection: Connection, run_id: str, found: Arrivals) -> None:
    quarantine.save_listing_problems(
        connection,
        found.feed,
        str(found.source),
        found.problems,
        run_id=run_id,
        still_to_read=[delivery.match_id for delivery in found.fresh],
    )
