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
