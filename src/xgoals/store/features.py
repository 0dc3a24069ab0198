"""Scenes out, features in."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Connection, text

from xgoals.domain.model import ModelVersion
from xgoals.features.hashes import features_hash
from xgoals.store.bulk.arrays import blocks, read_arrays
from xgoals.store.bulk.compact_frames import read_compact
from xgoals.store.database import analyse, as_json, copy_frame, copy_rows, read_frame

if TYPE_CHECKING:
    import pandas as pd


_READ_AT_ONCE = 50_000
"""Shots whose features are asked for in one query."""


def save_catalogue(
    connection: Connection, name: str, version: int, features: Sequence[Mapping[str, object]]
) -> None:
    """Store a catalogue's definitions; a version, once stored, does not change."""
    connection.execute(
        text(
            """insert into feature_catalogue (catalogue, version, features, names)
               values (:name, :version, cast(:features as jsonb), :names) on conflict do nothing"""
        ),
        {
            "name": name,
            "version": version,
            "features": as_json(list(features)),
            "names": [str(feature["name"]) for feature in features],
        },
    )


def definitions(connection: Connection, catalogue: str, version: int) -> list[dict[str, Any]]:
    """The features of a stored catalogue, in order, as plain dictionaries."""
    stored = connection.scalar(
        text("select features from feature_catalogue where (catalogue, version) = (:catalogue, :version)"),
        {"catalogue": catalogue, "version": version},
    )
    return list(stored or ())


def read_scenes_without_features(
    connection: Connection, catalogue: str, version: int, *, max_matches: int = 2_000
) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """Shots and people of the matches that have a shot without features of this catalogue: of the earliest of them.

    Parameters
    ----------
    max_matches
        Of so many at once; their shots and people are held in memory.

    Returns
    -------
    shots
        Ordered by date, match and event; the columns that features are made of, beside the shot's key.
    people
        ``row`` (position of the shot in ``shots``), ``x_m, y_m, is_teammate, is_keeper``.
    """
    connection.execute(
        text(
            """create temporary table scene_shot on commit drop as
               select s.*, m.match_date, m.pitch_length_m, m.pitch_width_m,
                      row_number() over (order by m.match_date, s.provider, s.match_id, s.event_n) - 1 as row
               from (select m.* from match m
                     where exists (
                         select from shot o left join shot_feature f
                             on f.shot_key = o.shot_key and f.is_current
                             and (f.catalogue, f.catalogue_version) = (:catalogue, :version)
                         where (o.provider, o.match_id) = (m.provider, m.match_id) and o.withdrawn_at is null
                           and f.shot_key is null)
                     order by m.match_date, m.provider, m.match_id limit :max_matches) m
               join shot s using (provider, match_id)
               where s.withdrawn_at is null"""
        ),
        {"catalogue": catalogue, "version": version, "max_matches": max_matches},
    )
    shots = read_frame(
        connection,
        """select shot_key, provider, match_id, shot_id, event_n, period, period_time_s, team_id, x_m, y_m,
                  pitch_length_m, pitch_width_m, body_part, shot_type, ball_control, set_up, technique,
                  shooter_vx_ms, shooter_vy_ms, frame_source,
                  coalesce(raw ->> 'aerial_won' = 'true', false) as is_won_in_the_air
           from scene_shot order by row""",
    )
    people = copy_frame(
        connection,
        """select s.row, p.x_m, p.y_m, p.is_teammate, p.is_keeper
           from scene_shot s join shot_position p using (shot_key)
           order by s.row, p.person_n""",
    )
    return shots, people


def save_features(
    connection: Connection, catalogue: str, version: int, shots: "pd.DataFrame", features: "pd.DataFrame"
) -> None:
    """Make these the current features of these shots; rows that are current already are not touched.

    Features that come out as they were before keep their key, and with it their numbers and explanations.

    Parameters
    ----------
    shots
        ``shot_key``, aligned with ``features``.
    features
        One column a feature in the catalogue's order; NaN is a missing value.
    """
    values = features.to_numpy(dtype=np.float64)
    connection.exec_driver_sql(
        "create temporary table built (shot_key bigint, features_hash text, feature_values double precision[]) "
        "on commit drop"
    )
    rows = ((key, features_hash(row), row) for key, row in zip(shots["shot_key"], values, strict=True))
    copy_rows(connection, "built", ("shot_key", "features_hash", "feature_values"), rows)
    parameters = {"catalogue": catalogue, "version": version}
    connection.execute(
        text(
            """update shot_feature f set is_current = false from built b
               where b.shot_key = f.shot_key and f.is_current and f.features_hash <> b.features_hash
                 and (f.catalogue, f.catalogue_version) = (:catalogue, :version)"""
        ),
        parameters,
    )
    connection.execute(
        text(
            """insert into shot_feature (shot_key, catalogue, catalogue_version, features_hash, is_current,
                                         feature_values)
               select shot_key, :catalogue, :version, features_hash, true, feature_values from built
               on conflict (shot_key, catalogue, catalogue_version, features_hash) do update set is_current = true
               where not shot_feature.is_current"""
        ),
        parameters,
    )
    connection.exec_driver_sql("drop table built")
    analyse(connection, "shot_feature")


def count_features(connection: Connection, catalogue: str, version: int) -> int:
    """How many shots have features of a catalogue: as many as `read_features` has rows."""
    query = text(
        """select count(*) from shot_feature
           where is_current and catalogue = :catalogue and catalogue_version = :version"""
    )
    return int(connection.scalar(query, {"catalogue": catalogue, "version": version}) or 0)


def read_values(
    connection: Connection, features_keys: "np.ndarray[tuple[int], np.dtype[np.int64]]", n_features: int
) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """The feature values of these keys, in their order; shape (n, features), NaN where one is missing."""
    found = read_arrays(
        connection,
        """select f.feature_values from unnest(%(keys)s::bigint[]) with ordinality as a (features_key, n)
           join shot_feature f using (features_key) order by a.n""",
        {"keys": features_keys.tolist()},
        {"feature_values": ("f8", n_features)},
    )
    return found["feature_values"]


def read_values_in_blocks(
    connection: Connection, features_keys: "np.ndarray[tuple[int], np.dtype[np.int64]]", names: Sequence[str]
) -> "pd.DataFrame":
    """The same of hundreds of thousands, one column a feature: some blocks of text, and the numbers themselves."""
    import pandas as pd

    values = np.empty((len(features_keys), len(names)))
    for block in blocks(len(features_keys), _READ_AT_ONCE):
        values[block] = read_values(connection, features_keys[block], len(names))
    return pd.DataFrame(values, columns=list(names))


def read_features_only(connection: Connection, catalogue: str, version: int) -> "pd.DataFrame":
    """``shot_key`` and one column a feature of every shot, in the order of `read_features`: half of its room."""
    found = read_arrays(
        connection,
        """select f.features_key, f.shot_key
           from shot_feature f join shot s using (shot_key) join match m using (provider, match_id)
           where f.is_current and (f.catalogue, f.catalogue_version) = (%(catalogue)s, %(version)s)
           order by m.match_date, s.provider collate "C", s.match_id collate "C", s.shot_id collate "C"
        """,
        {"catalogue": catalogue, "version": version},
        {"features_key": "i8", "shot_key": "i8"},
    )
    values = read_values_in_blocks(connection, found["features_key"], _names(connection, catalogue, version))
    return values.assign(shot_key=found["shot_key"])


def read_outcomes(
    connection: Connection, model: ModelVersion
) -> "dict[str, np.ndarray[tuple[int], np.dtype[Any]]]":
    """What became of every shot with a model's features, by date, match and event.

    Returns
    -------
    dict
        ``features_key, match_n`` (a number for the match, ascending with provider and match id)``, is_goal, is_penalty,
        xg_out_of_fold`` (NaN where the model has not learned from the shot), each of shape (n,).
    """
    return read_arrays(
        connection,
        """select f.features_key, m.match_n, s.is_goal, s.is_penalty, coalesce(o.xg, 'NaN')
           from shot_feature f join shot s using (shot_key)
           join (select provider, match_id, match_date,
                        (row_number() over (order by (provider || '/' || match_id) collate "C"))::int as match_n
                 from match) m using (provider, match_id)
           left join out_of_fold o on (o.shot_key, o.model_version) = (f.shot_key, %(model_version)s)
           where f.is_current and (f.catalogue, f.catalogue_version) = (%(catalogue)s, %(version)s)
           order by m.match_date, s.provider, s.match_id, s.event_n""",
        {
            "model_version": model.model_version,
            "catalogue": model.catalogue,
            "version": model.catalogue_version,
        },
        {"features_key": "i8", "match_n": "i4", "is_goal": "?", "is_penalty": "?", "xg_out_of_fold": "f8"},
    )


def read_window(connection: Connection, model: ModelVersion) -> "pd.DataFrame":
    """The features of the shots that a model has learned from, as far as they still are these."""
    outcomes = read_outcomes(connection, model)
    keys = outcomes["features_key"][~np.isnan(outcomes["xg_out_of_fold"])]
    return read_values_in_blocks(connection, keys, model.feature_names)


def shot_labels(connection: Connection, shot_keys: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> list[str]:
    """What people call these shots, in their order: ``match id/shot id``."""
    query = text(
        """select s.match_id || '/' || s.shot_id
           from unnest(cast(:keys as bigint[])) with ordinality as a (shot_key, n) join shot s using (shot_key)
           order by a.n"""
    )
    return list(connection.scalars(query, {"keys": shot_keys.tolist()}))


def read_features(connection: Connection, catalogue: str, version: int) -> "pd.DataFrame":
    """Every shot with its features of one catalogue, as models are trained on and explained.

    Returns
    -------
    DataFrame
        ``features_key, shot_key, provider, match_id, shot_id, match_date, season, matchday, team,
        home_team, away_team, is_goal, is_penalty, provider_xg, is_simulated, competition, body_part, shot_type,
        features_hash, x_m, y_m, pitch_length_m`` and one column a feature; ordered by date, match and shot id, as
        models are trained. Texts that repeat are categories, in the order of the alphabet: a million shots are some
        350 MB.
    """
    import pandas as pd

    frame = read_compact(
        connection,
        """select f.features_key, f.shot_key, s.provider, s.match_id, s.shot_id, m.match_date, m.competition,
                  m.season, m.matchday, m.is_simulated,
                  t.name as team, home.name as home_team, away.name as away_team, s.is_goal, s.is_penalty,
                  s.provider_xg, s.body_part, s.shot_type, s.x_m, s.y_m, m.pitch_length_m, f.features_hash
           from shot_feature f
           join shot s using (shot_key)
           join match m using (provider, match_id)
           join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
           join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
           join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
           where f.is_current and f.catalogue = :catalogue and f.catalogue_version = :version
           order by m.match_date, s.provider collate "C", s.match_id collate "C", s.shot_id collate "C"
        """,
        {"catalogue": catalogue, "version": version},
        categories=(
            *("provider", "match_id", "competition", "season", "team", "home_team", "away_team"),
            *("body_part", "shot_type"),
        ),
        floats=("matchday", "provider_xg", "x_m", "y_m", "pitch_length_m"),
    )
    names = _names(connection, catalogue, version)
    values = read_values_in_blocks(connection, frame["features_key"].to_numpy(dtype=np.int64), names)
    return pd.concat([frame, values.set_index(frame.index)], axis="columns")


def _names(connection: Connection, catalogue: str, version: int) -> list[str]:
    """The features of a stored catalogue, in order; none of one that was never stored."""
    names = connection.scalar(
        text("select names from feature_catalogue where (catalogue, version) = (:catalogue, :version)"),
        {"catalogue": catalogue, "version": version},
    )
    return list(names or ())
