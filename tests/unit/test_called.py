"""Commands are said as they can be typed, wherever xgoals was installed."""

import sys
from pathlib import Path

import pytest

from xgoals.cli.called import called


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``.venv/bin/xgoals`` of a checkout that is the working folder."""
    path = tmp_path / "checkout" / ".venv" / "bin" / "xgoals"
    path.parent.mkdir(parents=True)
    path.touch(mode=0o755)
    monkeypatch.chdir(tmp_path / "checkout")
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setattr(sys, "argv", [str(path), "demo"])
    return path


def test_in_a_checkout_by_its_path_from_there(program: Path) -> None:
    assert called() == ".venv/bin/xgoals"


def test_from_elsewhere_by_its_whole_path(
    program: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert called() == str(program)


def test_by_its_name_where_the_shell_finds_it(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin")
    assert called() == "xgoals"


def test_another_xgoals_on_the_path_is_not_meant(
    program: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "xgoals"
    other.parent.mkdir()
    other.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(other.parent))
    assert called() == ".venv/bin/xgoals"


def test_as_a_module(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [str(program.with_name("__main__.py"))])
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    assert called() == ".venv/bin/python -m xgoals.cli"
