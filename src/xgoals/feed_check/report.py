"""What was checked, and how it went."""

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

WIDTH = 118
SHOWN_EXAMPLES = 4


class Verdict(StrEnum):
    """How a check went."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Check:
    """One promise of a feed.

    Attributes
    ----------
    name
        In a word or two, the same in every release.
    says
        What was found.
    do
        What to do about it, where it failed.
    examples
        Some of what is wrong.
    """

    name: str
    verdict: Verdict
    says: str
    do: str = ""
    examples: tuple[str, ...] = ()


def passed(name: str, says: str) -> Check:
    """A promise that is kept."""
    return Check(name, Verdict.PASSED, says)


def failed(name: str, says: str, do: str, examples: Sequence[str] = ()) -> Check:
    """A promise that is broken."""
    return Check(name, Verdict.FAILED, says, do, tuple(examples))


def not_judged(name: str, says: str) -> Check:
    """A promise of which these files say nothing."""
    return Check(name, Verdict.NOT_JUDGED, says)


def judged(name: str, wrong: Sequence[str], good: str, bad: str, do: str) -> Check:
    """Passed where nothing is wrong, else failed with what is."""
    return failed(name, bad, do, wrong) if wrong else passed(name, good)


@dataclass(frozen=True, slots=True)
class FeedReport:
    """All checks of a feed on some files."""

    feed: str
    package: str
    source: str
    n_matches: int
    n_shots: int
    checks: tuple[Check, ...]

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.verdict is Verdict.FAILED)

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    def as_plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"passed": self.passed, **asdict(self)}

    def as_text(self) -> str:
        """The table, and in a line how it went."""
        lines = [
            f"{self.feed} ({self.package}) on {self.source}: {self.n_matches} matches, {self.n_shots} shots",
            "",
        ]
        told = set[str]()
        for check in self.checks:
            lines += _wrapped(f"{check.verdict:<11} {check.name:<18} ", check.says)
            for example in check.examples[:SHOWN_EXAMPLES]:
                lines += _wrapped(f"{'':<31}- ", example)
            if (more := len(check.examples) - SHOWN_EXAMPLES) > 0:
                lines.append(f"{'':<31}- and {more} more")
            if check.do and check.do not in told:
                told.add(check.do)
                lines += _wrapped(f"{'':<28}-> ", check.do)
        return "\n".join([*lines, "", self._in_short()])

    def _in_short(self) -> str:
        n = {verdict: sum(check.verdict is verdict for check in self.checks) for verdict in Verdict}
        counts = ", ".join(f"{n[verdict]} {verdict}" for verdict in Verdict)
        return f"{'ok' if self.passed else 'FAILED'}: {counts}"


def _wrapped(start: str, text: str) -> list[str]:
    indent = " " * len(start)
    return textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=indent, break_long_words=False
    ) or [start]
