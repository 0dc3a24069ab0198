"""One scene at a time, fast: the champion's xG of a shot that is stored nowhere, and why.

A `Scorer` keeps the champion of each database in memory, proven by its checksum and its golden predictions, and
loads it anew when another model has become champion. Every call asks the registry for the champion's name, so that
no answer ever comes from a model that is champion no longer.
"""

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from xgoals.domain.errors import ModelError
from xgoals.domain.model import CHAMPION, scored_by
from xgoals.domain.pitch import Pitch
from xgoals.domain.scene import Scene
from xgoals.domain.shot import BallControl, BodyPart, Outcome, SetUp, Shot, ShotType, Technique
from xgoals.settings import Database, Settings
from xgoals.store import registry
from xgoals.store.database import connect
from xgoals.store.features import read_window
from xgoals.store.sisters import load_boosters, sisters_of_matches

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.explain.forest import Forest
    from xgoals.features.catalogue import Catalogue
    from xgoals.features.scenes import Scenes
    from xgoals.model.artifact import Boosters
    from xgoals.model.seen.support import Support

SHOT_ID = "posted"
PATIENCE_S = 300.0
"""So long a statement may take: a server that has gone silent holds up nobody for ever."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The champion's number for one scene: ``base_value + sum(shap_values) = xg``, and so do the group values.

    Of a scene from a match that the champion has learned from it is a sister's: ``scored_by`` names her. ``n_alike``
    counts the shots like it among those that the champion has learned from: with few of them, the number is a guess.
    """

    xg: float
    base_value: float
    shap_values: Mapping[str, float]
    group_values: Mapping[str, float]
    features: Mapping[str, float | None]
    model_version: str
    catalogue: str
    scored_by: str
    n_alike: int


@dataclass(frozen=True, slots=True)
class Champion:
    """A champion with its sisters, ready for work; `support` knows what it has learned from."""

    model_version: str
    catalogue: "Catalogue"
    boosters: "Boosters"
    baseline: "pd.Series[float]"
    support: "Support"
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
        self._champions: dict[Database, Champion] = {}
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
                self._engines[database] = connect(
                    self._settings, database, application="xgoals api", statement_timeout_s=PATIENCE_S
                )
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

        champion = self.champion(database)
        sister = self.who_has_not_seen(database, champion, match)
        _, X = features_of_scene(champion.catalogue, shot, scene, pitch, since_own_shot_s)
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
            n_alike=int(champion.support.alike(X)[0]),
        )

    def warm_up(self, database: Database) -> None:
        """Load the champion and everything that the first call would wait for."""
        self.score(database, *EXAMPLE)

    def who_has_not_seen(self, database: Database, champion: Champion, match: tuple[str, str] | None) -> int:
        """The number of the sister that has not seen a match; 0, the champion itself, where there is none.

        Parameters
        ----------
        match
            Provider and id of a stored match; None for a scene from none.
        """
        if match is None:
            return CHAMPION
        with self.engine(database).connect() as connection:
            return sisters_of_matches(connection, champion.model_version, [match]).get(match, CHAMPION)

    def champion(self, database: Database) -> Champion:
        """The present champion; loaded, and proven, where it has become so since.

        Raises
        ------
        ModelError
            If there is none, or it cannot be used.
        """
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


def _load(connection: Connection, name: str) -> Champion:
    import pandas as pd

    from xgoals.model.artifact import catalogue_of
    from xgoals.model.seen.support import Support

    boosters = load_boosters(connection, name)
    catalogue = catalogue_of(boosters.model)
    stored = registry.load_baseline(connection, name)
    if stored is None:
        raise ModelError(f"champion {name} has no baseline yet", advice="Run: xgoals run")
    baseline = pd.Series(stored["values"], dtype=float)[list(boosters.model.feature_names)]
    support = Support.of(read_window(connection, boosters.model), catalogue)
    champion = Champion(name, catalogue, boosters, baseline, support)
    champion.forest_of(CHAMPION)
    return champion


def features_of_scene(
    catalogue: "Catalogue", shot: Shot, scene: Scene, pitch: Pitch, since_own_shot_s: float | None = None
) -> "tuple[Scenes, pd.DataFrame]":
    """One scene as columns, and its features (1, p).

    Raises
    ------
    FeatureError
        If the scene is an impossible one.
    """
    from xgoals.features.build import OutOfRange, build_features

    scenes, impossible = scene_columns(shot, scene, pitch, since_own_shot_s), list[OutOfRange]()
    X = build_features(scenes, catalogue, out_of_range=impossible)
    if impossible:
        raise impossible[0].as_error()
    return scenes, X


def scene_columns(shot: Shot, scene: Scene, pitch: Pitch, since_own_shot_s: float | None = None) -> "Scenes":
    """One scene as columns, as :meth:`Scenes.of` makes them of a match; it takes a tenth of the time."""
    import numpy as np
    import pandas as pd

    from xgoals.features.scenes import REBOUND_WINDOW_S, Scenes

    first, last = REBOUND_WINDOW_S
    plain = {
        "x_m": shot.x_m, "y_m": shot.y_m, "pitch_length_m": pitch.length_m,
        "shooter_vx_ms": scene.shooter_vx_ms, "shooter_vy_ms": scene.shooter_vy_ms,
        "is_won_in_the_air": shot.raw.get("aerial_won") == "true",
        "is_rebound": since_own_shot_s is not None and first <= since_own_shot_s <= last,
    }  # fmt: skip
    words = {
        "ball_control": shot.ball_control,
        "set_up": shot.set_up, "technique": shot.technique,
    }  # fmt: skip
    columns: dict[str, Any] = {
        name: pd.Series([np.nan if value is None else value]) for name, value in plain.items()
    }
    columns |= {name: pd.Series([str(word)], dtype=object) for name, word in words.items()}
    of_kind = {"body_part": (shot.body_part, BodyPart), "shot_type": (shot.shot_type, ShotType)}
    for name, (word, known) in of_kind.items():
        columns[name] = pd.Categorical(
            [str(word)], categories=pd.Index([str(of) for of in known], dtype=object)
        )
    people = {
        "row": np.zeros(len(scene.people), dtype=np.int64),
        "x_m": np.array([person.x_m for person in scene.people], dtype=np.float64),
        "y_m": np.array([person.y_m for person in scene.people], dtype=np.float64),
        "is_teammate": np.array([person.is_teammate for person in scene.people], dtype=bool),
        "is_keeper": np.array([person.is_keeper for person in scene.people], dtype=bool),
    }
    return Scenes(pd.DataFrame(columns), pd.DataFrame(people))


EXAMPLE = (
    Shot(
        SHOT_ID, 0, 1, 0, 0, 0.0, "us", None, 41.5, 0.0, BodyPart.RIGHT_FOOT, ShotType.OPEN_PLAY, Outcome.OTHER,
        BallControl.OTHER, SetUp.OPEN_PLAY, Technique.NORMAL,
    ),
    Scene(SHOT_ID),
    Pitch(105.0, 68.0),
)  # fmt: skip
"""A central shot from eleven metres with nobody's position known: what warms everything up."""
