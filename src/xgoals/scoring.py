"""One scene at a time, fast: the champion's xG of a shot that is stored nowhere, and why.

A `Scorer` keeps the champion of each database in memory, proven by its checksum and its golden predictions, and
loads it anew when another model has become champion. Every call asks the registry for the champion's name, so that
no answer ever comes from a model that is champion no longer.
"""

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import ModelError
from xgoals.domain.match import Match, Team
from xgoals.domain.model import CHAMPION, scored_by
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import MatchRecord, Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.settings import Database, Settings
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.sisters import load_boosters, sisters_of_matches

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.explain.forest import Forest
    from xgoals.features.catalogue import Catalogue
    from xgoals.model.artifact import Boosters

SHOT_ID = "posted"


@dataclass(frozen=True, slots=True)
class Scored:
    """The champion's number for one scene: ``base_value + sum(shap_values) = xg``, and so do the group values.

    Of a scene from a match that the champion has learned from it is a sister's: ``scored_by`` names her.
    """

    xg: float
    base_value: float
    shap_values: Mapping[str, float]
    group_values: Mapping[str, float]
    features: Mapping[str, float | None]
    model_version: str
    catalogue: str
    scored_by: str


@dataclass(frozen=True, slots=True)
class _Champion:
    """A champion with its sisters, ready for work."""

    model_version: str
    catalogue: "Catalogue"
    boosters: "Boosters"
    baseline: "pd.Series[float]"
    forests: "dict[int, Forest]" = field(default_factory=dict)

    def forest_of(self, sister: int) -> "Forest":
        """The trees of a sister, or (0) the champion's own."""
        from xgoals.explain.forest import read_forest

        if sister not in self.forests:
            self.forests[sister] = read_forest(self.boosters.of(sister))
        return self.forests[sister]


class Scorer:
    """Scores scenes with the present champion; may be called from several threads.

    Parameters
    ----------
    settings
        Say where the databases are.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engines: dict[Database, Engine] = {}
        self._champions: dict[Database, _Champion] = {}
        self._loading = threading.Lock()

    def engine(self, database: Database) -> Engine:
        """The pool of connections to a database; made at the first call.

        Raises
        ------
        StoreError
            If the database does not answer.
        """
        with self._loading:
            if database not in self._engines:
                self._engines[database] = connect(self._settings, database, application="xgoals api")
            return self._engines[database]

    def close(self) -> None:
        """Give the connections back."""
        with self._loading:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()

    def knows(self, database: Database) -> bool:
        """Whether the database has answered before."""
        return database in self._engines

    def score(
        self,
        database: Database,
        shot: Shot,
        scene: Scene,
        pitch: Pitch,
        *,
        since_own_shot_s: float | None = None,
        match: tuple[str, str] | None = None,
    ) -> Scored:
        """The champion's xG of one scene, and why.

        Parameters
        ----------
        shot, scene
            Whose ``shot_id`` is `SHOT_ID`.
        pitch
            On which the coordinates are.
        since_own_shot_s
            Seconds since the same team's previous shot, if there was one in this half: close ones are rebounds.
        match
            Provider and id of the stored match that the scene is from, if it is: who has not seen it answers.

        Raises
        ------
        ModelError
            If there is no champion, or it cannot be used.
        FeatureError
            If the scene is an impossible one.
        """
        from xgoals.explain import exact_shapley
        from xgoals.features.build import OutOfRange, build_features
        from xgoals.features.scenes import Scenes

        champion = self._champion(database)
        sister = self._who_has_not_seen(database, champion.model_version, match) if match else CHAMPION
        scenes, impossible = Scenes.of([_record(shot, scene, pitch, since_own_shot_s)]), list[OutOfRange]()
        X = build_features(scenes, champion.catalogue, out_of_range=impossible).tail(1)
        if impossible:
            raise impossible[0].as_error()
        attributions = exact_shapley(
            champion.forest_of(sister),
            X,
            champion.baseline,
            space="probability",
            groups=champion.catalogue.groups,
        )
        assert attributions.group_values is not None  # noqa: S101  (groups were asked for)
        names, groups = attributions.feature_names, attributions.group_names or ()
        of_features, of_groups = attributions.values, attributions.group_values  # noqa: PD011 (no DataFrame)
        row = X.iloc[0]
        return Scored(
            xg=float(attributions.predictions[0]),
            base_value=attributions.base_value,
            shap_values=dict(zip(names, of_features[0].tolist(), strict=True)),
            group_values=dict(zip(groups, of_groups[0].tolist(), strict=True)),
            features={str(name): None if math.isnan(value) else float(value) for name, value in row.items()},
            model_version=champion.model_version,
            catalogue=champion.catalogue.name,
            scored_by=scored_by(champion.model_version, sister),
        )

    def warm_up(self, database: Database) -> None:
        """Load the champion and everything that the first call would wait for."""
        self.score(database, *EXAMPLE)

    def _who_has_not_seen(self, database: Database, model_version: str, match: tuple[str, str]) -> int:
        with self.engine(database).connect() as connection:
            return sisters_of_matches(connection, model_version, [match]).get(match, CHAMPION)

    def _champion(self, database: Database) -> _Champion:
        with self.engine(database).connect() as connection:
            name = registry.champion_name(connection)
            if name is None:
                raise ModelError("there is no champion yet", advice="Run: xgoals run")
            known = self._champions.get(database)
            if known is not None and known.model_version == name:
                return known
            with self._loading:
                known = self._champions.get(database)
                if known is None or known.model_version != name:
                    known = self._champions[database] = _load(connection, name)
                return known


def _load(connection: Connection, name: str) -> _Champion:
    import pandas as pd

    from xgoals.model.artifact import catalogue_of

    boosters = load_boosters(connection, name)
    catalogue = catalogue_of(boosters.model)
    stored = registry.load_baseline(connection, name)
    if stored is None:
        raise ModelError(f"champion {name} has no baseline yet", advice="Run: xgoals run")
    baseline = pd.Series(stored["values"], dtype=float)[list(boosters.model.feature_names)]
    champion = _Champion(name, catalogue, boosters, baseline)
    champion.forest_of(CHAMPION)
    return champion


def _record(shot: Shot, scene: Scene, pitch: Pitch, since_own_shot_s: float | None) -> MatchRecord:
    """A match of this shot alone, or of it and the same team's shot before it."""
    us, them = Team("us", "us"), Team("them", "them")
    match = Match("posted", "posted", "", "", "", "", date(2000, 1, 1), us, them, pitch)
    shots = [replace(shot, event_n=1, period_time_s=0.0)]
    if since_own_shot_s is not None:
        shots.insert(0, replace(shot, shot_id="before", event_n=0, period_time_s=-since_own_shot_s))
    return MatchRecord(match, (us, them), (), tuple(shots), (scene,))


EXAMPLE = (
    Shot(
        SHOT_ID, 0, 1, 0, 0, 0.0, "us", None, 41.5, 0.0, BodyPart.RIGHT_FOOT, ShotType.OPEN_PLAY, Outcome.OTHER,
        BallControl.OTHER, SetUp.OPEN_PLAY, Technique.NORMAL,
    ),
    Scene(SHOT_ID),
    Pitch(105.0, 68.0),
)  # fmt: skip
"""A central shot from eleven metres with nobody's position known: what warms everything up."""
