"""What commands leave in XGOALS_HOME is for its owner only."""

import os
import stat
import sys
from pathlib import Path

import pytest

from xgoals import cli
from xgoals.services.secret_files import write_secret
from xgoals.storage import LocalStorage


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


def test_whoever_writes_secrets_or_mails_nobody_else_reads_them_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a worker of another Airflow lets all files be read; a rename is the last thing that is done."""
    seen: list[int] = []
    rename = Path.replace

    def renamed(self: Path, target: Path) -> Path:
        seen.append(stat.S_IMODE(self.stat().st_mode))
        return rename(self, target)

    before = os.umask(0)
    try:
        monkeypatch.setattr(Path, "replace", renamed)
        (tmp_path / "keys.json").write_text("old")
        (tmp_path / "keys.json").chmod(0o644)
        write_secret(tmp_path / "keys.json", "new")
        LocalStorage(tmp_path).write("outbox/a.eml", b"To: ann@example.org")
        LocalStorage(tmp_path).write("reports/a.html", b"<p>")
    finally:
        os.umask(before)
    assert seen[:2] == [0o600, 0o600]
    assert seen[2] & 0o044, "reports are for who may read the folder"
    for name in ("keys.json", "outbox/a.eml"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
