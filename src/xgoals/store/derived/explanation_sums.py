"""The sums that summaries of all explanations are made of: by competition, season and team, each with its state."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from xgoals.domain.model import ModelVersion
from xgoals.store.bulk.arrays import read_arrays
from xgoals.store.database import copy_rows

FloatArray = npt.NDArray[np.float64]

_COUNTED = """
    shot_feature f join shot s using (shot_key) join match m using (provider, match_id)
    join team t on (t.provider, t.team_id) = (s.provider, s.team_id)"""


class Member(NamedTuple):
    """A team in a season of a competition: what sums are kept of."""

    competition: str
    season: str
    team: str


class Sums(NamedTuple):
    """Of the shots of a member, without penalties: their number and the sums over them, one value a feature or pair."""

    n_shots: int
    sums: FloatArray
    abs_sums: FloatArray
    pair_abs_sums: FloatArray


def present_states(connection: Connection, model: ModelVersion) -> dict[Member, str]:
    """What the sums of every member should be over: a key that changes with any of its shots."""
    rows = connection.execute(
        text(
            f"""select m.competition, m.season, t.name,
                       concat_ws(':', count(*), bit_xor(hashint8extended(f.features_key, 0)), sum(f.features_key))
                from {_COUNTED}
                where f.is_current and not s.is_penalty
                  and (f.catalogue, f.catalogue_version) = (:catalogue, :version)
                group by m.competition, m.season, t.name
                order by m.competition, m.season, t.name"""  # noqa: S608
        ),
        {"catalogue": model.catalogue, "version": model.catalogue_version},
    )
    return {Member(*row[:3]): row[3] for row in rows}


def stored_states(connection: Connection, model_version: str) -> dict[Member, str]:
    """What the stored sums are over."""
    rows = connection.execute(
        text(
            "select competition, season, team, state_key from explanation_sum where model_version = :version"
        ),
        {"version": model_version},
    )
    return {Member(*row[:3]): row[3] for row in rows}


def read_keys(
    connection: Connection, model: ModelVersion, members: Sequence[Member]
) -> dict[str, npt.NDArray[Any]]:
    """The shots of these members: ``member`` (its place among them) and ``features_key``.

    They come member by member by what they are called, and not by date: a date may change with no shot changing, and
    sums whose last bits depend on it would be added anew by nobody.
    """
    return read_arrays(
        connection,
        f"""select (a.n - 1)::int as member, f.features_key
            from unnest(%(competitions)s::text[], %(seasons)s::text[], %(teams)s::text[])
                with ordinality as a (competition, season, team, n)
            join ({_COUNTED}) on (m.competition, m.season, t.name) = (a.competition, a.season, a.team)
            where f.is_current and not s.is_penalty
              and (f.catalogue, f.catalogue_version) = (%(catalogue)s, %(version)s)
            order by a.n, s.provider, s.match_id, s.shot_id""",  # noqa: S608
        {
            "competitions": [member.competition for member in members],
            "seasons": [member.season for member in members],
            "teams": [member.team for member in members],
            "catalogue": model.catalogue,
            "version": model.catalogue_version,
        },
        {"member": "i4", "features_key": "i8"},
    )


def read_explained_values(
    connection: Connection, model: ModelVersion, features_keys: npt.NDArray[np.int64]
) -> tuple[FloatArray, FloatArray]:
    """Feature values and their Shapley values by this model, both (n, features), in the order of the keys."""
    n_features = len(model.feature_names)
    found = read_arrays(
        connection,
        """select f.feature_values, e.shap_values
           from unnest(%(keys)s::bigint[]) with ordinality as a (features_key, n)
           join shot_feature f using (features_key)
           join shot_explanation e on e.features_key = a.features_key and e.model_version = %(version)s
           order by a.n""",
        {"keys": features_keys.tolist(), "version": model.model_version},
        {"feature_values": ("f8", n_features), "shap_values": ("f8", n_features)},
    )
    return found["feature_values"], found["shap_values"]


def replace_sums(
    connection: Connection,
    model_version: str,
    gone: Sequence[Member],
    states: Mapping[Member, str],
    sums: Mapping[Member, Sums],
) -> None:
    """Remove the sums of those that are gone, and put these in place of those of before."""
    outdated = [*gone, *sums]
    connection.execute(
        text(
            """delete from explanation_sum
               where model_version = :version and (competition, season, team) in (
                   select * from unnest(cast(:competitions as text[]), cast(:seasons as text[]),
                                        cast(:teams as text[])))"""
        ),
        {
            "version": model_version,
            "competitions": [member.competition for member in outdated],
            "seasons": [member.season for member in outdated],
            "teams": [member.team for member in outdated],
        },
    )
    columns = ("n_shots", "sums", "abs_sums", "pair_abs_sums")
    copy_rows(
        connection,
        "explanation_sum",
        ("model_version", *Member._fields, "state_key", *columns),
        ((model_version, *member, states[member], *own) for member, own in sums.items()),
    )


def read_sums(connection: Connection, model_version: str) -> dict[Member, Sums]:
    """All sums of a model, ordered by competition, season and team."""
    rows = connection.execute(
        text(
            """select competition, season, team, n_shots, sums, abs_sums, pair_abs_sums from explanation_sum
               where model_version = :version order by competition, season, team"""
        ),
        {"version": model_version},
    )
    return {Member(*row[:3]): Sums(row[3], *(np.array(values) for values in row[4:])) for row in rows}
