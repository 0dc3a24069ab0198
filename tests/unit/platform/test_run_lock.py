"""One in-process run at a time: the second waits and says for whom, a killed one releases."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from xgoals.domain.errors import ServiceError
from xgoals.services.run_lock import holder, run_lock

HOLDER = """
import sys, time
from pathlib import Path
from xgoals.services.run_lock import run_lock
with run_lock(Path(sys.argv[1]), "a run of feed dfl into main", print):
    print("holding", flush=True)
    sys.stdin.readline()
"""


def never(who: str) -> None:
    pytest.fail(f"nobody to wait for, and yet: {who}")


def hold_elsewhere(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "holding\n"
    return process


def test_a_free_lock_is_taken_at_once_and_named_while_held(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with run_lock(tmp_path, "a test", never):
        me = holder(tmp_path)
        assert me
        assert (me.doing, me.pid) == ("a test", os.getpid())
    assert holder(tmp_path) is None


def test_who_waits_hears_for_whom_and_gets_his_turn(tmp_path: Path) -> None:
    other = hold_elsewhere(tmp_path)
    heard: list[str] = []
    got_it = threading.Event()

    def wait_for_it() -> None:
        with run_lock(tmp_path, "the second", heard.append):
            got_it.set()

    waiter = threading.Thread(target=wait_for_it)
    waiter.start()
    deadline = time.monotonic() + 10
    while not heard and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(heard) == 1
    assert f"a run of feed dfl into main (process {other.pid}, since " in heard[0]
    assert not got_it.is_set()
    other.communicate("done\n")
    waiter.join(timeout=10)
    assert got_it.is_set()


def test_who_waits_in_vain_says_for_whom_and_goes(tmp_path: Path) -> None:
    other = hold_elsewhere(tmp_path)
    with (
        pytest.raises(ServiceError, match=r"in vain: a run of feed dfl into main .* is at work in this home"),
        run_lock(tmp_path, "the second", str, patience=timedelta(0)),
    ):
        pass
    other.communicate("done\n")


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    other = hold_elsewhere(tmp_path)
    assert holder(tmp_path)
    other.kill()
    other.communicate()
    assert holder(tmp_path) is None
    with run_lock(tmp_path, "a test", never):
        pass


def test_an_error_inside_releases(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="inside"), run_lock(tmp_path, "a test", never):
        raise RuntimeError("inside")
    with run_lock(tmp_path, "a test", never):
        pass
