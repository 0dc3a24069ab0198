"""A scene as it is drawn, on a card as in a mail: a view in metres, and the shapes that fill it."""

from collections.abc import Iterator
from dataclasses import dataclass

from xgoals.domain.geometry import HALF_GOAL_M
from xgoals.report.shot.goal_mouth import GoalMouth
from xgoals.report.shot.shapes import (
    END_RADII,
    RING_RADII,
    Box,
    Disc,
    Kind,
    Point,
    Shape,
    Text,
    area,
    line,
    person,
    shooter,
)

_STRIP_M = 1.2
"""Height of each of the two strips above the goal line: who gets to the ball where in the goal."""
_MOST_XG = 0.4
"""Rings grow up to here."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One of the others in the picture.

    Attributes
    ----------
    takes_xg
        How much more the xG would be without him; 0 bears no ring.
    label
        His name, where it is to be read and there is room: at ``(label_x, label_y)``, the middle of its baseline.
    """

    x: float
    y: float
    kind: Kind
    name: str
    pressure: float
    to: Point | None
    takes_xg: float
    label: str | None
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class SceneView:
    """A picture in metres.

    Attributes
    ----------
    shadow
        Corner points of what a keeper of 1.6 m reach hides of the goal; None without him.
    end
        Where the shot ended; None where unknown.
    left, top, width, height
        What is seen of the pitch.
    radius_m, font_m
        Of a person, and of a name.
    positions_known
        Whether anybody's place but the shooter's is known.
    alt
        The picture in words.
    """

    shooter: Point
    shooter_label: str | None
    shooter_label_at: Point
    people: tuple[Drawn, ...]
    shadow: tuple[Point, ...] | None
    end: Point | None
    left: float
    top: float
    width: float
    height: float
    radius_m: float
    font_m: float
    positions_known: bool
    alt: str

    @property
    def has_rings(self) -> bool:
        """Whether somebody takes something."""
        return any(drawn.takes_xg for drawn in self.people)

    def shapes(self, mouth: GoalMouth | None, keeper_word: str, blockers_word: str) -> tuple[Shape, ...]:
        """All that is drawn on the pitch, what is to be on top last.

        Parameters
        ----------
        mouth
            Who gets to the ball where in the goal (:func:`~xgoals.report.shot.goal_mouth.goal_mouths`); None where
            the model does not ask.
        keeper_word, blockers_word
            What stands beside the two strips; empty for nothing.
        """
        return (
            area("angle", (self.shooter, (-HALF_GOAL_M, 0.0), (HALF_GOAL_M, 0.0))),
            *(self._shadow() if mouth is None else _strips(mouth, keeper_word, blockers_word)),
            *self._flight(),
            *self._people(),
            *shooter(*self.shooter, self.radius_m),
            *self._names(),
        )

    def _shadow(self) -> Iterator[Shape]:
        if self.shadow:
            yield area("shadow", self.shadow)

    def _flight(self) -> Iterator[Shape]:
        if self.end:
            yield line("flight", self.shooter, self.end)
            yield Disc("end", *self.end, END_RADII * self.radius_m)

    def _people(self) -> Iterator[Shape]:
        r = self.radius_m
        for other in self.people:
            if other.pressure:
                yield line(
                    "press", (other.x, other.y), self.shooter, width_m=r * (0.3 + 1.5 * other.pressure)
                )
        for other in self.people:
            if other.to:
                yield line("run", (other.x, other.y), other.to)
            if other.takes_xg:
                ring_m = r * (0.25 + 2.5 * min(other.takes_xg, _MOST_XG))
                yield Disc("way", other.x, other.y, RING_RADII * r, width_m=ring_m)
            yield person(other.kind, other.x, other.y, r, other.name)

    def _names(self) -> Iterator[Shape]:
        if self.shooter_label:
            yield Text("name", *self.shooter_label_at, self.shooter_label)
        for other in self.people:
            if other.label:
                yield Text("name", other.label_x, other.label_y, other.label)


def _strips(mouth: GoalMouth, keeper_word: str, blockers_word: str) -> Iterator[Shape]:
    """The goal seen from above with both strips: the keeper's on top."""
    goal = -HALF_GOAL_M, -2 * _STRIP_M, 2 * HALF_GOAL_M, 2 * _STRIP_M
    yield Box("net", *goal)
    for style, cells, top in (
        ("gets", mouth.keeper, -2 * _STRIP_M),
        ("blocks", mouth.blockers, -_STRIP_M),
    ):
        for cell in cells:
            yield Box(style, cell.x, top, cell.width, _STRIP_M, opacity=cell.opacity)
    yield Box("frame", *goal)
    for word, y in ((keeper_word, -1.55), (blockers_word, -0.35)):
        if word:
            yield Text("strip", -HALF_GOAL_M - 0.29, y, word, anchor="end")
