"""How the features differ between the sources of the shots: feeds where there are several, else competitions."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.features.distances import distance
from xgoals.report.shot_frame import Facts, FloatArray, Model, floats, without_penalties
from xgoals.report.summarise_quality import season_label

NOTABLE = 0.1
"""A distance from all other shots above this is named: one in ten shots would have to move."""

_MIN_SHOTS = 100
_SHOWN = 8


def source_differences(shots: pd.DataFrame, model: Model) -> Facts:
    """Each feature's distribution in each source beside all other shots.

    A model that has learned from one feed and scores another relies on both measuring the same. The distance
    is the share of shots by which the two distributions differ, 0 to 1 (see :mod:`xgoals.features.distances`).

    Returns
    -------
    dict
        ``by``: ``"feed"`` or ``"competition"``; ``sources``: ``name, n`` of those with at least 100 shots, the largest
        first; ``more``: how many others; ``rows``: ``feature`` and ``cells``, one a source: ``middle`` (median, or the
        share of yes or of the commonest category), ``missing`` (share), ``distance`` (None without values on both
        sides); ``notable``: cells with a distance above 0.1, the largest first: ``label, source, distance``.
        ``sources`` has fewer than two entries where there is nothing to compare.
    """
    cut = without_penalties(shots)
    by_feed = len(cut["provider"].unique()) > 1
    label = (cut["provider"].astype(str) if by_feed else season_label(cut)).to_numpy()
    names, counts = np.unique(label, return_counts=True)
    large = [
        (str(names[i]), int(counts[i])) for i in np.argsort(-counts, kind="stable") if counts[i] >= _MIN_SHOTS
    ]
    sources = [{"name": name, "n": n} for name, n in large[:_SHOWN]]
    rows, notable = [], []
    for feature in model["features"] if len(sources) > 1 else []:
        value = floats(cut[feature["name"]])
        cells = [_cell(value, label == source["name"], feature) for source in sources]
        rows.append({"feature": feature, "cells": cells})
        notable += [
            {"label": feature["label"], "source": source["name"], "distance": cell["distance"]}
            for source, cell in zip(sources, cells, strict=True)
            if cell["distance"] is not None and cell["distance"] > NOTABLE
        ]
    return {
        "by": "feed" if by_feed else "competition",
        "sources": sources,
        "more": len(names) - len(sources),
        "rows": rows,
        "notable": sorted(notable, key=lambda row: -row["distance"]),
    }


def _cell(value: FloatArray, own: npt.NDArray[np.bool_], feature: Facts) -> Facts:
    missing = np.isnan(value)
    here, others = value[own & ~missing], value[~own & ~missing]
    return {
        "middle": _middle(here, feature["kind"]),
        "missing": float(missing[own].mean()),
        "distance": distance(here, others, feature["kind"]) if len(here) and len(others) else None,
    }


def _middle(value: FloatArray, kind: str) -> float | None:
    """The median; of a yes/no the share of yes; of a category its commonest value."""
    if len(value) == 0:
        return None
    if kind == "binary":
        return float((value > 0).mean())
    if kind == "category":
        values, counts = np.unique(value, return_counts=True)
        return float(values[counts.argmax()])
    return float(np.median(value))
