"""All that answers about scenes are made of, read once a champion and kept in memory."""

import logging
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xgboost
from sqlalchemy import Connection

from xgoals.analysis.facts.rank import MIN_SHOTS, kind_of
from xgoals.domain.errors import ModelError
from xgoals.domain.scene import WITHOUT_POSITIONS
from xgoals.explore.near_window import NearWindow
from xgoals.features.catalogue import Catalogue
from xgoals.model.seen.support import Support
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.judges import Judge, as_judge
from xgoals.reasons.refits import Halving
from xgoals.scoring import Champion
from xgoals.steps.explaining.reason_games import (
    real_matches,
    stored_halvings,
    stored_window,
    support_of_references,
    window_now,
)
from xgoals.store import features as feature_store
from xgoals.store.sisters import sisters_of_matches
from xgoals.store.told.xg_quantiles import read_xg_quantiles

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Knowledge:
    """A champion, and what its numbers are compared with.

    Attributes
    ----------
    champion
        With its sisters.
    near
        The reference shots.
    average_xg
        Where every shot begins.
    ordinary
        Which scenes occur: whether one without somebody is a guess.
    halvings
        The refits that say how sure a reason is; none where no run has fitted any.
    quantiles, n_ranked
        How the numbers of each kind of shot are spread, and of how many shots.
    definitions
        The features as pages name them.
    names
        The real match of each stored one.
    sisters
        Who has not seen each match that the champion has learned from.
    """

    champion: Champion
    near: NearWindow
    average_xg: float
    ordinary: Support
    halvings: Sequence[Halving]
    quantiles: Mapping[str, Sequence[float]]
    n_ranked: Mapping[str, int]
    definitions: Sequence[Mapping[str, Any]]
    names: Mapping[tuple[str, str], str]
    sisters: Mapping[tuple[str, str], int]
    _judges: dict[int, xgboost.Booster] = field(default_factory=dict)
    _loading: threading.Lock = field(default_factory=threading.Lock)

    def judge(self, sister: int) -> Judge:
        """The sister, or (0) the champion, as the judge of one scene."""
        return Judge([self.booster(sister)], np.zeros(1, dtype=np.int64))

    def booster(self, sister: int) -> xgboost.Booster:
        """The booster of a sister, or (0) the champion's, with one thread."""
        with self._loading:  # its parameters are set once: another thread may ask it at any time afterwards
            if sister not in self._judges:
                self._judges[sister] = as_judge(self.champion.boosters.of(sister))
            return self._judges[sister]


def read_knowledge(connection: Connection, champion: Champion) -> Knowledge:
    """All that is known of a champion.

    Raises
    ------
    ModelError
        If what it has learned from is not there.
    """
    version, model = champion.model_version, champion.boosters.model
    try:
        found = stored_window(connection, version) or window_now(connection, version)
    except ModelError as error:  # it is only read here: the next night freezes it anew
        log.warning("%s (%s); the shots are taken as they are now", error.what, version)
        found = window_now(connection, version)
    if found is None:
        raise ModelError(
            f"the shots that champion {version} has learned from are not there, so nothing can be compared",
            advice="Run: xgoals run",
        )
    window, average_xg = found
    names = real_matches(connection, version, window.matches)
    return Knowledge(
        champion=champion,
        near=NearWindow.of(window, champion.catalogue),
        average_xg=average_xg,
        ordinary=support_of_references(window, champion.catalogue),
        halvings=stored_halvings(connection, version),
        quantiles=read_xg_quantiles(
            connection, version, min_shots=MIN_SHOTS, asks_for_people=champion.catalogue.asks_for_people
        ),
        n_ranked=_n_ranked(window, champion.catalogue),
        definitions=feature_store.definitions(connection, model.catalogue, model.catalogue_version),
        names=names,
        sisters=sisters_of_matches(connection, version, list(names)),
    )


def _n_ranked(window: FrozenWindow, catalogue: Catalogue) -> dict[str, int]:
    """How many shots of each kind a model has learned from, penalties apart, by the names of the quantiles."""
    shots, knows = window.scenes.shots, window.scenes.has_people & catalogue.asks_for_people
    found: Counter[str] = Counter()
    for part, kind, known in zip(
        *(shots[name][~window.is_penalty] for name in ("body_part", "shot_type")),
        knows[~window.is_penalty], strict=True,
    ):  # fmt: skip
        end = "" if known else WITHOUT_POSITIONS
        found.update({kind_of({"body_part": part, "shot_type": kind}) + end, "all" + end})
    return dict(found)
