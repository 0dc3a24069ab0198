"""Reasons of published numbers: which are due, and what is stored of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from xgoals.domain.reason import Actor, Part, PartValue, ShotReasons, is_told
from xgoals.store.database import copy_rows, read_frame
from xgoals.store.explanations import OF_MATCHES, key_lists

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

_LATEST = """
    select distinct on (x.shot_key) x.shot_key, x.features_key, x.model_version, x.xg, x.sister
    from shot_xg x where x.publication is not null order by x.shot_key, x.publication desc"""


def due_shots(connection: Connection, model_version: str) -> "pd.DataFrame":
    """The published numbers of a model that have no reasons, or reasons of another number.

    Returns
    -------
    DataFrame
        ``features_key, shot_key, xg, sister, provider, match_id`` (sister 0 is the champion itself): matches that are
        owed a page first, then the newest.
    """
    return read_frame(
        connection,
        f"""select l.features_key, l.shot_key, l.xg, coalesce(l.sister, 0) as sister, s.provider, s.match_id
            from ({_LATEST}) l join shot s using (shot_key) join match m using (provider, match_id)
            left join match_news n using (provider, match_id)
            left join shot_reason r using (features_key, model_version)
            where l.model_version = :version and s.withdrawn_at is null
              and (r.features_key is null or abs(r.xg - l.xg) > 1e-9)
            order by coalesce(n.page = 'due', false) desc, m.match_date desc, s.provider, s.match_id, s.event_n""",  # noqa: S608
        {"version": model_version},
    )


def save_reasons(connection: Connection, model_version: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put these in place of what is stored of the same numbers.

    Parameters
    ----------
    rows
        Columns of ``shot_reason`` but the model's, and ``actors``: columns of ``shot_actor`` of each.
    """
    _delete(connection, model_version, [row["features_key"] for row in rows])
    columns = (
        "features_key", "xg", "average_xg", "parts", "sd", "same_sign", "first", "held", "n_refits",
        "reference_keys", "farthest_m", "empty_xg",
    )  # fmt: skip
    copy_rows(
        connection,
        "shot_reason",
        ("model_version", *columns),
        ((model_version, *(row[name] for name in columns)) for row in rows),
    )
    of_actor = ("person_n", "is_keeper", "player_n", "value", "removed_xg", "is_ordinary")
    copy_rows(
        connection,
        "shot_actor",
        ("features_key", "model_version", *of_actor),
        (
            (row["features_key"], model_version, *(actor[name] for name in of_actor))
            for row in rows
            for actor in row["actors"]
        ),
    )


def _delete(connection: Connection, model_version: str, features_keys: Sequence[int]) -> None:
    connection.execute(
        text("delete from shot_reason where model_version = :version and features_key = any(:keys)"),
        {"version": model_version, "keys": list(features_keys)},
    )


def owe_pages(connection: Connection, matches: Collection[tuple[str, str]]) -> None:
    """Pages of these matches that were written without reasons are written again when there is time."""
    connection.execute(
        text(f"update match_news s set page = 'later' where page = 'written' and {OF_MATCHES}"),  # noqa: S608
        key_lists(matches),
    )


def forget_people(connection: Connection, shot_keys: Collection[int]) -> None:
    """The positions of these shots are others now: who took what goes, and reasons go where they can be had anew."""
    connection.execute(
        text(
            """delete from shot_reason r using shot_feature f, model_reference m
               where f.shot_key = any(:keys) and r.features_key = f.features_key
                 and r.model_version = m.model_version"""
        ),
        {"keys": list(shot_keys)},
    )
    connection.execute(
        text(
            """delete from shot_actor a using shot_feature f
               where f.shot_key = any(:keys) and a.features_key = f.features_key"""
        ),
        {"keys": list(shot_keys)},
    )


def read_reasons(connection: Connection, matches: Collection[tuple[str, str]]) -> dict[int, ShotReasons]:
    """The reasons of the latest published number of every shot of some matches, by ``shot_key``.

    A shot without any is not in it: its number was published by a model that gives none any more, or its reasons are
    still to come.
    """
    rows = connection.execute(
        text(
            f"""select l.shot_key, r.* from ({_LATEST}) l join shot s using (shot_key)
                join shot_reason r using (features_key, model_version)
                where s.withdrawn_at is null and {OF_MATCHES} order by l.shot_key"""  # noqa: S608
        ),
        key_lists(matches),
    ).all()
    keys = [row.features_key for row in rows]
    actors: dict[tuple[int, str], list[Actor]] = {}
    for actor in connection.execute(
        text(
            "select * from shot_actor where features_key = any(:keys) order by not is_keeper, value, person_n"
        ),
        {"keys": keys},
    ):
        found = Actor(
            *(
                actor.person_n,
                actor.is_keeper,
                actor.player_n,
                actor.value,
                actor.removed_xg,
                actor.is_ordinary,
            )
        )
        actors.setdefault((actor.features_key, actor.model_version), []).append(found)
    return {
        row.shot_key: _reasons(row, tuple(actors.get((row.features_key, row.model_version), ())))
        for row in rows
    }


def _reasons(row: Any, actors: tuple[Actor, ...]) -> ShotReasons:
    order = tuple(Part)
    is_penalty = row.first is None and all(value != value for value in row.parts)
    parts = {
        part: _part(*values)
        for part, *values in zip(order, row.parts, row.sd, row.same_sign, strict=True)
        if not is_penalty
    }
    return ShotReasons(
        average_xg=row.average_xg,
        xg=row.xg,
        parts=parts,
        first=None if row.first is None else order[row.first],
        held_in=row.held,
        n_refits=row.n_refits,
        references=tuple(row.reference_keys),
        farthest_m=row.farthest_m,
        empty_xg=row.empty_xg,
        actors=actors,
    )


def _part(value: float, sd: float, same_sign: int) -> PartValue:
    if value != value:
        return PartValue(None)
    return PartValue(value, None if sd != sd else sd, same_sign, is_told(value, sd, same_sign))
