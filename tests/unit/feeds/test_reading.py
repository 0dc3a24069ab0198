"""Reading in several processes gives what one process gives; a process that is killed costs its match."""

import os
import signal
from pathlib import Path

import pytest

from xgoals.domain.errors import FeedError
from xgoals.feeds import Delivery, MatchReading, reading
from xgoals.feeds.archive import discover, write_archive
from xgoals.feeds.reading import ReaderProcesses, read_all, read_one
from xgoals.feeds.simulator import simulate_matchday


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Delivery]:
    path = tmp_path_factory.mktemp("archive") / "league.parquet"
    write_archive(path, simulate_matchday(1, 1, clubs=8))
    return discover(path)[0]


def broken(delivery: Delivery) -> Delivery:
    return Delivery(delivery.provider, "nobody", delivery.files, "x", extra=delivery.extra)


@pytest.mark.parametrize("threshold", [0, 10**12])
def test_results_come_in_order_whoever_reads(
    deliveries: list[Delivery], monkeypatch: pytest.MonkeyPatch, threshold: int
) -> None:
    monkeypatch.setattr(reading, "WORTH_PROCESSES_BYTES", threshold)
    monkeypatch.setattr(reading, "_cores", lambda: 2)
    given = [*deliveries[:2], broken(deliveries[0]), *deliveries[2:]]
    results = list(read_all("archive", given))
    assert [delivery.match_id for delivery, _ in results] == [delivery.match_id for delivery in given]
    for delivery, result in results:
        if delivery.match_id == "nobody":
            assert isinstance(result, FeedError)
        else:
            expected = read_one("archive", delivery)
            assert isinstance(result, MatchReading)
            assert isinstance(expected, MatchReading)
            assert result.record == expected.record


def test_more_matches_than_processes_are_not_all_held_at_once(
    deliveries: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WORTH_PROCESSES_BYTES", 0)
    monkeypatch.setattr(reading, "_cores", lambda: 2)
    asked = 0
    original = ReaderProcesses.read

    def counted(self: ReaderProcesses, feed: str, delivery: Delivery) -> reading.Reading:
        nonlocal asked
        asked += 1
        return original(self, feed, delivery)

    monkeypatch.setattr(ReaderProcesses, "read", counted)
    results = read_all("archive", deliveries * 5)
    next(results)
    assert asked <= 5  # two at work, two waiting, one given out
    assert len(list(results)) == 5 * len(deliveries) - 1


def test_a_killed_process_costs_its_match_only(deliveries: list[Delivery]) -> None:
    with ReaderProcesses(1) as processes:
        assert isinstance(processes.read("archive", deliveries[0]), MatchReading)
        (process,) = processes._running
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        result = processes.read("archive", deliveries[1])
        assert isinstance(result, FeedError)
        assert "signal 9" in result.what
        assert isinstance(processes.read("archive", deliveries[2]), MatchReading)


def test_a_bug_in_a_process_is_no_broken_match(deliveries: list[Delivery], tmp_path: Path) -> None:
    senseless = Delivery("p", "m", (tmp_path / "x",), "f")
    with ReaderProcesses(1) as processes, pytest.raises(RuntimeError, match="see the traceback"):
        processes.read("archive", senseless)


def test_no_process_is_left_behind(deliveries: list[Delivery]) -> None:
    with ReaderProcesses(1) as processes:
        processes.read("archive", deliveries[0])
        (process,) = processes._running
    assert process.returncode == -signal.SIGKILL


def test_a_file_that_holds_many_matches_weighs_once(deliveries: list[Delivery], tmp_path: Path) -> None:
    size = deliveries[0].files[0].stat().st_size
    assert reading._weight_bytes(deliveries) == size
    zipped = tmp_path / "positions.xml.gz"
    zipped.write_bytes(b"x" * 1000)
    assert reading._weight_bytes([Delivery("p", "m", (zipped,), "f")]) == 1000 * reading.INFLATION
