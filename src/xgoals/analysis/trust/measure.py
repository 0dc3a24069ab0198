"""All figures about trust of one model, on matches of its window that the models asked have not seen."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.analysis.trust import football_order, one_baseline
from xgoals.analysis.trust.panel import Panel, fit_panel
from xgoals.domain.trust import Game, Question, TrustFigure
from xgoals.features.catalogue import Catalogue
from xgoals.model.baseline import baseline_row
from xgoals.model.seen.support import FEW, Support
from xgoals.reasons.frozen import FrozenWindow
from xgoals.reasons.of_shots import compare

N_SCENES = 1000
"""So many scenes of each game are held against what was seen."""


def measure_trust(
    window: FrozenWindow, catalogue: Catalogue, parameters: Mapping[str, Any]
) -> list[TrustFigure]:
    """Measure how far the explanations of a model can be trusted; nothing where its window is too small.

    Parameters
    ----------
    window
        What it has learned from.
    catalogue, parameters
        Its features, and its own parameters with ``n_trees``.
    """
    names = list(catalogue.names)
    panel = fit_panel(window, names, parameters)
    return [] if panel is None else list(_figures(panel, window, catalogue))


def _figures(panel: Panel, window: FrozenWindow, catalogue: Catalogue) -> Iterator[TrustFigure]:
    features = pd.DataFrame(window.features, columns=list(catalogue.names))
    asked = features.iloc[panel.asked].reset_index(drop=True)
    learned = features.iloc[panel.learned[~window.is_penalty[panel.learned]]]
    n_matches = panel.n_matches
    for question, share in one_baseline.shares_that_stay(panel, asked, learned, catalogue):
        yield TrustFigure(Game.ONE_BASELINE, question, share, len(asked), n_matches)
    shots = window.take(panel.asked)
    names = [window.matches[number] for number in shots.match]
    compared = compare(shots.scenes, shots.features, names, window, catalogue)
    stays = football_order.shares_that_stay(panel, compared, learned.to_numpy())
    for question, share in stays.shares.items():
        yield TrustFigure(Game.FOOTBALL_ORDER, question, share, len(asked), n_matches)
    means, groups = baseline_row(learned, catalogue), list(catalogue.groups.values())
    scenes = pd.DataFrame(stays.scenes, columns=list(catalogue.names))
    support = Support.of(features.iloc[panel.learned], catalogue)
    for game, rows in (
        (Game.ONE_BASELINE, one_baseline.mixtures(asked, means, groups, _spread)),
        (
            Game.SINGLE_FEATURES,
            one_baseline.mixtures(asked, means, [[name] for name in catalogue.names], _spread),
        ),
        (Game.FOOTBALL_ORDER, scenes.iloc[_spread(len(scenes))]),
        (Game.REAL_SHOTS, asked),
    ):
        share = float((support.alike(rows.reset_index(drop=True)) < FEW).mean())
        yield TrustFigure(game, Question.LIKE_NOTHING, share, len(rows), n_matches)


def _spread(n: int) -> npt.NDArray[np.int64]:
    """At most ``N_SCENES`` of n numbers, the same every time, mixed through all of them."""
    if n <= N_SCENES:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, N_SCENES, replace=False))
