"""What is to be told of a baseline that was made: how odd it is, who knows it, what its values are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from xgoals.baselines.own import ToldBaseline
from xgoals.domain.model import CHAMPION
from xgoals.explain.proof import sigmoid
from xgoals.model.seen.support import FEW, Support
from xgoals.steps.explaining.explainer import Explainer
from xgoals.steps.explaining.own_baselines.rows import OwnBaseline, Workshop
from xgoals.steps.explaining.own_baselines.stored import StoredShots
from xgoals.store.comparisons.shots_by_name import sisters_that_have_not_seen

if TYPE_CHECKING:
    from xgoals.features.catalogue import Catalogue


def told_baselines(
    workshop: Workshop, explainer: Explainer, compared: StoredShots, baselines: Sequence[OwnBaseline]
) -> list[ToldBaseline]:
    """What each baseline is, beside the shots that are compared."""
    known = [name for name in workshop.catalogue.names if compared.shots[name].notna().any()]
    support = Support.of(workshop.window, workshop.catalogue)
    return [
        ToldBaseline(
            asked=of.asked,
            n_rows=len(of.rows),
            n_made_from=of.n_made_from,
            unlike_share=float(of.weights[support.alike(of.rows.reset_index(drop=True)) < FEW].sum()),
            seen_share=_seen_share(workshop, compared, of),
            base_error=_base_error(explainer, of),
            typical=_typical(of, workshop.catalogue),
            missing=tuple(name for name in known if of.rows[name].isna().all()),
            shot=of.shot,
        )
        for of in baselines
    ]


def _base_error(explainer: Explainer, baseline: OwnBaseline) -> float | None:
    """How far another draw of as many shots may lie from this one, as the champion's xG of these tells."""
    n = len(baseline.rows)
    if baseline.asked.source != "sample" or n < 2:
        return None
    xg = sigmoid(explainer.forest_of(CHAMPION).margin(baseline.rows.to_numpy(dtype=np.float32)))
    return float(1.96 * xg.std(ddof=1) / np.sqrt(n))


def _seen_share(workshop: Workshop, compared: StoredShots, baseline: OwnBaseline) -> float:
    """The share of the shots that are spoken of by who has learned from the match of a baseline that is one shot."""
    if baseline.shot is None:
        return 0.0
    key = (baseline.shot.provider, baseline.shot.match_id)
    unseen_by = sisters_that_have_not_seen(workshop.connection, workshop.model.model_version, [key])[key]
    if unseen_by == 0:
        return 0.0
    return 1.0 if unseen_by is None else float((compared.sister != unseen_by).mean())


def _typical(baseline: OwnBaseline, catalogue: "Catalogue") -> dict[str, float]:
    """One value a feature: the weighted mean, or the value with most weight; NaN where no row has one."""
    typical = {}
    for feature in catalogue.features:
        values = baseline.rows[feature.name].to_numpy(dtype=np.float64)
        is_known = ~np.isnan(values)
        if not is_known.any():
            typical[feature.name] = float("nan")
        elif feature.kind in ("binary", "category"):
            known, place = np.unique(values[is_known], return_inverse=True)
            weight = np.bincount(place, weights=baseline.weights[is_known])
            typical[feature.name] = float(known[weight.argmax()])
        else:
            typical[feature.name] = float(np.average(values[is_known], weights=baseline.weights[is_known]))
    return typical
