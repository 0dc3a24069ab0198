"""What changed from one champion to the next: settings, shots whose number moved, and what moves the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xgoals.analysis.shots import FloatArray, group_columns, text_or_empty, without_penalties
from xgoals.domain.model import ModelVersion

N_MOVED = 10
NOTICED = 0.03
"""A reader notices when a number moves by more than this."""
_WINDOW = (
    "catalogue",
    "catalogue_version",
    "window_from",
    "window_to",
    "n_matches",
    "n_shots",
    "n_goals",
    "seed",
)
"""What is told of a window."""


@dataclass(frozen=True)
class Changed:
    """A parameter, or a figure of the window, that is another one now; None where there was or is none."""

    name: str
    before: object
    after: object


@dataclass(frozen=True)
class MovedShot:
    """A shot whose number moved; ``group``: of which features the value changed most, None where that is not known."""

    provider: str
    match_id: str
    match_date: str
    home_team: str
    away_team: str
    team: str
    player: str
    minute: int
    is_goal: bool
    before: float
    after: float
    group: str | None


@dataclass(frozen=True)
class GroupShift:
    """Mean |value| of a group of features over the same shots, by the one model and by the other."""

    name: str
    before: float
    after: float


@dataclass(frozen=True)
class ShiftedNumbers:
    """The same shots by two champions.

    Attributes
    ----------
    n_shots
        Those that both have explained, penalties apart.
    noticed_share
        Share of them whose number moved by more than :data:`NOTICED`.
    same_first_share
        Share whose largest group of features is the same one; None where groups are not known of both.
    groups
        Those that both know, the one that changed most first.
    moved
        The shots that moved most.
    """

    n_shots: int
    noticed_share: float
    same_first_share: float | None
    groups: tuple[GroupShift, ...]
    moved: tuple[MovedShot, ...]


@dataclass(frozen=True)
class ModelChange:
    """What changed since the champion before.

    Attributes
    ----------
    before
        Its name.
    parameters, window
        What is another one now.
    added, removed
        Names of features.
    numbers
        None where there are no shots that both have explained.
    """

    before: str
    parameters: tuple[Changed, ...]
    window: tuple[Changed, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    numbers: ShiftedNumbers | None


def model_change(before: ModelVersion, after: ModelVersion, numbers: ShiftedNumbers | None) -> ModelChange:
    """What differs between two models, and between their numbers."""
    return ModelChange(
        before=before.model_version,
        parameters=tuple(
            row for row in _changes(before.parameters, after.parameters) if row.name not in _WINDOW
        ),
        window=_changes(*({name: getattr(model, name) for name in _WINDOW} for model in (before, after))),
        added=tuple(name for name in after.feature_names if name not in before.feature_names),
        removed=tuple(name for name in before.feature_names if name not in after.feature_names),
        numbers=numbers,
    )


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Changed, ...]:
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Changed(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def shifted_numbers(before: pd.DataFrame, after: pd.DataFrame) -> ShiftedNumbers | None:
    """Hold one model's frame of shots against another's.

    Parameters
    ----------
    before, after
        Frames of shots as everywhere, with ``shot_key``, each with its own model's numbers and values.
    """
    keys = ["shot_key", "xg", *(f"group_{name}" for name in group_columns(before))]
    both = without_penalties(after).merge(before[keys], on="shot_key", suffixes=("", "_before"))
    both = both[both["xg"].notna() & both["xg_before"].notna()].reset_index(drop=True)
    if both.empty:
        return None
    names = [name for name in group_columns(before) if f"group_{name}" in after.columns]
    old, new = (_values(both, names, suffix) for suffix in ("_before", ""))
    step = np.abs((both["xg"] - both["xg_before"]).to_numpy(dtype=np.float64))
    most = np.argsort(-step, kind="stable")[:N_MOVED]
    return ShiftedNumbers(
        n_shots=len(both),
        noticed_share=float((step > NOTICED).mean()),
        same_first_share=float((_first(old) == _first(new)).mean()) if names else None,
        groups=_shifts(names, old, new),
        moved=tuple(_moved(both.iloc[int(i)], names, new[i] - old[i]) for i in most if step[i] > 0),
    )


def _values(both: pd.DataFrame, names: Sequence[str], suffix: str) -> FloatArray:
    return both[[f"group_{name}{suffix}" for name in names]].to_numpy(dtype=np.float64)


def _first(values: FloatArray) -> "np.ndarray":
    return np.asarray(np.abs(np.nan_to_num(values)).argmax(axis=1))


def _shifts(names: Sequence[str], old: FloatArray, new: FloatArray) -> tuple[GroupShift, ...]:
    means = [np.nanmean(np.abs(values), axis=0) if len(names) else [] for values in (old, new)]
    rows = [GroupShift(name, float(means[0][i]), float(means[1][i])) for i, name in enumerate(names)]
    return tuple(sorted(rows, key=lambda row: -abs(row.after - row.before)))


def _moved(row: "pd.Series", names: Sequence[str], shift: FloatArray) -> MovedShot:
    of_group = names[int(np.abs(np.nan_to_num(shift)).argmax())] if len(names) else None
    return MovedShot(
        provider=str(row["provider"]), match_id=str(row["match_id"]), match_date=str(row["match_date"]),
        home_team=str(row["home_team"]), away_team=str(row["away_team"]), team=str(row["team"]),
        player=text_or_empty(row["player"]), minute=int(row["minute"]), is_goal=bool(row["is_goal"]),
        before=float(row["xg_before"]), after=float(row["xg"]), group=of_group,
    )  # fmt: skip
