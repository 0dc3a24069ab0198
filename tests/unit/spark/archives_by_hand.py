"""Archives as an executor gets them: record batches, with the file and the row that each comes from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xgoals.domain.match import Match, Player, Team
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import FrameSource, MatchRecord, Person, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.feeds.archive import write_archive
from xgoals.spark.folders import FILE, ROW

HOME, AWAY = Team("10", "Reds"), Team("20", "Blues")


def shot(n: int, **changes: object) -> Shot:
    made = Shot(
        shot_id=f"s{n}", event_n=n, period=1, minute=n, second=0, period_time_s=60.0 * n, team_id="10", player_id="1",
        x_m=41.5, y_m=0.0, body_part=BodyPart.RIGHT_FOOT, shot_type=ShotType.OPEN_PLAY, outcome=Outcome.SAVED,
        ball_control=BallControl.DIRECT, set_up=SetUp.CORNER, technique=Technique.NORMAL,
    )  # fmt: skip
    return replace(made, **changes)


def match(match_id: str, *shots: Shot, message_hour: int = 20, **changes: object) -> MatchRecord:
    """Keeper on his line, one defender ten metres away."""
    told = Match(
        provider="p", match_id=match_id, competition_id="c", competition="Cup", season_id="s", season="2024/25",
        match_date=date(2024, 8, 1), home=HOME, away=AWAY, pitch=Pitch(105.0, 68.0), matchday=1, home_score=1,
        away_score=0, message_time=datetime(2024, 8, 1, message_hour, tzinfo=UTC),
    )  # fmt: skip
    people = (Person(52.0, 0.0, False, True, "5"), Person(45.0, 10.0, False, False, "6"))
    scenes = tuple(Scene(one.shot_id, people, FrameSource.OFFICIAL) for one in shots)
    players = (Player("1", "One"), Player("5"), Player("6"))
    return MatchRecord(replace(told, **changes), (HOME, AWAY), players, tuple(shots), scenes)


def rows_of(path: Path, *records: MatchRecord) -> pa.Table:
    """What Spark reads of an archive of these matches."""
    write_archive(path, records)
    table = pq.read_table(path)
    n = len(table)
    return table.append_column(FILE, pa.array([f"file://{path}"] * n)).append_column(ROW, pa.array(range(n)))


def as_partition(tables: Sequence[pa.Table], rows_a_batch: int = 1000) -> list[pa.RecordBatch]:
    """Whole matches one after the other, in batches that end anywhere."""
    order = [(name, "ascending") for name in ("provider", "match_id", FILE, ROW)]
    rows = pa.concat_tables(tables)
    at = pa.compute.sort_indices(rows.select([name for name, _ in order]), sort_keys=order)
    return rows.take(at).combine_chunks().to_batches(max_chunksize=rows_a_batch)
