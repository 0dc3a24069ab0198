"""The race of a match as a drawing: lines, goals and large chances, who led, and what happened beside the shots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from xgoals.analysis.results import SIDES, Side
from xgoals.analysis.within_match.race import Race
from xgoals.language import Language
from xgoals.report.draw.beeswarm import ticks
from xgoals.report.draw.charts import goal_names
from xgoals.report.draw.labels import place_labels
from xgoals.report.facts import Facts
from xgoals.report.match.facts import MatchFacts, ToldEvent

SHOWN_XG = 0.1
"""A chance of this much has a mark of its own on the line, goal or not."""

_FONT = 12.5
"""Size of the text in charts, as in the style sheet."""
_LANE = 15.0
"""Height of the lane of a side's cards and substitutions."""
_APART = 15.0
"""The two sums at the right end stand so far from each other."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A side's running sum: corner points, where it ends, its total, and the baseline of that number."""

    path: tuple[Point, ...]
    end: Point
    total: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark on a line.

    Attributes
    ----------
    kind
        ``"goal"``, ``"own"`` (an own goal) or ``"chance"``.
    key, said
        The card that it leads to (None for an own goal), and what it is.
    label
        Beside it, None where there is no room: at ``(label_x, label_y)``, the middle of its baseline.
    """

    x: float
    y: float
    side: Side
    kind: str
    key: str | None
    said: str
    label: str | None = None
    label_x: float = 0.0
    label_y: float = 0.0


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch in which a side led."""

    x: float
    width: float
    side: Side


@dataclass(frozen=True, slots=True)
class LaneMark:
    """A sending-off, or the substitutions of a side at one minute: ``kind`` is ``"red"`` or ``"change"``."""

    x: float
    y: float
    side: Side
    kind: str
    said: str
    n: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on an axis and where it stands."""

    value: float
    at: float


@dataclass(frozen=True)
class RaceChart:
    """The race in units of a drawing of ``width`` by ``height``; the plot lies within ``left, right, top, bottom``."""

    screen: str
    lines: Mapping[Side, Line]
    dots: tuple[Dot, ...]
    bands: tuple[Band, ...]
    lanes: tuple[LaneMark, ...]
    xticks: tuple[Tick, ...]
    yticks: tuple[Tick, ...]
    half_time_x: float
    ticks_y: float
    left: float
    right: float
    top: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """Minutes and xG into places."""

    left: float
    right: float
    top: float
    bottom: float
    peak: float
    end_min: float

    def x(self, minute: float) -> float:
        """Where a minute of playing time stands."""
        return self.left + (self.right - self.left) * minute / (self.end_min or 1.0)

    def y(self, xg: float) -> float:
        """Where a sum of xG stands."""
        return self.bottom - (self.bottom - self.top) * xg / self.peak


def race_chart(
    facts: MatchFacts, words: Language, *, screen: str, width: float, height: float, names: bool = True
) -> RaceChart:
    """Lay out the race; labels of goals never touch each other.

    Parameters
    ----------
    screen
        For which one (``"wide"`` or ``"narrow"``).
    width, height
        Of the drawing.
    names
        Whether goals are called by their scorer; else by the minute alone.
    """
    of = facts.race
    lanes_high = 2 * _LANE if any(_is_shown(event) for event in facts.events) else 0.0
    frame = _Frame(30.0, width - 44, 18.0, height - 24 - lanes_high, 1.15 * of.top, of.end_min)
    lines = {side: _line(of, side, frame) for side in SIDES}
    shift = _parted(lines["home"].end[1], lines["away"].end[1])
    return RaceChart(
        screen=screen,
        lines={
            side: Line(line.path, line.end, line.total, line.end[1] + by)
            for (side, line), by in zip(lines.items(), shift, strict=True)
        },
        dots=_dots(facts, frame, words, names=names),
        bands=tuple(
            Band(
                frame.x(s.from_min), frame.x(s.to_min) - frame.x(s.from_min), "home" if s.lead > 0 else "away"
            )
            for s in of.states
            if s.lead
        ),
        lanes=_lanes(facts.events, frame, words),
        xticks=tuple(Tick(minute, frame.x(at)) for minute, at in minute_ticks(of)),
        yticks=tuple(Tick(value, frame.y(value)) for value, _ in ticks(0.0, frame.peak, 4)),
        half_time_x=frame.x(of.half_time_min),
        ticks_y=height - 6,
        left=frame.left,
        right=frame.right,
        top=frame.top,
        bottom=frame.bottom,
        width=width,
        height=height,
    )


def minute_ticks(of: Race) -> list[tuple[int, float]]:
    """Minutes of the match with their playing time: later halves start after the stoppage time."""
    starts = {45: 1, 60: 2, 75: 2, 90: 2, 105: 3, 120: 4}
    known = [(0, 0.0), (15, 15.0), (30, 30.0)]
    known += [(minute, minute + of.shifts_min[period]) for minute, period in starts.items()]
    return [tick for tick in known if tick[1] <= of.end_min]


def _line(of: Race, side: Side, frame: _Frame) -> Line:
    points = [(frame.x(0), frame.y(0))]
    for step in of.steps[side]:
        points += [(frame.x(step.at_min), frame.y(step.before)), (frame.x(step.at_min), frame.y(step.after))]
    points.append((frame.x(of.end_min), points[-1][1]))
    total = of.steps[side][-1].after if of.steps[side] else 0.0
    return Line(tuple(points), points[-1], total, points[-1][1])


def _dots(facts: MatchFacts, frame: _Frame, words: Language, *, names: bool) -> tuple[Dot, ...]:
    """Goals, own goals and large chances; the two first bear a label."""
    marks: list[tuple[Dot, list[str]]] = []
    for side in SIDES:
        for step in facts.race.steps[side]:
            shot = facts.shots[step.shot_n]
            if shot["is_goal"] or shot["xg"] >= SHOWN_XG:
                kind = "goal" if shot["is_goal"] else "chance"
                at = frame.x(step.at_min), frame.y(step.after)
                dot = Dot(*at, side, kind, shot["key"], _said(shot, words))
                marks.append((dot, goal_names(shot) if shot["is_goal"] else []))
    for own, goal in zip(facts.race.own_goals, facts.own_goals, strict=True):
        named = {"player": goal.player, "clock": goal.clock, "mark": words.text("own goal")}
        at = frame.x(own.at_min), frame.y(own.level)
        who = goal.player or words.text("Unknown player")
        said = f"{goal.clock} {who} ({words.text('own goal')})"
        marks.append((Dot(*at, goal.side, "own", None, said), goal_names(named)))
    return _labelled(marks, frame, names=names)


def _labelled(marks: Sequence[tuple[Dot, list[str]]], frame: _Frame, *, names: bool) -> tuple[Dot, ...]:
    places: list[Facts] = [
        {"x": dot.x, "y": dot.y, "r": 3.0 if dot.kind == "chance" else 6.0} for dot, _ in marks
    ]
    texts = [text if names else text[-1:] for _, text in marks]
    place_labels(
        places, texts, font=_FONT, bounds=(frame.left, frame.top - 16, frame.right + 40, frame.bottom)
    )
    return tuple(
        Dot(dot.x, dot.y, dot.side, dot.kind, dot.key, dot.said, at["label"], at["label_x"], at["label_y"])
        for (dot, _), at in zip(marks, places, strict=True)
    )


def _said(shot: Facts, words: Language) -> str:
    who = shot["player"] or words.text("Unknown player")
    what = words.text("goal") if shot["is_goal"] else words.text("no goal")
    return f"{shot['clock']} {who}, {words.xg(shot['xg'])} xG, {what}"


def _is_shown(event: ToldEvent) -> bool:
    return event.kind.sends_off or bool(event.replacement)


def _lanes(events: Sequence[ToldEvent], frame: _Frame, words: Language) -> tuple[LaneMark, ...]:
    """Sendings-off and substitutions below the plot, the home side's above the away side's."""
    marks = []
    for n, side in enumerate(SIDES):
        own = [event for event in events if event.side == side and _is_shown(event)]
        y = frame.bottom + _LANE * (n + 0.5)
        for (clock, is_red), same in groupby(own, key=lambda event: (event.clock, event.kind.sends_off)):
            at = list(same)
            told = [event_in_words(event, words) for event in at]
            kind = "red" if is_red else "change"
            marks.append(
                LaneMark(frame.x(at[0].at_min), y, side, kind, f"{clock} {', '.join(told)}", len(at))
            )
    return tuple(marks)


def event_in_words(event: ToldEvent, words: Language) -> str:
    """A card or a substitution without its minute."""
    who = event.player or words.text("Unknown player")
    if event.kind.sends_off:
        return words.text("%(player)s sent off", player=who)
    if event.replacement:
        return words.text("%(on)s for %(off)s", on=event.replacement, off=who)
    return who


def _parted(home: float, away: float) -> tuple[float, float]:
    """By how much the two labels at the right end move apart."""
    by = max(0.0, _APART - abs(home - away)) / 2
    return (-by, by) if home <= away else (by, -by)
