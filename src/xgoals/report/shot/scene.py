"""The moment of a shot as a picture: goal line on top, shooter below, cropped to what matters.

Coordinates are those of :mod:`xgoals.report.shot.plane`.
"""

import math
from collections.abc import Sequence

import numpy as np

from xgoals.domain.geometry import HALF_GOAL_M
from xgoals.domain.names import short_name
from xgoals.features.catalogue import KEEPER_HALF_REACH_M
from xgoals.language import Language
from xgoals.report.draw.labels import place_labels
from xgoals.report.facts import Facts
from xgoals.report.shot.drawing import Drawn, SceneView
from xgoals.report.shot.goal_mouth import GoalMouth
from xgoals.report.shot.positions import Person, Positions, keeper_stand
from xgoals.report.shot.positions_in_words import keeper_where, listed
from xgoals.report.shot.shapes import Point
from xgoals.report.shot.takers import Taker

_AROUND_M = 6.0
"""So much is seen around shooter and goal."""
_ABOVE_M = 2.8
"""Room above the goal line: the strips that show who gets to the ball."""
_BESIDE_M = 1.5
"""Room beside the keeper, and beside whoever takes something, where they stand further out."""
_NARROWEST, _WIDEST = 0.9, 1.9
"""Width of the picture in heights, at least and at most."""
_RADIUS, _FONT = 0.021, 0.036
"""Of a person, and of a name, in widths of the picture."""


def scene_view(
    shot: Facts,
    around: Positions,
    takers: Sequence[Taker],
    words: Language,
    *,
    end: Point | None = None,
    mouth: GoalMouth | None = None,
) -> SceneView:
    """Everybody around a shot, as the card draws it.

    Parameters
    ----------
    shot
        ``player, depth_m``.
    around
        Where everybody stood.
    takers
        Who bears a ring.
    words
        The language of names and numbers.
    end
        Where the shot ended, in the picture's metres.
    mouth
        Who gets to the ball where in the goal, where the picture shows it.
    """
    keeper = around.keeper
    seen = [*(taker.person for taker in takers), *([keeper] if keeper else [])]
    left, top, width, height = _crop(around.shooter, seen)
    inside = [p for p in around.people if left <= p.x <= left + width and -2 <= p.y <= top + height]
    radius, font = _RADIUS * width, _FONT * width
    taken = {taker.person.person_n: taker.takes_xg for taker in takers}
    dots: list[Facts] = [_dot(around.shooter, 1.2 * radius)]
    dots += [_dot((p.x, p.y), (1.8 if p.person_n in taken else 1.0) * radius) for p in inside]
    texts = [_names(shot["player"] or "")]
    texts += [_called(p, taken.get(p.person_n, 0.0), words) for p in inside]
    place_labels(dots, texts, font=font, bounds=(left, top, left + width, top + height))
    shadow = keeper_shadow(around.shooter, (keeper.x, keeper.y)) if keeper else None
    return SceneView(
        shooter=around.shooter,
        shooter_label=dots[0]["label"],
        shooter_label_at=(dots[0]["label_x"], dots[0]["label_y"]),
        people=tuple(
            _drawn(p, taken.get(p.person_n, 0.0), dot) for p, dot in zip(inside, dots[1:], strict=True)
        ),
        shadow=None if shadow is None else tuple(shadow),
        end=end,
        left=left,
        top=top,
        width=width,
        height=height,
        radius_m=radius,
        font_m=font,
        positions_known=bool(around.people),
        alt=in_words(shot, around, takers, words, mouth),
    )


def in_words(
    shot: Facts,
    around: Positions,
    takers: Sequence[Taker],
    words: Language,
    mouth: GoalMouth | None = None,
) -> str:
    """The picture for those who cannot see it: shooter, keeper, the goal, who takes something, who presses."""
    told = [
        words.text(
            "%(player)s shoots from %(distance)s m in front of the goal line",
            player=shot["player"] or words.text("Unknown player"),
            distance=words.number(shot["depth_m"], 1),
        )
    ]
    stand = keeper_stand(around)
    if stand is not None:
        name = f"{words.text('keeper')} {stand.name}".strip()
        told.append(f"{name}: {keeper_where(stand, words)}")
    if mouth is not None and mouth.keeper_share is not None:
        told.append(
            words.text("he gets to the ball in %(share)s of the goal", share=words.share(mouth.keeper_share))
        )
    if mouth is not None and mouth.blockers_share:
        told.append(
            words.text("others in the way do in %(share)s of it", share=words.share(mouth.blockers_share))
        )
    opponents = [taker.person for taker in takers if taker.person.kind == "opponent"]
    if opponents:
        told.append(words.text("ringed: %(who)s", who=listed(opponents, words)))
    if n := sum(person.pressure > 0 for person in around.people):
        told.append(words.plural("one puts pressure on him", "%(n)s put pressure on him", n))
    return "; ".join(told)


def _crop(shooter: Point, seen: Sequence[Person]) -> tuple[float, float, float, float]:
    """Left, top, width and height: shooter and goal with some metres around, keeper and takers, a fair shape."""
    (sx, sy), xs = shooter, [person.x for person in seen]
    low = min(-HALF_GOAL_M - _AROUND_M, sx - _AROUND_M, *(x - _BESIDE_M for x in xs))
    high = max(HALF_GOAL_M + _AROUND_M, sx + _AROUND_M, *(x + _BESIDE_M for x in xs))
    bottom = max(sy + _AROUND_M, *(person.y + _BESIDE_M for person in seen), 0.0)
    height = max(bottom + _ABOVE_M, (high - low) / _WIDEST)
    missing = max(0.0, _NARROWEST * height - (high - low))
    return low - missing / 2, -_ABOVE_M, high - low + missing, height


def _dot(at: Point, radius: float) -> Facts:
    return {"x": at[0], "y": at[1], "r": radius}


def _names(name: str) -> list[str]:
    return [short_name(name)] if name else []


def _called(person: Person, takes_xg: float, words: Language) -> list[str]:
    """What a person may be called: keeper and takers by name, takers with what they take if there is room."""
    names = _names(person.name)
    if takes_xg:
        taken = words.number(-takes_xg, 2, signed=True)
        return [*(f"{name} {taken}" for name in names), *names, taken]
    return names if person.kind == "keeper" else []


def _drawn(person: Person, takes_xg: float, dot: Facts) -> Drawn:
    return Drawn(
        x=person.x,
        y=person.y,
        kind=person.kind,
        name=person.name,
        pressure=person.pressure,
        to=person.to,
        takes_xg=takes_xg,
        label=dot["label"],
        label_x=dot["label_x"],
        label_y=dot["label_y"],
    )


def keeper_shadow(
    shooter: tuple[float, float], keeper: tuple[float, float]
) -> list[tuple[float, float]] | None:
    """What of the open goal the keeper hides, as four corners in the picture.

    The keeper is a bar of 1.6 m to either side, square to the line from the shooter. Two corners lie level with
    him, two on the goal line.

    Returns
    -------
    list of (x, y) or None
        None where he hides nothing of it: beside the angle, or behind the shooter.
    """
    (sx, sy), (kx, ky) = shooter, keeper
    ahead = sy - ky
    if sy <= 0 or ahead <= 0 or ky < 0:
        return None
    posts = math.atan2(-HALF_GOAL_M - sx, sy), math.atan2(HALF_GOAL_M - sx, sy)
    centre = math.atan2(kx - sx, ahead)
    spread = math.atan2(KEEPER_HALF_REACH_M, math.hypot(kx - sx, ahead))
    low, high = np.clip([centre - spread, centre + spread], *posts)
    if high <= low:
        return None
    corners = ((ahead, low), (ahead, high), (sy, high), (sy, low))
    at = [(sx + way * math.tan(bearing), sy - way) for way, bearing in corners]
    return [(float(x), float(y)) for x, y in at]
