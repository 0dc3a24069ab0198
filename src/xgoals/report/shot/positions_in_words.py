"""Where people stood, in metres: "3.0 m off his line", "Bassong (1.2 m away, in the way)"."""

from collections.abc import Sequence

from xgoals.domain.names import surname
from xgoals.language import Language
from xgoals.report.shot.frequency import number_word
from xgoals.report.shot.positions import CLOSE_M, MANY_IN_WAY, KeeperStand, Person, Positions

_ON_HIS_LINE_M = 0.5
_DIFFERENCE_M = 0.5
"""Less than this is no difference from what is usual."""
_ASIDE_M = 0.5
"""Nearer to the middle of the angle than this, he stands in it."""

TOWARDS = {
    "near": "towards the near post",
    "far": "towards the far post",
    "left": "to the shooter's left",
    "right": "to the shooter's right",
}


def keeper_where(stand: KeeperStand, words: Language, *, usual_off_line_m: float | None = None) -> str:
    """How the keeper stood, beside how far out is usual; one who could not meet the ball is out of the way."""
    if not stand.is_in_way:
        from_goal = words.text(
            "%(distance)s m from the middle of the goal", distance=words.number(stand.from_goal_m, 1)
        )
        where = words.text("behind the ball") if stand.is_behind_ball else words.text("out of the way")
        return f"{from_goal}, {where}"
    off = words.text("%(distance)s m off his line", distance=words.number(stand.off_line_m, 1))
    depth = words.text("on his line") if stand.off_line_m < _ON_HIS_LINE_M else off
    return f"{depth}{_usually(stand, usual_off_line_m, words)}, {_aside(stand, words)}"


def _usually(stand: KeeperStand, usual_off_line_m: float | None, words: Language) -> str:
    """How far out is usual, where that is a difference."""
    if usual_off_line_m is None or abs(stand.off_line_m - usual_off_line_m) < _DIFFERENCE_M:
        return ""
    return f" ({words.text('usually %(distance)s m off it', distance=words.number(usual_off_line_m, 1))})"


def _aside(stand: KeeperStand, words: Language) -> str:
    if stand.aside_m < _ASIDE_M:
        return words.text("in the middle of the angle")
    return words.text(
        "%(distance)s m off the middle of the angle, %(towards)s",
        distance=words.number(stand.aside_m, 1),
        towards=words.text(TOWARDS[stand.side]),
    )


def name_of(person: Person | KeeperStand, words: Language) -> str:
    """Who it is, by the surname; a nameless keeper or opponent by what he is."""
    if person.name:
        return surname(person.name)
    is_keeper = isinstance(person, KeeperStand) or person.kind == "keeper"
    return words.text("the keeper") if is_keeper else words.text("an opponent")


def who_and_where(person: Person, words: Language) -> str:
    """An opponent with his distance from the ball, and where he stood in respect of it."""
    if person.is_in_way:
        where = words.text("in the way")
    else:
        where = words.text("goal-side") if person.is_goal_side else words.text("behind the ball")
    away = words.text("%(distance)s m away", distance=words.number(person.distance_m, 1))
    return f"{name_of(person, words)} ({away}, {where})"


def in_the_way(around: Positions, words: Language) -> str:
    """How many outfield opponents stood in the way."""
    n = len(around.in_way)
    if not n:
        return words.text("nobody in the way")
    return words.text("one in the way") if n == 1 else words.text("%(n)s in the way", n=number_word(n, words))


def nearest(around: Positions, words: Language) -> str:
    """How close the nearest outfield opponent was."""
    close_m = words.number(CLOSE_M, 0)
    if not around.close:
        return words.text("nobody within %(n)s m", n=close_m)
    first = around.close[0]
    return words.text(
        "the nearest, %(who)s, %(distance)s m away",
        who=name_of(first, words),
        distance=words.number(first.distance_m, 1),
    )


def scene_first(around: Positions | None, words: Language) -> str:
    """What anybody sees first where there are many; empty where there are not."""
    if around is None or not (around.is_crowded or len(around.in_way) >= MANY_IN_WAY):
        return ""
    told = [in_the_way(around, words)]
    if n := len(around.close):
        told.append(words.text("%(n)s within %(m)s m", n=number_word(n, words), m=words.number(CLOSE_M, 0)))
    if n := sum(person.is_on_line for person in around.opponents):
        told.append(words.text("%(n)s on the goal line", n=number_word(n, words)))
    what = ", ".join(told)
    return (
        words.text("A crowd: %(what)s.", what=what) if around.is_crowded else f"{what[:1].upper()}{what[1:]}."
    )


def listed(people: Sequence[Person], words: Language) -> str:
    """Some people and where they stood."""
    return words.listing([who_and_where(person, words) for person in people])
