"""Beeswarms side by side: one axis, one colour scale, the parts that were asked for."""

import base64
import io

import numpy as np
from by_hand import used_feature
from PIL import Image

from xgoals.report.draw.swarms import swarm_grid, swarm_of_all

RANKED = [
    used_feature("AngleToGoal", "continuous"),
    used_feature("Header", "binary"),
    used_feature("TakerSetup", "category"),
]


def two_seasons(shots):
    rows = []
    for i in range(400):
        season = "a" if i < 300 else "b"
        push = (i % 100) / 100 * (1 if season == "a" else -1)
        rows.append({"season": season, "AngleToGoal": float(i % 100), "shap_AngleToGoal": push})
    return shots(*rows)


def image(address: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(address.removeprefix("data:image/png;base64,"))))


def test_columns_hold_the_parts_in_the_order_asked_for(shots):
    frame = two_seasons(shots)
    grid = swarm_grid(frame, RANKED, list(frame["season"]), ["b", "a"])
    assert [(column["name"], column["n"]) for column in grid.columns] == [("b", 100), ("a", 300)]
    assert set(grid.columns[0]["strips"]) == {"AngleToGoal", "Header", "TakerSetup"}
    assert 45 < grid.zero_pct < 55
    assert any(value == 0 for value, _ in grid.ticks)


def test_all_strips_share_one_axis(shots):
    frame = two_seasons(shots)
    grid = swarm_grid(frame, RANKED, list(frame["season"]), ["a", "b"])
    lit = []
    for column in grid.columns:
        pixels = np.array(image(column["strips"]["AngleToGoal"]).convert("RGBA"))
        lit.append(np.flatnonzero(pixels[..., 3].any(axis=0)))
    assert lit[0].min() >= 74  # season a raises: right of the middle
    assert lit[1].max() <= 75  # season b lowers


def test_at_most_eight_columns(shots):
    frame = shots(*[{"season": str(i), "shap_AngleToGoal": 0.1} for i in range(12)])
    grid = swarm_grid(frame, RANKED, list(frame["season"]), [str(i) for i in range(12)])
    assert len(grid.columns) == 8


def test_no_shot_leaves_a_note(shots):
    assert (
        swarm_of_all(shots({"is_penalty": True}), RANKED).reason == "no shot without penalties is explained"
    )
