"""Processes that a component left behind when it was killed: found by a mark in their environment, never by name.

A scheduler that is killed leaves workers that hold its sessions of the database, and with them its locks: whoever comes
after it waits for ever. They inherit the mark of the component that started them, whatever they call themselves and
whosever children they are by now.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from xgoals.services.processes import RememberedProcess, end_processes, with_descendants

_MARK = "_XGOALS_COMPONENT"


@dataclass(frozen=True, slots=True)
class Orphan:
    """A process whose component is gone."""

    component: str
    process: psutil.Process

    def __str__(self) -> str:
        return f"process {self.process.pid}, left behind by the {self.component}"


def marked(home: Path, component: str) -> dict[str, str]:
    """The variables by which what a component of this ``XGOALS_HOME`` starts is found again."""
    # Without the second one, a program that changes its title writes over the environment that the system shows.
    return {_MARK: f"{component} {home}", "SPT_NOENV": "1"}


def orphans(home: Path, alive: Iterable[RememberedProcess] = ()) -> list[Orphan]:
    """The processes of components of this ``XGOALS_HOME`` that do not belong to one of those that live."""
    families = {member.pid for root in alive for member in with_descendants(root)}
    return [orphan for orphan in _marked_processes(home) if orphan.process.pid not in families]


def end_orphans(found: Iterable[Orphan]) -> list[Orphan]:
    """End what was left behind: asked first, killed if it does not heed; which they were."""
    found = list(found)
    end_processes([orphan.process for orphan in found], patience_s=5.0)
    return found


def _marked_processes(home: Path) -> Iterator[Orphan]:
    for process in psutil.process_iter():
        try:
            mark = process.environ().get(_MARK, "")
            component, _, of = mark.partition(" ")
            if of == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                yield Orphan(component, process)
        except (psutil.Error, OSError):  # somebody else's, or gone
            continue
