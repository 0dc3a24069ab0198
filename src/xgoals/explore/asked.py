"""A scene that somebody asks about: its features, who answers, and the real shots that it is compared with."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.shots import knows_positions
from xgoals.domain.model import CHAMPION, scored_by
from xgoals.domain.reason import Actor, Part, PartValue, ShotReasons, is_told
from xgoals.domain.shot import ShotType
from xgoals.explain.proof import sigmoid
from xgoals.explore.knowledge import Knowledge
from xgoals.explore.library import Library
from xgoals.explore.scene import PostedScene
from xgoals.features.scenes import Scenes
from xgoals.reasons.from_there import Compared
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.of_shots import Reasons, compare
from xgoals.scoring import features_of_scene
from xgoals.settings import Database

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """One scene with all that its answers are made of.

    Attributes
    ----------
    scenes, features
        The scene, and its features (1, p).
    sister
        Who answers: the sister that has not seen the scene's match, or 0, the champion.
    match
        The name of the real match that it is from; empty where it is from none.
    near
        The shots that could be its references.
    compared
        With its reference shots among them; the people are in the order in which they were posted.
    xg
        The answer.
    """

    known: Knowledge
    posted: PostedScene
    scenes: Scenes
    features: pd.DataFrame
    sister: int
    match: str
    near: FrozenWindow
    compared: Compared
    xg: float

    @property
    def is_penalty(self) -> bool:
        """Whether it is a penalty, which is worth the rate of all penalties."""
        return self.posted.shot_type is ShotType.PENALTY

    @property
    def knows_positions(self) -> bool:
        """Whether the number knows where anybody but the shooter stands."""
        return knows_positions(
            {"is_penalty": self.is_penalty, **self.features.iloc[0]}, {"features": self.known.definitions}
        )

    @property
    def scored_by(self) -> str:
        """The version that answers, or the version and the sister."""
        return scored_by(self.known.champion.model_version, self.sister)

    @property
    def farthest_m(self) -> float | None:
        """How far away the farthest reference shot was taken; None without any."""
        references = self.compared.references
        known = references.is_known[0]
        return float(references.distance_m[0][known].max()) if known.any() else None

    @property
    def reference_keys(self) -> tuple[int, ...]:
        """The reference shots by ``shot_key``, the nearest first."""
        references = self.compared.references
        return tuple(self.near.shot_key[references.rows[0][references.is_known[0]]].tolist())


def ask(library: Library, database: Database, posted: PostedScene) -> Asked:
    """Make a posted scene ready to be answered.

    Raises
    ------
    ModelError
        If there is no champion, or what it has learned from is not there.
    FeatureError
        If the scene is an impossible one.
    """
    known = library.knowledge(database)
    sister = known.sisters.get(posted.match) if posted.match else CHAMPION
    if sister is None:  # one that came later may be of the window all the same: as another feed tells it
        sister = library.scorer.who_has_not_seen(database, known.champion, posted.match)
    return ask_sister(known, posted, sister)


def ask_sister(known: Knowledge, posted: PostedScene, sister: int) -> Asked:
    """The same of a sister that is known already, or (0) of the champion itself.

    Raises
    ------
    FeatureError
        If the scene is an impossible one.
    """
    scenes, features = features_of_scene(
        known.champion.catalogue, posted.shot(), posted.scene(), posted.on_pitch(), posted.since_own_shot_s
    )
    values = features.to_numpy(dtype=np.float64)
    match = known.names.get(posted.match, "") if posted.match else ""
    near = known.near.around(scenes, match)
    compared = compare(scenes, values, [match], near, known.champion.catalogue)
    forest = known.champion.forest_of(sister)
    xg = float(sigmoid(forest.margin(values.astype(np.float32)))[0])
    return Asked(known, posted, scenes, features, sister, match, near, compared, xg)


def as_told(asked: Asked, reasons: Reasons, actors: tuple[Actor, ...] = ()) -> ShotReasons:
    """The reasons of the scene, as sentences and cards take those of a stored shot."""
    refitted, sure = len(reasons.refitted), reasons.sure
    is_penalty = asked.is_penalty
    parts = {
        part: _part(*values)
        for part, *values in zip(
            Part, reasons.parts[0].tolist(), sure.sd[0].tolist(), sure.same_sign[0].tolist(), strict=True
        )
        if not is_penalty
    }
    return ShotReasons(
        average_xg=asked.known.average_xg,
        xg=asked.xg,
        parts=parts,
        first=None if is_penalty else tuple(Part)[int(sure.first[0])],
        held_in=0 if is_penalty else int(sure.held[0]),
        n_refits=refitted,
        references=asked.reference_keys,
        farthest_m=asked.farthest_m,
        actors=actors,
    )


def _part(value: float, sd: float, same_sign: int) -> PartValue:
    if value != value:
        return PartValue(None)
    return PartValue(value, None if sd != sd else sd, same_sign, is_told(value, sd, same_sign))
