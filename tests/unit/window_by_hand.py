"""A window of shots as training reads it: noise, but for the first feature, which makes goals."""

import numpy as np
import pandas as pd

from xgoals.features.catalogue import BEST_17, NO
from xgoals.model.losses import probability


def league(n_matches=30, *, shots_per_match=25, seed=1):
    rng = np.random.default_rng(seed)
    n = n_matches * shots_per_match
    X = pd.DataFrame(rng.normal(size=(n, 17)), columns=list(BEST_17.names)).assign(Penalty=NO)
    match = np.repeat(np.arange(n_matches), shots_per_match)
    return pd.DataFrame({
        "provider": "league", "match_id": match.astype(str), "shot_id": [f"{i:05d}" for i in range(n)],
        "match_date": pd.Timestamp("2024-01-01") + pd.to_timedelta(match, "D"),
        "is_goal": rng.random(n) < probability(X.iloc[:, 0].to_numpy() - 1.5), "is_penalty": False,
        "provider_xg": np.nan, "body_part": "head",
        "shot_type": "open_play", "x_m": 40.0, "y_m": rng.normal(size=n), "pitch_length_m": 105.0,
    }).join(X)  # fmt: skip
