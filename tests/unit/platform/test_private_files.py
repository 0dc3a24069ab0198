"""What commands leave in XGOALS_HOME is for its owner only."""

import os
import stat
import sys
from pathlib import Path

import pytest

from xgoals import cli


@pytest.mark.parametrize(
    ("command", "is_private"), [("up", True), ("db", True), ("export", False), ("score", False)]
)
def test_files_of_services_are_private_and_exports_follow_the_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, is_private: bool
) -> None:
    def write() -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "file").write_text("x")

    before = os.umask(0o022)
    try:
        monkeypatch.setattr(sys, "argv", ["xgoals", command])
        monkeypatch.setattr(cli, "app", write)
        cli.main()
        modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("folder/file", "folder")]
        folder = 0o711 if os.geteuid() == 0 else 0o700
        assert modes == ([0o600, folder] if is_private else [0o644, 0o755])
        assert os.umask(0o022) == 0o022, "as it was for whoever comes next"
    finally:
        os.umask(before)
