"""Surrogates of the provider's xG, and why our numbers and the provider's own differ."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, text

from xgoals.domain.difference import ShotDifference
from xgoals.domain.reason import Part
from xgoals.store.database import copy_rows, read_frame
from xgoals.store.explanations import OF_MATCHES, key_lists
from xgoals.store.schema.seals import is_sealed, seal_rows

if TYPE_CHECKING:
    import pandas as pd


def read_window(connection: Connection, model_version: str) -> "pd.DataFrame":
    """The shots of a model's window that the provider has a number for, and who has not seen their match.

    Returns
    -------
    DataFrame
        ``features_key, provider, provider_xg, sister`` (from 1 on), without penalties, by date, match and event.
    """
    return read_frame(
        connection,
        """select f.features_key, s.provider, s.provider_xg, mm.sister
           from model_version v
           join out_of_fold o using (model_version)
           join shot s using (shot_key)
           join match m using (provider, match_id)
           join model_match mm on (mm.model_version, mm.provider, mm.match_id)
                                  = (v.model_version, s.provider, s.match_id)
           join shot_feature f on f.shot_key = s.shot_key and f.is_current
                                  and (f.catalogue, f.catalogue_version) = (v.catalogue, v.catalogue_version)
           where v.model_version = :version and s.provider_xg is not null and not s.is_penalty
             and s.withdrawn_at is null and mm.sister is not null
           order by m.match_date, s.provider, s.match_id, s.event_n""",
        {"version": model_version},
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """How much a surrogate says of the provider's xG, and the mean of that; None where there were too few shots."""

    r2_log_odds: float | None
    average_xg: float | None


def fits(connection: Connection, model_version: str) -> dict[str, Fit]:
    """The surrogates of a version by provider."""
    rows = connection.execute(
        text("select provider, r2_log_odds, average_xg from model_surrogate where model_version = :version"),
        {"version": model_version},
    )
    return {row.provider: Fit(row.r2_log_odds, row.average_xg) for row in rows}


def save_surrogate(
    connection: Connection,
    model_version: str,
    provider: str,
    fit: Fit,
    *,
    n_shots: int,
    boosters: Mapping[int, bytes],
) -> None:
    """Keep a surrogate with its sisters, or the note that there were too few shots for one."""
    key = {"version": model_version, "provider": provider}
    connection.execute(
        text(
            """insert into model_surrogate (model_version, provider, n_shots, r2_log_odds, average_xg)
               values (:version, :provider, :n_shots, :r2, :average)"""
        ),
        key | {"n_shots": n_shots, "r2": fit.r2_log_odds, "average": fit.average_xg},
    )
    for sister, booster in boosters.items():
        connection.execute(
            text(
                """insert into surrogate_booster (model_version, provider, sister, booster, sha256)
                   values (:version, :provider, :sister, :booster, :sha256)"""
            ),
            key | {"sister": sister, "booster": booster, "sha256": hashlib.sha256(booster).hexdigest()},
        )
    seal_rows(connection, "surrogate_booster", model_version)


def load_surrogate(connection: Connection, model_version: str, provider: str) -> dict[int, bytes] | None:
    """The bytes of a surrogate by sister; None where they are not those that were stored."""
    rows = connection.execute(
        text(
            f"""select sister, booster, sha256, {is_sealed("surrogate_booster")} from surrogate_booster
               where (model_version, provider) = (:version, :provider) order by sister"""  # noqa: S608
        ),
        {"version": model_version, "provider": provider},
    ).all()
    if any(not row.is_sealed or hashlib.sha256(row.booster).hexdigest() != row.sha256 for row in rows):
        return None
    return {row.sister: bytes(row.booster) for row in rows}


def forget_surrogates(connection: Connection, model_version: str) -> None:
    """Remove a version's surrogates; what was said by them stays."""
    connection.execute(
        text("delete from model_surrogate where model_version = :version"), {"version": model_version}
    )


def due(
    connection: Connection, model_version: str, providers: Collection[str], *, from_xg: float
) -> "pd.DataFrame":
    """Published numbers so far from the provider's, of which it is not known why, or was of other numbers.

    Returns
    -------
    DataFrame
        ``features_key, provider, provider_xg, xg, sister`` (0: the champion itself), by their key.
    """
    return read_frame(
        connection,
        """select x.features_key, s.provider, s.provider_xg, x.xg, coalesce(x.sister, 0)::int as sister
           from shot_xg x
           join shot s using (shot_key)
           left join shot_difference d using (features_key, model_version)
           where x.model_version = :version and x.publication is not null and s.provider = any(:providers)
             and s.provider_xg is not null and not s.is_penalty and s.withdrawn_at is null
             and abs(x.xg - s.provider_xg) >= :from_xg
             and (d.provider_xg, d.xg) is distinct from (s.provider_xg, x.xg)
           order by x.features_key""",
        {"version": model_version, "providers": list(providers), "from_xg": from_xg},
    )


def save_differences(connection: Connection, model_version: str, rows: "pd.DataFrame") -> None:
    """Keep differences in place of those of the same shots.

    Parameters
    ----------
    rows
        ``features_key, xg, provider_xg, average, part_values`` (a list of four, NaN unknown)``, rest``.
    """
    connection.execute(
        text(
            """delete from shot_difference
               where model_version = :version and features_key = any(cast(:keys as bigint[]))"""
        ),
        {"version": model_version, "keys": rows["features_key"].tolist()},
    )
    columns = ("features_key", "xg", "provider_xg", "average", "part_values", "rest")
    values = rows[list(columns)].itertuples(index=False, name=None)
    copy_rows(
        connection, "shot_difference", ("model_version", *columns), ((model_version, *row) for row in values)
    )


def read_differences(connection: Connection, matches: Iterable[tuple[str, str]]) -> dict[int, ShotDifference]:
    """Why the latest published numbers of some matches differ from the provider's, by ``shot_key``."""
    rows = connection.execute(
        text(
            f"""select l.shot_key, d.xg, d.provider_xg, d.average, d.part_values, d.rest, g.r2_log_odds
                from (select distinct on (x.shot_key) x.* from shot s join shot_xg x using (shot_key)
                      where x.publication is not null and {OF_MATCHES}
                      order by x.shot_key, x.publication desc) l
                join shot s on s.shot_key = l.shot_key and s.withdrawn_at is null
                join shot_difference d using (features_key, model_version)
                join model_surrogate g on (g.model_version, g.provider) = (d.model_version, s.provider)
                where (d.xg, d.provider_xg) = (l.xg, s.provider_xg)
                order by l.shot_key"""  # noqa: S608
        ),
        key_lists(list(matches)),
    )
    return {row.shot_key: _difference(row) for row in rows}


def _difference(row: Row[Any]) -> ShotDifference:
    parts = zip(Part, row.part_values, strict=True)
    return ShotDifference(
        row.xg,
        row.provider_xg,
        row.average,
        {part: value for part, value in parts if value == value},  # NaN: not known of the shot
        row.rest,
        row.r2_log_odds,
    )
