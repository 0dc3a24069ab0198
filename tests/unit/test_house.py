"""The house is as CONTRIBUTING.md draws it, and no room of it grows too large."""

import re
import statistics
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "xgoals"
GUIDE = (ROOT / "CONTRIBUTING.md").read_text()
HOUSE = GUIDE.split("## The house\n")[1].split("\n## ")[0]
ROOM = re.compile(r"^ {4}(?P<inside>  )?(?P<name>[\w./]+)(?: {2,}(?P<says>\S.*))?$", re.MULTILINE)
NAMED = re.compile(r"\b\w+(?:/(?!\w)|\.py\b)")
"""A folder or file in the sentence about a room; it lies in that room."""
QUOTED = re.compile(r"`((?:\w[\w.]*/)+(?:\w[\w.]*)?|\w+\.(?:py|txt|toml))`")


def rooms() -> Iterator[tuple[Path, str]]:
    for found in ROOM.finditer(HOUSE):
        parent = SOURCE if found["inside"] else ROOT
        yield parent / found["name"], found["says"] or ""


def files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_every_room_that_is_drawn_is_there() -> None:
    drawn = dict(rooms())
    assert len(drawn) > 20
    for room, says in drawn.items():
        assert room.exists(), room
        missing = [name for name in NAMED.findall(says) if not (room / name).exists()]
        assert not missing, f"{room}: {missing}"


def test_every_room_that_is_there_is_drawn() -> None:
    drawn = {room for room, _ in rooms()}
    there = {path for path in SOURCE.iterdir() if not path.name.startswith("__")}
    assert there <= drawn


def test_every_kind_of_test_is_drawn_and_has_its_target() -> None:
    kinds = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "_."}
    says = dict(rooms())[ROOT / "tests"]
    assert {name.rstrip("/") for name in NAMED.findall(says)} == kinds
    for place in (GUIDE, (ROOT / "Makefile").read_text()):
        (listed,) = re.findall(r"one folder(?: of tests)?: ([\w, ]+)", place)
        assert set(listed.split(", ")) == kinds


def test_every_path_that_is_named_is_there() -> None:
    places = (ROOT, SOURCE, ROOT / "requirements")
    named = set(QUOTED.findall(GUIDE))
    assert len(named) > 30
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []


def test_the_order_of_imports_is_the_contract() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["name"] == "Imports run one way"]
    order = HOUSE.split("beside it:\n")[1].split("`make check`")[0]
    assert [set(re.findall(r"\w+", layer)) for layer in order.split(">")] == [
        set(layer.replace("xgoals.", "").split(" | ")) for layer in layers
    ]


def test_no_file_is_too_long() -> None:
    lengths = {str(path.relative_to(ROOT)): lines(path) for path in files("src", "dags", "tests")}
    assert not {name: length for name, length in lengths.items() if length > 400}


def test_half_of_the_files_are_short() -> None:
    assert statistics.median(map(lines, files("src", "dags"))) <= 130


def test_no_folder_is_too_full() -> None:
    folders = {path.parent for path in files("src")}
    for folder in folders:
        if folder.name == "versions":  # of the schema: one more with every change, none of which may go
            continue
        assert len(list(folder.glob("*.py"))) <= 26, folder
