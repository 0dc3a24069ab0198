"""Why a shot has its xG, as steps: from the average to there, then keeper, opponents and strike.

All cards of a page share one scale, so that eyes may compare them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xgoals.domain.reason import Part, ShotReasons

_ZERO = 0.005
"""Less than this is 0.00, and has no row."""
_PEOPLE = (Part.KEEPER, Part.OPPONENTS)
_ROOM = 0.1
"""So much of the scale is left on the right."""
RIGHT_PCT = 50
"""Beyond this the number stands to the left of its bar."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From which xG to which one all waterfalls of a page run."""

    low: float
    high: float

    @classmethod
    def of(cls, reasons: Iterable[ShotReasons]) -> "Scale":
        """The scale that holds every number which any of these shots reaches on its way."""
        reached = [at for of in reasons for at in _reached(of)]
        low, high = min(reached, default=0.0), max(reached, default=0.1)
        low = min(low, 0.0)
        return cls(low, high + _ROOM * (high - low))

    def place_pct(self, xg: float) -> float:
        """Where a number stands, in per cent of the width."""
        return 100 * (xg - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Step:
    """One part.

    Attributes
    ----------
    value
        None where the shot lacks what the part is made of.
    sd
        Its standard deviation over the refits, None without.
    is_held
        Beyond chance: drawn full, else hollow.
    left_pct, width_pct
        Of its bar.
    """

    part: Part
    value: float | None
    sd: float | None
    is_held: bool
    left_pct: float
    width_pct: float

    @property
    def right_pct(self) -> float:
        """Where the bar ends."""
        return self.left_pct + self.width_pct

    @property
    def is_right(self) -> bool:
        """Whether there is no room for a number to the right of it."""
        return self.right_pct > RIGHT_PCT


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps between the average and the shot, with the places of both on the page's scale; a zero is no step."""

    average_xg: float
    average_pct: float
    xg: float
    xg_pct: float
    steps: tuple[Step, ...]
    has_refits: bool

    @property
    def ends_right(self) -> bool:
        """Whether there is no room for a number to the right of the last mark."""
        return self.xg_pct > RIGHT_PCT


def waterfall(reasons: ShotReasons, scale: Scale) -> Waterfall | None:
    """The steps of a shot in football's order; None for a penalty, which has no parts."""
    if not reasons.parts:
        return None
    at, steps = reasons.average_xg, []
    for part in _shown(reasons):
        step = _step(reasons, part, at, scale)
        at += step.value or 0.0
        if step.value is None or abs(step.value) >= _ZERO:
            steps.append(step)
    return Waterfall(
        average_xg=reasons.average_xg,
        average_pct=scale.place_pct(reasons.average_xg),
        xg=reasons.xg,
        xg_pct=scale.place_pct(reasons.xg),
        steps=tuple(steps),
        has_refits=reasons.n_refits > 0,
    )


def _shown(reasons: ShotReasons) -> Iterator[Part]:
    """The parts that have a row; keeper and opponents have none where nobody's position is known."""
    has_people = any(_value(reasons, part) is not None for part in _PEOPLE)
    return (part for part in Part if has_people or part not in _PEOPLE)


def _value(reasons: ShotReasons, part: Part) -> float | None:
    found = reasons.parts.get(part)
    return found.value if found else None


def _step(reasons: ShotReasons, part: Part, at: float, scale: Scale) -> Step:
    found, value = reasons.parts.get(part), _value(reasons, part)
    edges = sorted((scale.place_pct(at), scale.place_pct(at + (value or 0.0))))
    return Step(
        part=part,
        value=value,
        sd=found.sd if found else None,
        is_held=found is not None and found.is_told,
        left_pct=edges[0],
        width_pct=edges[1] - edges[0],
    )


def _reached(reasons: ShotReasons) -> list[float]:
    if not reasons.parts:
        return []
    reached = [reasons.average_xg]
    for part in Part:
        reached.append(reached[-1] + (_value(reasons, part) or 0.0))
    return reached
