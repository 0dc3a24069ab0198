"""The public set's own files, a competition each, taken apart into a file a match."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from small_event_feeds import AWAY, HOME, ten_attempts, wyscout_v2
from xgoals.cli import app
from xgoals.domain.errors import SourceError
from xgoals.feeds import load_feed
from xgoals.feeds.fetching import split_wyscout as splitting
from xgoals.feeds.fetching.split_wyscout import split_wyscout


def entry(match_id: int, competition: int, label: str, gameweek: int) -> dict[str, Any]:
    squads = {HOME: [501], AWAY: [502, 503]}
    teams = {
        str(team): {"teamId": team, "side": side,
                    "formation": {"lineup": [{"playerId": n} for n in squads[team]], "bench": "null"}}
        for team, side in ((AWAY, "away"), (HOME, "home"))
    }  # fmt: skip
    return {"wyId": match_id, "competitionId": competition, "seasonId": 10078, "gameweek": gameweek, "label": label,
            "dateutc": "2018-07-01 14:00:00", "teamsData": teams}  # fmt: skip


def files() -> dict[str, Any]:
    england = [event for n in (1, 2) for event in wyscout_v2(n, ten_attempts())["events"]]
    return {
        "matches_England.json": [entry(n, 364, "Home - Away, 2 - 0", 1) for n in (1, 2, 4)],
        "matches_World_Cup.json": [entry(3, 28, "Home - Away, 2 - 0 (P)", 0)],
        "events_England.json": england[:4] + england[10:] + england[4:10],  # match 1 in two pieces
        "events_World_Cup.json": wyscout_v2(3, ten_attempts())["events"],
        "teams.json": [{"wyId": HOME, "name": "Atl\\u00e9tico"}, {"wyId": AWAY, "name": "Gast"}],
        "players.json": [{"wyId": 501, "firstName": "Thomas", "lastName": "M\\u00fcller", "shortName": "M"}],
        "competitions.json": [],
    }


def lay(folder: Path, content: dict[str, Any]) -> Path:
    folder.mkdir()
    for name, data in content.items():
        (folder / name).write_text(json.dumps(data))
    return folder


def zipped(folder: Path, content: dict[str, Any]) -> Path:
    """As the set is published: two archives, and files beside them."""
    rest = {name: data for name, data in content.items() if "_" not in name}
    for kind in ("matches", "events"):
        with zipfile.ZipFile(
            (lay(folder, rest) if kind == "matches" else folder) / f"{kind}.zip", "w"
        ) as archive:
            for name, data in content.items():
                if name.startswith(f"{kind}_"):
                    archive.writestr(name, json.dumps(data))
    return folder


@pytest.mark.parametrize("laid", [lay, zipped])
def test_every_match_is_read_as_from_its_own_file(
    laid: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splitting, "CHUNK_CHARS", 500)  # events end where chunks do not
    target = tmp_path / "target"
    split = split_wyscout(laid(tmp_path / "source", files()), target)
    assert (split.written, split.without_events) == (3, ("4",))
    deliveries, problems = load_feed("wyscout").discover(target)
    assert problems == []
    assert [delivery.match_id for delivery in deliveries] == ["1", "2", "3"]
    records = [load_feed("wyscout").read_match(delivery)[0] for delivery in deliveries]
    assert [len(record.shots) for record in records] == [10, 10, 10]
    first, cup = records[0], records[2]
    assert (cup.match.competition, cup.match.season, cup.match.matchday) == ("World Cup", "2018", None)
    assert (first.match.home.name, first.match.away.name, first.match.home_score) == ("Atlético", "Gast", 2)
    assert {player.player_id: player.name for player in first.players}["501"] == "Thomas Müller"
    assert sorted(path.name for path in target.iterdir()) == ["events", "matches.csv"]


def test_one_competition_twice_is_the_same(tmp_path: Path) -> None:
    source, target = lay(tmp_path / "source", files()), tmp_path / "target"
    assert split_wyscout(source, target, 28).written == 1
    before = {path: path.read_bytes() for path in target.rglob("*.*")}
    assert split_wyscout(source, target, 28).written == 1
    assert {path: path.read_bytes() for path in target.rglob("*.*")} == before
    with pytest.raises(SourceError, match="competition 9 is not in the set"):
        split_wyscout(source, target, 9)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text[:-40], "broken JSON"),
        (lambda text: text.replace('"matchId"', "matchId", 1), "broken JSON"),
        (lambda text: '{"events": ' + text + "}", "not a list of events"),
        (lambda text: "", "not a list of events"),
    ],
)
def test_what_is_broken_is_named_and_nothing_of_it_is_written(change: Any, said: str, tmp_path: Path) -> None:
    source = lay(tmp_path / "source", files())
    path = source / "events_World_Cup.json"
    path.write_text(change(path.read_text()))
    with pytest.raises(SourceError, match=said) as caught:
        split_wyscout(source, tmp_path / "target", 28)
    assert caught.value.where == str(path)
    assert not list((tmp_path / "target").rglob("3.json"))


def test_who_is_in_the_events_has_a_name_where_lists_of_matches_lack_the_squads(tmp_path: Path) -> None:
    content = files()
    for team in content["matches_World_Cup.json"][0]["teamsData"].values():
        team["formation"] = {}
    told = content["events_World_Cup.json"]
    content["players.json"] = [{"wyId": 501, "shortName": "M"}, {"wyId": 999, "shortName": "Elsewhere"}]
    told[0] |= {"teamId": HOME, "playerId": 501}
    split_wyscout(lay(tmp_path / "source", content), tmp_path / "target", 28)
    players = json.loads((tmp_path / "target" / "events" / "3.json").read_text())["players"]
    assert [one["player"]["shortName"] for one in players[str(HOME)]] == ["M"]


@pytest.mark.parametrize(("lacking", "said"), [("events_", "no events"), ("matches_", "no lists of matches")])
def test_a_folder_that_lacks_something(lacking: str, said: str, tmp_path: Path) -> None:
    some = {name: data for name, data in files().items() if not name.startswith(lacking)}
    with pytest.raises(SourceError, match=said):
        split_wyscout(lay(tmp_path / "source", some), tmp_path / "target")


def test_the_command_names_the_licence(tmp_path: Path) -> None:
    source = lay(tmp_path / "source", files())
    arguments = ["fetch", "wyscout", "--from", str(source), "--to", str(tmp_path / "target")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "3 matches, a file each" in result.output
    assert "CC BY 4.0. Cite Pappalardo" in result.output
    assert "1 listed matches have no events here: 4" in result.output
