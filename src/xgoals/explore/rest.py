"""What is told once the hand rests: who takes what, how sure the reasons are, and the real shots most like it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

import numpy as np
from sqlalchemy import Connection

from xgoals.domain.reason import Actor, Part, ShotReasons
from xgoals.explore.alike import most_alike
from xgoals.explore.asked import Asked, as_told
from xgoals.explore.words import how_good, not_known, why
from xgoals.language import Language
from xgoals.reasons.actors import Actors, actors
from xgoals.reasons.of_shots import reasons_of
from xgoals.steps.explaining.reason_games import without_is_ordinary
from xgoals.storage import Storage
from xgoals.store.explored.shots import FoundShot, page_of_match, shots_with_keys


@dataclass(frozen=True, slots=True)
class Taker:
    """What one person takes, or the farthest of very many opponents together.

    Attributes
    ----------
    person
        His number among the scene's people; None for several who play as one.
    takes
        The xG that he takes away; below 0 he gives it.
    n
        How many these are.
    without_xg
        The xG without him, everybody else in place (for the keeper: with an ordinary one).
    is_ordinary
        Whether such a scene is one of which the model has seen some; else it is a guess.
    """

    person: int | None
    role: Literal["keeper", "opponent"]
    takes: float
    n: int
    without_xg: float
    is_ordinary: bool


@dataclass(frozen=True, slots=True)
class SureOfPart:
    """How sure a part is: over the refits its standard deviation, and in how many of twenty it has this sign."""

    part: Part
    sd: float
    holds_of_20: int
    may_be_told: bool


@dataclass(frozen=True, slots=True)
class AlikeShot:
    """A real shot like the scene.

    Attributes
    ----------
    page
        Its card, relative to the explorer's page; None where its match has no page.
    distance_m
        How far those who matter would have to move, on average (:mod:`xgoals.explore.alike`).
    """

    provider: str
    match_id: str
    shot_id: str
    player: str | None
    team: str
    match: str
    season: str | None
    match_date: date
    period: int
    minute: int
    xg: float | None
    outcome: str
    is_goal: bool
    page: str | None
    distance_m: float


@dataclass(frozen=True, slots=True)
class Rest:
    """The rest of an answer.

    Attributes
    ----------
    actors
        Keeper first, then those who took most; ``nobody`` minus all that they take is the xG.
    nobody
        The xG with an ordinary keeper and nobody else; None where people or keeper are not known.
    sure
        Empty where no refits are kept, and of a penalty.
    first, held_of_20
        The part that matters most, and in how many of the refits it does.
    alike, alike_goals
        The real shots most like it, and how many of them were goals.
    sentences
        All that is told: how good it is, what shots from there are worth, what is seen first, the reasons that hold.
    """

    actors: tuple[Taker, ...]
    nobody: float | None
    sure: tuple[SureOfPart, ...]
    first: Part | None
    held_of_20: int
    alike: tuple[AlikeShot, ...]
    alike_goals: int
    sentences: tuple[str, ...]


def rest(asked: Asked, connection: Connection, storage: Storage, words: Language) -> Rest:
    """Answer what takes longer than a move.

    Parameters
    ----------
    storage
        Where the pages lie.
    """
    known = asked.known
    judge = known.judge(asked.sister)
    games = reasons_of(
        asked.compared, [asked.match], judge, known.average_xg, known.halvings,
        published=np.array([asked.xg]), workers=1,
    )  # fmt: skip
    found = actors(asked.compared, judge, workers=1)
    people = _actors(asked, found)
    reasons = as_told(asked, games, people)
    said = why(asked, reasons, words)
    alike = () if asked.is_penalty else tuple(_alike(asked, connection, storage))
    empty_xg = float(found.empty_xg[0])
    return Rest(
        actors=tuple(_takers(people, asked.xg)),
        nobody=None if np.isnan(empty_xg) else empty_xg,
        sure=tuple(_sure(reasons)),
        first=reasons.first if reasons.n_refits else None,
        held_of_20=reasons.held_in,
        alike=alike,
        alike_goals=sum(shot.is_goal for shot in alike),
        sentences=tuple(
            text
            for text in (
                *(how_good(asked, words), said.from_there, said.scene, *said.reasons),
                not_known(asked, words),
            )
            if text
        ),
    )


def _actors(asked: Asked, found: Actors) -> tuple[Actor, ...]:
    is_ordinary = without_is_ordinary(found, asked.known.ordinary, asked.known.champion.catalogue.names)
    columns = (found.person, found.is_keeper, found.player, found.value, found.removed, is_ordinary)
    return tuple(Actor(*row) for row in zip(*(column.tolist() for column in columns), strict=True))


def _takers(people: Sequence[Actor], xg: float) -> Iterator[Taker]:
    """One row a player of the game."""
    for player in dict.fromkeys(person.player_n for person in people):
        own = [person for person in people if person.player_n == player]
        first = own[0]
        yield Taker(
            person=first.person_n if len(own) == 1 else None,
            role="keeper" if first.is_keeper else "opponent",
            takes=-first.value,
            n=len(own),
            without_xg=xg + first.removed_xg,
            is_ordinary=first.is_ordinary,
        )


def _sure(reasons: ShotReasons) -> Iterator[SureOfPart]:
    for part, of in reasons.parts.items():
        if of.value is not None and of.sd is not None:
            yield SureOfPart(part, of.sd, of.same_sign, of.is_told)


def _alike(asked: Asked, connection: Connection, storage: Storage) -> Iterator[AlikeShot]:
    found = most_alike(asked.scenes, asked.match, asked.known.near)
    away = dict(zip(found.shot_keys, found.distance_m, strict=True))
    names = [name for name in AlikeShot.__dataclass_fields__ if name not in ("page", "distance_m")]
    for shot in shots_with_keys(connection, found.shot_keys):
        yield AlikeShot(
            **{name: getattr(shot, name) for name in names},
            page=_card(shot, connection, storage),
            distance_m=away[shot.shot_key],
        )


def _card(shot: FoundShot, connection: Connection, storage: Storage) -> str | None:
    """A shot's card, relative to the explorer's page."""
    path = page_of_match(connection, shot.provider, shot.match_id)
    if path is None or not storage.exists(path):
        return None
    return f"../{quote(path)}#shot-{shot.card_n}"
