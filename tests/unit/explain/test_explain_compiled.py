"""Machine code is kept between processes, never out of date, and not needed to be kept at all."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import xgoals.explain
from xgoals.compiled import fingerprint, user_cache

PACKAGE = Path(xgoals.explain.__file__).parent
COMPILE_ONE = """
from xgoals.explain.leafgame import size
print(size(0b1011), sum(size.stats.cache_hits.values()), sum(size.stats.cache_misses.values()))
"""


def in_new_process(cache_dir):
    environment = {"NUMBA_CACHE_DIR": str(cache_dir), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", COMPILE_ONE], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.split(), done.stderr


def test_the_second_process_finds_what_the_first_compiled(tmp_path):
    assert in_new_process(tmp_path)[0] == ["3", "0", "1"]
    assert in_new_process(tmp_path)[0] == ["3", "1", "0"]
    assert [folder.name for folder in tmp_path.iterdir()] == [fingerprint(PACKAGE)]


def test_where_nothing_can_be_kept_it_works_all_the_same_and_says_so(tmp_path):
    (tmp_path / "file").touch()
    output, log = in_new_process(tmp_path / "file" / "no folder below a file")
    assert output == ["3", "0", "1"]
    assert "set NUMBA_CACHE_DIR" in log


@pytest.mark.parametrize("changed", ["coalitions.py", "exact.py"])
def test_any_change_of_any_source_starts_a_new_cache(tmp_path, changed):
    copy = tmp_path / "explain"
    shutil.copytree(PACKAGE, copy)
    assert fingerprint(copy) == fingerprint(PACKAGE)
    (copy / changed).write_text((copy / changed).read_text() + "\n")
    assert fingerprint(copy) != fingerprint(PACKAGE)


def test_numbas_own_settings_are_left_as_they_were():
    import numba

    assert str(fingerprint(PACKAGE)) not in numba.config.CACHE_DIR


def test_it_lies_where_the_system_keeps_what_can_be_made_again(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert user_cache() == tmp_path / ".cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    assert user_cache() == tmp_path / "other"
    monkeypatch.setenv("XDG_CACHE_HOME", "not a whole path")
    assert user_cache() == tmp_path / ".cache"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert user_cache() == tmp_path / "Library" / "Caches"
