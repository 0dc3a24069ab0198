"""Files of a source: only regular files are ever opened, since a pipe can hang for ever."""

from pathlib import Path


def why_no_file(path: Path) -> str | None:
    """Why there is no file to read at a path; None where there is one (links to files are)."""
    if path.is_file():
        return None
    if path.is_dir():
        return "is a folder, no file"
    if path.exists():
        return "is no regular file (a pipe or a device)"
    return "is a link that leads nowhere" if path.is_symlink() else "is not there"


def files_once(paths: set[Path]) -> list[Path]:
    """Sorted, and each file once, however many links lead to it."""
    by_target: dict[Path, Path] = {}
    for path in sorted(paths):
        by_target.setdefault(path.resolve(), path)
    return list(by_target.values())
