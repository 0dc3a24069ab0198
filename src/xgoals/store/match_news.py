"""What is still owed about each match: its page, and the word about it in a mail.

Whoever publishes a number notes the debt in the same transaction; it is settled in the transaction that registers
the page, or queues the mail. So a run that fails in between, or is killed, leaves what it owes to the next.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, text

from xgoals.store.told.matches import TOLD_MATCH

Key = tuple[str, str]
"""Provider and match id."""


def _of_keys(alias: str = "") -> str:
    """That a row is of one of the matches that `_arrays` has made parameters of."""
    columns = f"({alias}provider, {alias}match_id)"
    return f"{columns} in (select * from unnest(cast(:providers as text[]), cast(:match_ids as text[])))"  # noqa: S608


_OF_KEYS = _of_keys()


class PublishedShot(NamedTuple):
    """A shot as it was published, in the order in which ``match_news.told`` keeps it."""

    is_goal: bool
    xg: float
    player: str | None
    team: str
    period: int
    minute: int


Published = dict[str, PublishedShot]
"""The published shots of a match by shot id."""
Change = tuple[PublishedShot | None, PublishedShot | None]
"""A shot as it was told and as it is published now; None: not there."""

BATCH = 500
"""Matches whose shots are held at once."""

_PUBLISHED = """
    select s.provider, s.match_id, s.shot_id, s.is_goal, x.xg, coalesce(p.short_name, p.name) as player,
           t.name as team, s.period, s.minute
    from (select * from shot where withdrawn_at is null) s
    join team t on (t.provider, t.team_id) = (s.provider, s.team_id)
    left join player p on (p.provider, p.player_id) = (s.provider, s.player_id)
    join lateral (select xg from shot_xg where shot_key = s.shot_key and publication is not null
                  order by publication desc limit 1) x on true"""

_RENAMED = f"""report r
    join {TOLD_MATCH} m on (m.provider, m.match_id) = (r.facts ->> 'provider', r.facts ->> 'match_id')
    where r.facts ->> 'competition' <> m.competition"""


@dataclass(frozen=True, slots=True)
class MatchNews:
    """A match of which something was published that no mail has told.

    Attributes
    ----------
    changes
        The shots of which people were told otherwise, in the order of the match; None: nothing was told of it before.
    """

    provider: str
    match_id: str
    changes: tuple[Change, ...] | None

    @property
    def key(self) -> Key:
        """Provider and match id."""
        return self.provider, self.match_id


def note_corrections(connection: Connection) -> None:
    """Matches whose data changed after their page was written are owed a page, and a word."""
    connection.execute(
        text(
            """insert into match_news (provider, match_id)
               select m.provider, m.match_id
               from report r join match m on (m.provider, m.match_id) = (r.facts ->> 'provider', r.facts ->> 'match_id')
               where r.kind = 'match' and m.fingerprint <> r.facts ->> 'fingerprint'
               order by 1, 2
               on conflict (provider, match_id) do update set page = 'due', mail_due = true"""
        )
    )


def note_renamed(connection: Connection) -> list[str]:
    """Matches whose competition is called otherwise than on their page are owed one; pages of rounds that are gone.

    A season is called otherwise once a second provider tells of one of its name. The rounds' pages are forgotten; where
    they lie is returned.
    """
    connection.execute(
        text(
            f"""insert into match_news (provider, match_id, page, mail_due)
                select m.provider, m.match_id, 'due', false from {_RENAMED} and r.kind = 'match'
                order by 1, 2
                on conflict (provider, match_id) do update set page = 'due'"""  # noqa: S608
        )
    )
    gone = connection.scalars(
        text(
            f"""delete from report where (kind, scope_id) in (
                    select r.kind, r.scope_id from {_RENAMED} and r.kind = 'matchday')
                returning path"""  # noqa: S608
        )
    )
    return list(gone)


def pages_owed(connection: Connection, state: Literal["due", "later"]) -> set[Key]:
    """The matches that are owed a page: now, or some time later."""
    rows = connection.execute(
        text("select provider, match_id from match_news where page = :state"), {"state": state}
    )
    return {(row.provider, row.match_id) for row in rows}


def owe_pages(connection: Connection, keys: Iterable[Key]) -> None:
    """These matches' pages are to be written anew, though nothing is to be told."""
    connection.execute(
        text(
            """insert into match_news (provider, match_id, page, mail_due)
               select provider, match_id, 'due', false
               from unnest(cast(:providers as text[]), cast(:match_ids as text[])) as k (provider, match_id)
               order by 1, 2
               on conflict (provider, match_id) do update set page = 'due'"""
        ),
        _arrays(keys),
    )


def settle_pages(connection: Connection, keys: Iterable[Key], state: Literal["written", "later"]) -> None:
    """These pages are written, or put off.

    Rows are locked in the order in which `read_news` and `xgoals.store.published.publish` lock them: the end of another
    run tells its mails at the same time.
    """
    connection.execute(
        text(
            f"""with in_order as (
                    select provider, match_id from match_news where page <> :state and {_OF_KEYS}
                    order by provider, match_id for update)
                update match_news n set page = :state from in_order o
                where (n.provider, n.match_id) = (o.provider, o.match_id)"""  # noqa: S608
        ),
        _arrays(keys) | {"state": state},
    )


@dataclass(frozen=True, slots=True)
class Untold:
    """What no mail has told: of which matches, and what is new of those that have news for a reader."""

    keys: tuple[Key, ...]
    news: tuple[MatchNews, ...]


def read_news(connection: Connection) -> Untold:
    """What no mail has told; nobody publishes anything about these matches until the transaction has ended."""
    rows = connection.execute(
        text(
            """select provider, match_id, told from match_news where mail_due
               order by provider, match_id for update"""
        )
    )
    keys, news = list[Key](), list[MatchNews]()
    for batch in rows.partitions(BATCH):
        known = [(row.provider, row.match_id) for row in batch if row.told is not None]
        now = read_published(connection, known) if known else {}
        for provider, match_id, told in batch:
            keys.append((provider, match_id))
            if told is None:
                news.append(MatchNews(provider, match_id, None))
            elif changes := changed_shots(_as_published(told), now.get((provider, match_id), {})):
                news.append(MatchNews(provider, match_id, changes))
    return Untold(tuple(keys), tuple(news))


def changed_shots(told: Published, now: Published) -> tuple[Change, ...]:
    """Before and after of each shot of which people were told otherwise, in the order of the match."""
    pairs = [(told.get(shot_id), now.get(shot_id)) for shot_id in told.keys() | now.keys()]
    changed = [(old, new) for old, new in pairs if _as_told(old) != _as_told(new)]
    return tuple(sorted(changed, key=lambda pair: _when(pair[1] or pair[0])))


def keys_told(connection: Connection, keys: Collection[Key]) -> set[Key]:
    """Those of these matches that mails have told of."""
    statement = f"select provider, match_id from match_news where told is not null and {_OF_KEYS}"  # noqa: S608
    rows = connection.execute(text(statement), _arrays(keys))
    return {(row.provider, row.match_id) for row in rows}


def read_published(connection: Connection, keys: Collection[Key]) -> dict[Key, Published]:
    """The shots of these matches with the numbers that are published for them."""
    found: dict[Key, Published] = {}
    for provider, match_id, shot_id, *shot in connection.execute(
        text(f"{_PUBLISHED} where {_of_keys('s.')}"), _arrays(keys)
    ):
        found.setdefault((provider, match_id), {})[shot_id] = PublishedShot(*shot)
    return found


def settle_mails(connection: Connection, keys: Collection[Key]) -> None:
    """These matches are told, as far as anybody wants to hear of them: what is published now is what people know.

    Others may have got news since `read_news` was asked: another run publishes while the mails of this one are written.
    """
    connection.execute(
        text(
            f"""with now as (
                    select p.provider, p.match_id, jsonb_object_agg(p.shot_id, jsonb_build_array(
                               p.is_goal, p.xg, p.player, p.team, p.period, p.minute)) as shots
                    from ({_PUBLISHED} where {_of_keys("s.")}) p
                    group by p.provider, p.match_id)
                update match_news n set mail_due = false, told = now.shots
                from now where n.mail_due and (n.provider, n.match_id) = (now.provider, now.match_id)"""  # noqa: S608
        ),
        _arrays(keys),
    )
    connection.execute(
        text(f"update match_news set mail_due = false, told = '{{}}' where mail_due and {_OF_KEYS}"),  # noqa: S608
        _arrays(keys),
    )


def _arrays(keys: Iterable[Key]) -> dict[str, Any]:
    pairs = list(keys)
    return {
        "providers": [provider for provider, _ in pairs],
        "match_ids": [match_id for _, match_id in pairs],
    }


def _as_published(told: dict[str, list[Any]]) -> Published:
    return {shot_id: PublishedShot(*shot) for shot_id, shot in told.items()}


def _as_told(shot: PublishedShot | None) -> tuple[bool, str] | None:
    """What a person has read of it: another third decimal is no news."""
    return (shot.is_goal, f"{shot.xg:.2f}") if shot else None


def _when(shot: PublishedShot | None) -> tuple[int, int]:
    return (shot.period, shot.minute) if shot else (0, 0)
