"""What reasons are compared with and judged by: a champion's frozen window, and the models of its halves."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from xgoals.domain.model import ModelVersion
from xgoals.store.bulk.arrays import read_arrays
from xgoals.store.database import copy_frame, read_frame
from xgoals.store.schema.seals import is_sealed, seal_rows

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE = {"row": int, "person_n": int, "x_m": float, "y_m": float, "is_teammate": bool, "is_keeper": bool}


@dataclass(frozen=True, slots=True)
class StoredReference:
    """The shots that a model has learned from, packed, and the mean xG of those that are no penalties."""

    content: bytes
    sha256: str
    average_xg: float


@dataclass(frozen=True, slots=True)
class StoredRefit:
    """A model of one half of the matches: see ``model_refit``."""

    refit: int
    half: int
    cut: int
    average_xg: float
    booster: bytes
    sha256: str
    is_sealed: bool = True


def read_window(
    connection: Connection, model: ModelVersion
) -> "tuple[pd.DataFrame, pd.DataFrame, npt.NDArray[np.float64]]":
    """What a model has learned from, as it is stored today: shots, people, features (n, p).

    Returns
    -------
    shots
        As :func:`read_scenes` has them, with ``is_goal`` and ``xg_out_of_fold``.
    people
        As :func:`read_scenes` has them.
    features
        In the model's order.
    """
    keys = connection.scalars(
        text(
            """select f.features_key from out_of_fold o join shot_feature f using (shot_key)
               where o.model_version = :version and f.is_current
                 and (f.catalogue, f.catalogue_version) = (:catalogue, :catalogue_version)
               order by f.features_key"""
        ),
        {
            "version": model.model_version,
            "catalogue": model.catalogue,
            "catalogue_version": model.catalogue_version,
        },
    ).all()
    shots, people, features = read_scenes(connection, keys, len(model.feature_names))
    out_of_fold = read_frame(
        connection,
        """select o.xg from unnest(cast(:keys as bigint[])) with ordinality as a (shot_key, n)
           join out_of_fold o on (o.shot_key, o.model_version) = (a.shot_key, :version) order by a.n""",
        {"keys": shots["shot_key"].tolist(), "version": model.model_version},
    )
    return shots.assign(xg_out_of_fold=out_of_fold["xg"].to_numpy()), people, features


def read_scenes(
    connection: Connection, features_keys: Iterable[int], n_features: int
) -> "tuple[pd.DataFrame, pd.DataFrame, npt.NDArray[np.float64]]":
    """Shots with their people and features, in the order of the keys.

    Returns
    -------
    shots
        ``features_key, shot_key, provider, match_id, shot_id, is_goal, x_m, y_m, pitch_length_m, body_part,
        shot_type``.
    people
        ``row`` (position of the shot), ``person_n, x_m, y_m, is_teammate, is_keeper``, by row and number.
    features
        (n, n_features).
    """
    keys = [int(key) for key in features_keys]
    shots = read_frame(
        connection,
        """select a.features_key, s.shot_key, s.provider, s.match_id, s.shot_id, s.is_goal, s.x_m, s.y_m,
                  m.pitch_length_m, s.body_part, s.shot_type
           from unnest(cast(:keys as bigint[])) with ordinality as a (features_key, n)
           join shot_feature f using (features_key) join shot s using (shot_key)
           join match m using (provider, match_id) order by a.n""",
        {"keys": keys},
    )
    people = copy_frame(
        connection,
        f"""select (a.n - 1)::int as row, p.person_n, p.x_m, p.y_m, p.is_teammate, p.is_keeper
            from unnest('{{{",".join(map(str, shots["shot_key"]))}}}'::bigint[]) with ordinality as a (shot_key, n)
            join shot_position p using (shot_key) order by a.n, p.person_n""",  # noqa: S608  (whole numbers)
    ).astype(_PEOPLE)  # where nobody's position is known, COPY says of no column what it holds
    found = read_arrays(
        connection,
        """select f.feature_values from unnest(%(keys)s::bigint[]) with ordinality as a (features_key, n)
           join shot_feature f using (features_key) order by a.n""",
        {"keys": keys},
        {"feature_values": ("f8", n_features)},
    )
    return shots, people, found["feature_values"]


def load_reference(connection: Connection, model_version: str) -> StoredReference | None:
    """A model's frozen window; None where there is none."""
    row = connection.execute(
        text("select content, sha256, average_xg from model_reference where model_version = :version"),
        {"version": model_version},
    ).one_or_none()
    return StoredReference(bytes(row.content), row.sha256, row.average_xg) if row else None


def forget_reference(connection: Connection, model_version: str) -> None:
    """Remove a model's frozen window; the reasons that it gave stay."""
    connection.execute(
        text("delete from model_reference where model_version = :version"), {"version": model_version}
    )


def save_reference(
    connection: Connection, model_version: str, reference: StoredReference, n_shots: int
) -> None:
    """Keep what a model has learned from; what is kept already stays."""
    connection.execute(
        text(
            """insert into model_reference (model_version, n_shots, average_xg, content, sha256)
               values (:version, :n_shots, :average_xg, :content, :sha256) on conflict do nothing"""
        ),
        {
            "version": model_version,
            "n_shots": n_shots,
            "average_xg": reference.average_xg,
            "content": reference.content,
            "sha256": reference.sha256,
        },
    )


def load_refits(connection: Connection, model_version: str) -> Iterator[StoredRefit]:
    """The refits of a model, by number and half."""
    rows = connection.execute(
        text(
            f"""select refit, half, cut, average_xg, booster, sha256, {is_sealed("model_refit")} from model_refit
               where model_version = :version order by refit, half"""  # noqa: S608
        ),
        {"version": model_version},
    )
    return (
        StoredRefit(
            row.refit, row.half, row.cut, row.average_xg, bytes(row.booster), row.sha256, row.is_sealed
        )
        for row in rows
    )


def save_refits(connection: Connection, model_version: str, refits: Iterable[StoredRefit]) -> None:
    """Put these in place of a model's refits."""
    connection.execute(
        text("delete from model_refit where model_version = :version"), {"version": model_version}
    )
    for refit in refits:
        connection.execute(
            text(
                """insert into model_refit (model_version, refit, half, cut, average_xg, booster, sha256)
                   values (:version, :refit, :half, :cut, :average_xg, :booster, :sha256)"""
            ),
            {
                "version": model_version,
                "refit": refit.refit,
                "half": refit.half,
                "cut": refit.cut,
                "average_xg": refit.average_xg,
                "booster": refit.booster,
                "sha256": refit.sha256,
            },
        )
    seal_rows(connection, "model_refit", model_version)


def forget_others(connection: Connection, kept: Collection[str]) -> None:
    """Remove the frozen windows and refits of all models but these; the reasons that they gave stay."""
    for table in ("model_refit", "model_reference"):
        connection.execute(
            text(f"delete from {table} where model_version <> all(:kept)"),  # noqa: S608
            {"kept": list(kept)},
        )
