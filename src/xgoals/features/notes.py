"""Features of any scenes whatever, with a note on each value that is missing for what it was."""

import logging
import traceback
from typing import Any

import numpy as np
import pandas as pd

from xgoals.domain.errors import Problem
from xgoals.features.build import FailedFormula, OutOfRange, build_features
from xgoals.features.catalogue import Catalogue
from xgoals.features.scenes import Scenes

log = logging.getLogger("xgoals")


def features_with_notes(
    shots: pd.DataFrame, people: pd.DataFrame, catalogue: Catalogue
) -> tuple[pd.DataFrame, list[Problem]]:
    """The features of shots, whatever they hold, and a note on each value that is missing for what it was.

    All at once; where a formula fails over them, match by match, so that it is missing in the match that it fails over.

    Parameters
    ----------
    shots, people
        As :class:`~xgoals.features.scenes.Scenes` takes them, with ``provider, match_id, shot_id``.

    Returns
    -------
    features
        As :func:`~xgoals.features.build.build_features` gives them.
    notes
        With provider, match, shot, field and value; their ``path`` is empty, for a scene knows none.
    """
    impossible, failed = list[OutOfRange](), list[FailedFormula]()
    features = build_features(Scenes(shots, people), catalogue, out_of_range=impossible, failed=failed)
    if failed and len(shots[["provider", "match_id"]].drop_duplicates()) > 1:
        return _match_by_match(shots, people, catalogue)
    notes = [_impossible(shots.loc[found.row], found) for found in impossible]
    notes += [_failed(shots.iloc[0], formula) for formula in failed]
    return features, notes


def _match_by_match(
    shots: pd.DataFrame, people: pd.DataFrame, catalogue: Catalogue
) -> tuple[pd.DataFrame, list[Problem]]:
    parts, notes = list[pd.DataFrame](), list[Problem]()
    rows = people["row"].to_numpy()
    for index in shots.groupby(["provider", "match_id"], sort=False).groups.values():
        at = shots.index.get_indexer(index)
        of_match = people[np.isin(rows, at)]
        of_match = of_match.assign(row=np.searchsorted(at, of_match["row"].to_numpy()))
        features, told = features_with_notes(shots.loc[index], of_match, catalogue)
        parts.append(features)
        notes += told
    return pd.concat(parts).loc[shots.index], notes


def _impossible(shot: "pd.Series[Any]", found: OutOfRange) -> Problem:
    advice = "It is left missing; check the positions of this shot where the file comes from"
    return _note(shot, found.feature.name, found.sentence, advice, str(shot["shot_id"]), f"{found.value:g}")


def _failed(shot: "pd.Series[Any]", formula: FailedFormula) -> Problem:
    log.warning("match %s: %s", shot["match_id"], formula.feature.name, exc_info=formula.error)
    last_line = traceback.format_exception_only(formula.error)[-1].strip()
    reason = f"{formula.feature.name} cannot be computed for this match: {last_line}"
    return _note(
        shot, formula.feature.name, reason, "It is missing for all of its shots; report this sentence"
    )


def _note(
    shot: "pd.Series[Any]",
    field: str,
    reason: str,
    advice: str,
    shot_id: str | None = None,
    value: str | None = None,
) -> Problem:
    place = field if shot_id is None else f"shot {shot_id}, {field}"
    return Problem(
        "", reason, advice, str(shot["match_id"]), place, provider=str(shot["provider"]), shot_id=shot_id, field=field,
        value=value,
    )  # fmt: skip
