"""Matches, shots and scenes: one transaction a match, and only what changed is written."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from xgoals.domain.errors import FeedError
from xgoals.domain.match import Match
from xgoals.domain.scene import MatchRecord
from xgoals.store import match_rows as rows
from xgoals.store.arrivals.told_names import begin_names, save_names
from xgoals.store.database import analyse


@dataclass(frozen=True, slots=True)
class Written:
    """The ids of the shots that writing a match has touched; unchanged ones are in none of the three.

    One that was withdrawn before and has come back is among the added ones.
    """

    added: frozenset[str]
    corrected: frozenset[str]
    withdrawn: frozenset[str]


def save_match(connection: Connection, record: MatchRecord, *, feed: str, fingerprint: str) -> Written:
    """Write one match: a new one as a whole; of a known one what the feed has withdrawn, corrected or added.

    The features of what has changed are no longer current, so that the match's are computed anew. Those that
    come out the same become current again, with the numbers and explanations that refer to them; published
    numbers stay in any case (docs/published-numbers.md).

    Raises
    ------
    FeedError
        If the match is simulated and those that are stored are real, or the other way round.
    """
    match = record.match
    refuse_another_world(connection, match)
    pitch_before = _read_pitch(connection, match)
    begin_names(connection, record)
    rows.save_match_row(connection, match, feed=feed, fingerprint=fingerprint)
    save_names(connection, record)
    if pitch_before is None:
        return _save_new(connection, record)
    known = _read_shot_keys(connection, match)
    withdrawn, neighbours = _withdraw_shots(connection, record, known)
    returned = _take_back_withdrawals(connection, record)
    changed, shot_keys = _correct_shots(connection, record)
    changed |= returned
    has_same_pitch = pitch_before == (match.pitch.length_m, match.pitch.width_m)
    outdated = changed if has_same_pitch else shot_keys.keys()
    _outdate_features(connection, [*(shot_keys[shot_id] for shot_id in outdated), *neighbours])
    _replace_own_goals_and_incidents(connection, record)
    return Written(
        added=frozenset(changed - known.keys()),
        corrected=frozenset(changed & known.keys()),
        withdrawn=frozenset(withdrawn),
    )


def _save_new(connection: Connection, record: MatchRecord) -> Written:
    """A match that nothing is stored of: everything is copied in, nothing is compared."""
    rows.save_shots(connection, record)
    shot_keys = _read_shot_keys(connection, record.match)
    rows.save_positions(connection, record.scenes, shot_keys, is_new=True)
    rows.save_own_goals(connection, record)
    rows.save_incidents(connection, record)
    return Written(frozenset(shot.shot_id for shot in record.shots), frozenset(), frozenset())


def _withdraw_shots(
    connection: Connection, record: MatchRecord, known: Mapping[str, int]
) -> tuple[set[str], list[int]]:
    """Mark the known shots that the feed has no longer: they count nowhere, and what was published of them stays.

    Returns
    -------
    withdrawn, neighbours
        Their ids; and the keys of the others of the same team and half, of which one may have been the rebound.
        Nobody else would notice: a match is built anew only where one of its shots has no current features.
    """
    withdrawn = known.keys() - {shot.shot_id for shot in record.shots}
    if not withdrawn:
        return set(), []
    keys = {"shot_keys": [known[shot_id] for shot_id in withdrawn]}
    neighbours = connection.scalars(
        text(
            """select o.shot_key from shot o join shot s using (provider, match_id, team_id, period)
               where s.shot_key = any(:shot_keys) and o.shot_key <> all(:shot_keys) and o.withdrawn_at is null"""
        ),
        keys,
    ).all()
    connection.execute(text("update shot set withdrawn_at = now() where shot_key = any(:shot_keys)"), keys)
    _outdate_features(connection, keys["shot_keys"])
    return withdrawn, list(neighbours)


def _take_back_withdrawals(connection: Connection, record: MatchRecord) -> set[str]:
    """Shots that were withdrawn and that the feed has again: they count, with the numbers of before; their ids."""
    query = """update shot set withdrawn_at = null
               where (provider, match_id) = (:provider, :match_id) and shot_id = any(:ids)
                 and withdrawn_at is not null returning shot_id"""
    ids = {"ids": [shot.shot_id for shot in record.shots]}
    return set(connection.scalars(text(query), _key(record.match) | ids))


def _correct_shots(connection: Connection, record: MatchRecord) -> tuple[set[str], dict[str, int]]:
    """Write the shots and scenes that have changed or are new to a known match.

    Returns
    -------
    changed, shot_keys
        Their ids; and the key of every shot of the match, by id.
    """
    changed = rows.save_shots(connection, record)
    shot_keys = _read_shot_keys(connection, record.match)
    changed |= rows.save_positions(connection, record.scenes, shot_keys, is_new=False)
    return changed, shot_keys


def _outdate_features(connection: Connection, shot_keys: Collection[int]) -> None:
    """The features of these shots no longer say what the shots are; they stay for what was published from them."""
    connection.execute(
        text("update shot_feature set is_current = false where shot_key = any(:shot_keys) and is_current"),
        {"shot_keys": list(shot_keys)},
    )


def _replace_own_goals_and_incidents(connection: Connection, record: MatchRecord) -> None:
    for table in ("own_goal", "match_incident"):
        statement = f"delete from {table} where (provider, match_id) = (:provider, :match_id)"  # noqa: S608
        connection.execute(text(statement), _key(record.match))
    rows.save_own_goals(connection, record)
    rows.save_incidents(connection, record)


def _read_pitch(connection: Connection, match: Match) -> tuple[float, float] | None:
    """Length and width as stored; None where nothing is stored of the match."""
    query = (
        "select pitch_length_m, pitch_width_m from match where (provider, match_id) = (:provider, :match_id)"
    )
    row = connection.execute(text(query), _key(match)).one_or_none()
    return None if row is None else (row.pitch_length_m, row.pitch_width_m)


def _read_shot_keys(connection: Connection, match: Match) -> dict[str, int]:
    """The key of each stored shot of a match that counts, by id."""
    query = """select shot_id, shot_key from shot
               where (provider, match_id) = (:provider, :match_id) and withdrawn_at is null"""
    return {row.shot_id: row.shot_key for row in connection.execute(text(query), _key(match))}


def _key(match: Match) -> dict[str, str]:
    return {"provider": match.provider, "match_id": match.match_id}


def save_clips(connection: Connection, match: Match, shot_ids: Iterable[str], path: str) -> None:
    """Say where the clips of these shots lie, relative to ``XGOALS_HOME``; the match's other shots have none."""
    connection.execute(
        text(
            """with wanted as (
                   select shot_key, case when shot_id = any(:shot_ids) then :path end as clip_path from shot
                   where (provider, match_id) = (:provider, :match_id))
               update shot s set clip_path = w.clip_path from wanted w
               where s.shot_key = w.shot_key and s.clip_path is distinct from w.clip_path"""
        ),
        {"provider": match.provider, "match_id": match.match_id, "shot_ids": list(shot_ids), "path": path},
    )


def analyse_matches(connection: Connection) -> None:
    """Tell the planner that many matches were written."""
    analyse(connection, "match", "team", "player", "shot", "shot_position")


def totals(connection: Connection) -> dict[str, int]:
    """How much is stored: matches, shots, goals."""
    row = connection.execute(
        text(
            """select (select count(*) from match) as matches, count(*) as shots,
                      count(*) filter (where is_goal) as goals from shot where withdrawn_at is null"""
        )
    ).one()
    return dict(row._mapping)


def any_match(connection: Connection) -> bool:
    """Whether anything is stored."""
    return bool(connection.scalar(text("select exists (select from match)")))


def is_simulated(connection: Connection) -> bool:
    """Whether what is stored is invented; an empty database is not."""
    return bool(connection.scalar(text("select is_simulated from world")))


def refuse_another_world(connection: Connection, match: Match) -> None:
    """A database holds either real or simulated matches; its first one decides.

    Raises
    ------
    FeedError
        If this match is of the other kind.
    """
    wanted = {"is_simulated": match.is_simulated}
    is_known = "select is_simulated from world where is_simulated = :is_simulated"
    if connection.scalar(text(is_known), wanted) is not None:
        # Locked until this match is stored: nobody of the other kind comes first meanwhile.
        if connection.scalar(text(f"{is_known} for share"), wanted) is not None:
            return
    else:
        connection.execute(
            text("insert into world (is_simulated) values (:is_simulated) on conflict do nothing"), wanted
        )
        # Who stores a first match in this moment holds the row: only what is asked after him shows that match.
        connection.execute(text("select from world for update"))
        connection.execute(
            text(
                """update world set is_simulated = :is_simulated
                   where is_simulated <> :is_simulated and not exists (select from match)"""
            ),
            wanted,
        )
        if is_simulated(connection) == match.is_simulated:
            return
    kind, others = ("simulated", "real") if match.is_simulated else ("real", "simulated")
    raise FeedError(
        f"a {kind} match, where those of this database are {others}: the two are never mixed",
        advice=(
            "Read it into the demo's database: --database demo"
            if match.is_simulated
            else "Read it into the database of real matches: --database main, or another XGOALS_HOME"
        ),
    )
