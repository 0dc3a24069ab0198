"""The drawn figures of the model report, shared by the page of the article."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from xgoals.analysis.dependence import Dependence
from xgoals.analysis.pairs import pair_summary
from xgoals.analysis.shots import Feature, Model, features_by_name, floats, without_penalties
from xgoals.language import Language
from xgoals.report.draw.dependence import dependence_picture, values_picture
from xgoals.report.draw.figures import Missing, Picture, attempt
from xgoals.report.draw.pairs import pair_picture, side_words


def unit_of(space: str, words: Language) -> str:
    """What attributions are counted in: ``"xG"`` or the word for log-odds."""
    return words.text("log-odds") if space == "log_odds" else "xG"


def dependence_pictures(
    shots: pd.DataFrame, dependence: Sequence[Dependence], unit: str, words: Language
) -> dict[str, Picture | Missing]:
    """Feature name -> its picture; a :class:`~xgoals.report.figures.Missing` where it failed."""
    cut = without_penalties(shots)
    drawn: dict[str, Picture | Missing] = {}
    for row in dependence:
        name = row.feature["name"]
        draw = dependence_picture if row.kind == "bands" else values_picture
        x, y = floats(cut[name]), floats(cut[f"shap_{name}"])
        drawn[name] = attempt(name, partial(draw, row, x, y, unit, words))
    return drawn


@dataclass(frozen=True)
class PairPicture:
    """A feature as its partner colours it; ``sides``: who is ``low`` and who ``high``, empty where it failed."""

    feature: Feature
    partner: Feature
    picture: Picture | Missing
    sides: Mapping[str, str] = field(default_factory=dict)


def pair_pictures(
    shots: pd.DataFrame, model: Model, pairs: Sequence[tuple[str, str]], unit: str, words: Language
) -> tuple[PairPicture, ...]:
    """The picture of each pair of features, by their names."""
    by_name, cut = features_by_name(model), without_penalties(shots)

    def draw(name: str, other: str) -> PairPicture:
        pair = pair_summary(shots, model, name, other)
        data = (floats(cut[name]), floats(cut[f"shap_{name}"]), floats(cut[other]))
        sides = {side: side_words(pair, side, words) for side in ("low", "high")}
        return PairPicture(by_name[name], by_name[other], pair_picture(pair, *data, unit, words), sides)

    found = []
    for name, other in pairs:
        drawn = attempt(f"{name} x {other}", partial(draw, name, other))
        found.append(
            PairPicture(by_name[name], by_name[other], drawn) if isinstance(drawn, Missing) else drawn
        )
    return tuple(found)
