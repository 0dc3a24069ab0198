"""From which state of a season's rows the pages of seasons, clubs and players were written."""

from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy import Connection, text

PageKind = Literal["season", "club", "player"]


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


def forget_pages(connection: Connection, kind: PageKind, scope_ids: Iterable[str]) -> None:
    """Pages of what is not there any more are not listed any longer."""
    connection.execute(
        text("delete from report where kind = :kind and scope_id = any(:scopes)"),
        {"kind": kind, "scopes": list(scope_ids)},
    )
