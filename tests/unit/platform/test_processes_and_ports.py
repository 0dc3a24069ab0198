"""Only what we started is ever ended, and a taken port is named with its owner."""

import os
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from xgoals.services.ports import is_free, who_listens
from xgoals.services.processes import (
    RememberedProcess,
    end,
    launch,
    memory_mib,
    remember,
    remembered,
    tail,
)

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""


def start(tmp_path: Path, code: str) -> RememberedProcess:
    return launch("one", [sys.executable, "-c", code], environment=os.environ, log=tmp_path / "one.log")


def test_a_launched_process_is_nobodys_child_and_is_found_again(tmp_path: Path) -> None:
    started = start(tmp_path, "import time; print('up', flush=True); time.sleep(600)")
    while not (tmp_path / "one.log").read_text():
        time.sleep(0.02)
    table = tmp_path / "deep" / "table.json"
    remember(table, [started])
    try:
        assert remembered(table) == [started]
        process = started.find()
        assert process
        assert process.ppid() != os.getpid()
        assert memory_mib(process) > 0
    finally:
        end([started])
    assert started.find() is None


def test_nothing_is_remembered_before_the_first_start(tmp_path: Path) -> None:
    assert remembered(tmp_path / "none.json") == []


def test_output_goes_to_the_log_and_an_early_end_is_noticed(tmp_path: Path) -> None:
    started = start(tmp_path, "print('one'); print('two'); raise SystemExit('out of coal')")
    deadline = time.monotonic() + 20
    while started.find() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert started.find() is None
    assert tail(tmp_path / "one.log", 2).splitlines() == ["two", "out of coal"]


def test_ending_takes_stubborn_processes_and_their_children_along(tmp_path: Path) -> None:
    started = start(tmp_path, STUBBORN)
    log = tmp_path / "one.log"
    while not log.read_text():
        time.sleep(0.02)
    child = psutil.Process(int(log.read_text()))
    end([started], patience_s=0.2)
    assert started.find() is None
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_number_that_was_given_to_another_process_is_not_ours(tmp_path: Path) -> None:
    bystander = start(tmp_path, "import time; time.sleep(600)")
    mistaken = replace(bystander, started_s=bystander.started_s - 60)
    try:
        assert mistaken.find() is None
        end([mistaken], patience_s=0.2)
        assert bystander.find()
    finally:
        end([bystander])


def test_a_port_is_taken_while_somebody_listens() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        server.listen()
        assert not is_free(port)
        assert who_listens(port) == f"process {os.getpid()} ({psutil.Process().name()})"
    assert is_free(port)
    assert who_listens(port) == "another program"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_listener_on_all_addresses_takes_loopback_too(host: str) -> None:
    with socket.socket() as server:
        server.bind((host, 0))
        server.listen()
        assert not is_free(server.getsockname()[1])
