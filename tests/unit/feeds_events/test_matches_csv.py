"""``matches.csv``: what it says, what is wrong with it, and its skeleton."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from small_event_feeds import matches_csv, ten_attempts, wyscout_v2, wyscout_v3
from xgoals.cli import app
from xgoals.domain.errors import SettingsError
from xgoals.feeds import load_feed
from xgoals.feeds.event_files.matches_csv import COLUMNS, read_matches_csv
from xgoals.feeds.event_files.skeleton import write_matches_csv


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def lines_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def as_json(content: object) -> bytes:
    return json.dumps(content).encode()


def test_as_spreadsheets_save_it(tmp_path: Path) -> None:
    path = written(
        tmp_path / "matches.csv",
        "\ufeffMatch_ID;match_date;pitch_length_m;matchday\n7;2024-08-02;104,5;3\n;;;\n",
    )
    rows, problems = read_matches_csv([path])
    assert problems == []
    row = rows["7"]
    assert (row.match_date, row.pitch_length_m, row.matchday, row.where) == (
        date(2024, 8, 2),
        104.5,
        3,
        "matches.csv, line 2",
    )


@pytest.mark.parametrize(
    ("column", "text"),
    [("match_date", "02.08.2024"), ("match_date", "0024-08-02"), ("matchday", "101"), ("matchday", "first"),
     ("home_score", "-1"), ("home_score", "1.5"), ("pitch_length_m", "60")],
)  # fmt: skip
def test_what_cannot_be_is_left_empty_and_told(tmp_path: Path, column: str, text: str) -> None:
    rows, (problem,) = read_matches_csv([written(tmp_path / "matches.csv", f"match_id,{column}\n7,{text}\n")])
    assert getattr(rows["7"], column) is None
    assert (problem.reason, problem.place, problem.match_id) == (
        f"{column} = '{text}' cannot be",
        f"line 2, {column}",
        "7",
    )


def test_of_two_lines_the_first_stands(tmp_path: Path) -> None:
    text = "match_id,season\n7,2024\n7,2024\n7,2025\n"
    rows, (problem,) = read_matches_csv([written(tmp_path / "matches.csv", text)])
    assert rows["7"].season == "2024"
    assert problem.reason == "match 7 is in matches.csv, line 2 too, and says something else there"


@pytest.mark.parametrize("text", ["id,season\n7,2024\n", ""])
def test_without_a_match_id_it_says_nothing(tmp_path: Path, text: str) -> None:
    rows, (problem,) = read_matches_csv([written(tmp_path / "matches.csv", text)])
    assert rows == {}
    assert problem.reason == "there is no column match_id"


def test_an_id_that_is_none(tmp_path: Path) -> None:
    rows, (problem,) = read_matches_csv([written(tmp_path / "matches.csv", "match_id\n../x\n8\n")])
    assert list(rows) == ["8"]
    assert problem.reason == "'../x' is no id of a match"


def test_it_may_lie_above_the_source(source) -> None:
    folder = source({"matches.csv": matches_csv(7), "events/7.json": as_json(wyscout_v2(7, ten_attempts()))})
    (delivery,), _ = load_feed("wyscout").discover(folder / "events")
    assert load_feed("wyscout").announce(delivery).competition == "League"


def test_a_changed_line_changes_the_match_and_a_moved_one_does_not(source) -> None:
    files = {"7.json": as_json(wyscout_v2(7, ten_attempts()))}

    def fingerprint(text: bytes) -> str:
        (delivery,), _ = load_feed("wyscout").discover(source(files | {"matches.csv": text}))
        return delivery.fingerprint

    first = fingerprint(matches_csv(7))
    assert fingerprint(matches_csv(6, 7)) == first
    assert fingerprint(matches_csv(7).replace(b"Home", b"Heim")) != first


def test_the_skeleton_has_what_is_known_and_keeps_what_was_written(source) -> None:
    files = {
        "7.json": as_json(wyscout_v2(7, ten_attempts())),
        "8.json": as_json(wyscout_v3(8, ten_attempts())),
    }
    folder = source(files)
    assert write_matches_csv("wyscout", folder) == (2, [])
    old, new = lines_of(folder / "matches.csv")
    assert list(old) == list(COLUMNS)
    assert (old["match_id"], old["home_team_id"], old["home_team"], old["match_date"]) == (
        "7",
        "11",
        "Home",
        "",
    )
    assert (new["match_id"], new["match_date"], new["home_score"], new["matchday"]) == (
        "8",
        "2024-08-02",
        "2",
        "1",
    )
    (folder / "matches.csv").write_bytes(matches_csv(7))
    assert write_matches_csv("wyscout", folder) == (1, [])
    assert [(line["match_id"], line["season"]) for line in lines_of(folder / "matches.csv")] == [
        ("7", "2024/2025"),
        ("8", ""),
    ]


def test_a_broken_one_is_not_written_over(source) -> None:
    folder = source({"7.json": as_json(wyscout_v2(7, ten_attempts())), "matches.csv": b"id\n7\n"})
    with pytest.raises(SettingsError, match="no column match_id"):
        write_matches_csv("wyscout", folder)
    assert (folder / "matches.csv").read_bytes() == b"id\n7\n"


def test_feeds_that_say_it_all_need_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the files of statsbomb say all of it themselves"):
        write_matches_csv("statsbomb", tmp_path)


def test_the_command(source) -> None:
    folder = source(
        {
            "7.json": as_json(wyscout_v2(7, ten_attempts())),
            "8.json": b'{"events": [{"matchPeriod": "1H", "matchId": 8',
        }
    )
    result = CliRunner().invoke(app, ["matches-csv", str(folder), "--feed", "wyscout"])
    assert result.exit_code == 0, result.output
    assert "1 matches added" in result.output
    assert "8.json: broken JSON" in result.output
