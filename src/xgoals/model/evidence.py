"""What a decision about the champion rests on: one row a shot, one named column for each thing that is asked.

docs/models.md works an example with three shots.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

KEPT_SHARE = 0.5
"""An anchor that can predict fewer of the shots than this is given up: its features are no longer built."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """What one registered model says of shots; all by ``shot_key``, in one order.

    Attributes
    ----------
    unseen
        xG by models that had not seen the match: out of fold where the match was in the model's window, the stored
        model's own where the match is newer.
    own
        xG by the stored model, whose number would be published.
    has_learned
        Whether the stored model has learned from the shot.
    """

    unseen: "pd.Series[float]"
    own: "pd.Series[float]"
    has_learned: "pd.Series[bool]"

    @classmethod
    def by(cls, own: "pd.Series[float]", out_of_fold: "pd.Series[float]") -> "Predictions":
        """Of a stored model's own predictions, and those out of fold of the shots that it has learned from."""
        unseen = out_of_fold.reindex(own.index).fillna(own)
        return cls(unseen, own, pd.Series(own.index.isin(out_of_fold.index), index=own.index))

    @property
    def fitted(self) -> "pd.Series[float]":
        """The stored model's xG of those shots that it has learned from; NaN of the others."""
        return self.own.where(self.has_learned)

    def of(self, shot_keys: pd.Index) -> "Predictions":
        """The same of these shots; NaN, and not learned from, where the model says nothing of a shot."""
        return Predictions(
            self.unseen.reindex(shot_keys),
            self.own.reindex(shot_keys),
            self.has_learned.reindex(shot_keys, fill_value=False),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Shots of a challenger's window that challenger, champion and anchor can predict; all by ``shot_key``.

    Attributes
    ----------
    match_id, match_date, is_goal
        Of the shot.
    is_judged
        Whether figures are over it (:mod:`xgoals.model.shots.eligible`).
    is_held_out
        Whether its match is among the latest of the window, which the challenger's held-out figures are over.
    challenger, champion, anchor
        xG by models that had not seen the match (`Predictions.unseen`); ``anchor`` is None where no anchor can be
        asked.
    challenger_fitted, champion_fitted
        xG by the stored models of what they have learned from (`Predictions.fitted`): NaN where a model has not
        learned from the shot, for there it is the unseen one.
    """

    match_id: "pd.Series[str]"
    match_date: "pd.Series[pd.Timestamp]"
    is_goal: "pd.Series[bool]"
    is_judged: "pd.Series[bool]"
    is_held_out: "pd.Series[bool]"
    challenger: "pd.Series[float]"
    challenger_fitted: "pd.Series[float]"
    champion: "pd.Series[float]"
    champion_fitted: "pd.Series[float]"
    anchor: "pd.Series[float] | None" = None

    def __len__(self) -> int:
        return len(self.is_goal)

    def among(self, chosen: "pd.Series[bool]") -> "Evidence":
        """The same of some of the shots."""
        return replace(self, **{name: column[chosen] for name, column in self._columns().items()})

    def frame(self) -> pd.DataFrame:
        """The columns that are there, by their names."""
        return pd.DataFrame(self._columns())

    def _columns(self) -> "dict[str, Any]":
        columns = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: column for name, column in columns.items() if column is not None}


def assemble(
    window: pd.DataFrame, challenger: Predictions, champion: Predictions, anchor: Predictions | None
) -> Evidence:
    """Put side by side what three models say of the shots of the challenger's window.

    Parameters
    ----------
    window
        ``match_id, match_date, is_goal, is_judged, is_held_out`` by ``shot_key``.
    challenger, champion, anchor
        Of any shots; there may be no anchor.

    Returns
    -------
    Evidence
        Of the shots that all of them can predict. An anchor that can predict too few of the window is left out.
    """
    new, old = challenger.of(window.index), champion.of(window.index)
    reference = anchor.of(window.index).unseen if anchor else None
    if reference is not None and reference.notna().mean() < KEPT_SHARE:
        reference = None
    can_be_judged = old.unseen.notna()
    if reference is not None:
        can_be_judged &= reference.notna()
    return Evidence(
        match_id=window["match_id"],
        match_date=window["match_date"],
        is_goal=window["is_goal"],
        is_judged=window["is_judged"],
        is_held_out=window["is_held_out"],
        challenger=new.unseen,
        challenger_fitted=new.fitted,
        champion=old.unseen,
        champion_fitted=old.fitted,
        anchor=reference,
    ).among(can_be_judged)
