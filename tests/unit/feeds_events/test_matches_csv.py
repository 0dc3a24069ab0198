"""``matches.csv``: what it says, what is wrong with it, and its skeleton."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from small_event_feeds import matches_csv, ten_attempts, wyscout_v2, wyscout_v3
from xgoals.cli import app
from xgoals.domain.errors import FeedError, SettingsError
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
    [("match_date", "08/02/2024"), ("match_date", "31.02.2024"), ("match_date", "0024-08-02"),
     ("match_date", "2024-08-02x"), ("matchday", "101"), ("matchday", "first"),
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


@pytest.mark.parametrize(
    "text", ["2026-11-23", "2026-11-23 20:30", "2026-11-23T20:30:00+01:00", "23.11.2026", "23.11.2026 20:30"]
)
def test_dates_as_people_write_them(tmp_path: Path, text: str) -> None:
    rows, problems = read_matches_csv([written(tmp_path / "matches.csv", f"match_id,match_date\n7,{text}\n")])
    assert (rows["7"].match_date, problems) == (date(2026, 11, 23), [])


def test_what_spreadsheets_and_people_add(tmp_path: Path) -> None:
    text = (
        "sep=;\r\nSeason;MATCH ID;Notes;Home-Team\r\n"
        "# the second half of the season\r\n;;;\r\n"
        '2024;7;"two\nlines; and a ""quote""";"Borussia M\'gladbach"\r\n\r\n2024;8\r\n2024;9;;;;;\r\n2024;x y;;\r\n'
    )
    path = tmp_path / "matches.csv"
    path.write_bytes(text.encode("cp1252"))
    rows, (problem,) = read_matches_csv([path])
    assert [(row.match_id, row.line, row.home_team) for row in rows.values()] == [
        ("7", 5, "Borussia M'gladbach"),
        ("8", 8, None),
        ("9", 9, None),
    ]
    assert (problem.reason, problem.place) == ("'x y' is no id of a match", "line 10")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("new_line", ["\n", "\r\n"])
def test_what_people_wrote_stays_letter_by_letter(source, encoding: str, new_line: str) -> None:
    """Their columns, comments, dates that cannot be read, the order of columns; new lines are written in their way."""
    folder = source({f"{n}.json": as_json(wyscout_v3(n, ten_attempts())) for n in (7, 8)})
    path = folder / "matches.csv"
    text = "match_id;Bemerkung;season;match_date\n# Hinrunde\n8;Nebel in Köln;2024/25;8/2/2024\n".replace(
        "\n", new_line
    )
    path.write_bytes(text.encode(encoding))
    added, problems = write_matches_csv("wyscout", folder)
    assert (added, [problem.reason for problem in problems]) == (1, ["match_date = '8/2/2024' cannot be"])
    lines = path.read_bytes().decode(encoding).split(new_line)
    assert lines[0].startswith(
        "match_id;Bemerkung;season;match_date;competition_id;season_id;matchday;home_team_id"
    )
    assert lines[1:3] == text.split(new_line)[1:3]
    assert lines[3] == "7;;;2024-08-02;1;2;1;11;Home;12;Away;2;0"
    again = path.read_bytes()
    assert write_matches_csv("wyscout", folder)[0] == 0
    assert path.read_bytes() == again
    rows, (problem,) = read_matches_csv([path])
    assert (rows["7"].home_score, rows["8"].season, problem.value) == (2, "2024/25", None)


def test_letters_that_its_encoding_lacks(source) -> None:
    content = wyscout_v3(7, ten_attempts())
    content["teams"]["11"]["team"]["name"] = "Górnik Zabrze Łódź"
    folder = source(
        {"7.json": as_json(content), "matches.csv": "match_id,home_team\n9,Köln\n".encode("cp1252")}
    )
    write_matches_csv("wyscout", folder)
    rows, _ = read_matches_csv([folder / "matches.csv"])
    assert [row.home_team for row in rows.values()] == ["Köln", "Górnik Zabrze Łódź"]


def test_an_id_that_is_written_wrong(source) -> None:
    files = {"7.json": as_json(wyscout_v2(7, ten_attempts())), "matches.csv": matches_csv(70, 71)}
    _, (problem,) = load_feed("wyscout").discover(source(files))
    assert problem.reason == (
        "there are no files of match 70 (matches.csv, line 2) and 1 more, while match 7 has files and no line"
    )
    _, problems = load_feed("wyscout").discover(source({"matches.csv": matches_csv(7, 70)}))
    assert problems == []  # lines of matches that are not here do no harm


def test_a_proposed_line_with_its_question_marks_says_no_more_than_it_knows(source) -> None:
    """Whoever pastes it as it is gets the same sentence again, and no competition called "?"."""
    folder = source({"7.json": as_json(wyscout_v2(7, ten_attempts()))})
    module = load_feed("wyscout")
    with pytest.raises(FeedError) as caught:
        module.read_match(module.discover(folder)[0][0])
    line = caught.value.advice.split(": ", 1)[1].split(" (columns: ")[0]
    assert line == "7,,?,,?,?,,11,Home,12,Away,,,,"
    (folder / "matches.csv").write_text(",".join(COLUMNS) + "\n" + line + "\n")
    (delivery,), problems = module.discover(folder)
    assert problems == []
    with pytest.raises(FeedError, match="do not say its date, competition and season"):
        module.read_match(delivery)


@pytest.mark.parametrize(
    ("columns", "said", "home"),
    [
        ("home_team_id", "12", "12"),
        ("home_team_id", "11", "11"),
        ("away_team_id", "11", "12"),
        ("home_team", "AWAY", "12"),
    ],
)
def test_one_side_is_enough_to_know_who_was_at_home(source, columns: str, said: str, home: str) -> None:
    head = f"match_id,competition,season,match_date,{columns}\n7,League,2024,2024-08-02,{said}\n"
    folder = source({"7.json": as_json(wyscout_v2(7, ten_attempts())), "matches.csv": head.encode()})
    module = load_feed("wyscout")
    (delivery,), _ = module.discover(folder)
    match = module.read_match(delivery)[0].match
    assert (match.home.team_id, {match.home.team_id, match.away.team_id}) == (home, {"11", "12"})
