"""Which code ran: the package's version, and the commit where it runs from a checkout."""

import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path


def code_version() -> str:
    """For example ``xgoals 0.1.0, commit 1a2b3c4`` (``modified`` behind it where files differ from the commit)."""
    package = f"xgoals {version('xgoals')}"
    commit = _commit(Path(__file__).parent)
    return f"{package}, commit {commit}" if commit else package


def _commit(folder: Path) -> str | None:
    """The commit of the checkout that holds a folder; None outside one, or without git."""
    git = shutil.which("git")
    if git is None:
        return None
    command = [
        git,
        "-C",
        str(folder),
        "describe",
        "--always",
        "--exclude=*",
        "--abbrev=12",
        "--dirty= (modified)",
    ]
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603 (our own words)
    return found.stdout.strip() or None
