"""Each database has inboxes of its own, and `xgoals ingest --database demo` reads the demo's."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from databases import forget_settings
from xgoals import cli
from xgoals.cli import pipeline
from xgoals.steps import ingest


@pytest.mark.parametrize(("database", "inbox"), [("main", "inbox/dfl"), ("demo", "demo/inbox/dfl")])
def test_ingest_reads_the_inbox_of_the_database_that_it_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, inbox: str
) -> None:
    asked: list[tuple[str, Path]] = []

    @contextmanager
    def step(_: str, database: str, source: Any) -> Iterator[None]:
        asked.append((database, source.path))
        yield

    forget_settings(monkeypatch)
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    monkeypatch.setattr(pipeline, "single_step", step)
    monkeypatch.setattr(ingest, "ingest", lambda _: None)
    monkeypatch.setattr(ingest, "raise_if_newly_refused", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["xgoals", "ingest", "--feed", "dfl", "--database", database])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    assert asked == [(database, tmp_path / inbox)]
