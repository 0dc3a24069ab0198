"""Lists in which something stands that is no entry: each as it was found."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sources import archive_pair, read_source, write

from small_feeds import statsbomb_files
from xgoals.domain.match import OwnGoal


def test_another_list_in_place_of_events_is_refused(tmp_path: Path) -> None:
    """A listing that lay where events should was a match without shots, of which nobody heard."""
    files = statsbomb_files()
    write(files | {"events/102.json": files["competitions.json"]}, tmp_path)
    said = read_source("statsbomb", tmp_path)
    assert set(said.records) == {"101"}
    assert any("events/102.json: a list of which no entry is an event" in told for told in said.told["102"])


@pytest.mark.parametrize("type_", [None, "Shot", {}, {"name": ""}, {"id": True, "name": ["Shot"]}])
def test_an_event_without_type_is_told(type_: object, tmp_path: Path) -> None:
    files = statsbomb_files()
    events = json.loads(files["events/101.json"])
    events[2] = {key: value for key, value in events[2].items() if key != "shot"} | {"type": type_}
    write(files | {"events/101.json": json.dumps(events).encode()}, tmp_path)
    said = read_source("statsbomb", tmp_path)
    assert len(said.records["101"].shots) == len(events) - 1
    assert any(
        "1 event does not say of which type (the first is entry 2)" in told for told in said.told["101"]
    )


@pytest.mark.parametrize("name", ["teams", "players", "own_goals", "incidents"])
def test_an_empty_entry_in_a_list_of_an_archive_costs_no_match(name: str, tmp_path: Path) -> None:
    write(archive_pair(tmp_path / "made"), tmp_path / "in")
    path = tmp_path / "in" / "0.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()
    goal = {"team_id": rows[0]["away_team_id"], "player_id": None, "minute": 50}
    rows[0]["own_goals"], rows[0]["own_goal_times"] = [goal], [{"period": 2, "second": 7}]
    rows[0][name] = [None, *(rows[0][name] or [])]
    if name == "own_goals":
        rows[0]["own_goal_times"].insert(0, None)
    pq.write_table(table.from_pylist(rows, schema=table.schema), path)
    said = read_source("archive", tmp_path / "in")
    assert len(said.records) == 2
    record = said.records[rows[0]["match_id"]]
    assert len(record.shots) == len(rows)
    assert record.own_goals == (OwnGoal(rows[0]["away_team_id"], None, 50, 2, 7),)
    assert any(f"an entry of {name} in which nothing stands" in told for told in said.sentences)
