"""How shots come to their xG, as lines beside each other: the decision plot, in football's order.

From the average every line runs by way of the place, the keeper, the opponents and the strike to the shot's xG.
Shown are up to eight shots that the reader chooses, the best ones unless he does; goals are dashed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from xgoals.analysis.results import Side
from xgoals.domain.names import short_name
from xgoals.domain.reason import Part, ShotReasons
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.shot.card import Reasons
from xgoals.report.shot.waterfall import Scale

MOST_SHOWN = 8
"""So many lines can be told apart."""
LABEL_APART = 15.0
"""Names at the ends of the lines stand so far from each other."""

_LEFT, _TOP = 34.0, 12.0
_BELOW = {"wide": 26.0, "narrow": 40.0}
"""Room for the names of the stages below, which stand in two rows where they would touch."""
_FOR_LABELS = {"wide": 176.0, "narrow": 92.0}
"""Room for the names on the right."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One shot.

    Attributes
    ----------
    points
        One a stage: the average, then every part of the plot.
    label_y
        The baseline of its name, apart from the others that are shown at first.
    is_shown
        Whether it is one of the best, which are shown at first.
    """

    key: str
    side: Side
    player: str
    clock: str
    xg: float
    is_goal: bool
    points: tuple[tuple[float, float], ...]
    label_y: float
    label: str = ""
    is_shown: bool = False


@dataclass(frozen=True)
class DecisionPlot:
    """All lines in the order of play, in a drawing of ``width`` by ``height``.

    Attributes
    ----------
    parts
        Those that are known of any shot: what comes after the average.
    stages
        Where each stage stands, from left to right.
    yticks
        Values of xG and where they stand.
    """

    screen: str
    lines: tuple[DecisionLine, ...]
    parts: tuple[Part, ...]
    stages: tuple[float, ...]
    yticks: tuple[tuple[float, float], ...]
    left: float
    right: float
    top: float
    bottom: float
    width: float
    height: float


def decision_plot(
    shots: Sequence[Facts], reasons: Reasons, words: Language, *, screen: str, width: float, height: float
) -> DecisionPlot | None:
    """The lines of a match's shots; None where no shot has reasons beside its place.

    Parameters
    ----------
    shots
        In the order of play, with their ``key, side, clock``.
    reasons
        By ``shot_key``; penalties have no parts, and no line.
    screen
        For which one: ``"wide"``, or ``"narrow"`` with minutes in place of names.
    """
    known = [(shot, of) for shot in shots if (of := reasons.get(shot["shot_key"])) is not None and of.parts]
    parts = known_parts(of for _, of in known)
    if len(parts) < 2:
        return None
    scale = Scale.of(of for _, of in known)
    right, bottom = width - _FOR_LABELS[screen], height - _BELOW[screen]
    stages = tuple(_LEFT + (right - _LEFT) * n / len(parts) for n in range(len(parts) + 1))

    def y(xg: float) -> float:
        return bottom - (bottom - _TOP) * scale.place_pct(xg) / 100

    best = {shot["key"] for shot, _ in sorted(known, key=lambda one: -one[0]["xg"])[:MOST_SHOWN]}
    lines = [
        _line(shot, [(x, y(xg)) for x, xg in zip(stages, reached(of, parts), strict=True)], words)
        for shot, of in known
    ]
    lines = [replace(line, is_shown=line.key in best, label=_label(line, words, screen)) for line in lines]
    return DecisionPlot(
        screen=screen,
        lines=_apart(lines, _TOP, bottom),
        parts=parts,
        stages=stages,
        yticks=tuple((value, y(value)) for value in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0) if value <= scale.high),
        left=_LEFT,
        right=right,
        top=_TOP,
        bottom=bottom,
        width=width,
        height=height,
    )


def known_parts(reasons: Iterable[ShotReasons]) -> tuple[Part, ...]:
    """The parts that are known of any of these shots, in football's order."""
    known = {part for of in reasons for part, found in of.parts.items() if found.value is not None}
    return tuple(part for part in Part if part in known)


def reached(of: ShotReasons, parts: Sequence[Part] = tuple(Part)) -> list[float]:
    """The xG after each stage, from the average on; a part that is not known changes nothing."""
    at = [of.average_xg]
    for part in parts:
        found = of.parts.get(part)
        at.append(at[-1] + ((found.value if found else None) or 0.0))
    return at


def _label(line: DecisionLine, words: Language, screen: str) -> str:
    who = short_name(line.player) if screen == "wide" else line.clock
    return f"{who} {words.xg(line.xg)}"


def _line(shot: Facts, points: list[tuple[float, float]], words: Language) -> DecisionLine:
    return DecisionLine(
        key=shot["key"],
        side=shot["side"],
        player=shot["player"] or words.text("Unknown player"),
        clock=shot["clock"],
        xg=shot["xg"],
        is_goal=shot["is_goal"],
        points=tuple(points),
        label_y=points[-1][1],
    )


def _apart(lines: Sequence[DecisionLine], top: float, bottom: float) -> tuple[DecisionLine, ...]:
    """The names of the lines that are shown, moved until none touches another."""
    shown = sorted((line for line in lines if line.is_shown), key=lambda line: line.points[-1][1])
    places = spread([line.points[-1][1] for line in shown], top, bottom)
    at = {line.key: y for line, y in zip(shown, places, strict=True)}
    return tuple(replace(line, label_y=at.get(line.key, line.label_y)) for line in lines)


def spread(places: Sequence[float], top: float, bottom: float) -> list[float]:
    """Rising places at least :data:`LABEL_APART` from each other, between top and bottom, each as near as may be."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + LABEL_APART if moved else top))
    limit = bottom
    for n in range(len(moved) - 1, -1, -1):
        moved[n] = min(moved[n], limit)
        limit = moved[n] - LABEL_APART
    return moved
