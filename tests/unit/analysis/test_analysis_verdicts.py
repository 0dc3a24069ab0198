"""A claim is decided where other matches would decide it alike, and called close where they would not."""

import numpy as np
import pandas as pd
import pytest
from by_hand import evidence

from xgoals.analysis.article.claims import Finding, few_narrow_headers_score, top_three
from xgoals.analysis.article.evidence import Evidence
from xgoals.analysis.article.verdicts import N_RESAMPLES, resamples, verdicts


def headed_goals(share, n=400, seed=1):
    """Headed goals in matches of 4, a share of them from below 25 degrees; the claim's bound is 20 %."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({
        "match_id": (np.arange(n) // 4).astype(str), "is_penalty": False, "is_goal": True, "xg": 0.1, "Header": 1.0,
        "AngleToGoal": np.where(rng.permutation(n) < share * n, 15.0, 40.0), "shap_Header": 0.1,
    })  # fmt: skip


def decided(shots, test=few_narrow_headers_score):
    whole = evidence(shots.to_dict("list"))
    found = test(Evidence(shots, whole.summary))
    return verdicts([test], [found], shots, whole.summary)[0]


@pytest.mark.parametrize(
    ("share", "verdict"), [(0.05, "holds"), (0.195, "close"), (0.215, "close"), (0.5, "fails")]
)
def test_only_a_figure_far_from_its_bound_decides(share, verdict):
    assert decided(headed_goals(share)) == verdict


def test_whole_matches_are_drawn():
    """All narrow goals fell in three matches of a hundred: with them or without, the figure jumps over its bound."""
    shots = headed_goals(0.0)
    shots.loc[:3, "AngleToGoal"] = 15.0
    many = pd.concat(
        [shots, *[shots[:4]] * 24], ignore_index=True
    )  # one match of 100 narrow goals: 20 % of all
    assert decided(many) == "close"


def test_without_enough_data_nothing_is_drawn():
    shots = headed_goals(0.1, n=8)
    assert decided(shots) == "not enough data"


def test_a_rank_that_depends_on_the_matches_is_close():
    rng = np.random.default_rng(3)
    n = 600
    place = {"AngleToGoal": 0.30, "DistanceToGoal": 0.25}
    rivals = {"DistanceToGoalClosest": 0.1002, "PressureSum": 0.1}
    noise = rng.normal(0, 0.02, (4, n))
    noise -= noise.mean(axis=1, keepdims=True)
    shots = pd.DataFrame({
        "match_id": (np.arange(n) // 20).astype(str), "is_penalty": False, "is_goal": False, "xg": 0.1,
        **{f"shap_{name}": value + by for (name, value), by in zip((place | rivals).items(), noise, strict=True)},
        **dict.fromkeys(place | rivals, 1.0),
    })  # fmt: skip
    whole = evidence(shots.to_dict("list"), used=list(place | rivals))
    found = top_three(whole)
    assert found.holds
    assert verdicts([top_three], [found], shots, whole.summary) == ["close"]
    clear = shots.assign(shap_PressureSum=0.02)
    assert verdicts([top_three], [found], clear, whole.summary) == ["holds"]


def test_seasons_are_compared_anew_in_every_draw():
    rng = np.random.default_rng(4)
    n, names = 1200, ["AngleToGoal", "Header", "PressureSum"]
    shots = pd.DataFrame({
        "match_id": (np.arange(n) // 20).astype(str), "is_penalty": False, "is_goal": False, "xg": 0.1,
        "competition": "League", "season": np.where(np.arange(n) < 600, "1", "2"), "team": "Reds",
        **{f"shap_{name}": value + rng.normal(0, 0.001, n) for name, value in zip(names, (0.3, 0.2, 0.1), strict=True)},
    })  # fmt: skip
    whole = evidence(shots.to_dict("list"), used=names, least_agreement=0.95)
    drawn = [one.summary.by_season.least_agreement for one in resamples(shots, whole.summary)]
    assert len(drawn) == N_RESAMPLES
    assert drawn == [pytest.approx(1.0)] * N_RESAMPLES
    assert verdicts([lambda _: Finding(True)], [Finding(True)], shots, whole.summary) == ["holds"]
