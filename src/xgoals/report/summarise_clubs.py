"""Does the same move the model for every club? Importance by club, and who deviates beyond chance."""

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from xgoals.model.resampling import clustered_error
from xgoals.report.shot_frame import Facts, Model, attributions, without_penalties
from xgoals.report.summarise_importance import ndcg, rank_correlation

MIN_SHOTS_OF_A_CLUB = 100
"""Below this a club is left out: a handful of shots says nothing about how a model sees a club."""

MIN_MATCHES_OF_A_CLUB = 8
"""Below this the spread between matches cannot be estimated."""

FALSE_DISCOVERY_RATE = 0.05
SHOWN_CLUBS = 24


def importance_by_club(shots: pd.DataFrame, model: Model, ranked: list[str]) -> Facts:
    """Mean |attribution| of each feature for each club, beside all other shots.

    A club deviates where its mean differs from that of all other shots by more than chance: the difference over
    its standard error, whole matches as units, with the false discovery rate held at 5 % over all clubs and
    features (Benjamini and Hochberg 1995).

    Returns
    -------
    dict
        ``clubs`` by number of shots (``club, n, values, agreement, ndcg``, ``off``: indices of the features in which
        it deviates), ``n_clubs, n_small``; ``deviating``: ``club, name, label, mean, others, p``, the surest first;
        ``least_agreement``; ``spans``: (smallest, width) of the values of each feature, for shading.
    """
    cut = without_penalties(shots)
    values = np.abs(attributions(cut, ranked))
    team, names = pd.factorize(cut["team"].astype(str), sort=True)
    match = pd.factorize(cut["match_id"].astype(str))[0]
    labels = {feature["name"]: feature["label"] for feature in model["features"]}
    clubs: list[Facts] = []
    tests: list[Facts] = []
    n_small = 0
    for code, club in enumerate(names):
        own = team == code
        if not _is_large_enough(own, match):
            n_small += 1
            continue
        mean, others = values[own].mean(axis=0), values[~own].mean(axis=0)
        clubs.append(
            {
                "club": str(club),
                "n": int(own.sum()),
                "values": [float(value) for value in mean],
                "agreement": rank_correlation(mean, others),
                "ndcg": ndcg(mean, others),
            }
        )
        errors = np.hypot(
            clustered_error(values[own], match[own]), clustered_error(values[~own], match[~own])
        )
        for i, name in enumerate(ranked):
            z = abs(mean[i] - others[i]) / errors[i] if errors[i] > 0 else 0.0
            row = {
                "club": str(club),
                "name": name,
                "label": labels[name],
                "mean": float(mean[i]),
                "others": float(others[i]),
            }
            tests.append({**row, "p": math.erfc(z / math.sqrt(2))})
    clubs.sort(key=lambda row: (-int(row["n"]), row["club"]))
    deviating = _beyond_chance(tests)
    off = {(row["club"], row["name"]) for row in deviating}
    for row in clubs:
        row["off"] = [i for i, name in enumerate(ranked) if (row["club"], name) in off]
    agreements = [row["agreement"] for row in clubs if row["agreement"] is not None]
    return {
        "clubs": clubs[:SHOWN_CLUBS],
        "n_clubs": len(clubs),
        "n_small": n_small,
        "deviating": deviating,
        "least_agreement": min(agreements, default=None),
        "spans": [_span([row["values"][i] for row in clubs[:SHOWN_CLUBS]]) for i in range(len(ranked))],
    }


def _span(values: list[float]) -> tuple[float, float]:
    low = min(values, default=0.0)
    return low, (max(values, default=0.0) - low) or 1.0


def _is_large_enough(own: npt.NDArray[np.bool_], match: npt.NDArray[np.intp]) -> bool:
    enough = min(own.sum(), (~own).sum()) >= MIN_SHOTS_OF_A_CLUB
    return bool(
        enough and min(len(np.unique(match[own])), len(np.unique(match[~own]))) >= MIN_MATCHES_OF_A_CLUB
    )


def _beyond_chance(tests: list[Facts]) -> list[Facts]:
    """The tests that stand after Benjamini and Hochberg's procedure, the surest first."""
    ordered = sorted(tests, key=lambda test: (test["p"], test["club"], test["label"]))
    passed = [
        rank
        for rank, test in enumerate(ordered, start=1)
        if test["p"] <= FALSE_DISCOVERY_RATE * rank / len(ordered)
    ]
    return ordered[: max(passed, default=0)]
