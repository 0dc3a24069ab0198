"""The sisters of a model version, and which of them has not seen a match that the champion has learned from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text

from xgoals.domain.model import CHAMPION, ModelSister, SpeaksFor
from xgoals.store.bulk.arrays import read_arrays
from xgoals.store.database import as_json, copy_rows, read_frame
from xgoals.store.registry import load_model
from xgoals.store.schema.seals import is_sealed, seal_rows

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.model.artifact import Boosters

Key = tuple[str, str]
"""Provider and match id."""

_OF_MATCH = ("model_version", "provider", "match_id", "sister")
JOIN_SISTER = """left join model_match mm
               on (mm.model_version, mm.provider, mm.match_id) = (%(version)s, s.provider, s.match_id)
           left join model_sister face
               on mm.model_version is null and face.provider = s.provider and face.base = 0 and face.fold is null
                  and face.model_version = %(version)s"""
"""Brings a model's match (``mm``) to shots ``s``, and to those of other matches who has the provider's level."""
SISTER = "coalesce(mm.sister, face.sister, 0)"
"""The number of the sister that has not seen a shot's match, 0 for the champion itself.

Of a match that neither trees nor a level have learned from speaks the champion: with the provider's level where it has
one, as a sister of its own.
"""


@dataclass(frozen=True, slots=True)
class KnownMatch:
    """A stored match, or one of a champion's window as it was then, and whether the champion has learned from it.

    Attributes
    ----------
    is_learned
        Whether the champion has learned from it, or from what another feed tells of it.
    sister
        The sister that has not seen it, where there is one.
    """

    provider: str
    match_id: str
    match_date: date
    home_team: str
    away_team: str
    is_learned: bool
    sister: int | None


def sisters_by_match(
    providers: Iterable[str], match_ids: Iterable[str], sisters: Iterable[int]
) -> dict[Key, int]:
    """Of shots: which sister has not seen each of their matches."""
    return {
        (str(provider), str(match_id)): int(sister)
        for provider, match_id, sister in zip(providers, match_ids, sisters, strict=True)
    }


def save_sisters(
    connection: Connection,
    model_version: str,
    sisters: Sequence[ModelSister],
    matches: Mapping[Key, int | None],
) -> None:
    """Put these in place of a model's sisters, and note which of them has not seen each match of the window.

    With each match stands what it is called today, or was when the trees learned from it.
    """
    connection.execute(
        text("delete from model_sister where model_version = :version"), {"version": model_version}
    )
    for sister in sisters:
        connection.execute(
            text(
                """insert into model_sister (model_version, sister, booster, sha256, golden, provider, base, fold)
                   values (:version, :sister, :booster, :sha256, cast(:golden as jsonb), :provider, :base, :fold)"""
            ),
            {
                "version": model_version,
                "sister": sister.sister,
                "booster": sister.booster,
                "sha256": sister.sha256,
                "golden": as_json(dict(sister.golden)),
                "provider": sister.level.provider if sister.level else None,
                "base": sister.level.base if sister.level else None,
                "fold": sister.level.fold if sister.level else None,
            },
        )
    seal_rows(connection, "model_sister", model_version)
    called = _called_then(connection, model_version)
    connection.execute(
        text("delete from model_match where model_version = :version"), {"version": model_version}
    )
    nobody = (None, None, None)
    rows = (
        (model_version, *key, sister, *called.get(key, nobody)) for key, sister in sorted(matches.items())
    )
    copy_rows(connection, "model_match", (*_OF_MATCH, "match_date", "home_team", "away_team"), rows)
    connection.execute(
        text(
            """update model_match l set match_date = m.match_date, home_team = home.name, away_team = away.name
               from match m
               join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
               join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
               where l.model_version = :version and l.match_date is null
                 and (m.provider, m.match_id) = (l.provider, l.match_id)"""
        ),
        {"version": model_version},
    )


def _called_then(connection: Connection, model_version: str) -> dict[Key, tuple[date, str, str]]:
    """What matches were called when these trees learned from them: in this version, or the one that they come from."""
    rows = connection.execute(
        text(
            """select l.provider, l.match_id, l.match_date, l.home_team, l.away_team from model_match l
               where l.match_date is not null and l.model_version in (
                   select unnest(array[v.model_version, v.parent]) from model_version v
                   where v.model_version = :version)
               order by l.model_version = :version"""
        ),
        {"version": model_version},
    )
    return {(row.provider, row.match_id): (row.match_date, row.home_team, row.away_team) for row in rows}


def add_matches(connection: Connection, model_version: str, matches: Mapping[Key, int | None]) -> None:
    """Note which sister has not seen these matches, which another feed tells of as well."""
    rows = ((model_version, *key, sister) for key, sister in sorted(matches.items()))
    copy_rows(connection, "model_match", _OF_MATCH, rows)


def matches_of(connection: Connection, model_version: str) -> dict[Key, int | None]:
    """The matches that a version has learned from, and the sister that has not seen each of them."""
    rows = connection.execute(
        text("select provider, match_id, sister from model_match where model_version = :version"),
        {"version": model_version},
    )
    return {(row.provider, row.match_id): row.sister for row in rows}


def has_sisters(connection: Connection, model_version: str) -> bool:
    """Whether a model has sisters: one from before there were any has none."""
    query = text("select exists (select from model_sister where model_version = :version)")
    return bool(connection.scalar(query, {"version": model_version}))


def list_sisters(connection: Connection, model_version: str) -> list[dict[str, object]]:
    """``sister, sha256, n_matches`` (that she has not seen) of each of a model's sisters, by their numbers.

    ``provider, base, fold`` say whose level she has (None: nobody's), on whose trees, and which fold has not taught it.
    """
    rows = connection.execute(
        text(
            """select sister, sha256, provider, base, fold,
                      (select count(*) from model_match l
                       where (l.model_version, l.sister) = (s.model_version, s.sister)) as n_matches
               from model_sister s where model_version = :version order by sister"""
        ),
        {"version": model_version},
    )
    return [dict(row._mapping) for row in rows]


def load_boosters(connection: Connection, model_version: str) -> "Boosters":
    """A version's champion and sisters with their bytes, each to be proven when it is first asked.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    from xgoals.model.artifact import Boosters

    model = load_model(connection, model_version)
    rows = connection.execute(
        text(
            f"""select model_version, sister, booster, sha256, golden, provider, base, fold,
                      {is_sealed("model_sister")}
               from model_sister where model_version = :version order by sister"""  # noqa: S608
        ),
        {"version": model_version},
    )
    sisters = {
        row.sister: ModelSister(
            row.model_version,
            row.sister,
            bytes(row.booster),
            row.sha256,
            row.golden,
            None if row.provider is None else SpeaksFor(row.provider, row.base, row.fold),
            row.is_sealed,
        )
        for row in rows
    }
    return Boosters(model, sisters)


def sisters_of_matches(
    connection: Connection, model_version: str, matches: Collection[Key]
) -> dict[Key, int]:
    """Which sister speaks for each of these matches; those that the champion itself speaks for are not in it."""
    rows = connection.execute(
        text(
            """select s.provider, s.match_id, coalesce(mm.sister, face.sister) as sister
               from unnest(cast(:providers as text[]), cast(:ids as text[])) as s (provider, match_id)
               left join model_match mm
                   on (mm.model_version, mm.provider, mm.match_id) = (:version, s.provider, s.match_id)
               left join model_sister face
                   on mm.model_version is null and face.provider = s.provider and face.base = 0 and face.fold is null
                      and face.model_version = :version
               where coalesce(mm.sister, face.sister) is not null"""
        ),
        {
            "version": model_version,
            "providers": [provider for provider, _ in matches],
            "ids": [match_id for _, match_id in matches],
        },
    )
    return {(row.provider, row.match_id): row.sister for row in rows}


@dataclass(frozen=True, slots=True)
class Voices:
    """Who of a version speaks for matches that are not known to it.

    Attributes
    ----------
    bases
        By each sister with a level: whose trees she shares.
    faces
        By provider and base: who has the whole level.
    """

    bases: Mapping[int, int]
    faces: Mapping[tuple[str, int], int]

    def of(self, provider: str, told_as: int | None = CHAMPION) -> int:
        """Who speaks for a provider's match that has taught no level, 0 for the champion.

        Parameters
        ----------
        told_as
            Who speaks for the same match as another feed tells it: the trees have not seen it either.
        """
        base = CHAMPION if told_as is None else self.bases.get(told_as, told_as)
        return self.faces.get((provider, base), base)


def read_voices(connection: Connection, model_version: str) -> Voices:
    """Who speaks for what a version has not learned from."""
    rows = connection.execute(
        text(
            """select sister, provider, base, fold from model_sister
               where model_version = :version and provider is not null"""
        ),
        {"version": model_version},
    ).all()
    return Voices(
        {row.sister: row.base for row in rows},
        {(row.provider, row.base): row.sister for row in rows if row.fold is None},
    )


def shots_of_levels(connection: Connection, model_version: str) -> "pd.DataFrame":
    """``shot_key, sister``: of every shot of a provider with a level, who has the whole of it."""
    return read_frame(
        connection,
        """select s.shot_key, face.sister from model_sister face join shot s using (provider)
           where face.model_version = :version and face.base = 0 and face.fold is null and s.withdrawn_at is null""",
        {"version": model_version},
    )


def sisters_of_features(
    connection: Connection, model_version: str, features_keys: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Which of a model's boosters has said the number of these features, 0 for the champion, in their order; (n,)."""
    found = read_arrays(
        connection,
        """select coalesce(x.sister, 0)::bigint
           from unnest(%(keys)s::bigint[]) with ordinality as a (features_key, n)
           join shot_xg x on (x.features_key, x.model_version) = (a.features_key, %(version)s)
           order by a.n""",
        {"keys": features_keys.tolist(), "version": model_version},
        {"sister": "i8"},
    )
    return found["sister"]


def late_shots(connection: Connection, model_version: str) -> "pd.DataFrame":
    """``shot_key, sister`` of the shots that came to a match of the window after a model had learned from it."""
    return read_frame(
        connection,
        """select s.shot_key, l.sister
           from model_match l join shot s using (provider, match_id)
           where l.model_version = :version and l.sister is not null and s.withdrawn_at is null
             and not exists (select from out_of_fold o
                             where (o.model_version, o.shot_key) = (l.model_version, s.shot_key))""",
        {"version": model_version},
    )


def has_other_feeds(connection: Connection, model_version: str) -> bool:
    """Whether matches of a provider came that the window may hold by another one."""
    query = text(
        """select exists (
               select from match m
               where not exists (select from model_match l where (l.model_version, l.provider, l.match_id)
                                                               = (:version, m.provider, m.match_id))
                 and exists (select from model_match o where o.model_version = :version
                                                         and o.provider <> m.provider))"""
    )
    return bool(connection.scalar(query, {"version": model_version}))


def read_known_matches(connection: Connection, model_version: str) -> list[KnownMatch]:
    """Every stored match and every one of a champion's window, and whether the champion has learned from it.

    Those of the window by the day and the names that they had when it learned from them.
    """
    rows = connection.execute(
        text(
            """with stored as (
                   select m.provider, m.match_id, m.match_date, home.name as home_team, away.name as away_team
                   from match m
                   join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
                   join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)),
                   learned as (select * from model_match where model_version = :version)
               select provider, match_id, coalesce(l.match_date, m.match_date) as match_date,
                      coalesce(l.home_team, m.home_team) as home_team, coalesce(l.away_team, m.away_team) as away_team,
                      l.model_version is not null as is_learned, l.sister
               from stored m full join learned l using (provider, match_id)
               where coalesce(l.match_date, m.match_date) is not null
               order by provider, match_id"""
        ),
        {"version": model_version},
    )
    return [KnownMatch(**row._mapping) for row in rows]


def set_aside_what_had_seen(connection: Connection, model_version: str) -> int:
    """Take away numbers of the champion itself where there is a sister that has not seen the match; how many.

    Those that were published are kept in ``shot_xg_replaced``. What was added up from their explanations goes, too.
    """
    n_rows = connection.scalar(
        text(
            """with seen as (
                   delete from shot_xg x using shot_feature f, shot s, model_match l
                   where x.model_version = :version and x.sister is null
                     and f.features_key = x.features_key and f.is_current and s.shot_key = x.shot_key
                     and (l.model_version, l.provider, l.match_id) = (x.model_version, s.provider, s.match_id)
                     and l.sister is not null
                   returning x.shot_key, x.publication, x.model_version, x.xg, x.run_id),
               kept as (
                   insert into shot_xg_replaced (shot_key, publication, model_version, xg, run_id)
                   select * from seen where publication is not null)
               select count(*) from seen"""
        ),
        {"version": model_version},
    )
    if n_rows:
        for table in ("explanation_sum", "shot_interaction", "drift_sum"):
            connection.execute(
                text(f"delete from {table} where model_version = :version"),  # noqa: S608
                {"version": model_version},
            )
    return int(n_rows or 0)
