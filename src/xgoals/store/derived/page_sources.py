"""From which state of a season's rows the pages of seasons, clubs and players were written."""

from collections.abc import Collection, Mapping
from typing import Literal

from sqlalchemy import Connection, text

PageKind = Literal["season", "club", "player"]
STATE_PREFIX = "pages of "
"""Before a season's scope id: the name under which ``derived_state`` keeps from what all of its pages were written."""


def read_sources(connection: Connection, kind: PageKind, season: str) -> dict[str, str]:
    """The digests from which the pages of a kind told of a season, by the pages' scope ids."""
    rows = connection.execute(
        text("select scope_id, digest from page_source where (kind, season) = (:kind, :season)"),
        {"kind": kind, "season": season},
    )
    return {row.scope_id: row.digest for row in rows}


def save_sources(connection: Connection, kind: PageKind, season: str, digests: Mapping[str, str]) -> None:
    """Note from what these pages, which are registered, were written."""
    connection.execute(
        text(
            """insert into page_source (kind, scope_id, season, digest)
               select :kind, scope_id, :season, digest
               from unnest(cast(:scopes as text[]), cast(:digests as text[])) as k (scope_id, digest)
               on conflict (kind, scope_id, season) do update set digest = excluded.digest"""
        ),
        {"kind": kind, "season": season, "scopes": list(digests), "digests": list(digests.values())},
    )


def seasons_with_pages(connection: Connection) -> set[str]:
    """The seasons that pages tell of."""
    return set(connection.scalars(text("select distinct season from page_source")))


def forget_sources(connection: Connection, kind: PageKind, scope_ids: Collection[str]) -> None:
    """Let these pages, which stay registered, be written anew by the next run."""
    values = {"kind": kind, "scopes": list(scope_ids), "prefix": STATE_PREFIX}
    connection.execute(
        text(
            """delete from derived_state where name in (
                   select :prefix || season from page_source where kind = :kind and scope_id = any(:scopes))"""
        ),
        values,
    )
    connection.execute(text("delete from page_source where kind = :kind and scope_id = any(:scopes)"), values)


def forget_gone(
    connection: Connection, kind: PageKind, season: str, still_there: Collection[str]
) -> list[str]:
    """Forget the pages of those who have nothing in a season any more; where they lie.

    Who has something in another season is written anew by the next run that reads it.
    """
    gone = list(
        connection.scalars(
            text(
                """select scope_id from page_source
                   where (kind, season) = (:kind, :season) and scope_id <> all(:still_there)"""
            ),
            {"kind": kind, "season": season, "still_there": list(still_there)},
        )
    )
    values = {"kind": kind, "gone": gone}
    connection.execute(
        text(
            """delete from derived_state where name in (
                   select :prefix || season from page_source where kind = :kind and scope_id = any(:gone))"""
        ),
        values | {"prefix": STATE_PREFIX},
    )
    paths = connection.scalars(
        text("delete from report where kind = :kind and scope_id = any(:gone) returning path"), values
    )
    return list(paths)
