"""Why our numbers and the provider's own differ: surrogates of the provider's, and both in football's order."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xgboost
from sqlalchemy import Connection

from xgoals.analysis.differences import LARGE
from xgoals.domain.difference import MIN_FIT_R2
from xgoals.domain.errors import ModelError
from xgoals.features.scenes import Scenes
from xgoals.model.artifact import catalogue_of, stored_booster
from xgoals.model.surrogate import EVERYBODY, fit_surrogate
from xgoals.reasons.differences import Differences, differences, in_parts
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.judges import Judge, as_judge
from xgoals.reasons.of_shots import compare
from xgoals.steps.explaining.explainer import Explainer
from xgoals.steps.explaining.reason_games import real_matches
from xgoals.steps.run_context import log
from xgoals.store import differences as store
from xgoals.store import features as feature_store
from xgoals.store.differences import Fit
from xgoals.store.reasons import judged_by

_SHOTS_AT_ONCE = 2_000


@dataclass(frozen=True)
class TellsDifferences:
    """Says of the published numbers of a version why they differ from the provider's, where they are far apart.

    Attributes
    ----------
    window, average_xg
        What the version has learned from, and its mean xG: what shots are compared with, and where all begin.
    """

    connection: Connection
    explainer: Explainer
    window: FrozenWindow
    average_xg: float

    @property
    def version(self) -> str:
        """The model's name."""
        return self.explainer.model.model_version

    @cached_property
    def _real_matches(self) -> dict[tuple[str, str], str]:
        return real_matches(self.connection, self.version, self.window.matches)

    def all_due(self) -> int:
        """Say it of every number of which it is not known; of how many it was said.

        The surrogates are fitted with the first call for a version. Where one is too poor nothing is said.
        """
        known = self._fits()
        good = {provider for provider, fit in known.items() if (fit.r2_log_odds or 0.0) >= MIN_FIT_R2}
        due = store.due(self.connection, self.version, good, from_xg=LARGE)
        for provider in sorted(good):
            boosters = self._boosters(provider)
            shots = due[due["provider"] == provider]
            for begin in range(0, len(shots), _SHOTS_AT_ONCE):
                part = shots.iloc[begin : begin + _SHOTS_AT_ONCE]
                self._save(part, self._differences(part, boosters, known[provider].average_xg or 0.0))
        return len(due)

    def _fits(self) -> dict[str, Fit]:
        """How well each provider's surrogate tells its numbers; fitted anew where what is stored is not sound."""
        known = store.fits(self.connection, self.version)
        try:
            for provider in known:
                self._boosters(provider)
        except ModelError as error:
            log.warning("%s; fitted anew", error.what)
            store.forget_surrogates(self.connection, self.version)
            known = {}
        return known or dict(self._fit_surrogates())

    def _fit_surrogates(self) -> Iterator[tuple[str, Fit]]:
        """Fit and keep a surrogate for each provider of the window."""
        model = self.explainer.model
        window = store.read_window(self.connection, self.version)
        for provider, shots in window.groupby("provider", sort=True):
            X = feature_store.read_values_in_blocks(
                self.connection, shots["features_key"].to_numpy(), model.feature_names
            )
            sister = shots["sister"].to_numpy(dtype=np.int64)
            surrogate = fit_surrogate(X, shots["provider_xg"].to_numpy(), sister, seed=model.seed)
            fit = Fit(surrogate.r2, surrogate.average_xg) if surrogate else Fit(None, None)
            boosters = surrogate.boosters if surrogate else {}
            content = {number: bytes(booster.save_raw("ubj")) for number, booster in boosters.items()}
            store.save_surrogate(
                self.connection, self.version, str(provider), fit, n_shots=len(shots), boosters=content
            )
            log.info("%s", _told(str(provider), fit))
            yield str(provider), fit

    def _boosters(self, provider: str) -> dict[int, xgboost.Booster]:
        """A surrogate by sister; raises ModelError where the stored one is not what was stored, or no sound model."""
        name, where = f"the surrogate of {provider}'s xG", "surrogate_booster"
        stored = store.load_surrogate(self.connection, self.version, provider)
        if stored is None:
            raise ModelError(f"the stored bytes of {name} are not those that were stored", where=where)
        return {number: as_judge(stored_booster(content, name, where)) for number, content in stored.items()}

    def _differences(
        self, due: pd.DataFrame, surrogate: dict[int, xgboost.Booster], average_xg: float
    ) -> Differences:
        """Ours by the sister that spoke, theirs by the surrogate that has not seen the match either."""
        model = self.explainer.model
        shots, people, features = judged_by.read_scenes(
            self.connection, due["features_key"], len(model.feature_names)
        )
        keys = zip(shots["provider"], shots["match_id"], strict=True)
        names = [self._real_matches[key] for key in keys]
        compared = compare(Scenes(shots, people), features, names, self.window, catalogue_of(model))
        sisters, of_shot = np.unique(due["sister"].to_numpy(dtype=np.int64), return_inverse=True)
        speakers = Judge(
            [as_judge(self.explainer.booster_of(sister)) for sister in sisters.tolist()], of_shot
        )
        # The surrogate has no number for who speaks, with a provider's level, for matches that came later.
        surrogates = Judge(
            [surrogate.get(sister, surrogate[EVERYBODY]) for sister in sisters.tolist()], of_shot
        )
        ours, theirs = in_parts(compared, [(speakers, self.average_xg), (surrogates, average_xg)])
        return differences(ours, theirs, due["xg"].to_numpy(), due["provider_xg"].to_numpy())

    def _save(self, due: pd.DataFrame, found: Differences) -> None:
        columns: dict[str, Any] = {
            "average": found.average,
            "part_values": found.parts.tolist(),
            "rest": found.rest,
        }
        store.save_differences(self.connection, self.version, due.assign(**columns))


def _told(provider: str, fit: Fit) -> str:
    if fit.r2_log_odds is None:
        return f"{provider}'s own xG: too few shots to say why ours differs"
    said = f"our features say {fit.r2_log_odds:.1%} of {provider}'s own xG (R2 of log-odds, matches not seen)"
    return said if fit.r2_log_odds >= MIN_FIT_R2 else f"{said}: too little to say why ours differs"
