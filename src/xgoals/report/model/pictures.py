"""The drawn figures of the model report, shared by the page of the article."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from xgoals.analysis.dependence import Dependence
from xgoals.analysis.pairs import pair_summary
from xgoals.analysis.shots import Model, features_by_name, floats, without_penalties
from xgoals.language import Language
from xgoals.report.draw.dependence import dependence_picture, values_picture
from xgoals.report.draw.figures import Picture, attempt
from xgoals.report.draw.pairs import pair_picture, side_words
from xgoals.report.facts import Facts


def unit_of(space: str, words: Language) -> str:
    """What attributions are counted in: ``"xG"`` or the word for log-odds."""
    return words.text("log-odds") if space == "log_odds" else "xG"


def dependence_pictures(
    shots: pd.DataFrame, dependence: Sequence[Dependence], unit: str, words: Language
) -> dict[str, Any]:
    """Feature name -> its picture; a :class:`~xgoals.report.figures.Missing` where it failed."""
    cut = without_penalties(shots)
    drawn = {}
    for row in dependence:
        name = row.feature["name"]
        draw = dependence_picture if row.kind == "bands" else values_picture
        x, y = floats(cut[name]), floats(cut[f"shap_{name}"])
        drawn[name] = attempt(name, partial(draw, row, x, y, unit, words))
    return drawn


def pair_pictures(
    shots: pd.DataFrame, model: Model, pairs: list[tuple[str, str]], unit: str, words: Language
) -> list[Facts]:
    """For each pair its ``feature, partner, picture`` and, where it could be drawn, the words of its two sides."""
    cut = without_penalties(shots)
    by_name = features_by_name(model)
    drawn = []
    for name, other in pairs:
        sides: dict[str, str] = {}

        def draw(name: str = name, other: str = other, sides: dict[str, str] = sides) -> Picture:
            pair = pair_summary(shots, model, name, other)
            sides.update({side: side_words(pair, side, words) for side in ("low", "high")})
            data = (floats(cut[name]), floats(cut[f"shap_{name}"]), floats(cut[other]))
            return pair_picture(pair, *data, unit, words)

        picture = attempt(f"{name} x {other}", draw)
        drawn.append(
            {"feature": by_name[name], "partner": by_name[other], "picture": picture, "sides": sides}
        )
    return drawn
