"""The answer to a move: the number, its rank, and the reasons in football's order. Quick enough for a moving hand."""

from dataclasses import dataclass

import numpy as np

from xgoals.analysis.facts.rank import Kind
from xgoals.domain.reason import Part
from xgoals.domain.scene import WITHOUT_POSITIONS
from xgoals.explore.asked import Asked, as_told
from xgoals.explore.words import geometry_facts, how_good, kind_and_rank, not_known, why
from xgoals.language import Language
from xgoals.reasons.of_shots import reasons_of
from xgoals.report.shot.told import Told


@dataclass(frozen=True, slots=True)
class PartOfXg:
    """What one part changes; None where the scene lacks what it is made of, and of a penalty."""

    part: Part
    value: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """What a scene is worth, and why: without a penalty, the average and all parts add up to the xG.

    Attributes
    ----------
    scored_by
        The version that answers, or the version and its sister that has not seen the scene's match.
    rank_pct, n_ranked, kind
        The share of the shots of this kind that are worth less, 0 to 100, and how many shots were counted; None
        where it has no rank.
    average
        Where every shot begins: the mean xG without penalties.
    n_references, is_far
        The real shots from there that it is compared with, and whether few were taken from there.
    n_alike
        Shots like it among those that the champion has learned from: with fewer than ten, the number is a guess.
    sentences
        How good a chance it is, what shots from there are worth, what is seen first. Which reasons hold is told at
        rest.
    facts
        Distance and angle.
    """

    xg: float
    scored_by: str
    rank_pct: float | None
    n_ranked: int | None
    kind: Kind | None
    average: float
    parts: tuple[PartOfXg, ...]
    n_references: int
    is_far: bool
    n_alike: int
    is_penalty: bool
    sentences: tuple[str, ...]
    facts: tuple[str, ...]


def move(asked: Asked, words: Language) -> Move:
    """Answer a move.

    Parameters
    ----------
    words
        The language of the sentences.
    """
    known = asked.known
    games = reasons_of(
        asked.compared, [asked.match], known.judge(asked.sister), known.average_xg, (),
        published=np.array([asked.xg]), workers=1,
    )  # fmt: skip
    reasons = as_told(asked, games)
    kind, share = kind_and_rank(asked)
    said = why(asked, reasons, words)
    return Move(
        xg=asked.xg,
        scored_by=asked.scored_by,
        rank_pct=None if share is None else 100 * share,
        n_ranked=None
        if kind is None
        else known.n_ranked.get(kind if asked.knows_positions else kind + WITHOUT_POSITIONS),
        kind=kind,
        average=known.average_xg,
        parts=parts_of_xg(games.parts[0].tolist()),
        n_references=reasons.n_references,
        is_far=reasons.is_far and not asked.is_penalty,
        n_alike=int(known.champion.support.alike(asked.features)[0]),
        is_penalty=asked.is_penalty,
        sentences=tuple(text for text in _sentences(asked, said, words) if text),
        facts=tuple(geometry_facts(asked, words)),
    )


def _sentences(asked: Asked, said: Told, words: Language) -> tuple[str, ...]:
    return how_good(asked, words), said.from_there, said.scene, not_known(asked, words)


def parts_of_xg(values: list[float]) -> tuple[PartOfXg, ...]:
    """Four values in football's order, NaN where one is not known."""
    return tuple(
        PartOfXg(part, None if value != value else value) for part, value in zip(Part, values, strict=True)
    )
