"""What out-of-sample predictions are worth, overall and slice by slice: one long table of figures.

Rules that hold for every row: predictions by models that had not seen the match; a difference is over exactly the shots
that both forecasters predict; intervals come from whole matches resampled; and where too little is known to say
something, the row says so instead of showing a figure. All rows are over the shots that are judged
(:mod:`xgoals.model.shots.eligible`), but for those of :data:`SPECIAL_SLICES`.
"""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import pandas as pd

from xgoals.domain import geometry
from xgoals.features.catalogue import NEED_A_FRAME, NEED_A_KEEPER
from xgoals.model.evaluation_figures import COMPARED, Figure, Part, figures_of
from xgoals.model.resampling import Draws
from xgoals.model.shots.eligible import is_judged, is_sharp_dead_ball

N_RESAMPLES = 1000
N_RESAMPLES_SLICE = 400
DISTANCE_BANDS_M = (0, 6, 11, 16, 22, 30)
OF_ALL_ONLY = ("glass_box",)
"""Forecasters that are compared over all shots, not slice by slice."""
N_PARTS_AT_ONCE = 4
"""Each holds its shots and its share of the draws."""
_SEED = 1
_LOOKED_AT = (
    *("match_id", "is_goal", "provider_xg", "competition", "season", "team", "body_part", "shot_type"),
    *("x_m", "y_m", "pitch_length_m", "is_penalty"),
)
"""Columns of the shots: their features, which take the most room, are not copied for every split."""

SLICES_OF_SPLIT: Mapping[str, tuple[str, ...] | None] = {
    "out_of_fold": None,
    "unseen_competition": ("competition",),
    "held_out": (),
}
"""The slices that a split can bear beside ``all``; None: every one."""

SPECIAL_SLICES = ("with_sharp_dead_balls", "sharp_dead_balls", "penalties", "no_keeper", "no_positions")
"""What ``all`` leaves out or does not tell: the shots without penalties, free and corner kicks from a sharp angle among
them, which show what those do to a comparison; these kicks alone; penalties; and the judged shots that were recorded
without a keeper in their frame, or without any frame. Of all splits, where there are such shots; the last three out of
fold only."""


def evaluate(shots: pd.DataFrame, forecasts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table of figures.

    Parameters
    ----------
    shots
        ``match_id, is_goal, is_penalty, provider_xg, competition, season, team, body_part, shot_type, x_m, y_m,
        pitch_length_m`` (``provider``, where there are several), and the features, of which those of keeper and
        opponents tell who was in the frame.
    forecasts
        Split -> out-of-sample predictions: ``model, geometry`` and, where there are any to compare with, ``champion``
        and ``glass_box``; indexed by some of the shots.

    Returns
    -------
    DataFrame
        One :class:`~xgoals.model.evaluation_figures.Figure` a row. Slices other than ``all`` are of the out-of-fold
        predictions; of unseen competitions, each competition too.
    """
    looked_at = [*_LOOKED_AT, *(name for name in ("provider",) if name in shots)]
    shots = shots[looked_at].assign(
        has_keeper=_has_any(shots, NEED_A_KEEPER), has_positions=_has_any(shots, NEED_A_FRAME - NEED_A_KEEPER)
    )
    found: list[Figure] = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for split, forecast in forecasts.items():
            parts = _parts(shots.loc[shots.index.isin(forecast.index)], split, forecast)
            while some := list(islice(parts, N_PARTS_AT_ONCE)):
                found += [figure for figures in pool.map(figures_of, some) for figure in figures]
    return pd.DataFrame(found)


def without_peer(figures: pd.DataFrame, note: str) -> pd.DataFrame:
    """Rows of the same table that say why there is no glass-box peer to compare the model with."""
    whole = (figures["split"] == "out_of_fold") & (figures["slice"] == "all")
    own = figures[whole & (figures["forecaster"] == "model") & (figures["compared_with"] == "none")]
    rows = own[own["metric"].isin(COMPARED)].assign(compared_with="glass_box", note=note)
    return rows.assign(value=None, low=None, high=None)


def _parts(shots: pd.DataFrame, split: str, forecast: pd.DataFrame) -> Iterator[Part]:
    judged = shots[is_judged(shots)]
    whole = _part_of(judged, split, forecast)
    yield whole
    of_slices = {name: xg for name, xg in whole.predictions.items() if name not in OF_ALL_ONLY}
    draws = Draws(whole.draws.match, whole.draws.counts[:N_RESAMPLES_SLICE])
    fewer = replace(whole, draws=draws, predictions=of_slices)
    chosen = SLICES_OF_SPLIT[split]
    for name, labels in slice_labels(judged).items():
        if chosen is None or name in chosen:
            for value, rows in pd.Series(np.arange(len(judged))).groupby(labels.to_numpy()):
                yield replace(fewer.among(rows.to_numpy()), slice=name, slice_value=str(value))
    for name, some in _special_shots(shots, judged, split).items():
        if len(some):
            yield replace(
                _part_of(some, split, forecast.drop(columns=[*OF_ALL_ONLY], errors="ignore")), slice=name
            )


def _part_of(shots: pd.DataFrame, split: str, forecast: pd.DataFrame) -> Part:
    predicted = forecast.loc[shots.index]
    predictions = {str(name): predicted[name].to_numpy(dtype=np.float64) for name in predicted}
    predictions["provider"] = shots["provider_xg"].to_numpy(dtype=np.float64)
    draws = Draws.of(shots["match_id"], N_RESAMPLES, _SEED)
    return Part(split, "all", "all", shots["is_goal"].to_numpy(dtype=bool), draws, predictions)


def _special_shots(shots: pd.DataFrame, judged: pd.DataFrame, split: str) -> dict[str, pd.DataFrame]:
    """The shots of each of :data:`SPECIAL_SLICES`; none where it would say what ``all`` says."""
    sharp = shots[is_sharp_dead_ball(shots)]
    without_penalties = shots[~shots["is_penalty"]] if len(sharp) else sharp
    found = {"with_sharp_dead_balls": without_penalties, "sharp_dead_balls": sharp}
    if split != "out_of_fold":
        return found
    nobody = ~judged["has_positions"].to_numpy(dtype=bool)
    return found | {
        "penalties": shots[shots["is_penalty"]],
        "no_keeper": judged[~judged["has_keeper"] & ~nobody],
        "no_positions": judged[nobody] if not nobody.all() else judged.head(0),
    }


def _has_any(shots: pd.DataFrame, features: Collection[str]) -> "pd.Series[bool]":
    """Which shots have one of these features; all, where none of them is told of any shot."""
    told = [name for name in shots.columns if name in features]
    return shots[told].notna().any(axis="columns") if told else pd.Series(True, index=shots.index)


def slice_labels(shots: pd.DataFrame) -> "dict[str, pd.Series[str]]":
    """Which part of each slice a shot belongs to; slice -> labels aligned with the shots."""
    distance = geometry.distance_to_goal_m(shots["x_m"], shots["y_m"], shots["pitch_length_m"] / 2)
    names = [f"{low:02d}-{high:02d} m" for low, high in pairwise(DISTANCE_BANDS_M)]
    names.append(f"{DISTANCE_BANDS_M[-1]} m and more")
    bands = pd.cut(distance, [*DISTANCE_BANDS_M, np.inf], right=False, labels=names)
    provider = shots["provider"].astype(str) if "provider" in shots else None
    return {
        **({} if provider is None or provider.nunique() < 2 else {"provider": provider}),
        "distance": pd.Series(bands, index=shots.index).astype(object).fillna("place unknown"),
        "body_part": shots["body_part"].astype(str),
        "shot_type": shots["shot_type"].astype(str),
        "competition": shots["competition"].astype(str),
        "season": shots["competition"].astype(str) + " " + shots["season"].astype(str),
        "club": shots["team"].astype(str),
    }
