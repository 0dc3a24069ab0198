"""Reading in several processes gives what one process gives; a process that is killed costs its match."""

import os
import pickle
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from xgoals.domain.errors import FeedError, Problem
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


@pytest.mark.parametrize("threshold", [0, 10**12], ids=["in a process", "here"])
def test_an_error_that_nobody_has_thought_of_costs_its_match_only(
    deliveries: list[Delivery],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    threshold: int,
) -> None:
    """No ``row_groups``: a KeyError inside the reader."""
    monkeypatch.setattr(reading, "WORTH_PROCESSES_BYTES", threshold)
    monkeypatch.setattr(reading, "_cores", lambda: 2)
    senseless = Delivery("p", "m", (tmp_path / "x",), "f")
    results = dict(read_all_by_id("archive", [deliveries[0], senseless, deliveries[1]]))
    error = results["m"]
    assert isinstance(error, FeedError)
    assert error.what == "match m cannot be read: KeyError: 'row_groups'"
    assert error.where == str(tmp_path / "x")
    assert all(isinstance(results[d.match_id], MatchReading) for d in deliveries[:2])
    if threshold:  # in the process the traceback goes to its error stream
        assert "Traceback" in caplog.text


def read_all_by_id(feed: str, given: list[Delivery]) -> Iterator[tuple[str, reading.Reading]]:
    return ((delivery.match_id, result) for delivery, result in read_all(feed, given))


def test_a_process_that_is_killed_over_a_match_costs_this_match_and_the_others_go_on(
    deliveries: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed by the system while it reads: what it was given is the first that it does not answer."""
    monkeypatch.setattr(reading, "WORTH_PROCESSES_BYTES", 0)
    monkeypatch.setattr(reading, "_cores", lambda: 2)
    original = pickle.dump

    def killing(what: object, stream: IO[bytes], *more: object) -> None:
        original(what, stream)
        if isinstance(what, tuple) and what[1].match_id == deliveries[1].match_id:
            (pid,) = [p.pid for p in pool[0]._running if p.stdin is stream]
            os.kill(pid, signal.SIGKILL)

    pool: list[ReaderProcesses] = []
    entered = ReaderProcesses.__enter__
    monkeypatch.setattr(ReaderProcesses, "__enter__", lambda self: pool.append(self) or entered(self))
    monkeypatch.setattr(reading.pickle, "dump", killing)
    results = dict(read_all_by_id("archive", deliveries))
    broken = [match_id for match_id, result in results.items() if isinstance(result, FeedError)]
    assert broken == [deliveries[1].match_id]
    assert "signal 9" in str(results[broken[0]])


def test_a_process_that_ends_by_itself_costs_its_match_only(deliveries: list[Delivery]) -> None:
    with ReaderProcesses(1) as processes:
        processes.read("archive", deliveries[0])
        (process,) = processes._running
        process.stdin.close()  # it ends when its input does, with exit code 0
        process.stdin = open(os.devnull, "wb")  # noqa: SIM115, PTH123
        result = processes.read("archive", deliveries[1])
        assert isinstance(result, FeedError)
        assert "has ended by itself (exit code 0)" in result.what
        assert isinstance(processes.read("archive", deliveries[2]), MatchReading)


def test_what_is_said_twice_in_the_same_words_is_one_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = [
        Problem("f", "r", "a", "m", "p"),
        Problem("f", "r", "other", "m", "p"),
        Problem("f", "s", "a", "m"),
    ]
    once = reading._noted_once(MatchReading(None, twice))
    assert [(p.reason, p.advice) for p in once.problems] == [("r", "a"), ("s", "a")]


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
