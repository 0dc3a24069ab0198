"""A message whose year is wrong does not outdo the corrections that come after it."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import text
from test_dfl_deliveries import NEWER, events_file, ingest, rows, saved_shot, send, three_matches

from xgoals.domain.shot import BodyPart
from xgoals.feeds.archive import write_archive
from xgoals.feeds.message_time import credible, note_if_ahead
from xgoals.feeds.simulator import simulate_league
from xgoals.steps import ingest as ingest_step
from xgoals.store.database import connect

__all__ = ["ingest", "three_matches"]
AHEAD = "2062-08-20T22:00:00.000+02:00"


def body_part(settings, shot_id):
    return rows(settings, f"select body_part from shot where shot_id = '{shot_id}' and withdrawn_at is null")


@pytest.mark.parametrize("is_beside", [True, False], ids=["both lie there", "it was replaced"])
def test_a_correction_stands_over_a_message_of_a_year_to_come(
    empty_database, ingest, three_matches, tmp_path, is_beside
):
    shot_id, saved, header = saved_shot(three_matches / "m0")
    wrong = send(three_matches / "m0", tmp_path / "in" / "wrong", AHEAD)
    assert ingest(tmp_path / "in")["matches_read"] == 1
    told = rows(empty_database, "select reason, field from quarantine where field = 'message_time'")
    assert told
    assert all(reason.startswith("it says that it was written on 2062-08-20") for reason, _ in told)
    assert body_part(empty_database, shot_id) != [("head",)]
    send(three_matches / "m0", tmp_path / "in" / "right", NEWER, (saved, header))
    if not is_beside:
        shutil.rmtree(wrong)
    assert ingest(tmp_path / "in")["shots_corrected"] == 1
    assert body_part(empty_database, shot_id) == [("head",)]
    assert ingest(tmp_path / "in")["matches_read"] == 0


def test_what_an_earlier_release_has_stored_of_such_a_message_outdoes_nothing(
    empty_database, ingest, three_matches, tmp_path
):
    ingest(three_matches)
    engine = connect(empty_database, "main")
    with engine.begin() as connection:
        for table in ("match", "feed_file"):
            connection.execute(text(f"update {table} set message_time = '{AHEAD}'"))
    engine.dispose()
    shot_id, saved, header = saved_shot(three_matches / "m0")
    again = send(three_matches / "m0", tmp_path / "again", NEWER, (saved, header))
    assert events_file(again).exists()
    assert ingest(again)["shots_corrected"] == 1
    assert body_part(empty_database, shot_id) == [("head",)]


def test_of_an_archive_the_same(empty_database, open_run, tmp_path):
    (record,) = islice(simulate_league(), 1)
    shot = next(shot for shot in record.shots if shot.body_part is not BodyPart.HEAD)
    ahead = replace(record, match=replace(record.match, message_time=datetime(2062, 8, 20, tzinfo=UTC)))
    shots = tuple(replace(s, body_part=BodyPart.HEAD) if s == shot else s for s in record.shots)
    right = replace(
        record, shots=shots, match=replace(record.match, message_time=datetime(2024, 5, 1, tzinfo=UTC))
    )
    (folder := tmp_path / "in").mkdir()
    for name, one in (("a", ahead), ("b", right)):
        write_archive(folder / f"{name}.parquet", [one])
        ingest_step.ingest(open_run(name, "archive", folder))
    assert body_part(empty_database, shot.shot_id) == [("head",)]
    reasons = rows(empty_database, "select reason from quarantine where field = 'message_time'")
    assert ("it says that it was written on 2062-08-20, which is still to come",) in reasons


@pytest.mark.parametrize(
    ("ahead", "is_told", "stands"),
    [(timedelta(hours=23), False, True), (timedelta(hours=25), True, True), (timedelta(days=1820), True, True),
     (timedelta(days=1830), True, False), (timedelta(days=-9999), False, True)],
)  # fmt: skip
@pytest.mark.parametrize("zone", [UTC, None])
def test_from_when_on_a_time_is_told_and_none(ahead, is_told, stands, zone):
    time = (datetime.now(UTC) + ahead).replace(tzinfo=zone)
    assert credible(time) == (time if stands else None)
    assert [problem.field for problem in note_if_ahead(Path("f"), "m", time)] == ["message_time"] * is_told


def test_a_message_without_a_time_has_none():
    assert credible(None) is None
    assert note_if_ahead(Path("f"), "m", None) == []
