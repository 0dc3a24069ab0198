"""Numbers and explanations: what is missing under the champion is added; `xgoals.store.published` publishes it."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from xgoals.domain.model import ModelVersion
from xgoals.store.bulk.arrays import read_arrays
from xgoals.store.database import copy_rows, read_frame
from xgoals.store.sisters import JOIN_SISTER, SISTER

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]
SCORED_BY = "x.model_version || coalesce('/' || x.sister, '')"
"""Who said a number of ``shot_xg x``, as `xgoals.domain.model.scored_by` names it."""


def unexplained(connection: Connection, model: ModelVersion) -> dict[str, npt.NDArray[np.int64]]:
    """The shots that a model has not explained under their present features, by date, match and event.

    Returns
    -------
    dict
        ``features_key, shot_key, sister`` (the number of the one that has not seen the match, 0 for the champion),
        each of shape (n,).
    """
    return read_arrays(
        connection,
        f"""select f.features_key, f.shot_key, {SISTER}::bigint
           from shot_feature f join shot s using (shot_key) join match m using (provider, match_id)
           {JOIN_SISTER}
           where f.is_current and (f.catalogue, f.catalogue_version) = (%(catalogue)s, %(catalogue_version)s)
             and not exists (select from shot_explanation e
                             where (e.features_key, e.model_version) = (f.features_key, %(version)s))
           order by m.match_date, s.provider, s.match_id, s.event_n""",  # noqa: S608
        {
            "catalogue": model.catalogue,
            "catalogue_version": model.catalogue_version,
            "version": model.model_version,
        },
        {"features_key": "i8", "shot_key": "i8", "sister": "i8"},
    )


def save_explanations(
    connection: Connection,
    model_version: str,
    shots: "Mapping[str, npt.ArrayLike]",
    *,
    shap_values: FloatArray,
    group_values: FloatArray,
    base_value: float,
    predictions: FloatArray,
    xg: FloatArray,
    run_id: str,
) -> None:
    """Add numbers and explanations of n shots; `xgoals.store.published.publish` then publishes what is due.

    Parameters
    ----------
    shots
        ``features_key, shot_key, sister``, n rows that this model has not explained yet.
    shap_values
        Shape (n, features), in the model's order.
    group_values
        Shape (n, groups), in the order in which the catalogue first names the groups.
    predictions, xg
        Shape (n,): in the space of the explanation, and as probability.
    """
    features_keys, shot_keys, sisters = (
        np.asarray(shots[name]).tolist() for name in ("features_key", "shot_key", "sister")
    )
    copy_rows(
        connection,
        "shot_xg",
        ("features_key", "shot_key", "model_version", "sister", "xg", "run_id"),
        (
            (*keys, model_version, sister or None, float(x), run_id)
            for *keys, sister, x in zip(features_keys, shot_keys, sisters, xg, strict=True)
        ),
    )
    columns = ("features_key", "model_version", "base_value", "prediction", "shap_values", "group_values")
    rows = (
        (features_key, model_version, base_value, float(prediction), *arrays)
        for features_key, prediction, *arrays in zip(
            features_keys, predictions, shap_values, group_values, strict=True
        )
    )
    copy_rows(connection, "shot_explanation", columns, rows)


OF_MATCHES = """(s.provider, s.match_id) in (
    select * from unnest(cast(:providers as text[]), cast(:ids as text[])))"""
"""Shots ``s`` of the matches that `key_lists` has made parameters of."""


def key_lists(matches: Collection[tuple[str, str]]) -> dict[str, list[str]]:
    """Provider and id of matches as the parameters of `OF_MATCHES`."""
    return {
        "providers": [provider for provider, _ in matches],
        "ids": [match_id for _, match_id in matches],
    }


def read_explained(
    connection: Connection,
    model_version: str,
    *,
    matches: Collection[tuple[str, str]] | None = None,
) -> "pd.DataFrame":
    """Every shot (or those of some matches) with this model's explanation under the shot's present features.

    Parameters
    ----------
    matches
        Only of these matches: provider and id. What is asked of a few costs little, whatever else is stored.

    Returns
    -------
    DataFrame
        ``shot_key, provider, match_id, shot_id, competition, season, matchday, match_date, home_team, away_team, team,
        opponent, player, period, minute, second, x_m, y_m, pitch_length_m, pitch_width_m, body_part, shot_type,
        outcome, is_goal, is_penalty, provider_xg, is_simulated, xg, published_xg, base_value, prediction,
        model_version, scored_by, sister (0: the champion itself), has_seen_match, features_key``, the features by
        name, ``shap_<feature>`` for each, and ``group_<group>`` for each group of features; ordered by date, match,
        event.
    """
    chosen, parameters = [], dict[str, object](version=model_version)
    if matches is not None:
        chosen.append(f"and {OF_MATCHES}")
        parameters |= key_lists(matches)
    frame = read_frame(
        connection,
        f"""select f.shot_key, s.provider, s.match_id, s.shot_id, m.competition, m.season, m.matchday, m.match_date,
                  home.name as home_team, away.name as away_team, t.name as team,
                  case when s.team_id = m.home_team_id then away.name else home.name end as opponent,
                  coalesce(p.short_name, p.name) as player, s.period, s.minute, s.second, s.x_m, s.y_m,
                  m.pitch_length_m, m.pitch_width_m, s.body_part, s.shot_type, s.outcome, s.is_goal, s.is_penalty,
                  s.provider_xg, m.is_simulated, x.xg, c.xg as published_xg, e.base_value, e.prediction,
                  e.model_version, {SCORED_BY} as scored_by, coalesce(x.sister, 0)::int as sister,
                  x.sister is null and l.model_version is not null as has_seen_match, e.features_key, f.feature_values,
                  e.shap_values, e.group_values
           from shot_explanation e
           join shot_feature f using (features_key)
           join shot_xg x using (features_key, model_version)
           join shot s on s.shot_key = f.shot_key
           join match m using (provider, match_id)
           join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
           join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
           join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
           left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
           left join model_match l
               on (l.model_version, l.provider, l.match_id) = (e.model_version, s.provider, s.match_id)
           left join lateral (
               select xg from shot_xg where shot_key = f.shot_key and publication is not null
               order by publication desc limit 1
           ) c on true
           where e.model_version = :version and f.is_current {" ".join(chosen)}
           order by m.match_date, s.provider, s.match_id, s.event_n""",  # noqa: S608
        parameters,
    )
    return widened(frame, definitions_of(connection, model_version))


def definitions_of(connection: Connection, model_version: str) -> list[dict[str, Any]]:
    """The features of a model, as its catalogue defines them."""
    definitions = connection.scalar(
        text(
            """select c.features from feature_catalogue c join model_version v
                   on (v.catalogue, v.catalogue_version) = (c.catalogue, c.version)
               where v.model_version = :version"""
        ),
        {"version": model_version},
    )
    return list(definitions or ())


def widened(frame: "pd.DataFrame", definitions: list[dict[str, Any]]) -> "pd.DataFrame":
    """The arrays of values as one column a feature, ``shap_<feature>``, ``group_<group>``."""
    import pandas as pd

    names = [definition["name"] for definition in definitions]
    groups = list(dict.fromkeys(definition["group"] for definition in definitions))
    blocks = {
        "feature_values": names,
        "shap_values": [f"shap_{name}" for name in names],
        "group_values": [f"group_{group}" for group in groups],
    }
    wide = [
        pd.DataFrame(_matrix(frame.pop(block), len(columns)), columns=columns, index=frame.index)
        for block, columns in blocks.items()
    ]
    return pd.concat([frame, *wide], axis="columns")


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


def interaction_keys(connection: Connection, model_version: str) -> set[int]:
    """The ``features_key`` of the shots whose interaction matrices are kept."""
    query = text("select features_key from shot_interaction where model_version = :version")
    return set(connection.scalars(query, {"version": model_version}))


def save_shot_interactions(
    connection: Connection, model_version: str, features_keys: npt.NDArray[np.int64], interactions: FloatArray
) -> None:
    """Keep the interaction matrices of these shots, (n, features, features), and of no others."""
    connection.execute(
        text("delete from shot_interaction where model_version = :version"), {"version": model_version}
    )
    rows = (
        (key, model_version, matrix.ravel())
        for key, matrix in zip(features_keys.tolist(), interactions, strict=True)
    )
    columns = ("features_key", "model_version", "interaction_values")
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
