"""The feeds with positions pass the check that every feed has to pass."""

from pathlib import Path

import pytest

from small_feeds import dfl_files, statsbomb_files
from xgoals.feed_check import check_feed
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_matchday


@pytest.mark.slow
@pytest.mark.parametrize("feed", ["archive", "dfl", "statsbomb"])
def test_our_feeds_with_positions_pass(feed: str, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    if feed == "archive":
        write_archive(source / "league.parquet", simulate_matchday(1, 1)[:2])
    else:
        files = statsbomb_files() if feed == "statsbomb" else dfl_files(tmp_path / "made")
        for name, data in files.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(data)
    report = check_feed(feed, source)
    assert report.passed, report.as_text()
