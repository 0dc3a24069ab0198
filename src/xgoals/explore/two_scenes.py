"""Two scenes side by side: why one is worth more than the other, part by part.

The players are place, keeper, opponents (with the team-mates who stand among them) and strike; a coalition is the scene
that has those parts of the one scene and the rest of the other, people moved with the goal line and mirrored where the
shots were taken from different sides. Where every player belongs it is the one scene, where none does the other, so
the four Shapley values add up to the difference of the two numbers; and a part in which the scenes are equal has 0.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from xgoals.domain.model import scored_by
from xgoals.domain.reason import TOLD_FROM, Part
from xgoals.explain.proof import sigmoid
from xgoals.explore.asked import Asked
from xgoals.explore.moves import PartOfXg, parts_of_xg
from xgoals.explore.stored import SceneError
from xgoals.features.build import build_features
from xgoals.features.catalogue import Catalogue
from xgoals.language import Language
from xgoals.reasons.from_there import Compared
from xgoals.reasons.players import shapley_values
from xgoals.reasons.transplant import Some, bare_shots, moved, scenes_with
from xgoals.report.words.difference_sentence import for_each_part
from xgoals.steps.explaining.two_shots import who_speaks

FloatArray = npt.NDArray[np.float64]

_FIRST = np.zeros(1, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class TwoScenes:
    """What makes the one number of the other.

    Attributes
    ----------
    a, b
        The xG of both, by the same model.
    parts
        They add up to ``a - b``.
    scored_by
        The part of the version that has seen neither match, where there is one.
    has_seen
        Whether it has seen the match of a or of b: it may remember there what happened.
    sentences
        The parts that matter, the largest first.
    """

    a: float
    b: float
    parts: tuple[PartOfXg, ...]
    scored_by: str
    has_seen: bool
    sentences: tuple[str, ...]


def hold_against(a: Asked, b: Asked, words: Language) -> TwoScenes:
    """Why one scene is worth more, or less, than the other.

    Raises
    ------
    SceneError
        If one of them is a penalty.
    """
    if a.is_penalty or b.is_penalty:
        raise SceneError(
            "a penalty is worth the rate of all penalties, whoever stands where", advice="Compare other shots"
        )
    version = a.known.champion.model_version
    speaker = who_speaks(version, a.sister, b.sister)
    forest = a.known.champion.forest_of(speaker.sister)
    worth = sigmoid(forest.margin(mixtures(a.compared, b.compared).astype(np.float32)))
    values = shapley_values(worth[None])[0].tolist()
    return TwoScenes(
        a=float(worth[-1]),
        b=float(worth[0]),
        parts=parts_of_xg(values),
        scored_by=scored_by(version, speaker.sister),
        has_seen=speaker.has_seen_shot or speaker.has_seen_other,
        sentences=(_sentence(dict(zip(Part, values, strict=True)), float(worth[-1] - worth[0]), words),),
    )


def mixtures(a: Compared, b: Compared) -> FloatArray:
    """The features of every coalition, (16, p): where bit i of its number is set, part i is from ``a``.

    Parameters
    ----------
    a, b
        One scene each.
    """
    columns, rows = a.columns, np.empty((1 << len(Part), a.features.shape[1]))
    both = (b, a)
    amid = {owners: _amid(*(both[owner] for owner in owners)) for owners in product((0, 1), repeat=3)}
    for coalition in range(len(rows)):
        place, keeper, opponents, strike = (coalition >> bit & 1 for bit in range(len(Part)))
        rows[coalition] = amid[place, keeper, opponents]
        for part, owner in ((Part.PLACE, place), (Part.STRIKE, strike)):
            rows[coalition, columns[part]] = both[owner].features[0, columns[part]]
    return rows


def _amid(place: Compared, keeper: Compared, opponents: Compared) -> FloatArray:
    """The features of a shot with another's keeper and the people of a third; what one lacks is missing."""
    if place is keeper is opponents:
        return np.asarray(place.features[0])
    people = [
        moved(place.scenes, of.scenes, _FIRST, _FIRST, some)
        for of, some in (
            (keeper, _everybody(keeper, keepers=True)),
            (opponents, _everybody(opponents, keepers=False)),
        )
    ]
    scenes = scenes_with(bare_shots(place.scenes), _FIRST, people, place.scenes)
    columns = [*place.columns[Part.KEEPER], *place.columns[Part.OPPONENTS]]
    chosen = tuple(place.catalogue.features[column] for column in columns)
    own = Catalogue(place.catalogue.name, place.catalogue.version, chosen)
    row = place.features[0].copy()
    row[columns] = build_features(scenes, own).to_numpy()[0]
    if not opponents.scenes.has_people[0]:
        row[place.columns[Part.OPPONENTS]] = np.nan
    return np.asarray(row)


def _everybody(compared: Compared, *, keepers: bool) -> Some:
    """A scene's keepers, or all others."""
    row, person = compared.people.of_scenes(_FIRST)
    some = Some.of(compared.people, row, person)
    return some.where(some.is_keeper if keepers else ~some.is_keeper)


def _sentence(parts: dict[Part, float], difference: float, words: Language) -> str:
    names = for_each_part(words)
    told = [
        part for part in sorted(parts, key=lambda part: -abs(parts[part])) if abs(parts[part]) >= TOLD_FROM
    ]
    said = {
        "gap": words.xg(abs(difference)),
        "parts": words.listing(
            [f"{words.number(parts[part], 2, signed=True)} {names[part]}" for part in told]
        )
        or words.text("many small things together"),
    }
    if abs(difference) < TOLD_FROM / 2 and not told:
        return words.text("A and B are worth the same.")
    if difference > 0:
        return words.text("A is worth %(gap)s more than B: %(parts)s.", **said)
    return words.text("A is worth %(gap)s less than B: %(parts)s.", **said)
