"""Who took most away in a match: keepers and opponents over all shots that they stood against."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.results import Side
from xgoals.analysis.shots import text_or_empty
from xgoals.domain.reason import Actor, ShotReasons


@dataclass(frozen=True, slots=True)
class FacedShot:
    """A shot and the side that took it."""

    shot_key: int
    shot_id: str
    side: Side


@dataclass(frozen=True, slots=True)
class MatchTaker:
    """What somebody took of the other side's chances.

    Attributes
    ----------
    takes_xg
        The sum of his values (:mod:`xgoals.reasons.actors`), above 0 where he took away; a keeper's beside an
        ordinary keeper in his place.
    n_shots
        Shots at which he changed something.
    """

    name: str
    side: Side
    is_keeper: bool
    takes_xg: float
    n_shots: int


def match_takers(
    shots: Iterable[FacedShot], people: pd.DataFrame, reasons: Mapping[int, ShotReasons]
) -> list[MatchTaker]:
    """Sum over the shots of a match, those who took most first; nobody without a name.

    Those who play as one in a crowd share a value that is nobody's alone, and have none there.

    Parameters
    ----------
    shots
        Of both sides.
    people
        ``shot_id, player`` and, where reasons name people, ``person_n``.
    reasons
        By ``shot_key``.
    """
    if "person_n" not in people.columns:
        return []
    names = {
        (str(shot_id), int(n)): text_or_empty(name)
        for shot_id, n, name in zip(people["shot_id"], people["person_n"], people["player"], strict=True)
    }
    found: dict[tuple[str, Side], list[Actor]] = defaultdict(list)
    for shot in shots:
        of = reasons.get(shot.shot_key)
        for actor in _alone(of.actors) if of else ():
            name = names.get((shot.shot_id, actor.person_n), "")
            if name:
                found[name, "away" if shot.side == "home" else "home"].append(actor)
    rows = [
        MatchTaker(name, side, any(a.is_keeper for a in own), -sum(a.value for a in own), len(own))
        for (name, side), own in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.takes_xg, row.name))


def _alone(actors: Sequence[Actor]) -> list[Actor]:
    shared = [actor.player_n for actor in actors]
    return [actor for actor in actors if shared.count(actor.player_n) == 1]
