"""Which code ran: the package and, in a checkout, the commit."""

import subprocess
from importlib.metadata import version

import pytest

from xgoals.steps import code_version as module


def git(folder, *words):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


def test_the_commit_of_a_checkout_and_whether_files_differ(tmp_path):
    if module.shutil.which("git") is None:
        pytest.skip("NO GIT: install it to run this test")
    git(tmp_path, "init")
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-m", "first")
    clean = module._commit(tmp_path)
    assert len(clean) == 12
    (tmp_path / "a").write_text("2")
    assert module._commit(tmp_path) == f"{clean} (modified)"


def test_outside_a_checkout_or_without_git_the_package_alone_is_named(tmp_path, monkeypatch):
    assert module._commit(tmp_path) is None
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    assert module.code_version() == f"xgoals {version('xgoals')}"
