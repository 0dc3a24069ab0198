"""Numbers and explanations: what was published stays, what is missing under the champion is added."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from xgoals.store.database import copy_rows, read_frame

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
_SHOT_KEY = ("provider", "match_id", "shot_id")


def explained_hashes(connection: Connection, model_version: str) -> "pd.DataFrame":
    """``provider, match_id, shot_id, features_hash`` of all that a model has explained."""
    return read_frame(
        connection,
        """select provider, match_id, shot_id, features_hash from shot_explanation
           where model_version = :version""",
        {"version": model_version},
    )


def save_explanations(
    connection: Connection,
    model_version: str,
    shots: "pd.DataFrame",
    *,
    features: FloatArray,
    shap_values: FloatArray,
    group_values: FloatArray,
    base_value: float,
    predictions: FloatArray,
    xg: FloatArray,
    run_id: str,
) -> None:
    """Add numbers and explanations of n shots, and publish those that are the first for their shot.

    A number is published when the shot has none yet, or when its features were corrected after the last
    publication (its latest published number was computed from other feature values of the same catalogue).

    Parameters
    ----------
    shots
        ``provider, match_id, shot_id, features_hash``, n rows that this model has not explained yet.
    features, shap_values
        Shape (n, features), in the model's order.
    group_values
        Shape (n, groups), in the order in which the catalogue first names the groups.
    predictions, xg
        Shape (n,): in the space of the explanation, and as probability.
    """
    keys = list(shots[[*_SHOT_KEY, "features_hash"]].itertuples(index=False, name=None))
    copy_rows(
        connection,
        "shot_xg",
        (*_SHOT_KEY, "model_version", "features_hash", "xg", "run_id"),
        ((*key[:3], model_version, key[3], float(x), run_id) for key, x in zip(keys, xg, strict=True)),
    )
    copy_rows(
        connection,
        "shot_explanation",
        (
            *_SHOT_KEY,
            "model_version",
            "features_hash",
            "base_value",
            "prediction",
            "feature_values",
            "shap_values",
        ),
        (
            (*key[:3], model_version, key[3], base_value, float(prediction), row, values)
            for key, prediction, row, values in zip(keys, predictions, features, shap_values, strict=True)
        ),
    )
    connection.execute(
        text(
            """with latest as (
                   select distinct on (provider, match_id, shot_id)
                          provider, match_id, shot_id, publication, features_hash, catalogue, catalogue_version
                   from shot_xg join model_version using (model_version)
                   where publication is not null
                   order by provider, match_id, shot_id, publication desc)
               update shot_xg x set publication = coalesce(l.publication, 0) + 1
               from shot_xg n
               join model_version v using (model_version)
               join shot_feature f using (provider, match_id, shot_id, catalogue, catalogue_version, features_hash)
               left join latest l using (provider, match_id, shot_id)
               left join shot_feature lf on (lf.provider, lf.match_id, lf.shot_id, lf.catalogue, lf.catalogue_version)
                   = (l.provider, l.match_id, l.shot_id, l.catalogue, l.catalogue_version)
               where n.model_version = :version and n.publication is null
                 and (l.publication is null or lf.features_hash is distinct from l.features_hash)
                 and (x.provider, x.match_id, x.shot_id, x.model_version, x.features_hash)
                   = (n.provider, n.match_id, n.shot_id, n.model_version, n.features_hash)"""
        ),
        {"version": model_version},
    )


def read_explained(connection: Connection, model_version: str) -> "pd.DataFrame":
    """Every shot with this model's explanation under the shot's present features.

    Returns
    -------
    DataFrame
        ``provider, match_id, shot_id, competition, season, matchday, match_date, home_team, away_team, team,
        opponent, player, period, minute, second, x_m, y_m, pitch_length_m, pitch_width_m, body_part, shot_type,
        outcome, is_goal, is_penalty, provider_xg, is_simulated, xg, published_xg, base_value, prediction,
        model_version, features_hash``, the features by name, ``shap_<feature>`` for each, and ``group_<group>``
        for each group of features; ordered by date, match, event.
    """
    import pandas as pd

    frame = read_frame(
        connection,
        """select s.provider, s.match_id, s.shot_id, m.competition, m.season, m.matchday, m.match_date,
                  home.name as home_team, away.name as away_team, t.name as team,
                  case when s.team_id = m.home_team_id then away.name else home.name end as opponent,
                  coalesce(p.short_name, p.name) as player, s.period, s.minute, s.second, s.x_m, s.y_m,
                  m.pitch_length_m, m.pitch_width_m, s.body_part, s.shot_type, s.outcome, s.is_goal, s.is_penalty,
                  s.provider_xg, m.is_simulated, x.xg, c.xg as published_xg, e.base_value, e.prediction,
                  e.model_version, f.features_hash, e.feature_values, e.shap_values, e.group_values
           from shot_explanation e
           join model_version v using (model_version)
           join shot_feature f using (provider, match_id, shot_id, catalogue, catalogue_version, features_hash)
           join shot_xg x using (provider, match_id, shot_id, model_version, features_hash)
           join shot s using (provider, match_id, shot_id)
           join match m using (provider, match_id)
           join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
           join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
           join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
           left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
           left join (
               select distinct on (provider, match_id, shot_id) provider, match_id, shot_id, xg from shot_xg
               where publication is not null order by provider, match_id, shot_id, publication desc
           ) c using (provider, match_id, shot_id)
           where e.model_version = :version
           order by m.match_date, s.provider, s.match_id, s.event_n""",
        {"version": model_version},
    )
    names = connection.scalar(
        text("select feature_names from model_version where model_version = :version"),
        {"version": model_version},
    )
    features = _matrix(frame.pop("feature_values"), len(names or ()))
    shap_values = _matrix(frame.pop("shap_values"), len(names or ()))
    return pd.concat(
        [
            frame,
            pd.DataFrame(features, columns=names, index=frame.index),
            pd.DataFrame(shap_values, columns=[f"shap_{name}" for name in names or ()], index=frame.index),
        ],
        axis="columns",
    )


def save_global(connection: Connection, model_version: str, rows: "pd.DataFrame") -> None:
    """Replace a model's summaries.

    Parameters
    ----------
    rows
        ``scope, scope_id, scope_label, feature, n_shots, mean_abs, mean``.
    """
    connection.execute(
        text("delete from global_explanation where model_version = :version"), {"version": model_version}
    )
    columns = ("scope", "scope_id", "scope_label", "feature", "n_shots", "mean_abs", "mean")
    values = rows[list(columns)].itertuples(index=False, name=None)
    copy_rows(
        connection, "global_explanation", ("model_version", *columns), ((model_version, *v) for v in values)
    )


def save_interactions(
    connection: Connection, model_version: str, n_shots: int, pairs: "pd.DataFrame"
) -> None:
    """Replace a model's mean |interaction| of every pair: ``feature, partner, mean_abs``."""
    connection.execute(
        text("delete from interaction_explanation where model_version = :version"), {"version": model_version}
    )
    rows = (
        (model_version, *sorted((feature, partner)), n_shots, mean_abs)
        for feature, partner, mean_abs in pairs[["feature", "partner", "mean_abs"]].itertuples(
            index=False, name=None
        )
    )
    copy_rows(
        connection,
        "interaction_explanation",
        ("model_version", "feature", "partner", "n_shots", "mean_abs"),
        rows,
    )


def read_interactions(connection: Connection, model_version: str) -> list[dict[str, object]]:
    """``feature, partner, n_shots, mean_abs`` of every pair, the strongest first."""
    rows = connection.execute(
        text(
            """select feature, partner, n_shots, mean_abs from interaction_explanation
               where model_version = :version order by mean_abs desc, feature, partner"""
        ),
        {"version": model_version},
    )
    return [dict(row._mapping) for row in rows]


def save_shot_interactions(
    connection: Connection, model_version: str, shots: "pd.DataFrame", interactions: FloatArray
) -> None:
    """Keep the interaction matrices of these shots, (n, features, features), and of no others."""
    connection.execute(
        text("delete from shot_interaction where model_version = :version"), {"version": model_version}
    )
    keys = shots[[*_SHOT_KEY, "features_hash"]].itertuples(index=False, name=None)
    rows = (
        (*key[:3], model_version, key[3], matrix.ravel())
        for key, matrix in zip(keys, interactions, strict=True)
    )
    columns = (*_SHOT_KEY, "model_version", "features_hash", "interaction_values")
    copy_rows(connection, "shot_interaction", columns, rows)


def save_check(connection: Connection, model_version: str, check: Mapping[str, object]) -> None:
    """Note how a model's explanations were computed, how exactly they add up, and the library's verdict."""
    connection.execute(
        text(
            """insert into explanation_check (model_version, method, space, n_shots, additivity_max_error,
                                              library_max_error, n_library_sample, seconds)
               values (:version, :method, :space, :n_shots, :additivity_max_error, :library_max_error,
                       :n_library_sample, :seconds)
               on conflict (model_version) do update set method = excluded.method, space = excluded.space,
                   n_shots = excluded.n_shots, additivity_max_error = excluded.additivity_max_error,
                   library_max_error = excluded.library_max_error,
                   n_library_sample = excluded.n_library_sample, seconds = excluded.seconds"""
        ),
        {"version": model_version} | dict(check),
    )


def read_check(connection: Connection, model_version: str) -> dict[str, object] | None:
    """How a model's explanations were computed."""
    row = connection.execute(
        text("select * from explanation_check where model_version = :version"), {"version": model_version}
    ).one_or_none()
    return dict(row._mapping) if row else None


def _matrix(column: "pd.Series", width: int) -> FloatArray:
    return np.array(column.to_list(), dtype=np.float64).reshape(-1, width)
