"""The trigger that watches the inboxes: it waits for files to come to rest, fires, and survives trouble."""

import asyncio
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from xgoals.domain.errors import StoreError
from xgoals.orchestration.trigger import RETRY_S, InboxTrigger
from xgoals.steps import inbox as watching
from xgoals.steps.inbox_matchdays import InboxCheck, InboxEvent


class Database:
    """Stands in for what `check_inbox` and `claim_events` read and write: the answer to give, and what was reported."""

    def __init__(self) -> None:
        self.looks = 0
        self.fails: Exception | None = None
        self.again_at: datetime | None = None
        self.reported: set[str] = set()
        self.waits = False

    def check_inbox(self, settings: Any, database: str, feed: str, now: datetime) -> InboxCheck:
        self.looks += 1
        if self.fails:
            raise self.fails
        folder = settings.inbox(feed, database)
        content = " ".join(sorted(path.read_text() for path in folder.rglob("*.xml")))
        event = InboxEvent("complete", content, f"{feed} is complete")
        return InboxCheck([event], check_again_at=self.again_at)

    def claim_events(
        self, settings: Any, database: str, feed: str, events: list[InboxEvent], now: datetime
    ) -> list[InboxEvent]:
        fresh = [item for item in events if f"{database} {feed} {item.content}" not in self.reported]
        self.reported |= {f"{database} {feed} {item.content}" for item in fresh}
        return fresh

    def has_pending_events(self, settings: Any, database: str, feed: str) -> bool:
        return self.waits


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    stand_in = Database()
    for name in ("check_inbox", "claim_events", "has_pending_events"):
        monkeypatch.setattr(watching, name, getattr(stand_in, name))
    return stand_in


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XGOALS_HOME", str(tmp_path))
    monkeypatch.setenv("XGOALS_CONFIG", os.devnull)
    folder = tmp_path / "inbox" / "dfl"
    folder.mkdir(parents=True)
    return folder


class Turns:
    """Time for a trigger, its ``time`` and its ``asyncio``: it stands still until a test lets the next look come."""

    to_thread = staticmethod(asyncio.to_thread)

    def __init__(self) -> None:
        self._now_s = 0.0
        self._rests, self._goes_on = asyncio.Event(), asyncio.Event()

    def monotonic(self) -> float:
        return self._now_s

    async def sleep(self, seconds: float) -> None:
        self._rests.set()
        await self._goes_on.wait()
        self._goes_on.clear()
        self._now_s += seconds

    async def pass_by(self, seconds: float) -> None:
        """Let the trigger look again and again until so many seconds have gone by, and rest again."""
        until_s = self._now_s + seconds
        async with asyncio.timeout(10):
            await self._rests.wait()
            while self._now_s < until_s:
                self._rests.clear()
                self._goes_on.set()
                await self._rests.wait()


class Watcher:
    """A trigger that looks every 5 s and waits for 15 s of rest, and what it fires."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._turns = Turns()
        for name in ("time", "asyncio"):
            monkeypatch.setattr(f"xgoals.orchestration.trigger.{name}", self._turns)
        self._fired: list[dict[str, Any]] = []
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in InboxTrigger(poll_s=5, settle_s=15).run():
            self._fired.append(dict(event.payload))

    def stop(self) -> None:
        self._task.cancel()

    async def fires(self, within_s: float = 60) -> list[dict[str, Any]]:
        """What it fires while so many seconds go by."""
        self._fired.clear()
        await self._turns.pass_by(within_s)
        return list(self._fired)


def test_it_fires_when_nothing_has_changed_for_a_while_and_once(
    inbox: Path, database: Database, monkeypatch: pytest.MonkeyPatch, run_async
) -> None:
    async def scenario() -> None:
        watcher = Watcher(monkeypatch)
        (inbox / "a.xml").write_text("1")
        for n in range(10):  # a file that grows: for three times as long as it has to be at rest
            (inbox / "a.xml").write_text("1" * (n + 2))
            assert await watcher.fires(within_s=5) == []
        assert database.looks == 0, "what grows is not judged"
        assert await watcher.fires(within_s=10) == []
        assert await watcher.fires(within_s=5) == [
            {
                "database": "main",
                "feed": "dfl",
                "states": ["complete"],
                "sentences": ["dfl is complete"],
            }
        ]
        assert await watcher.fires(within_s=600) == []
        assert (inbox / "a.xml").exists(), "feed files are never deleted"

    run_async(scenario())
    assert database.looks == 1


def test_after_a_restart_it_does_not_report_again(
    inbox: Path, database: Database, monkeypatch: pytest.MonkeyPatch, run_async
) -> None:
    async def scenario() -> None:
        (inbox / "a.xml").write_text("1")
        first = Watcher(monkeypatch)
        assert await first.fires()
        first.stop()
        second = Watcher(monkeypatch)
        assert await second.fires() == []
        assert database.looks == 2
        (inbox / "b.xml").write_text("2")
        assert await second.fires(), "what is new is reported"

    run_async(scenario())


def test_time_alone_can_be_a_reason_to_look_again(
    inbox: Path, database: Database, monkeypatch: pytest.MonkeyPatch, run_async
) -> None:
    async def scenario() -> None:
        (inbox / "a.xml").write_text("1")
        watcher = Watcher(monkeypatch)
        assert await watcher.fires()
        looks = database.looks
        database.again_at = datetime.now().astimezone() - timedelta(days=1)
        (inbox / "b.xml").write_text("2")
        assert await watcher.fires(within_s=20)
        assert await watcher.fires() == []
        assert database.looks > looks + 2

    run_async(scenario())


def test_an_inbox_that_vanishes_is_told_once_and_watched_again_when_it_is_back(
    inbox: Path,
    database: Database,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    run_async,
) -> None:
    async def scenario() -> None:
        (inbox / "a.xml").write_text("1")
        watcher = Watcher(monkeypatch)
        assert await watcher.fires()
        shutil.rmtree(inbox)
        assert await watcher.fires() == []
        inbox.mkdir()
        (inbox / "a.xml").write_text("2")
        assert await watcher.fires()

    run_async(scenario())
    log = capsys.readouterr().out
    assert log.count(f"The inbox {inbox} cannot be listed") == 1
    assert log.count(f"The inbox {inbox} is back") == 1


@pytest.mark.parametrize(
    "trouble", [StoreError("the results database does not answer"), KeyError("does not answer")]
)
def test_trouble_ends_nothing(
    trouble: Exception,
    inbox: Path,
    database: Database,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    run_async,
) -> None:
    async def scenario() -> None:
        database.fails = trouble
        (inbox / "a.xml").write_text("1")
        watcher = Watcher(monkeypatch)
        assert await watcher.fires(within_s=15 + 2 * RETRY_S) == []
        assert database.looks == 3
        database.fails = None
        assert await watcher.fires(within_s=RETRY_S)

    run_async(scenario())
    assert capsys.readouterr().out.count("the next look is in") == 1


def test_one_inbox_waits_for_the_run_of_another(
    inbox: Path, database: Database, monkeypatch: pytest.MonkeyPatch, run_async
) -> None:
    async def scenario() -> None:
        database.waits = True
        demo = inbox.parents[1] / "demo" / "inbox" / "dfl"
        demo.mkdir(parents=True)
        (inbox / "a.xml").write_text("1")
        (demo / "a.xml").write_text("1")
        watcher = Watcher(monkeypatch)
        (first,) = await watcher.fires()
        assert await watcher.fires(within_s=600) == []
        database.waits = False
        (second,) = await watcher.fires()
        assert {first["database"], second["database"]} == {"main", "demo"}

    run_async(scenario())


def test_airflow_can_keep_it() -> None:
    path, arguments = InboxTrigger(poll_s=7, settle_s=3).serialize()
    assert path == "xgoals.orchestration.trigger.InboxTrigger"
    assert arguments == {"poll_s": 7, "settle_s": 3}
