"""Packages that bring a feed: what a registry finds of them on the import path; and those of the guide."""

import re
from pathlib import Path

from reading_docs import DOCS

GUIDE = "write-a-feed.md"
BLOCK = re.compile(r"```\w+ file=(\S+)\n(.*?)```", re.DOTALL)


def lay_package(
    folder: Path,
    feeds: dict[str, str],
    *,
    name: str = "acme-xgoals",
    version: str = "0.1.0",
    text: str | None = None,
) -> Path:
    """Lay an installed package's description into a folder of the import path."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    points = "".join(f"{feed} = {target}\n" for feed, target in feeds.items())
    (info / "entry_points.txt").write_text(text or f"[xgoals.feeds]\n{points}")
    return folder


def lay_guide(folder: Path) -> Path:
    """The package of the guide with its samples, installed in place: ``folder/src`` is for the import path."""
    for name, content in BLOCK.findall((DOCS / GUIDE).read_text("utf-8")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (folder / "src" / "xgoals_acme" / "__init__.py").touch()
    lay_package(folder / "src", {"acme": "xgoals_acme.feed:FEED", "acme-frames": "xgoals_acme.frames"})
    return folder
