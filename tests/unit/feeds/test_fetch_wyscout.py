"""The public set of Wyscout from a server of our own: files by the list, and the `matches.csv` that they need."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from feed_server import Home

from small_event_feeds import ten_attempts, wyscout_v2
from xgoals.domain.errors import SourceError
from xgoals.feeds import load_feed
from xgoals.feeds.fetching.wyscout import fetch_wyscout


def entry(match_id: int, competition: int = 364, label: str = "Home - Away, 2 - 0") -> dict[str, object]:
    teams = {"12": {"teamId": 12, "side": "away"}, "11": {"teamId": 11, "side": "home"}}
    return {"wyId": match_id, "competitionId": competition, "seasonId": 181150, "gameweek": 3, "label": label,
            "dateutc": "2017-08-26 16:30:00", "teamsData": teams}  # fmt: skip


@pytest.fixture
def wyscout(home: Home) -> Home:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("matches_England.json", json.dumps([entry(1), entry(2)]))
        file.writestr(
            "matches_World_Cup.json", json.dumps([entry(3, 28, "Home - Away, 1 - 1 (P)"), {"wyId": None}])
        )
    home.files = {"raw_data/matches.zip": archive.getvalue()} | {
        f"processed-v2/files/{n}.json": json.dumps(wyscout_v2(n, ten_attempts())).encode() for n in (1, 2, 3)
    }
    return home


def test_one_competition_is_ready_to_be_read(wyscout: Home, tmp_path: Path) -> None:
    fetched = fetch_wyscout(tmp_path, 364, base_url=wyscout.url)
    assert (fetched.downloaded, fetched.missing) == (3, ())
    assert "CC BY 4.0" in fetched.terms
    assert "Pappalardo" in fetched.terms
    deliveries, problems = load_feed("wyscout").discover(tmp_path)
    assert problems == []
    assert [delivery.match_id for delivery in deliveries] == ["1", "2"]
    record, notes = load_feed("wyscout").read_match(deliveries[0])
    match = record.match
    assert (match.competition, match.season, match.matchday, str(match.match_date)) == (
        "Premier League",
        "2017/2018",
        3,
        "2017-08-26",
    )
    assert (match.home.team_id, match.home.name, match.home_score, match.away_score) == ("11", "Home", 2, 0)
    assert notes == []


def test_again_fetches_nothing_and_keeps_lines_of_others(wyscout: Home, tmp_path: Path) -> None:
    fetch_wyscout(tmp_path, 364, base_url=wyscout.url)
    csv = tmp_path / "matches.csv"
    csv.write_text(csv.read_text().replace("Premier League", "My League"))
    wyscout.requests.clear()
    again = fetch_wyscout(tmp_path, base_url=wyscout.url)
    assert [name for name, _ in wyscout.requests] == ["processed-v2/files/3.json"]
    assert (again.downloaded, again.kept) == (1, 3)
    assert csv.read_text().count("My League") == 2
    assert "World Cup" in csv.read_text()


def test_what_cannot_be_had_is_named(wyscout: Home, tmp_path: Path) -> None:
    wyscout.files["processed-v2/files/2.json"] = b'{"message": "rate limit"}'
    fetched = fetch_wyscout(tmp_path, 364, base_url=wyscout.url)
    assert [missing.reason for missing in fetched.missing] == ["no JSON object with events"]
    assert not (tmp_path / "events" / "2.json").exists()


def test_a_list_that_is_none(wyscout: Home, tmp_path: Path) -> None:
    wyscout.files["raw_data/matches.zip"] = b"<html>log in</html>"
    with pytest.raises(SourceError, match="no zip archive"):
        fetch_wyscout(tmp_path, base_url=wyscout.url)


def test_a_competition_that_is_not_in_it(wyscout: Home, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"competition 9 is not in the set.*364 Premier League"):
        fetch_wyscout(tmp_path, 9, base_url=wyscout.url)
    assert not (tmp_path / "events").exists()
