"""Which pages of seasons, clubs and players a run writes: those of which something has changed."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from sqlalchemy import Connection

from xgoals.domain.page_keys import ClubKey, MatchKey, PlayerKey, SeasonKey
from xgoals.steps.code_version import release_key
from xgoals.steps.pages.club_pages import write_clubs
from xgoals.steps.pages.player_pages import write_players
from xgoals.steps.pages.season_data import SeasonData, read_season
from xgoals.steps.pages.season_news import club_digests, player_digests, with_cards
from xgoals.steps.pages.season_pages import write_season
from xgoals.steps.pages.writer import ReportWriter
from xgoals.store import runs
from xgoals.store.derived.page_sources import (
    STATE_PREFIX,
    PageKind,
    forget_gone,
    read_sources,
    save_sources,
    seasons_with_pages,
)
from xgoals.store.derived.states import DerivedState, read_state, save_state
from xgoals.store.told.season_matches import season_digests

PLAYER_PAGES_OF_A_RUN = 3_000
"""So many pages of players a run writes by itself, some 12 ms each: a backfill of many seasons comes in parts."""
KINDS: tuple[PageKind, ...] = ("season", "club", "player")

Key = TypeVar("Key", ClubKey, PlayerKey)


@dataclass(frozen=True)
class _Changed:
    """What a run writes of a season, with the digests that it is written from."""

    clubs: Mapping[ClubKey, str]
    players: Mapping[PlayerKey, str]
    n_left: int


def write_seasons(connection: Connection, writer: ReportWriter, *, every: bool) -> None:
    """The pages of every season of which something has changed, its clubs' and its players'; the newest first.

    Parameters
    ----------
    every
        Write all pages that are due, also players' of a backfill and those that were cleaned away.
    """
    room, digests = None if every else PLAYER_PAGES_OF_A_RUN, season_digests(connection)
    for gone in seasons_with_pages(connection) - {season.scope_id for season in digests}:
        for kind in KINDS:
            _forget(connection, writer, gone, kind, ())
    linked = _linked_matches(writer)
    for season, told in digests.items():
        known = "|".join((told, linked[season], writer.language, release_key()))
        digest = hashlib.sha256(known.encode()).hexdigest()[:32]
        if not every and _is_written(connection, writer, season, digest):
            continue
        n_written = _write(connection, writer, season, digest, room)
        room = None if room is None else room - n_written


def _linked_matches(writer: ReportWriter) -> dict[SeasonKey, str]:
    """Which matches of each season have a page, in the order of the fixtures: a season's page leads to them."""
    found: dict[SeasonKey, str] = {}
    columns = ("competition", "season", "provider", "match_id")
    for competition, season, *key in zip(*(writer.fixtures[column] for column in columns), strict=True):
        mark = "1" if writer.links.to(MatchKey(*key)) else "0"
        found[SeasonKey(competition, season)] = found.get(SeasonKey(competition, season), "") + mark
    return found


def _write(
    connection: Connection, writer: ReportWriter, season: SeasonKey, digest: str, room: int | None
) -> int:
    """The pages of a season that are due; how many players' they were."""
    data, n_failed = read_season(connection, season), len(writer.failed)
    changed = _changed(connection, writer, data, room)
    writer.links.plan([season, *changed.clubs, *changed.players])
    written = read_sources(connection, "season", season.scope_id).get(season.scope_id)
    if written != digest or not writer.pages.lies(writer.path("season", season.scope_id)):
        write_season(connection, writer, data)
    write_clubs(connection, writer, data, changed.clubs.keys())
    write_players(connection, writer, [key for key in changed.players if not _is_saved(writer, key)])
    _note(connection, writer, season, "season", {season.scope_id: digest})
    _note(connection, writer, season, "club", {key.scope_id: of for key, of in changed.clubs.items()})
    _note(connection, writer, season, "player", {key.scope_id: of for key, of in changed.players.items()})
    if not changed.n_left and len(writer.failed) == n_failed:
        save_state(connection, STATE_PREFIX + season.scope_id, DerivedState(digest))
    return len(changed.players)


def _changed(connection: Connection, writer: ReportWriter, data: SeasonData, room: int | None) -> _Changed:
    off = sorted(of for of, _ in writer.all_off(connection))
    told, data = (writer.language, release_key(), *off), with_cards(data, writer.links)
    clubs = _differing(connection, writer, data, "club", club_digests(data, *told))
    players = _differing(connection, writer, data, "player", player_digests(data, *told))
    now = dict(list(players.items())[: len(players) if room is None else max(room, 0)])
    return _Changed(clubs, now, len(players) - len(now))


def _differing(
    connection: Connection,
    writer: ReportWriter,
    data: SeasonData,
    kind: Literal["club", "player"],
    digests: Mapping[Key, str],
) -> dict[Key, str]:
    """Those that were written from something else, or never, or whose page is gone."""
    known = read_sources(connection, kind, data.key.scope_id)
    _forget(connection, writer, data.key.scope_id, kind, [key.scope_id for key in digests])
    return {
        key: digest
        for key, digest in digests.items()
        if known.get(key.scope_id) != digest or not writer.pages.lies(writer.path(kind, key.scope_id))
    }


def _forget(
    connection: Connection, writer: ReportWriter, season: str, kind: PageKind, still_there: Collection[str]
) -> None:
    """Take away the pages of those of whom nothing is left in a season."""
    writer.pages.remove(forget_gone(connection, kind, season, still_there))


def _note(
    connection: Connection,
    writer: ReportWriter,
    season: SeasonKey,
    kind: PageKind,
    digests: Mapping[str, str],
) -> None:
    written = {scope: digest for scope, digest in digests.items() if (kind, scope) in writer.saved}
    save_sources(connection, kind, season.scope_id, written)


def _is_saved(writer: ReportWriter, player: PlayerKey) -> bool:
    """Whether his page, which tells of all seasons, was written for another of them."""
    return ("player", player.scope_id) in writer.saved


def _is_written(connection: Connection, writer: ReportWriter, season: SeasonKey, digest: str) -> bool:
    """Whether all pages of a season tell what is stored; one that was cleaned away is not written for that."""
    known = read_state(connection, STATE_PREFIX + season.scope_id)
    if known is None or known.state_key != digest:
        return False
    page = runs.page_of(connection, "season", season.scope_id)
    return page is None or (page == writer.path("season", season.scope_id) and writer.pages.lies(page))
