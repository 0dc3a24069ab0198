"""Which code ran: the package's version, and the commit where it runs from a checkout."""

import hashlib
import shutil
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path

import xgoals
from xgoals.settings import asset_folder

_SOURCES = frozenset((".py", ".html", ".css", ".js", ".toml", ".txt", ".sql", ".svg"))
_LIBRARIES = (
    "jinja2",
    "matplotlib",
    "mplsoccer",
    "numpy",
    "pandas",
    "scikit-learn",
    "scipy",
    "shap",
    "xgboost",
)


def code_version() -> str:
    """For example ``xgoals 0.1.0, commit 1a2b3c4`` (``modified`` behind it where files differ from the commit)."""
    package = f"xgoals {version('xgoals')}"
    commit = _commit(Path(__file__).parent)
    return f"{package}, commit {commit}" if commit else package


@cache
def release_key() -> str:
    """A key that changes with every release, and with every line that is changed by hand in a checkout.

    It is over the sources, templates and SQL as they lie there, and the versions of the libraries that numbers and
    pictures come from.
    """
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    folders = (Path(xgoals.__file__).parent, asset_folder("templates"), asset_folder("sql"))
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _SOURCES and path.is_file()):
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


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
