"""Sources of event files, small ones made by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from small_event_feeds import Files
from xgoals.domain.errors import Problem
from xgoals.domain.scene import MatchRecord
from xgoals.feeds import load_feed

Reader = Callable[..., tuple[MatchRecord, list[Problem]]]


@pytest.fixture
def source(tmp_path: Path) -> Callable[[Files], Path]:
    """Lay files into a folder."""

    def lay(content: Files) -> Path:
        for name, data in content.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return tmp_path

    return lay


@pytest.fixture
def read(source: Callable[[Files], Path]) -> Reader:
    """Read the one match of these files."""

    def one(feed: str, content: Files) -> tuple[MatchRecord, list[Problem]]:
        deliveries, problems = load_feed(feed).discover(source(content))
        assert problems == []
        (delivery,) = deliveries
        return load_feed(feed).read_match(delivery)

    return one


@pytest.fixture(scope="session")
def every_twelfth(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """42 of the 496 matches of Wyscout's public set, of all its competitions: to look at 240 MB takes seven seconds."""
    whole, folder = real_data / "wyscout", tmp_path_factory.mktemp("every_twelfth")
    chosen = {path.stem for path in sorted((whole / "events").iterdir())[::12]}
    head, *lines = (whole / "matches.csv").read_text().splitlines()
    kept = [line for line in lines if line.split(",")[0] in chosen]
    (folder / "matches.csv").write_text("\n".join([head, *kept]))
    for name in chosen:
        (folder / f"{name}.json").symlink_to(whole / "events" / f"{name}.json")
    return folder


@pytest.fixture(scope="session")
def records_of_every_twelfth(every_twelfth: Path) -> list[MatchRecord]:
    """Those matches, read."""
    deliveries, problems = load_feed("wyscout").discover(every_twelfth)
    assert (len(deliveries), problems) == (42, [])
    return [load_feed("wyscout").read_match(delivery)[0] for delivery in deliveries]
