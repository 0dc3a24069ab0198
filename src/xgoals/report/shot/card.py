"""The card of a shot: what is told of it and what is drawn, made of the same measurements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import pandas as pd

from xgoals.analysis.facts.shot_facts import ShotFacts
from xgoals.domain.circumstances import ShotEnd
from xgoals.domain.difference import ShotDifference
from xgoals.domain.reason import ShotReasons
from xgoals.language import Language
from xgoals.report.draw.figures import Missing, attempt
from xgoals.report.facts import Facts
from xgoals.report.shot.drawing import SceneView
from xgoals.report.shot.goal_end import GoalEnd, goal_end
from xgoals.report.shot.goal_mouth import SHOWN_FEATURES, GoalMouth, goal_mouths
from xgoals.report.shot.plane import in_picture
from xgoals.report.shot.positions import Positions, positions
from xgoals.report.shot.scene import scene_view
from xgoals.report.shot.shapes import Point
from xgoals.report.shot.takers import takers
from xgoals.report.shot.told import Told, told
from xgoals.report.shot.usual import UsualKeepers
from xgoals.report.shot.waterfall import Scale, Waterfall, waterfall
from xgoals.report.shot.who_took import WhoTook, who_took
from xgoals.report.words.difference_sentence import difference_sentence
from xgoals.report.words.facts_line import facts_line, missing_line
from xgoals.report.words.headline import headline
from xgoals.report.words.positions_badge import Badge, positions_badge
from xgoals.report.words.providers import SOURCES

Reasons = Mapping[int, ShotReasons]
"""By ``shot_key``; shots whose reasons are not worked out yet are not in it."""

Differences = Mapping[int, ShotDifference]
"""Why our numbers and the provider's differ, by ``shot_key``."""

PEOPLE = ("match_id", "shot_id", "x_m", "y_m", "is_teammate", "is_keeper", "player", "vx_ms", "vy_ms")
"""What must be known of everybody but the shooters."""

_ADDS_UP_XG = 0.005
"""Reasons that end further than this from the number above them say so."""


@dataclass(frozen=True, slots=True)
class ShotCard:
    """All that a card, a tile or a mail says and draws of one shot beside its number.

    Attributes
    ----------
    facts
        What happened, whatever any model says.
    badge
        What the number does not know; None where it knows positions.
    missing
        Whose position is not recorded; empty where everybody's is, and where the badge says so.
    headline
        How good a chance it was.
    provider
        Whose own number stands beside ours, as people call it.
    difference
        Why that one differs; empty where there is nothing to tell.
    told
        From there, and the reasons that hold.
    scene
        The picture; None where the shot's place is unknown.
    mouth
        Who gets to the ball where in the goal (see :func:`goal_mouths`); None where the model does not ask.
    waterfall
        The reasons as steps; None for a penalty, and where they are not worked out yet.
    has_reasons
        Whether they are.
    took
        Who took what away; None where that is not known.
    goal_end
        Where the ball ended, seen from the front; None where its height is not known.
    reasons_for_xg
        What the reasons add up to, where that is not the number above them; else None.
    """

    facts: str
    badge: Badge | None
    missing: str
    headline: str
    provider: str
    difference: str
    told: Told
    scene: SceneView | Missing | None
    mouth: GoalMouth | None
    waterfall: Waterfall | Missing | None
    has_reasons: bool
    took: WhoTook | None
    goal_end: GoalEnd | None
    reasons_for_xg: float | None


class Why(NamedTuple):
    """Why shots have their numbers, why those are not the provider's, and what is usual; by ``shot_key``."""

    reasons: Reasons
    differences: Differences
    usual_keepers: UsualKeepers


def deal_cards(
    shown: Sequence[Facts],
    shots: pd.DataFrame,
    people: pd.DataFrame,
    reasons: Reasons,
    words: Language,
    *,
    differences: Differences | None = None,
    usual_keepers: UsualKeepers | None = None,
) -> Scale:
    """Add ``card`` (:class:`ShotCard`) to every shot of a page; all share one scale, which is returned.

    Parameters
    ----------
    shown
        Shots as dicts (:func:`xgoals.report.summarise_shots.shot_facts`) with their ``facts``, of one match or several.
    shots
        Their rows: ``match_id, shot_id, x_m, y_m, pitch_length_m, body_part``.
    people
        Everybody but the shooters: ``PEOPLE`` and, where reasons name them, ``person_n``.
    usual_keepers
        How far out keepers usually stand at such shots (:func:`xgoals.report.shot.usual.usual_keepers`).
    """
    known = {key: reasons[key] for shot in shown if (key := shot["shot_key"]) in reasons}
    scale = Scale.of(known.values())
    why = Why(known, differences or {}, usual_keepers or {})
    card = partial(_card, why=why, scale=scale, words=words)
    for match_id in dict.fromkeys(shot["match_id"] for shot in shown):
        of_match = [shot for shot in shown if shot["match_id"] == match_id]
        ids = {shot["shot_id"] for shot in of_match}
        rows = shots[(shots["match_id"] == match_id) & shots["shot_id"].isin(ids)]
        others = people[(people["match_id"] == match_id) & people["shot_id"].isin(ids)]
        _deal_match(of_match, rows, others, card)
    return scale


def _deal_match(
    shown: Sequence[Facts], rows: pd.DataFrame, people: pd.DataFrame, card: partial[ShotCard]
) -> None:
    goal_x = rows.set_index("shot_id")["pitch_length_m"].astype(float) / 2
    around = dict(iter(people.assign(goal_x_m=people["shot_id"].map(goal_x)).groupby("shot_id")))
    nobody = people.iloc[:0].assign(goal_x_m=0.0)
    mouths = attempt("goal mouth", partial(goal_mouths, rows, people))
    found = {} if isinstance(mouths, Missing) else mouths
    for shot in shown:
        where = positions(shot, around.get(shot["shot_id"], nobody))
        shot["card"] = card(shot, where, found.get(shot["shot_id"]), float(goal_x[shot["shot_id"]]))


def _missing(facts: ShotFacts, around: Positions | None, words: Language) -> str:
    """Whose place nobody knows, by the scene that is drawn, where no badge says so already."""
    if around is None:
        return ""
    return missing_line(
        replace(facts, has_positions=bool(around.people), has_keeper=around.keeper is not None), words
    )


def _end(end: ShotEnd | None, goal_x_m: float) -> Point | None:
    """Where the shot ended, in the picture."""
    return None if end is None else in_picture(end.x_m, end.y_m, goal_x_m)


def _card(
    shot: Facts,
    around: Positions | None,
    mouth: GoalMouth | None,
    goal_x_m: float,
    *,
    why: Why,
    scale: Scale,
    words: Language,
) -> ShotCard:
    key = shot["shot_key"]
    found = why.reasons.get(key)
    provider = SOURCES.get(shot["provider"]) or shot["provider"] or words.text("The provider")
    taking = takers(found, around)
    badge = positions_badge(words, knows_positions=shot["knows_positions"])
    draws = {feature["name"] for feature in shot["features"]} & SHOWN_FEATURES
    drawn_mouth = mouth if draws else None
    end = _end(shot["facts"].end, goal_x_m)
    return ShotCard(
        facts=facts_line(shot["facts"], words),
        badge=badge,
        missing=_missing(shot["facts"], around if badge is None else None, words),
        headline=headline(shot, words),
        provider=provider,
        difference=difference_sentence(why.differences.get(key), provider, words),
        told=told(shot, found, around, words, usual_off_line_m=why.usual_keepers.get(key)),
        scene=None
        if around is None
        else attempt("scene", partial(scene_view, shot, around, taking, words, end=end, mouth=drawn_mouth)),
        mouth=drawn_mouth,
        waterfall=None if found is None else attempt("waterfall", partial(waterfall, found, scale)),
        has_reasons=found is not None,
        took=who_took(found, around, words),
        goal_end=goal_end(shot["facts"].end, goal_x_m, words),
        reasons_for_xg=found.xg if found is not None and abs(found.xg - shot["xg"]) > _ADDS_UP_XG else None,
    )
