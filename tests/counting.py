"""How often a fault is tried, with which seed, and what is told of it in the end: on the terminal, and on a page.

``pytest tests/faults`` tries each a few times, so that ``make test`` stays short; ``--scale 1`` tries it as often as
``docs/reliability.md`` promises. What was tried is printed, with its seed; ``--publish PAGE`` writes it down there, a
row for each kind, and leaves the rows of what was not tried this time.
"""

import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from common import machine, write_section

HEADING = "How often it was tried"
SMALL_SEED = 20_261_127
"""Of `make test`, which says the same of the same code every day; at scale each day has another."""
_PROPERTY = "tried"
_ROW = re.compile(r"^\| (\d+) \| (.+) \|$")


@dataclass(frozen=True)
class Tried:
    """A row: so often it was tried, of so often as is promised, and whether all went well.

    ``item`` is the number in the list of ``docs/reliability.md``; ``day`` is of the run.
    """

    item: int
    what: str
    tried: int
    promised: int
    seed: int
    minutes: float
    day: str

    @property
    def key(self) -> tuple[int, str]:
        """What the row is about."""
        return self.item, self.what

    def __str__(self) -> str:
        return "| " + " | ".join(_cell(value) for value in astuple(self)) + " |"


class Tries:
    """So often a test is to try; what it has done is told in the end, if the test passes."""

    def __init__(self, scale: float, seed: int, note: Callable[[Tried], None]) -> None:
        self.seed, self._scale, self._note, self._began = seed, scale, note, time.monotonic()

    def __call__(self, promised: int, *, small: int) -> int:
        """How often: the share of what is promised that ``--scale`` says, and at least ``small``."""
        return max(small, math.ceil(promised * self._scale))

    @property
    def is_small(self) -> bool:
        """Whether no scale was asked for, as in ``make test``."""
        return self._scale == 0

    def done(self, item: int, what: str, tried: int, promised: int) -> None:
        """Tell that so many have been tried; a kind that several tests try adds up."""
        minutes, day = (time.monotonic() - self._began) / 60, f"{datetime.now(UTC):%d %B %Y}"
        self._note(Tried(item, what, tried, promised, self.seed, minutes, day))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Of the fault suite; see `docs/reliability.md`."""
    group = parser.getgroup("faults")
    group.addoption("--scale", type=float, default=0.0, help="share of the promised counts, 1 for all")
    group.addoption(
        "--fault-seed", type=int, help="repeat a run with its seed; default: at scale another every day"
    )
    group.addoption("--publish", type=Path, help="write what was tried into this page")


@pytest.fixture
def tries(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Tries:
    """``n = tries(300, small=6)``, then ``tries.done(1, "killed at a moment", n, 300)``; ``tries.seed`` for chance."""
    given = request.config.getoption("--fault-seed")
    if given is not None:
        seed = given
    else:  # all processes of a session have to try the same: no moment of the clock
        seed = int(f"{datetime.now(UTC):%Y%m%d}") if request.config.getoption("--scale") else SMALL_SEED
    print(f"--fault-seed={seed}")  # noqa: T201 - shown where a test fails
    return Tries(
        request.config.getoption("--scale"), seed, lambda row: record_property(_PROPERTY, astuple(row))
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """At scale a test takes as long as it takes."""
    if config.getoption("--scale"):
        for item in items:
            if item.nodeid.startswith("tests/faults/"):
                item.add_marker(pytest.mark.timeout(3600))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What was tried; with ``--publish``, on the page too."""
    rows = list(_rows(terminalreporter))
    if not rows:
        return
    terminalreporter.section("faults that were tried")
    for row in rows:
        terminalreporter.write_line(
            f"{row.item:2d}  {row.what}: {row.tried:,} of {row.promised:,}, {row.minutes:.1f} min, seed {row.seed}"
        )
    if page := config.getoption("--publish"):
        write_section(page, HEADING, _section(page, rows))


def _rows(terminalreporter: pytest.TerminalReporter) -> Iterator[Tried]:
    """Of tests that passed; those of one kind added up."""
    known: dict[tuple[int, str], Tried] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == _PROPERTY and report.when == "call":
                row = Tried(*value)
                if (before := known.get(row.key)) is not None:
                    row = Tried(
                        *row.key, row.tried + before.tried, row.promised, row.seed,
                        row.minutes + before.minutes, row.day,
                    )  # fmt: skip
                known[row.key] = row
    yield from sorted(known.values(), key=lambda row: row.key)


def _section(page: Path, rows: list[Tried]) -> str:
    """The table: these rows, and those of the page that tell of something else."""
    lines = {_key(line): line for line in _lines_of(page)} | {row.key: str(row) for row in rows}
    names = [field.name for field in fields(Tried)]
    head = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    told = (
        f"Each row is of the day that it names; the newest on {machine()}. `minutes` are of the wall, beside other "
        "tests of the suite."
    )
    return "\n".join([told, "", *head, *(lines[key] for key in sorted(lines))])


def _lines_of(page: Path) -> list[str]:
    content = page.read_text(encoding="utf-8") if page.exists() else ""
    _, _, section = content.partition(f"## {HEADING}\n")
    return [line for line in section.partition("\n## ")[0].splitlines() if _ROW.match(line)]


def _key(line: str) -> tuple[int, str]:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return int(cells[0]), cells[1]


def _cell(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)
