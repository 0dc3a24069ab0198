"""The one shot that is asked about, against each baseline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xgoals.analysis.baselines.compared import AskedShot, ShotAgainst
from xgoals.domain.errors import SettingsError
from xgoals.domain.model import scored_by
from xgoals.steps.explaining.explainer import Explainer
from xgoals.steps.explaining.own_baselines.play import play
from xgoals.steps.explaining.own_baselines.rows import OwnBaseline, Workshop, named
from xgoals.steps.explaining.shots_asked import features_of, one_shot
from xgoals.store.sisters import sisters_of_matches

if TYPE_CHECKING:
    from xgoals.features.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class OneShot:
    """The shot, its values against each baseline, and how far they are from adding up."""

    shot: AskedShot
    against: tuple[ShotAgainst, ...]
    gap: float


@dataclass(frozen=True, slots=True)
class ShotAlone:
    """The one shot asked about, before it is explained."""

    shot: AskedShot
    features: Mapping[str, float]
    sister: int

    @classmethod
    def find(cls, workshop: Workshop, name: str, baselines: Sequence[OwnBaseline]) -> "ShotAlone":
        """Look it up.

        Raises
        ------
        SettingsError, ModelError
            If there is no such shot, it cannot be explained, or it is held against itself.
        """
        found = one_shot(workshop.connection, name, workshop.model)
        if any(of.shot is not None and of.shot.name == found.name for of in baselines):
            raise SettingsError(f"{name} is held against itself", advice="Give another shot as --baseline")
        features = dict(zip(workshop.catalogue.names, features_of(found, workshop.model), strict=True))
        version, key = workshop.model.model_version, (found.provider, found.match_id)
        sister = sisters_of_matches(workshop.connection, version, [key]).get(key, 0)
        shot = AskedShot(named(found), float("nan"), scored_by(version, sister), features)
        return cls(shot, features, sister)

    def explained(
        self, explainer: Explainer, catalogue: "Catalogue", baselines: Sequence[OwnBaseline]
    ) -> OneShot:
        """Its values against each baseline."""
        X, sister = np.array([list(self.features.values())]), np.array([self.sister])
        played = play(explainer, catalogue, baselines, X, sister, [self.shot.shot.name])
        against = tuple(
            ShotAgainst(
                float(of.base_values[0]),
                dict(zip(catalogue.groups, of.group_values[0].tolist(), strict=True)),
                dict(zip(catalogue.names, of.feature_values[0].tolist(), strict=True)),
            )
            for of in played.against
        )
        return OneShot(replace(self.shot, xg=float(played.predictions[0])), against, played.gap)
