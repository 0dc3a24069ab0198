"""The same shots against several baselines: explained, measured, told; nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xgoals.analysis.baselines.compared import ComparedBaseline, ComparedBaselines
from xgoals.analysis.baselines.moves import baseline_moves
from xgoals.baselines.own import AskedBaseline
from xgoals.domain.errors import ModelError
from xgoals.domain.model import scored_by
from xgoals.model.artifact import catalogue_of
from xgoals.steps.explaining.explainer import Explainer
from xgoals.steps.explaining.own_baselines.one_shot import ShotAlone
from xgoals.steps.explaining.own_baselines.play import Played, play
from xgoals.steps.explaining.own_baselines.rows import OwnBaseline, Workshop
from xgoals.steps.explaining.own_baselines.stored import StoredShots, stored_shots, whole_matches
from xgoals.steps.explaining.own_baselines.told import told_baselines
from xgoals.store import registry

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from xgoals.features.catalogue import Catalogue

MOST_PAIRS = 400_000
"""A shot against a row is a pair; with more of them whole matches are left out: half a minute of one core."""
FEWEST_SHOTS = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """What is told, and the values of every shot that was compared, one row a shot and baseline."""

    told: ComparedBaselines
    values_of_shots: pd.DataFrame


def compare_baselines(
    connection: "Connection", asked: Sequence[AskedBaseline], shot: str | None = None
) -> Compared:
    """Explain the stored shots against each baseline, and one of them by itself if it is asked about.

    Parameters
    ----------
    asked
        The stored one first.
    shot
        ``provider/match/shot``, or a shorter end of it.

    Raises
    ------
    SettingsError
        If a baseline or the shot is none.
    ModelError
        If there is no champion, or a shot cannot be explained, or its values do not add up.
    """
    version = registry.champion_name(connection)
    if version is None:
        raise ModelError("there is no champion yet", advice="Run: xgoals run")
    explainer = Explainer.load(connection, version)
    catalogue = catalogue_of(explainer.model)
    stored = stored_shots(connection, explainer.model)
    workshop = Workshop(connection, explainer.model, catalogue, explainer.baseline, stored)
    baselines = tuple(map(workshop.make, asked))
    alone = None if shot is None else ShotAlone.find(workshop, shot, baselines)
    n_rows = sum(len(of.rows) for of in baselines)
    compared = whole_matches(stored, max(FEWEST_SHOTS, MOST_PAIRS // n_rows))
    X = compared.shots[list(catalogue.names)].to_numpy(dtype=np.float64)
    played = play(explainer, catalogue, baselines, X, compared.sister, _ids(compared))
    told = told_baselines(workshop, explainer, compared, baselines)
    one = None if alone is None else alone.explained(explainer, catalogue, baselines)
    moves = baseline_moves(played.against, compared.match, catalogue.names, tuple(catalogue.groups))
    of_shot = [None] * len(baselines) if one is None else one.against
    return Compared(
        ComparedBaselines(
            model_version=version,
            catalogue=catalogue.name,
            n_shots=len(X),
            n_matches=len(np.unique(compared.match)),
            n_stored=len(stored.shots),
            n_seen=int(compared.has_seen.sum()),
            goal_rate=float(compared.shots["is_goal"].mean()),
            mean_prediction=float(played.predictions.mean()),
            baselines=tuple(map(ComparedBaseline, told, moves, of_shot)),
            shot=None if one is None else one.shot,
            additivity_gap=max(played.gap, 0.0 if one is None else one.gap),
            providers=tuple(sorted(map(str, compared.shots["provider"].unique()))),
            is_simulated=bool(compared.shots["is_simulated"].any()),
        ),
        _table(version, compared, baselines, played, catalogue),
    )


def _ids(shots: StoredShots) -> list[str]:
    """``match id/shot id`` of each."""
    both = zip(shots.shots["match_id"].astype(str), shots.shots["shot_id"].astype(str), strict=True)
    return [f"{match}/{shot}" for match, shot in both]


def _table(
    version: str,
    compared: StoredShots,
    baselines: Sequence[OwnBaseline],
    played: Played,
    catalogue: "Catalogue",
) -> pd.DataFrame:
    """One row a baseline and shot: who, xG, base value, values of features and groups."""
    identity = compared.shots[["provider", "match_id", "shot_id", "competition", "season", "team", "is_goal"]]
    columns = [f"shap_{name}" for name in catalogue.names], [f"group_{name}" for name in catalogue.groups]
    speaks = [scored_by(version, number) for number in compared.sister.tolist()]
    parts = [
        pd.concat(
            [
                identity.assign(xg=played.predictions, base_value=of.base_values, scored_by=speaks),
                pd.DataFrame(of.feature_values, columns=columns[0], index=identity.index),
                pd.DataFrame(of.group_values, columns=columns[1], index=identity.index),
            ],
            axis="columns",
        ).assign(baseline=baseline.asked.text)
        for baseline, of in zip(baselines, played.against, strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["baseline", *table.columns[:-1]]]
