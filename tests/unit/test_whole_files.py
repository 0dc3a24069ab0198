"""Files are there whole or not at all; a full disk is told with its path and what to do."""

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xgoals.domain.errors import StoreError, UnwritableError
from xgoals.outputs import tables
from xgoals.storage import LocalStorage
from xgoals.whole_files import remove_left_over, scratch_folder, whole_file, writable, write_whole


def test_a_file_is_there_when_it_is_complete(tmp_path):
    path = tmp_path / "new" / "page.html"
    with whole_file(path) as unfinished:
        unfinished.write_text("all of it")
        assert not path.exists()
    assert path.read_text() == "all of it"
    assert list(path.parent.iterdir()) == [path]


def test_a_small_note_is_never_there_by_halves(tmp_path, monkeypatch):
    path = tmp_path / "processes.json"
    write_whole(path, "[1]")

    def half(self: Path, text: str, **_: object) -> None:
        with self.open("w") as file:
            file.write(text[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "[1, 2]")
    assert path.read_text() == "[1]"


def test_what_was_left_of_a_file_long_ago_goes_and_nothing_else(tmp_path):
    path, old_s = tmp_path / "results[1].dump", time.time() - 3 * 86_400
    names = {
        "results[1].dump.0123456789ab.part": True, "results[1].dump.0123456789cd.part": False,
        "results[1].dump.mine.part": True, "other.dump.0123456789ab.part": True, "results[1].dump": True,
    }  # fmt: skip
    for name, is_old in names.items():
        (tmp_path / name).write_text("x")
        if is_old:
            os.utime(tmp_path / name, (old_s, old_s))
    remove_left_over(path)
    assert {file.name for file in tmp_path.iterdir()} == names.keys() - {"results[1].dump.0123456789ab.part"}


def test_a_folder_for_a_while_says_by_its_name_that_it_may_go(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with scratch_folder("restore") as folder:
        assert folder.parent == tmp_path
        assert folder.name.startswith("xgoals-restore-")
        assert folder.suffix == ".unfinished"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_names_the_path_and_the_way_out_and_what_was_there_stays(tmp_path, monkeypatch, code):
    path = tmp_path / "page.html"
    storage = LocalStorage(tmp_path)
    storage.write("page.html", b"before")

    def full(self: Path, _: bytes) -> None:
        with self.open("w") as file:
            file.write("half")
        raise OSError(code, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UnwritableError, match="the disk is full") as caught:
        storage.write("page.html", b"after")
    assert str(path) in str(caught.value)
    for said in (f"df -h {tmp_path}", "xgoals clean", "nothing that was stored is lost"):
        assert said in str(caught.value)
    assert isinstance(caught.value, StoreError), "no single match is to blame for it"
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_may_not_be_written_is_told_and_other_errors_are_not_ours(tmp_path):
    with pytest.raises(UnwritableError, match="may not be written"), whole_file(tmp_path / "x"):
        raise PermissionError(errno.EACCES, "Permission denied")
    with pytest.raises(IsADirectoryError), whole_file(tmp_path / "x"):
        raise IsADirectoryError(errno.EISDIR, "Is a directory")
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full to write to")
@pytest.mark.parametrize("n", [3, 100_000])
def test_a_table_that_finds_no_room_says_so(tmp_path, monkeypatch, n):
    @contextmanager
    def on_a_full_disk(path: Path) -> Iterator[Path]:
        with writable(path):
            yield Path("/dev/full")

    monkeypatch.setattr(tables, "whole_file", on_a_full_disk)
    with pytest.raises(UnwritableError, match="the disk is full"):
        tables.write_table(pd.DataFrame({"x": np.arange(n)}), tmp_path / "x.csv")
