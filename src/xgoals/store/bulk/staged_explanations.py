"""Explanations from elsewhere, by the million: staged, judged row by row, and put in by one statement.

All of it is one transaction of the caller's: what is refused says so, and a kill in the middle leaves nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy import Connection

from xgoals.domain.model import ModelVersion
from xgoals.store.bulk.arrow_tables import copy_arrow
from xgoals.store.database import analyse
from xgoals.store.sisters import JOIN_SISTER, SISTER

if TYPE_CHECKING:
    import pyarrow as pa

Reason = Literal["model", "unknown", "withdrawn", "features", "speaker", "sum", "twice", "number"]
"""Why a row is refused; the first that holds."""
TOLERANCE = 1e-9
"""So far values may be from adding up, and a number from the one that is stored."""

_STAGED = """create temporary table staged_explanation (
    row_n bigint generated always as identity, provider text, match_id text, shot_id text, features_hash text,
    catalogue text, catalogue_version integer, model_version text, sister integer, xg double precision,
    base_value double precision, shap_values double precision[], group_values double precision[]) on commit drop"""

_JUDGED = f"""create temporary table judged_explanation on commit drop as
    select g.*, f.features_key, s.shot_key, x.features_key is not null as is_stored,
           case when g.model_version is distinct from %(version)s then 'model'
                when s.shot_key is null then 'unknown'
                when s.withdrawn_at is not null then 'withdrawn'
                when f.features_key is null then 'features'
                when g.sister is distinct from {SISTER} then 'speaker'
                when (g.xg between 0 and 1
                      and abs(g.base_value + (select sum(v) from unnest(g.shap_values) v) - g.xg) <= {TOLERANCE}
                      and abs(g.base_value + (select sum(v) from unnest(g.group_values) v) - g.xg) <= {TOLERANCE}
                     ) is not true then 'sum'
                when g.is_again then 'twice'
                when abs(x.xg - g.xg) > {TOLERANCE} then 'number'
           end as refusal
    from (select *, row_number() over (partition by provider, match_id, shot_id, model_version order by row_n) > 1
                    as is_again from staged_explanation) g
    left join shot s using (provider, match_id, shot_id)
    left join shot_feature f
        on f.shot_key = s.shot_key and f.is_current and f.features_hash = g.features_hash
           and (f.catalogue, f.catalogue_version) = (g.catalogue, g.catalogue_version)
           and (f.catalogue, f.catalogue_version) = (%(catalogue)s, %(catalogue_version)s)
    left join shot_xg x on (x.features_key, x.model_version) = (f.features_key, g.model_version)
    {JOIN_SISTER}"""  # noqa: S608

_NUMBERS = """with added as (
        insert into shot_xg (features_key, shot_key, model_version, sister, xg, run_id)
        select features_key, shot_key, model_version, nullif(sister, 0), xg, %(run_id)s
        from judged_explanation where refusal is null
        on conflict (features_key, model_version) do nothing returning 1)
    select count(*) from added"""

_EXPLANATIONS = """insert into shot_explanation
        (features_key, model_version, base_value, prediction, shap_values, group_values)
    select features_key, model_version, base_value, xg, shap_values, group_values
    from judged_explanation where refusal is null
    on conflict (features_key, model_version) do nothing"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that were not put in: why, how many, and the first of them (``provider/match/shot``)."""

    reason: Reason
    n_rows: int
    first: str


@dataclass(frozen=True, slots=True)
class Staged:
    """What came of staged explanations.

    Attributes
    ----------
    n_added
        Shots that have this version's number and explanation from now on.
    n_before
        Shots that had them, the same ones.
    """

    n_added: int
    n_before: int
    refusals: tuple[Refusal, ...]


def add_explanations(
    connection: Connection, model: ModelVersion, tables: "Iterable[pa.Table]", run_id: str
) -> Staged:
    """Add a version's numbers and explanations of shots that lack them; stored ones stay as they are.

    `xgoals.store.published.publish` then publishes what is due.

    Parameters
    ----------
    tables
        ``provider, match_id, shot_id, features_hash, catalogue, catalogue_version, model_version, sister`` (0: the
        champion itself), ``xg, base_value`` and, as lists, ``shap_values, group_values``.

    Raises
    ------
    RefusedError
        If a value is none that such a column takes.
    """
    connection.exec_driver_sql(_STAGED)
    for table in tables:
        copy_arrow(connection, "staged_explanation", table)
    analyse(connection, "staged_explanation")
    connection.exec_driver_sql(
        _JUDGED,
        {
            "version": model.model_version,
            "catalogue": model.catalogue,
            "catalogue_version": model.catalogue_version,
        },
    )
    n_before = connection.exec_driver_sql(
        "select count(*) from judged_explanation where refusal is null and is_stored"
    ).scalar_one()
    n_added = connection.exec_driver_sql(_NUMBERS, {"run_id": run_id}).scalar_one()
    connection.exec_driver_sql(_EXPLANATIONS)
    return Staged(int(n_added), int(n_before), _refusals(connection))


def _refusals(connection: Connection) -> tuple[Refusal, ...]:
    rows = connection.exec_driver_sql(
        """select refusal, count(*) as n_rows,
                  (array_agg(concat_ws('/', provider, match_id, shot_id) order by row_n))[1] as first
           from judged_explanation where refusal is not null group by refusal order by n_rows desc, refusal"""
    )
    return tuple(Refusal(cast("Reason", row.refusal), row.n_rows, row.first) for row in rows)
