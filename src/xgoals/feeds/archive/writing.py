"""Match records to Parquet, a row group of a few matches at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from xgoals.domain.circumstances import FLAGS, Circumstances
from xgoals.domain.errors import FeedError
from xgoals.domain.match import Match
from xgoals.domain.scene import MatchRecord, Person, Scene
from xgoals.domain.shot import Shot
from xgoals.feeds.archive.schema import (
    CLIPS_FILE,
    CLIPS_FOLDER,
    PEOPLE,
    PERSON_FIELDS,
    SCHEMA,
    to_stored_time,
)
from xgoals.feeds.clips import file_name, write_clips
from xgoals.whole_files import whole_file

MATCHES_PER_GROUP = 18
"""Two matchdays of an 18-club league: small enough for little memory, large enough to compress."""

Row = dict[str, Any]


def write_archive(
    path: Path, records: Iterable[MatchRecord], *, matches_per_group: int = MATCHES_PER_GROUP
) -> int:
    """Write matches to one Parquet file; their clips, where they have some, to a file each beside it, in ``_clips``.

    The file appears only when it is complete: an interrupted write leaves what was there before. Clips come first.

    Parameters
    ----------
    path
        The file; an existing one is replaced.
    records
        Any number of matches of any providers; consumed as a stream.
    matches_per_group
        Matches held in memory at once.

    Returns
    -------
    int
        The number of matches written.

    Raises
    ------
    FeedError
        If the same match comes twice.
    """
    with whole_file(path) as unfinished:
        return _write(unfinished, path, records, matches_per_group)


def _write(unfinished: Path, path: Path, records: Iterable[MatchRecord], matches_per_group: int) -> int:
    seen: set[tuple[str, str]] = set()
    with pq.ParquetWriter(unfinished, SCHEMA, compression="zstd", write_page_checksum=True) as writer:
        stream = iter(records)
        while group := list(islice(stream, matches_per_group)):
            for record in group:
                key = (record.match.provider, record.match.match_id)
                if key in seen:
                    raise FeedError("the match comes twice", where=f"{key[0]} {key[1]}")
                seen.add(key)
            table = _table([(record, _write_clips(path, record)) for record in group])
            writer.write_table(table, row_group_size=len(table))
    return len(seen)


def _write_clips(path: Path, record: MatchRecord) -> str | None:
    """Write the clips of a match of the archive at ``path``; where, relative to the archive's folder."""
    if not record.clips:
        return None
    match = record.match
    # One folder a provider: an id may hold whatever joins the two in a name.
    name = PurePosixPath(CLIPS_FOLDER, path.stem, file_name(match.provider), file_name(match.match_id))
    write_clips(record.clips, path.parent / f"{name}.parquet")
    return f"{name}.parquet"


def _table(records: Iterable[tuple[MatchRecord, str | None]]) -> pa.Table:
    rows = [row for record, clips_file in records for row in _rows(record, clips_file)]
    columns = {
        field.name: pa.array([row.get(field.name) for row in rows], field.type)
        for field in SCHEMA
        if field.name != PEOPLE
    }
    columns[PEOPLE] = _people([row.get(PEOPLE, ()) for row in rows])
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _people(people: list[tuple[Person, ...]]) -> pa.ListArray:
    """The list column, built field by field: far faster than from a dict for each person."""
    everybody = list(chain.from_iterable(people))
    fields = [pa.array([getattr(p, name) for p in everybody], kind) for name, kind in PERSON_FIELDS]
    structs = pa.StructArray.from_arrays(fields, fields=[pa.field(*f) for f in PERSON_FIELDS])
    offsets = np.concatenate([[0], np.cumsum([len(p) for p in people])]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), structs)


def _rows(record: MatchRecord, clips_file: str | None) -> Iterator[Row]:
    """One row a shot with its scene, then scenes without a shot of their own; at least one row."""
    match = _match_columns(record.match)
    first: Row = {
        "teams": [{"team_id": t.team_id, "name": t.name} for t in record.teams],
        "players": [
            {"player_id": p.player_id, "name": p.name, "short_name": p.short_name} for p in record.players
        ],
        "own_goals": [
            {"team_id": g.team_id, "player_id": g.player_id, "minute": g.minute} for g in record.own_goals
        ],
        "own_goal_times": [{"period": g.period, "second": g.second} for g in record.own_goals],
        "incidents": [{**asdict(i), "kind": i.kind.value} for i in record.incidents],
        CLIPS_FILE: clips_file,
    }
    for row in _shot_rows(record):
        yield {**match, **first, **row}
        first = {}


def _shot_rows(record: MatchRecord) -> list[Row]:
    waiting: dict[str, list[Row]] = {}
    for n, scene in enumerate(record.scenes):
        waiting.setdefault(scene.shot_id, []).append(_scene_columns(n, scene))
    rows = []
    for shot in record.shots:
        mine = waiting.get(shot.shot_id)
        rows.append(_shot_columns(shot) | (mine.pop(0) if mine else {}))
    return rows + list(chain.from_iterable(waiting.values())) or [{}]


def _match_columns(match: Match) -> Row:
    kick_off, kick_off_offset_s = to_stored_time(match.kick_off)
    message_time, message_time_offset_s = to_stored_time(match.message_time)
    return {
        "provider": match.provider,
        "match_id": match.match_id,
        "competition_id": match.competition_id,
        "competition": match.competition,
        "season_id": match.season_id,
        "season": match.season,
        "match_date": match.match_date,
        "home_team_id": match.home.team_id,
        "home_team": match.home.name,
        "away_team_id": match.away.team_id,
        "away_team": match.away.name,
        "pitch_length_m": match.pitch.length_m,
        "pitch_width_m": match.pitch.width_m,
        "matchday": match.matchday,
        "stage": match.stage,
        "kick_off": kick_off,
        "kick_off_offset_s": kick_off_offset_s,
        "home_score": match.home_score,
        "away_score": match.away_score,
        "message_time": message_time,
        "message_time_offset_s": message_time_offset_s,
        "is_simulated": match.is_simulated,
        "status": match.status.value,
    }


def _shot_columns(shot: Shot) -> Row:
    event_time, event_time_offset_s = to_stored_time(shot.event_time)
    return {
        "shot_id": shot.shot_id,
        "event_n": shot.event_n,
        "period": shot.period,
        "minute": shot.minute,
        "second": shot.second,
        "period_time_s": shot.period_time_s,
        "team_id": shot.team_id,
        "player_id": shot.player_id,
        "x_m": shot.x_m,
        "y_m": shot.y_m,
        "body_part": shot.body_part.value,
        "shot_type": shot.shot_type.value,
        "outcome": shot.outcome.value,
        "ball_control": shot.ball_control.value,
        "set_up": shot.set_up.value,
        "technique": shot.technique.value,
        "event_time": event_time,
        "event_time_offset_s": event_time_offset_s,
        "provider_xg": shot.provider_xg,
        "official": list(shot.official.items()),
        "raw": list(shot.raw.items()),
        **_circumstance_columns(shot.circumstances),
    }


def _circumstance_columns(said: Circumstances) -> Row:
    assist, end = said.assist, said.end
    return {
        "assist_player_id": assist and assist.player_id,
        "assist_kind": assist and assist.kind.value,
        "assist_height": assist and assist.height and assist.height.value,
        "assist_is_switch": assist and assist.is_switch,
        "end_x_m": end and end.x_m,
        "end_y_m": end and end.y_m,
        "end_z_m": end and end.z_m,
        **{name: getattr(said, name) for name in FLAGS},
    }


def _scene_columns(n: int, scene: Scene) -> Row:
    return {
        "shot_id": scene.shot_id,
        "scene_n": n,
        "frame_source": scene.frame_source.value,
        "frame_n": scene.frame_n,
        "clock_offset_s": scene.clock_offset_s,
        "confidence": scene.confidence,
        "shooter_vx_ms": scene.shooter_vx_ms,
        "shooter_vy_ms": scene.shooter_vy_ms,
        "ball_x_m": scene.ball_x_m,
        "ball_y_m": scene.ball_y_m,
        "ball_z_m": scene.ball_z_m,
        PEOPLE: scene.people,
    }
