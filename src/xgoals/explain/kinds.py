"""What kind of booster XGBoost's own JSON describes."""

from collections.abc import Mapping
from typing import Any


def kind_of(learner: Mapping[str, Any]) -> str:
    """What kind of booster XGBoost's JSON describes: ``gbtree``, ``gblinear`` or ``dart``, as XGBoost calls them.

    Versions differ in where they write the weights of DART's trees: since 3.4 into what calls itself plain trees.
    """
    gradient_booster = learner["gradient_booster"]
    weighted = any("weight_drop" in part for part in (gradient_booster, gradient_booster.get("model", {})))
    return "dart" if weighted else str(gradient_booster["name"])
