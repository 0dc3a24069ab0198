"""A baseline that is asked for -> its rows, and what is to be told of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.baselines.given import check_values
from xgoals.baselines.own import AskedBaseline, NamedShot
from xgoals.baselines.prototypes import prototypes
from xgoals.baselines.row_files import read_rows
from xgoals.baselines.sample import background_sample
from xgoals.baselines.typical import typical_row
from xgoals.domain.errors import SettingsError
from xgoals.features.catalogue import YES
from xgoals.settings.in_words import did_you_mean
from xgoals.steps.explaining.own_baselines.asked import MOST_ROWS
from xgoals.steps.explaining.own_baselines.stored import StoredShots
from xgoals.steps.explaining.shots_asked import features_of, one_shot

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from xgoals.domain.model import ColumnKind, ModelVersion
    from xgoals.features.catalogue import Catalogue
    from xgoals.store.comparisons.shots_by_name import StoredShot

FEWEST = 10
"""A segment of fewer shots has no typical row worth the name."""


@dataclass(frozen=True, slots=True)
class OwnBaseline:
    """Rows and their weights, of how many shots they were made, and the shot that it is, if it is one."""

    asked: AskedBaseline
    rows: pd.DataFrame
    weights: npt.NDArray[np.float64]
    n_made_from: int
    shot: NamedShot | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that baselines are made of: the model with its stored row, and the stored shots."""

    connection: "Connection"
    model: "ModelVersion"
    catalogue: "Catalogue"
    baseline: "pd.Series[float]"
    stored: StoredShots

    def make(self, asked: AskedBaseline) -> OwnBaseline:
        """The rows of a baseline.

        Raises
        ------
        SettingsError
            If a file's rows are no shots, a segment has too few shots, a shot is unknown, there are more clusters than
            different rows.
        ModelError
            If a shot cannot be explained: a penalty, one that was taken back, one without features.
        """
        makers = {
            "file": self._file,
            "shot": self._shot,
            "segment": self._segment,
            "clusters": self._clusters,
            "sample": self._sample,
        }
        if asked.source == "model":
            return _alike(asked, self.baseline.to_frame().T, int(self.stored.is_window.sum()))
        return makers[asked.source](asked)

    @property
    def window(self) -> pd.DataFrame:
        """Features of the shots that the champion has learned from."""
        return self.stored.shots.loc[self.stored.is_window, list(self.catalogue.names)]

    def _file(self, asked: AskedBaseline) -> OwnBaseline:
        rows = read_rows(Path(asked.path), list(self.catalogue.names), by_name_only=True)
        if len(rows) > MOST_ROWS:
            raise SettingsError(
                f"{len(rows):,} rows are more than a baseline can have: every shot is explained against each",
                where=asked.path,
                advice=f"Keep at most {MOST_ROWS:,}, drawn at random",
            )
        for feature in self.catalogue.features:
            among = {
                "binary": (feature.low, feature.high),
                "category": tuple(map(float, feature.categories or ())),
            }
            check_values(
                rows[feature.name], feature.low, feature.high, among.get(feature.kind), where=asked.path
            )
        is_penalty = (rows["Penalty"] == YES).to_numpy()
        if is_penalty.any():
            raise SettingsError(
                "this is a penalty: it is worth the rate of all penalties, and nothing else is like it",
                where=f"{asked.path}, row {is_penalty.argmax() + 1}, Penalty",
                advice="Describe shots from play or free kicks",
            )
        return _alike(asked, rows, 0)

    def _shot(self, asked: AskedBaseline) -> OwnBaseline:
        found = one_shot(self.connection, asked.shot, self.model)
        row = pd.DataFrame([features_of(found, self.model)], columns=list(self.catalogue.names))
        return OwnBaseline(asked, row, np.ones(1), 1, named(found))

    def _segment(self, asked: AskedBaseline) -> OwnBaseline:
        shots = self.stored.shots
        is_in = {
            column: _is(shots[column], column, value, asked) for column, value in (asked.where or {}).items()
        }
        cut = shots[np.logical_and.reduce(list(is_in.values()))]
        if len(cut) < FEWEST:
            counts = ", ".join(
                f"{column}={(asked.where or {})[column]} alone has {n.sum():,}" for column, n in is_in.items()
            )
            raise SettingsError(
                f"{asked.text!r} has {len(cut)} shots without penalties: too few for a typical row, at least {FEWEST}",
                where="--baseline",
                advice=f"Ask for more shots ({counts})",
            )
        return _alike(asked, typical_row(cut, self._kinds).to_frame().T, len(cut))

    def _clusters(self, asked: AskedBaseline) -> OwnBaseline:
        found = prototypes(self.window, self._kinds, asked.n, seed=self.model.seed)
        return OwnBaseline(asked, found.rows, found.weights, int(self.stored.is_window.sum()))

    def _sample(self, asked: AskedBaseline) -> OwnBaseline:
        rows = background_sample(self.window, asked.n, seed=self.model.seed)
        return _alike(asked, rows, len(rows))

    @property
    def _kinds(self) -> "Mapping[str, ColumnKind]":
        return {feature.name: feature.kind for feature in self.catalogue.features}


def named(shot: "StoredShot") -> NamedShot:
    """Who and when."""
    return NamedShot(
        name=shot.name,
        provider=shot.provider,
        match_id=shot.match_id,
        player=shot.player,
        team=shot.team,
        home_team=shot.home_team,
        away_team=shot.away_team,
        match_date=shot.match_date,
        minute=shot.minute,
        is_goal=shot.is_goal,
    )


def _alike(asked: AskedBaseline, rows: pd.DataFrame, n_made_from: int) -> OwnBaseline:
    return OwnBaseline(asked, rows, np.full(len(rows), 1 / len(rows)), n_made_from)


def _is(values: "pd.Series[str]", column: str, value: str, asked: AskedBaseline) -> npt.NDArray[np.bool_]:
    """Which shots have this value.

    Raises
    ------
    SettingsError
        If none has.
    """
    is_it = (values.astype(str) == value).to_numpy()
    if not is_it.any():
        known = sorted(values.astype(str).unique())
        near = did_you_mean(value, known)
        raise SettingsError(
            f"no shot has {column}={value} (in {asked.text!r}){near}",
            where="--baseline",
            advice=f"There {'is' if len(known) == 1 else 'are'}: {', '.join(known[:12])}{', ...' * (len(known) > 12)}",
        )
    return is_it
