"""The shots as they were published, beside what the champion says of them today."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def as_published(shots: "pd.DataFrame", otherwise: "Sequence[pd.DataFrame]") -> "pd.DataFrame":
    """The shots with the numbers and values that were published, and ``champion_xg``, today's number.

    Parameters
    ----------
    shots
        As the champion sees them today.
    otherwise
        What was published by other models or from other feature values: ``shot_key, model_version, scored_by,
        sister, has_seen_match, xg, base_value`` and the features, values and group values of that model.
    """
    import pandas as pd

    shots = shots.assign(champion_xg=shots["xg"])
    if not otherwise:
        return shots
    theirs = [column for column in shots.columns if column.startswith(("shap_", "group_"))]
    names = [column.removeprefix("shap_") for column in theirs if column.startswith("shap_")]
    who = ["model_version", "scored_by", "sister", "has_seen_match"]
    about = shots.drop(columns=[*who, "xg", "base_value", *names, *theirs], errors="ignore")
    parts = [about.merge(part, on="shot_key", how="inner", validate="1:1") for part in otherwise]
    replaced = pd.concat(parts)["shot_key"]
    rows = pd.concat([shots[~shots["shot_key"].isin(replaced)], *parts], ignore_index=True)
    place = pd.Series(range(len(shots)), index=shots["shot_key"])
    return rows.iloc[rows["shot_key"].map(place).argsort(kind="stable")].reset_index(drop=True)
