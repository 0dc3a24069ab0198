"""What matchdays hold: the matches that are there, their shots, and the sums over them that are kept."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, text

from xgoals.analysis.drift.points import Point, SeenMatch
from xgoals.analysis.drift.sums import Bins, Group, Shots, Sums, n_packed, packed, unpacked
from xgoals.domain.model import ModelVersion
from xgoals.store.bulk.arrays import read_arrays
from xgoals.store.database import as_json, copy_rows
from xgoals.store.derived.states import DerivedState, read_state, save_state

_BINS = "bins of drift"

_COUNTED = """
    shot_feature f join shot s using (shot_key) join match m using (provider, match_id)
    join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
    join shot_xg x on x.features_key = f.features_key and x.model_version = %(model)s
    join shot_explanation e on e.features_key = f.features_key and e.model_version = %(model)s
    left join out_of_fold o on (o.shot_key, o.model_version) = (f.shot_key, %(model)s)"""
_CONDITION = """f.is_current and s.withdrawn_at is null and not s.is_penalty
    and (f.catalogue, f.catalogue_version) = (%(catalogue)s, %(catalogue_version)s)"""


class Place(NamedTuple):
    """Which point of which series of matchdays."""

    competition: str
    is_learned: bool
    n: int

    @classmethod
    def of(cls, point: Point) -> "Place":
        """A point's."""
        return cls(point.competition, point.is_learned, point.n)


def _parameters(model: ModelVersion) -> dict[str, Any]:
    return {
        "model": model.model_version,
        "catalogue": model.catalogue,
        "catalogue_version": model.catalogue_version,
    }


def read_matches(connection: Connection, model: ModelVersion) -> list[SeenMatch]:
    """All matches with shots, without penalties, that a model has explained."""
    rows = connection.exec_driver_sql(
        f"""select m.provider, m.match_id, m.competition, m.season, m.matchday, m.match_date,
                   bool_or(o.shot_key is not null) as is_learned, count(*) as n_shots,
                   concat_ws(':', count(*), sum(hashtextextended(concat_ws('|', f.features_key, s.is_goal, s.body_part,
                       t.name, s.team_id = m.home_team_id, coalesce(o.xg, x.xg)), 0)::numeric)) as state
            from {_COUNTED} where {_CONDITION}
            group by m.provider, m.match_id""",  # noqa: S608
        _parameters(model),
    )
    return [SeenMatch(**row._mapping) for row in rows]


def read_shots(connection: Connection, model: ModelVersion, matches: Sequence[SeenMatch]) -> Shots:
    """The shots of some matches, numbered in their order; facets: ``club, opponent, venue, body_part, provider``."""
    width = len(model.feature_names)
    own = _parameters(model) | {
        "providers": [match.provider for match in matches],
        "match_ids": [match.match_id for match in matches],
    }
    asked = f"""
        from unnest(%(providers)s::text[], %(match_ids)s::text[]) with ordinality as a (provider, match_id, n)
        join ({_COUNTED}) on (m.provider, m.match_id) = (a.provider, a.match_id)
        join team h on (h.provider, h.team_id) = (m.provider, m.home_team_id)
        join team w on (w.provider, w.team_id) = (m.provider, m.away_team_id)
        where {_CONDITION}
        order by a.n, s.event_n, s.shot_id"""
    columns = "(a.n - 1)::int, f.feature_values, e.shap_values, s.is_goal, coalesce(o.xg, x.xg)"
    found = read_arrays(
        connection,
        f"select {columns} {asked}",
        own,
        {"match": "i4", "values": ("f8", width), "attributions": ("f8", width), "is_goal": "?", "xg": "f8"},
    )
    labels = _labels(connection, asked, own)
    return Shots(
        found["match"].astype(np.intp), found["values"], found["attributions"], found["is_goal"], found["xg"], labels
    )  # fmt: skip


def _labels(connection: Connection, asked: str, parameters: Mapping[str, Any]) -> dict[str, list[str]]:
    """The groups that the asked shots belong to, by facet."""
    rows = connection.exec_driver_sql(
        f"""select t.name, case when s.team_id = m.home_team_id then w.name else h.name end,
                   case when s.team_id = m.home_team_id then 'home' else 'away' end,
                   case when s.body_part in ('left_foot', 'right_foot') then 'foot' else s.body_part end, m.provider
            {asked}""",
        dict(parameters),
    ).all()
    names = ("club", "opponent", "venue", "body_part", "provider")
    return {name: [row[n] for row in rows] for n, name in enumerate(names)}


def read_bins(connection: Connection, model_version: str) -> Bins | None:
    """Where a champion's features are cut; None where that was never settled."""
    stored = read_state(connection, _BINS)
    if stored is None or stored.state_key != model_version:
        return None
    edges = tuple(np.array(of, dtype=np.float64) for of in stored.facts["edges"])
    return Bins(edges, tuple(stored.facts["is_category"]))


def save_bins(connection: Connection, model_version: str, bins: Bins) -> None:
    """Keep them in place of another champion's, whose sums are let go."""
    facts = {"edges": [of.tolist() for of in bins.edges], "is_category": list(bins.is_category)}
    save_state(connection, _BINS, DerivedState(model_version, facts))
    connection.exec_driver_sql("delete from drift_sum")


def stored_keys(connection: Connection, model_version: str) -> dict[Place, str]:
    """What the stored sums are over."""
    rows = connection.execute(
        text(
            "select competition, is_learned, point_n, state_key from drift_sum where model_version = :version"
        ),
        {"version": model_version},
    )
    return {Place(*row[:3]): row[3] for row in rows}


def replace_sums(
    connection: Connection,
    model_version: str,
    gone: Sequence[Place],
    keys: Mapping[Place, str],
    sums: Mapping[Place, Sums],
) -> None:
    """Remove what is gone, and put these in place of those of before."""
    for place in [*gone, *sums]:
        connection.execute(
            text(
                """delete from drift_sum where (model_version, competition, is_learned, point_n)
                   = (:version, :competition, :is_learned, :n)"""
            ),
            {"version": model_version, **place._asdict()},
        )
    columns = (
        "model_version",
        "competition",
        "is_learned",
        "point_n",
        "state_key",
        "n_matches",
        "n_shots",
        "sums",
    )
    copy_rows(
        connection,
        "drift_sum",
        (*columns, "groups"),
        (
            (model_version, *place, keys[place], of.n_matches, of.n_shots, packed(of), _groups_json(of.groups))
            for place, of in sums.items()
        ),
    )  # fmt: skip


def _groups_json(groups: Mapping[Group, Any]) -> str:
    return as_json([[facet, name, row.tolist()] for (facet, name), row in groups.items()])


def read_sums(connection: Connection, model: ModelVersion) -> dict[Place, Sums]:
    """All sums of a model, each competition's in the order of its points."""
    order = "from drift_sum where model_version = %(version)s order by competition, is_learned, point_n"
    asked = {"version": model.model_version}
    width = n_packed(len(model.feature_names))
    found = read_arrays(connection, f"select sums {order}", asked, {"sums": ("f8", width)})["sums"]
    rows = connection.exec_driver_sql(
        f"select competition, is_learned, point_n, n_matches, n_shots, groups {order}", asked
    )
    return {
        Place(*row[:3]): unpacked(row[3], row[4], own, {(f, n): np.array(of) for f, n, of in row[5]})
        for row, own in zip(rows, found, strict=True)
    }
