"""A shot told in football's order: from there, then the one or two reasons that hold, as they look on the pitch.

Every clause states what is measured of this shot's scene. Whether a part is told, and whether it made the chance
better or worse than from there is usual, is said by its stored value, which holds beyond its own uncertainty.
"""

from dataclasses import dataclass
from functools import partial

from xgoals.domain.reason import Part, ShotReasons
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.shot.frequency import about_one_in
from xgoals.report.shot.positions import Positions, keeper_stand
from xgoals.report.shot.positions_in_words import (
    in_the_way,
    keeper_where,
    listed,
    name_of,
    nearest,
    scene_first,
)
from xgoals.report.shot.strike_in_words import strike_words
from xgoals.report.shot.takers import Taker, takers

MOST_REASONS = 2
_NAMED = 3
"""So many of those who take something are named in a sentence; the picture has them all."""
_ALONE_XG = 0.02
"""Whoever takes as much alone gets a sentence of his own ..."""
_MUCH_XG = 0.05
"""... and whoever takes as much also where the opponents together took no more than is usual."""


@dataclass(frozen=True, slots=True)
class Told:
    """Why a shot has its xG.

    Attributes
    ----------
    from_there
        What shots from there, of this kind, are worth; empty where nothing is known.
    scene
        What anybody sees first: a crowd, or many in the way; empty without them.
    reasons
        The reasons that hold, the largest first.
    """

    from_there: str = ""
    scene: str = ""
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(part for part in (self.from_there, self.scene, *self.reasons) if part)


def told(
    shot: Facts,
    reasons: ShotReasons | None,
    around: Positions | None,
    words: Language,
    *,
    usual_off_line_m: float | None = None,
) -> Told:
    """Say why; nothing of a penalty, which is explained by its rate.

    Parameters
    ----------
    shot
        See :func:`xgoals.report.summarise_shots.shot_facts`.
    reasons
        None where they are not worked out yet.
    around
        Where everybody stood; None where nobody knows.
    words
        The language of the page.
    usual_off_line_m
        How far off their lines keepers stood at the shots that it was compared with; None where nobody knows.
    """
    if shot["is_penalty"]:
        return Told()
    scene = scene_first(around, words) if shot["knows_positions"] else ""
    if reasons is None:
        return Told(scene=scene)
    found = takers(reasons, around)
    speakers = {
        Part.KEEPER: partial(_keeper, around, usual_off_line_m),
        Part.OPPONENTS: partial(_opponents, shot, around, found, reasons.xg),
        Part.STRIKE: partial(_strike, shot),
    }
    said = [speakers[part](reasons.parts[part].value or 0.0, words) for part in reasons.told]
    holding = tuple(text for text in said if text)[:MOST_REASONS] or _nothing_holds(shot, reasons, words)
    if holding and Part.OPPONENTS not in reasons.told:  # the picture may have a ring all the same
        alone = _alone(found, reasons.xg, words, least_xg=_MUCH_XG)
        holding = (*holding, alone) if alone else holding
    return Told(_from_there(shot, reasons, words), scene, holding)


def _from_there(shot: Facts, reasons: ShotReasons, words: Language) -> str:
    xg = reasons.from_there_xg
    if xg is None or not reasons.n_references:
        return ""
    said = {"how": _kind(shot, words), "often": about_one_in(xg, words)}
    if reasons.is_far:
        return words.text("From about there, where few shoot from, %(how)s, %(often)s.", **said)
    return words.text("From there, %(how)s, %(often)s.", **said)


def _kind(shot: Facts, words: Language) -> str:
    if shot["shot_type"] == "free_kick":
        return words.text("as a direct free kick")
    if shot["body_part"] in ("", "unknown"):
        return words.text("however it was struck")
    if shot["body_part"] == "head":
        return words.text("with the head")
    is_foot = shot["body_part"] in ("right_foot", "left_foot")
    return words.text("with the foot") if is_foot else words.text("with another part of the body")


def _nothing_holds(shot: Facts, reasons: ShotReasons, words: Language) -> tuple[str, ...]:
    """That nothing is told for want of certainty; not where nobody's position is known, who may have mattered."""
    if not shot["knows_positions"]:
        return ()
    known = [of for part, of in reasons.parts.items() if part is not Part.PLACE and of.value is not None]
    if not known or not reasons.n_refits:
        return ()
    return (words.text("Nothing else surely made this one better or worse than that."),)


def _keeper(around: Positions | None, usual_off_line_m: float | None, value: float, words: Language) -> str:
    stand = None if around is None else keeper_stand(around)
    if stand is None:
        return ""
    said = {
        "keeper": _upper(name_of(stand, words)),
        "value": words.number(value, 2, signed=True),
        "where": keeper_where(stand, words, usual_off_line_m=usual_off_line_m),
    }
    if value > 0:
        return words.text(
            "%(keeper)s stood worse than keepers usually do from there (%(value)s): %(where)s.", **said
        )
    return words.text(
        "%(keeper)s stood better than keepers usually do from there (%(value)s): %(where)s.", **said
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _opponents(
    shot: Facts, around: Positions | None, found: list[Taker], xg: float, value: float, words: Language
) -> str:
    if around is None or not around.people:
        return ""
    taking = [taker for taker in found if taker.person.kind == "opponent"]
    said = {"value": words.number(value, 2, signed=True), "what": _how_they_stood(shot, around, words)}
    if value > 0:
        text = words.text("The opponents took less than usual from there (%(value)s): %(what)s.", **said)
    else:
        if taking:
            said["what"] = listed([taker.person for taker in taking[:_NAMED]], words)
        text = words.text("The opponents took more than usual from there (%(value)s): %(what)s.", **said)
    return f"{text} {_alone(taking, xg, words)}".strip()


def _how_they_stood(shot: Facts, around: Positions, words: Language) -> str:
    """Who was in the way and how near; at a free kick the law keeps them away, and their distance is no merit."""
    if shot["shot_type"] == "free_kick":
        return in_the_way(around, words)
    return f"{in_the_way(around, words)}, {nearest(around, words)}"


def _alone(taking: list[Taker], xg: float, words: Language, *, least_xg: float = _ALONE_XG) -> str:
    """What it would be without the one who takes most; not where a scene without him is one that nobody has seen."""
    first = next((taker for taker in taking if taker.is_ordinary and taker.person.kind == "opponent"), None)
    if first is None or first.takes_xg < least_xg:
        return ""
    return words.text(
        "Without %(who)s alone it would be %(xg)s.",
        who=name_of(first.person, words),
        xg=words.xg(xg + first.takes_xg),
    )


def _strike(shot: Facts, value: float, words: Language) -> str:
    """How the ball was struck; that a free kick is a dead ball is the law's doing, and told as its kind."""
    if shot["shot_type"] == "free_kick":
        return ""
    what = strike_words(shot, words)
    if not what:
        return ""
    said = {"value": words.number(value, 2, signed=True), "what": ", ".join(what)}
    if value > 0:
        return words.text("An easier strike than usual from there (%(value)s): %(what)s.", **said)
    return words.text("A harder strike than usual from there (%(value)s): %(what)s.", **said)
