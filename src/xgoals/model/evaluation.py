"""What out-of-sample predictions are worth, overall and slice by slice: one long table of figures.

Rules that hold for every row: predictions by models that had not seen the match; shots without penalties; a
difference is over exactly the shots that both forecasters predict; intervals come from whole matches resampled; and
where too little is known to say something, the row says so instead of showing a figure.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pandas as pd

from xgoals.domain import geometry
from xgoals.model.evaluation_figures import Part, figures_of
from xgoals.model.resampling import Draws

N_RESAMPLES = 1000
N_RESAMPLES_SLICE = 400
DISTANCE_BANDS_M = (0, 6, 11, 16, 22, 30)
N_PARTS_AT_ONCE = 4
"""Each holds its shots and its share of the draws."""
_SEED = 1
_LOOKED_AT = (
    *("match_id", "is_goal", "provider_xg", "competition", "season", "team", "body_part", "shot_type"),
    *("x_m", "y_m", "pitch_length_m"),
)
"""Columns of the shots: their features, which take the most room, are not copied for every split."""

SLICES_OF_SPLIT: Mapping[str, tuple[str, ...] | None] = {
    "out_of_fold": None,
    "unseen_competition": ("competition",),
    "held_out": (),
}
"""The slices that a split can bear beside ``all``; None: every one."""


def evaluate(shots: pd.DataFrame, forecasts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table of figures.

    Parameters
    ----------
    shots
        ``match_id, is_goal, is_penalty, provider_xg, competition, season, team, body_part, shot_type, x_m, y_m,
        pitch_length_m``.
    forecasts
        Split -> out-of-sample predictions: ``model, geometry`` and, where there is one to compare with, ``champion``;
        indexed by some of the shots.

    Returns
    -------
    DataFrame
        One :class:`~xgoals.model.evaluation_figures.Figure` a row. Slices other than ``all`` are of the out-of-fold
        predictions; of unseen competitions, each competition too.
    """
    counted, found = shots.loc[~shots["is_penalty"], list(_LOOKED_AT)], []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for split, forecast in forecasts.items():
            parts = _parts(counted.loc[counted.index.isin(forecast.index)], split, forecast)
            while some := list(islice(parts, N_PARTS_AT_ONCE)):
                found += [figure for figures in pool.map(figures_of, some) for figure in figures]
    return pd.DataFrame(found)


def _parts(shots: pd.DataFrame, split: str, forecast: pd.DataFrame) -> Iterator[Part]:
    predicted = forecast.loc[shots.index]
    predictions = {str(name): predicted[name].to_numpy(dtype=np.float64) for name in predicted}
    predictions["provider"] = shots["provider_xg"].to_numpy(dtype=np.float64)
    draws = Draws.of(shots["match_id"], N_RESAMPLES, _SEED)
    whole = Part(split, "all", "all", shots["is_goal"].to_numpy(), draws, predictions)
    yield whole
    fewer = replace(whole, draws=Draws(draws.match, draws.counts[:N_RESAMPLES_SLICE]))
    chosen = SLICES_OF_SPLIT[split]
    for name, labels in slice_labels(shots).items():
        if chosen is None or name in chosen:
            for value, rows in pd.Series(np.arange(len(shots))).groupby(labels.to_numpy()):
                yield replace(fewer.among(rows.to_numpy()), slice=name, slice_value=str(value))


def slice_labels(shots: pd.DataFrame) -> "dict[str, pd.Series[str]]":
    """Which part of each slice a shot belongs to; slice -> labels aligned with the shots."""
    distance = geometry.distance_to_goal_m(shots["x_m"], shots["y_m"], shots["pitch_length_m"] / 2)
    names = [f"{low:02d}-{high:02d} m" for low, high in pairwise(DISTANCE_BANDS_M)]
    names.append(f"{DISTANCE_BANDS_M[-1]} m and more")
    bands = pd.cut(distance, [*DISTANCE_BANDS_M, np.inf], right=False, labels=names)
    return {
        "distance": pd.Series(bands, index=shots.index).astype(object).fillna("place unknown"),
        "body_part": shots["body_part"].astype(str),
        "shot_type": shots["shot_type"].astype(str),
        "competition": shots["competition"].astype(str),
        "season": shots["competition"].astype(str) + " " + shots["season"].astype(str),
        "club": shots["team"].astype(str),
    }
