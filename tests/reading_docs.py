"""Tables and diagrams of the pages in ``docs``: what a page shows and what a test goes through are one and the same."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def tables_below(page: str, heading: str) -> list[list[dict[str, str]]]:
    """The tables of a section, each a list of rows by column."""
    blocks = re.findall(r"(?:^\|.*\n)+", section(page, heading), re.MULTILINE)
    return [_rows(block.splitlines()) for block in blocks]


def diagram_below(page: str, heading: str) -> str:
    """The first Mermaid diagram of a section."""
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", section(page, heading), re.DOTALL)[:1]
    return diagram


def section(page: str, heading: str) -> str:
    """What stands between a heading and the next one of its rank or above."""
    text = (DOCS / page).read_text("utf-8")
    (found,) = re.finditer(rf"^(#+) {re.escape(heading)}\n", text, re.MULTILINE)
    rest = text[found.end() :]
    after = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: after.start()] if after else rest


def _rows(lines: list[str]) -> list[dict[str, str]]:
    names, _, *rows = (_cells(line) for line in lines)
    assert all(len(row) == len(names) for row in rows), lines
    return [dict(zip(names, row, strict=True)) for row in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("`*") for cell in line.strip().strip("|").split("|")]
