"""The trigger that watches the inboxes: it waits for files to come to rest, fires, and survives trouble."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from xgoals.domain.errors import StoreError
from xgoals.orchestration.trigger import InboxTrigger
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
    monkeypatch.setenv("XGOALS_CONFIG", str(tmp_path / "none.toml"))
    folder = tmp_path / "inbox" / "dfl"
    folder.mkdir(parents=True)
    return folder


class Events:
    """What a trigger has fired; it goes on while nobody waits for it."""

    def __init__(self) -> None:
        self._fired: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for event in InboxTrigger(poll_s=0.02, settle_s=0.25).run():
            self._fired.put_nowait(dict(event.payload))

    def stop(self) -> None:
        self._task.cancel()

    async def next(self, within_s: float = 10.0) -> dict[str, Any] | None:
        try:
            return await asyncio.wait_for(self._fired.get(), within_s)
        except TimeoutError:
            return None


def test_it_fires_when_nothing_has_changed_for_a_while_and_once(
    inbox: Path, database: Database, run_async
) -> None:
    async def scenario() -> None:
        events = Events()
        (inbox / "a.xml").write_text("1")
        waiting = asyncio.create_task(events.next())
        for n in range(10):  # a file that grows: half a second, twice as long as it has to be at rest
            (inbox / "a.xml").write_text("1" * (n + 2))
            await asyncio.sleep(0.05)
        assert not waiting.done()
        assert database.looks == 0, "what grows is not judged"
        assert await waiting == {
            "database": "main",
            "feed": "dfl",
            "states": ["complete"],
            "sentences": ["dfl is complete"],
        }
        assert await events.next(0.6) is None
        assert (inbox / "a.xml").exists(), "feed files are never deleted"

    run_async(scenario())
    assert database.looks == 1


def test_after_a_restart_it_does_not_report_again(inbox: Path, database: Database, run_async) -> None:
    async def scenario() -> None:
        (inbox / "a.xml").write_text("1")
        first = Events()
        assert await first.next()
        first.stop()
        second = Events()
        assert await second.next(0.8) is None
        assert database.looks == 2
        (inbox / "b.xml").write_text("2")
        assert await second.next(), "what is new is reported"

    run_async(scenario())


def test_time_alone_can_be_a_reason_to_look_again(inbox: Path, database: Database, run_async) -> None:
    async def scenario() -> None:
        (inbox / "a.xml").write_text("1")
        events = Events()
        assert await events.next()
        looks = database.looks
        database.again_at = datetime.now().astimezone() - timedelta(days=1)
        (inbox / "b.xml").write_text("2")
        assert await events.next()
        assert await events.next(0.5) is None
        assert database.looks > looks + 2

    run_async(scenario())


def test_an_inbox_that_vanishes_is_told_once_and_watched_again_when_it_is_back(
    inbox: Path, database: Database, capsys: pytest.CaptureFixture[str], run_async
) -> None:
    async def scenario() -> None:
        (inbox / "a.xml").write_text("1")
        events = Events()
        assert await events.next()
        shutil.rmtree(inbox)
        assert await events.next(0.4) is None
        inbox.mkdir()
        (inbox / "a.xml").write_text("2")
        assert await events.next()

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
    monkeypatch.setattr("xgoals.orchestration.trigger.RETRY_S", 0.1)

    async def scenario() -> None:
        database.fails = trouble
        (inbox / "a.xml").write_text("1")
        events = Events()
        waiting = asyncio.create_task(events.next())
        async with asyncio.timeout(10):
            while database.looks < 3:
                await asyncio.sleep(0.02)
        database.fails = None
        assert await waiting

    run_async(scenario())
    assert capsys.readouterr().out.count("the next look is in") == 1


def test_one_inbox_waits_for_the_run_of_another(inbox: Path, database: Database, run_async) -> None:
    async def scenario() -> None:
        database.waits = True
        demo = inbox.parents[1] / "demo" / "inbox" / "dfl"
        demo.mkdir(parents=True)
        (inbox / "a.xml").write_text("1")
        (demo / "a.xml").write_text("1")
        events = Events()
        first = await events.next()
        assert first
        waiting = asyncio.create_task(events.next(10))
        await asyncio.sleep(0.5)
        assert not waiting.done()
        database.waits = False
        second = await waiting
        assert second
        assert {first["database"], second["database"]} == {"main", "demo"}

    run_async(scenario())


def test_airflow_can_keep_it() -> None:
    path, arguments = InboxTrigger(poll_s=7, settle_s=3).serialize()
    assert path == "xgoals.orchestration.trigger.InboxTrigger"
    assert arguments == {"poll_s": 7, "settle_s": 3}
