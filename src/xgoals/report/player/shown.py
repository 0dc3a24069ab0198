"""Shots as the templates of a player's page show them: in lists, in tables, on a pitch."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Link:
    """A text and where it leads; nowhere where there is no page."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ShownShot:
    """A shot in a list, a table or on the map.

    Attributes
    ----------
    link
        The match and the minute, leading to the card.
    day, who
        When; who shot, where the page is somebody else's, else empty.
    how, outcome
        How it was struck and what became of it, in words.
    xg, is_goal, is_penalty, shape
        The number, and what its mark looks like.
    body, situation, season
        What it is filtered by.
    x, y, r
        Its mark in metres; None where its place is not known.
    takes
        xG that the page's player took away; None in other lists.
    """

    link: Link
    day: date
    who: str
    how: str
    outcome: str
    xg: float
    is_goal: bool
    is_penalty: bool
    shape: str
    body: str
    situation: str
    season: str
    x: float | None
    y: float | None
    r: float
    takes: float | None = None

    def with_taken(self, takes: float) -> "ShownShot":
        """The same shot, with what the page's player took away at it."""
        return replace(self, takes=takes)

    def placed(self, x: float, y: float) -> "ShownShot":
        """The same shot elsewhere."""
        return replace(self, x=x, y=y)

    @property
    def said(self) -> str:
        """What the mark is called."""
        return ", ".join(part for part in (self.who, self.link.text, self.how, self.outcome) if part)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a filter."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: by what, what it is called, what can be chosen."""

    by: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class MarkSize:
    """A mark of the legend."""

    xg: float
    r: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A shot that has a place, and which line of the table it is."""

    n: int
    shot: ShownShot


@dataclass(frozen=True, slots=True)
class SelectionTexts:
    """With what words the page's script counts what a reader selects; ``{n}`` and the like stand for numbers."""

    summary: str
    shot: str
    shots: str
    goal: str
    goals: str


@dataclass(frozen=True, slots=True)
class ShotMap:
    """Shots on a pitch, with filters.

    Attributes
    ----------
    key, title, text
        Its name in the page, its heading and what stands below.
    shots
        In the order of play, the newest first.
    marks
        Those with a place, the largest first.
    depth
        How far from the goal line the pitch is drawn, in metres.
    filters
        Those that have anything to choose.
    summary, texts
        The selection in words, as long as nothing is filtered; how others are said.
    n_unplaced, n_left_out
        Shots without a place; older shots that are not shown.
    sizes
        Of the legend.
    """

    key: str
    title: str
    text: str
    shots: tuple[ShownShot, ...]
    marks: tuple[Mark, ...]
    depth: float
    filters: tuple[Filter, ...]
    summary: str
    texts: SelectionTexts
    n_unplaced: int
    n_left_out: int
    sizes: tuple[MarkSize, ...]


@dataclass(frozen=True, slots=True)
class ShotList:
    """Shots to see again."""

    title: str
    shots: tuple[ShownShot, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class GoalMouth:
    """Shots on target where they ended, in metres from the middle of the goal; ``n`` of ``n_on_target`` are known."""

    shots: tuple[ShownShot, ...]
    n: int
    n_on_target: int
