"""xgoals simulate: an invented league as an archive, or as the files of a provider."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xgoals.cli import app
from xgoals.feeds import load_feed


def simulate(folder: Path, *options: str) -> str:
    result = CliRunner().invoke(app, ["simulate", str(folder), *options])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def of_opta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A match as Opta's files."""
    folder = tmp_path_factory.mktemp("opta")
    assert "1 simulated matches" in simulate(folder, "--feed", "opta", "--matches", "1")
    return folder


@pytest.mark.parametrize(
    ("feed", "kinds"),
    [
        ("dfl", {"matchinfo", "events", "positions"}),
        ("opta", {"f24", "f7", "positions", "positions_metadata"}),
        ("statsperform", {"ma3", "ma1", "positions"}),
    ],
)
def test_a_match_comes_as_the_files_that_its_feed_reads(
    feed: str, kinds: set[str], of_opta: Path, tmp_path: Path
) -> None:
    if feed != "opta":
        assert "1 simulated matches" in simulate(tmp_path, "--feed", feed, "--matches", "1")
    (delivery,), problems = load_feed(feed).discover(of_opta if feed == "opta" else tmp_path)
    assert problems == []
    assert {message.kind for message in delivery.messages} == kinds
    said = load_feed(feed).announce(delivery)
    assert (said.competition, said.matchday) == ("Meridian League", 1)
    assert said.season.endswith("2023/24")


def test_rate_clock_and_holes_are_as_asked_for(of_opta: Path, tmp_path: Path) -> None:
    plain, worse = of_opta, tmp_path / "worse"
    simulate(worse, "--feed", "opta", "--matches", "1", "--rate-hz", "10", "--clock-offset-s", "12",
             "--ball-missing-pct", "40")  # fmt: skip
    files = {folder: next(folder.rglob("*.dat")).read_text().splitlines() for folder in (plain, worse)}
    assert len(files[worse]) == pytest.approx(len(files[plain]) * 10 / 25, rel=0.01)
    unseen = sum("::" in line for line in files[worse]) / len(files[worse])
    assert unseen == pytest.approx(0.4, abs=0.1)
    assert 'iFrameRateFps="10"' in next(worse.rglob("*_metadata.xml")).read_text()
    events = [next(folder.rglob("f24-*")).read_text() for folder in (plain, worse)]
    assert events[0] != events[1]


def test_an_archive_may_have_a_few_matches_and_knows_no_clocks(tmp_path: Path) -> None:
    assert "2 simulated matches" in simulate(tmp_path, "--matches", "2")
    told = json.loads(simulate(tmp_path, "--matches", "2", "--json"))
    assert told == {"matches": 2, "path": str(tmp_path / "league.parquet")}
    assert len(load_feed("archive").discover(tmp_path)[0]) == 2
    refused = CliRunner().invoke(app, ["simulate", str(tmp_path), "--rate-hz", "10"])
    assert refused.exit_code == 2
    assert "of --feed opta and statsperform" in " ".join(refused.output.replace("│", " ").split())
