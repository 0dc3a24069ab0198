"""The feeds that there are: each can be loaded, is offered by commands and form, and none is taken for granted."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from xgoals.cli import app
from xgoals.domain.errors import SettingsError
from xgoals.feeds import FEEDS, load_feed
from xgoals.report.words.providers import SOURCES


@pytest.mark.parametrize("name", FEEDS)
def test_every_feed_has_the_functions_of_one(name: str) -> None:
    feed = load_feed(name)
    assert all(callable(getattr(feed, function)) for function in ("discover", "announce", "read_match"))


def test_there_are_these() -> None:
    assert set(FEEDS) == {"statsbomb", "dfl", "archive", "wyscout", "opta", "statsperform"}
    assert SOURCES["wyscout"] == "Wyscout"
    assert "archive" not in SOURCES


def test_the_form_offers_all_of_them() -> None:
    from xgoals.orchestration.run_form import RUN_FORM

    assert RUN_FORM["feed"].schema["enum"] == [None, *FEEDS]


@pytest.mark.parametrize("command", [("run",), ("ingest",), ("score", "--to", "x.csv")])
def test_a_source_without_its_feed_is_asked_about(command: tuple[str, ...], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [*command, "--source", str(tmp_path)])
    assert isinstance(result.exception, SettingsError)
    assert "which feed are the files of?" in str(result.exception)
    assert "wyscout: Wyscout events" in str(result.exception)
