"""Stored shots as somebody at a pitch to play with asks for them: by a few letters, or by their keys."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, text

from xgoals.domain.names import common_name


@dataclass(frozen=True, slots=True)
class FoundShot:
    """A shot in a list.

    Attributes
    ----------
    player
        As people know him; None where nobody is named.
    match
        "Home – Away".
    xg
        The latest published number; None where there is none.
    card_n
        Which card of its match's page is this shot's, from 1.
    """

    shot_key: int
    provider: str
    match_id: str
    shot_id: str
    player: str | None
    team: str
    match: str
    season: str | None
    match_date: date
    period: int
    minute: int
    xg: float | None
    outcome: str
    is_goal: bool
    card_n: int


_SHOTS = """
    select s.shot_key, s.provider, s.match_id, s.shot_id, coalesce(p.short_name, p.name) as player, t.name as team,
           home.name || ' – ' || away.name as match, m.season, m.match_date, s.period, s.minute, published.xg,
           s.outcome, s.is_goal,
           (select count(*) from shot o
            where (o.provider, o.match_id) = (s.provider, s.match_id) and o.withdrawn_at is null
              and (o.period, o.minute, coalesce(o.second, 0), o.shot_id collate "C")
                  <= (s.period, s.minute, coalesce(s.second, 0), s.shot_id collate "C"))::int as card_n
    from {shots} s
    join match m using (provider, match_id)
    join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
    join team home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
    join team away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
    left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
    left join lateral (
        select x.xg from shot_xg x where x.shot_key = s.shot_key and x.publication is not null
        order by x.publication desc limit 1
    ) published on true"""

_NEWEST_MATCHES = 10
_FOLDED = r"lower(regexp_replace(normalize({name}, NFKD), '[\u0300-\u036f]', '', 'g'))"
"""A name as it is looked for: without accents, and small."""


def search_shots(connection: Connection, words: str, *, limit: int) -> list[FoundShot]:
    """The shots of which every word is a part of the player's, the team's or the match's name; newest first.

    Parameters
    ----------
    words
        What was typed; small and capital letters, and letters with and without accents, are the same. Without any
        word, the best chances of the newest matches are found: something to start from.
    """
    if not words.split():
        return _best_of_the_newest(connection, limit)
    player, club = (_FOLDED.format(name=name) for name in ("concat(name, ' ', short_name)", "name"))
    asked = _FOLDED.format(name="cast(w as text)")
    rows = connection.execute(
        text(
            f"""with players as materialized (select provider, player_id, {player} as folded from player),
                     clubs as materialized (select provider, team_id, {club} as folded from team),
                     asked as materialized (select '%' || {asked} || '%' as part from unnest(cast(:words as text[])) w),
                     chosen as (
                         select s.* from shot s
                         join match m using (provider, match_id)
                         join clubs home on (home.provider, home.team_id) = (m.provider, m.home_team_id)
                         join clubs away on (away.provider, away.team_id) = (m.provider, m.away_team_id)
                         left join players p on (p.provider, p.player_id) = (s.provider, s.player_id)
                         where s.withdrawn_at is null and s.x_m is not null and s.y_m is not null
                           and concat(p.folded, ' ', home.folded, ' ', away.folded, ' ', m.season, ' ', m.match_date)
                               like all (array(select part from asked))
                         order by m.match_date desc, s.provider, s.match_id, s.event_n limit :limit)
                {_SHOTS.format(shots="chosen")}
                order by m.match_date desc, s.provider, s.match_id, s.event_n"""  # noqa: S608
        ),
        {"words": [_plainly(word) for word in words.split()], "limit": limit},
    )
    return _found(rows)


def _best_of_the_newest(connection: Connection, limit: int) -> list[FoundShot]:
    rows = connection.execute(
        text(
            f"""with newest as materialized (
                    select provider, match_id from match m
                    where exists (select from shot s where (s.provider, s.match_id) = (m.provider, m.match_id)
                                                       and s.withdrawn_at is null and s.x_m is not null)
                    order by match_date desc, provider, match_id limit {_NEWEST_MATCHES}),
                 chosen as (select s.* from shot s join newest using (provider, match_id)
                            where s.withdrawn_at is null and s.x_m is not null and s.y_m is not null
                              and not s.is_penalty)
                {_SHOTS.format(shots="chosen")}
                order by published.xg desc nulls last, s.provider, s.match_id, s.event_n limit :limit"""  # noqa: S608
        ),
        {"limit": limit},
    )
    return _found(rows)


def shots_with_keys(connection: Connection, shot_keys: Collection[int]) -> list[FoundShot]:
    """These shots, in the order of their keys given; one that its feed took back is not among them."""
    rows = connection.execute(
        text(f"{_SHOTS.format(shots='shot')} where s.shot_key = any(:keys) and s.withdrawn_at is null"),
        {"keys": list(shot_keys)},
    )
    place = {key: n for n, key in enumerate(shot_keys)}
    return sorted(_found(rows), key=lambda shot: place[shot.shot_key])


def _found(rows: Iterable[Row[tuple[object, ...]]]) -> list[FoundShot]:
    found = [dict(row._mapping) for row in rows]
    return [FoundShot(**row | {"player": row["player"] and common_name(row["player"])}) for row in found]


def _plainly(word: str) -> str:
    """A word in which nothing stands for other letters."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def page_of_match(connection: Connection, provider: str, match_id: str) -> str | None:
    """Where the registered page of a match lies; None where none was written."""
    query = text("select path from report where kind = 'match' and scope_id = :scope")
    found: str | None = connection.scalar(query, {"scope": f"{provider}-{match_id}"})
    return found
