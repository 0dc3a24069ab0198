"""What a picture of a shot is made of: shapes in metres, each with the style that page and mail have colours for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Kind = Literal["mate", "opponent", "keeper"]

SHOOTER_RADII, SPOT_RADII, KEEPER_RADII, END_RADII, RING_RADII = 1.2, 0.45, 0.95, 0.5, 1.45
"""Sizes of marks, in radii of a person; of the square keeper half an edge. The player of clips has the same."""


@dataclass(frozen=True, slots=True)
class Polyline:
    """Points joined by straight lines: ``form`` is ``"area"`` where they enclose one, else ``"line"``.

    ``width_m`` is None where the style says it.
    """

    style: str
    points: tuple[Point, ...]
    form: Literal["area", "line"]
    width_m: float | None = None


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle, filled or not as its style says; ``name`` is of whom it stands for, empty where nobody is known."""

    style: str
    x: float
    y: float
    r: float
    width_m: float | None = None
    name: str = ""
    form: Literal["disc"] = "disc"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner."""

    style: str
    x: float
    y: float
    width: float
    height: float
    opacity: float = 1.0
    name: str = ""
    form: Literal["box"] = "box"


@dataclass(frozen=True, slots=True)
class Text:
    """A text on the baseline through ``(x, y)``, which is its middle or its end."""

    style: str
    x: float
    y: float
    text: str
    anchor: Literal["middle", "end"] = "middle"
    form: Literal["text"] = "text"


Shape = Polyline | Disc | Box | Text


def person(kind: Kind, x: float, y: float, radius_m: float, name: str = "") -> Shape:
    """One of the others: a circle, the keeper a square."""
    if kind != "keeper":
        return Disc(kind, x, y, radius_m, name=name)
    half = KEEPER_RADII * radius_m
    return Box("keeper", x - half, y - half, 2 * half, 2 * half, name=name)


def shooter(x: float, y: float, radius_m: float) -> tuple[Shape, Shape]:
    """The shooter, drawn last: a larger circle with a spot."""
    return (
        Disc("shooter", x, y, SHOOTER_RADII * radius_m),
        Disc("spot", x, y, SPOT_RADII * radius_m),
    )


def area(style: str, points: Sequence[Point]) -> Polyline:
    """What some points enclose."""
    return Polyline(style, tuple(points), "area")


def line(style: str, *points: Point, width_m: float | None = None) -> Polyline:
    """A line through some points."""
    return Polyline(style, points, "line", width_m)
