"""What a delivery announces is what reading it says; and only the matches that are asked for are listed."""

from pathlib import Path

import pytest

from xgoals.domain.errors import FeedError
from xgoals.feeds import Announcement, load_feed
from xgoals.feeds.archive import write_archive
from xgoals.feeds.simulator import simulate_matchday
from xgoals.feeds.simulator.dfl_writer import write_dfl_match


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Two matches of one matchday, as files of each feed that the simulator writes."""
    folder = tmp_path_factory.mktemp("sources")
    records = simulate_matchday(1, 4, clubs=4)
    for number, record in enumerate(records):
        write_dfl_match(record, folder / "dfl" / f"m{number}", seed=number)
    write_archive(folder / "two.parquet", iter(records))
    return {"dfl": folder / "dfl", "archive": folder / "two.parquet"}


@pytest.mark.parametrize("name", ["dfl", "archive"])
def test_the_announcement_is_what_reading_says(sources: dict[str, Path], name: str) -> None:
    feed = load_feed(name)
    deliveries, _ = feed.discover(sources[name])
    assert len(deliveries) == 2
    for delivery in deliveries:
        record, _ = feed.read_match(delivery)
        assert feed.announce(delivery) == Announcement.of(record.match)
        assert record.match.matchday == 4


@pytest.mark.parametrize("name", ["dfl", "archive"])
def test_only_what_is_asked_for_is_listed(sources: dict[str, Path], name: str) -> None:
    feed = load_feed(name)
    everything, _ = feed.discover(sources[name])
    some, _ = feed.discover(sources[name], match_ids={everything[1].match_id, "unknown"})
    assert some == [everything[1]]


def test_real_matches_of_statsbomb_announce_themselves(real_data: Path) -> None:
    feed = load_feed("statsbomb")
    (delivery,), _ = feed.discover(real_data / "statsbomb", match_ids={"3923881"})
    record, _ = feed.read_match(delivery)
    assert feed.announce(delivery) == Announcement.of(record.match)


def test_without_match_information_nothing_is_announced(sources: dict[str, Path], tmp_path: Path) -> None:
    for file in (sources["dfl"] / "m0").iterdir():
        if "matchinformation" not in file.name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (delivery,), _ = load_feed("dfl").discover(tmp_path)
    with pytest.raises(FeedError, match="no match information for match"):
        load_feed("dfl").announce(delivery)
