"""Whether a version's numbers are at each provider's level: measured with what it says of shots, and kept with it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from xgoals.domain.provider_level import KindLevel, ProviderLevel
from xgoals.store.database import copy_rows, read_frame

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    "provider", "verdict", "n_matches", "n_shots", "n_goals", "xg_per_goal", "low", "high", "headers_n_goals",
    "headers_xg_per_goal", "headers_low", "headers_high",
)  # fmt: skip


def read_numbers(connection: Connection, model_version: str) -> "pd.DataFrame":
    """What a version says of all stored shots, by who has not seen the match.

    Returns
    -------
    DataFrame
        ``provider, match_id, is_goal, is_penalty, shot_type, x_m, y_m, pitch_length_m, is_header, is_free_kick, xg``.
    """
    return read_frame(
        connection,
        """select s.provider, s.match_id, s.is_goal, s.is_penalty, s.shot_type, s.x_m, s.y_m, m.pitch_length_m,
                  s.body_part = 'head' as is_header, s.shot_type = 'free_kick' as is_free_kick, x.xg
           from shot_xg x
           join shot_feature f on f.features_key = x.features_key and f.is_current
           join shot s on s.shot_key = x.shot_key and s.withdrawn_at is null
           join match m using (provider, match_id)
           where x.model_version = :version
             and not (x.sister is null and exists (
                 select from model_match l
                 where (l.model_version, l.provider, l.match_id) = (x.model_version, s.provider, s.match_id)))
           order by m.match_date, s.provider, s.match_id, s.event_n""",
        {"version": model_version},
    )


def known_providers(connection: Connection, model_version: str) -> dict[str, int]:
    """The providers that a version's trees have learned from, and of how many matches."""
    rows = connection.execute(
        text(
            """select s.provider, count(distinct s.match_id)::int as n_matches
               from out_of_fold o join shot s using (shot_key) where o.model_version = :version
               group by s.provider order by s.provider"""
        ),
        {"version": model_version},
    )
    return {row.provider: row.n_matches for row in rows}


def stored_matches(connection: Connection) -> dict[str, int]:
    """How many matches of each provider are stored."""
    rows = connection.execute(
        text("select provider, count(*)::int as n from match group by provider order by provider")
    )
    return {row.provider: row.n for row in rows}


def save_levels(connection: Connection, model_version: str, levels: Mapping[str, ProviderLevel]) -> None:
    """Put these in place of a version's judgement; nothing is touched where it is the same.

    Pages with a provider's numbers are written again when there is time, where it is off since, or no longer.
    """
    before = read_levels(connection, model_version)
    if before == levels:
        return
    was_off, is_off = ({name for name, level in some.items() if level.is_off} for some in (before, levels))
    for provider in sorted(was_off ^ is_off):
        _owe_pages(connection, model_version, provider)
    connection.execute(
        text("delete from provider_level where model_version = :version"), {"version": model_version}
    )
    rows = (
        (
            model_version,
            provider,
            level.verdict,
            level.n_matches,
            level.n_shots,
            *_kind(level.shots),
            *_kind(level.headers),
        )
        for provider, level in levels.items()
    )
    copy_rows(connection, "provider_level", ("model_version", *_COLUMNS), rows)


def read_off(connection: Connection) -> dict[tuple[str, str], ProviderLevel]:
    """The versions, each with a provider, that have published numbers which are not at the provider's level."""
    rows = connection.execute(
        text(
            """select model_version, provider from provider_level l
               where verdict = 'off' and exists (
                   select from shot_xg x join shot s using (shot_key)
                   where (x.model_version, s.provider) = (l.model_version, l.provider)
                     and x.publication is not null and s.withdrawn_at is null)
               order by model_version, provider"""
        )
    )
    return {
        (row.model_version, row.provider): read_levels(connection, row.model_version)[row.provider]
        for row in rows
    }


def read_levels(connection: Connection, model_version: str) -> dict[str, ProviderLevel]:
    """Whether a version's numbers are at the level of each provider; empty where that was never looked at."""
    rows = connection.execute(
        text(
            f"""select {", ".join(_COLUMNS)} from provider_level
                where model_version = :version order by provider"""  # noqa: S608
        ),
        {"version": model_version},
    )
    return {
        row.provider: ProviderLevel(
            row.verdict,
            row.n_matches,
            row.n_shots,
            KindLevel(row.n_goals, row.xg_per_goal, row.low, row.high),
            KindLevel(row.headers_n_goals, row.headers_xg_per_goal, row.headers_low, row.headers_high),
        )
        for row in rows
    }


def _owe_pages(connection: Connection, model_version: str, provider: str) -> None:
    connection.execute(
        text(
            """update match_news n set page = 'later'
               where n.page = 'written' and n.provider = :provider and exists (
                   select from shot_xg x join shot s using (shot_key)
                   where (s.provider, s.match_id, x.model_version) = (n.provider, n.match_id, :version)
                     and x.publication is not null)"""
        ),
        {"version": model_version, "provider": provider},
    )


def _kind(level: KindLevel) -> tuple[int, float | None, float | None, float | None]:
    return level.n_goals, level.xg_per_goal, level.low, level.high
