"""Which matches a report run writes pages of, and to which round of its competition each match belongs."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xgoals.domain.errors import XgoalsError
from xgoals.domain.page_keys import MatchKey, ambiguous
from xgoals.steps.explaining.summaries import of_latest_matchday

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]
"""Provider and match id."""

PAGES_OF_A_RUN = 100
"""A run writes the pages of so many matches by itself: all of an outage, and the newest of a backfill."""

_KNOCK_OUT = re.compile(r"final|round of|play-?off", re.IGNORECASE)
"""A stage that people name ("Semi-finals") where a competition counts matchdays all the same."""


@dataclass(frozen=True, slots=True)
class PageSelection:
    """Which matches get pages; without any choice the newest matchday of each competition, and what is owed.

    Which matches a run reads is another question: `xgoals.steps.match_filter`.

    Attributes
    ----------
    match_id
        One match, by its id, or by ``provider:id`` where several providers have one of this id.
    matchday
        "competition, season, n": one round, n being a number, the name of a stage ("Final") or a date.
    every
        All matches.
    """

    match_id: str | None = None
    matchday: str | None = None
    every: bool = False

    @property
    def is_narrow(self) -> bool:
        """Whether one match or matchday was asked for, and nothing else."""
        return self.match_id is not None or self.matchday is not None

    def of(
        self,
        fixtures: "pd.DataFrame",
        due: AbstractSet[Key] = frozenset(),
        later: AbstractSet[Key] = frozenset(),
    ) -> "pd.DataFrame":
        """The chosen fixtures.

        Parameters
        ----------
        fixtures
            Every match with its ``round`` (:func:`with_rounds`).
        due, later
            Matches that are owed a page now, and when there is time; of very many the newest rounds.

        Raises
        ------
        XgoalsError
            If there is no such match or round, or more than one thing was chosen.
        """
        if sum((self.match_id is not None, self.matchday is not None, self.every)) > 1:
            raise XgoalsError("choose one of --match, --matchday and --all", advice="Run it once for each")
        if self.every:
            return fixtures
        if self.match_id is not None:
            return self._of_match(fixtures, self.match_id)
        if self.matchday is not None:
            return self._of_matchday(fixtures, self.matchday)
        keys = list(zip(fixtures["provider"], fixtures["match_id"], strict=True))
        is_due, is_later = (np.array([key in of for key in keys], dtype=bool) for of in (due, later))
        return fixtures[of_latest_matchday(fixtures) | _newest_rounds(fixtures, is_due, is_later)]

    def _of_match(self, fixtures: "pd.DataFrame", wanted: str) -> "pd.DataFrame":
        keys = map(MatchKey, fixtures["provider"], fixtures["match_id"])
        chosen = fixtures[np.array([key.is_named(wanted) for key in keys], dtype=bool)]
        if chosen.empty:
            raise XgoalsError(f"there is no match '{wanted}'", advice="See: xgoals export shots")
        if len(chosen) > 1:
            raise ambiguous(wanted, map(MatchKey, chosen["provider"], chosen["match_id"]))
        return chosen

    def _of_matchday(self, fixtures: "pd.DataFrame", wanted: str) -> "pd.DataFrame":
        parts = [part.strip() for part in wanted.rsplit(",", 2)]
        if len(parts) < 3:
            raise XgoalsError(
                f"'{wanted}' names no matchday", advice='Write: --matchday "competition, season, number"'
            )
        competition, season, day = parts
        for column, value in (("competition", competition), ("season", season), ("round", day)):
            known = fixtures[column].astype(str)
            found = fixtures[known.str.casefold() == value.casefold()]
            if column == "round" and found.empty:  # a knock-out round by its number, a matchday by its date
                number = fixtures["matchday"].astype("Int64").astype(str).eq(value)
                found = fixtures[number | fixtures["match_date"].astype(str).eq(value)]
            if found.empty:
                there_are = ", ".join(dict.fromkeys(known))
                raise XgoalsError(f"there is no {column} '{value}'", advice=f"There are: {there_are}")
            fixtures = found
        return fixtures


def _newest_rounds(
    fixtures: "pd.DataFrame", is_due: npt.NDArray[np.bool_], is_later: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which of the matches that are owed a page belong to the newest rounds, those with a due match first.

    So many rounds as `PAGES_OF_A_RUN` allows, or one.
    """
    import pandas as pd

    columns = ["competition", "season", "round"]
    is_owed = is_due | is_later
    owed = fixtures.assign(is_due=is_due)[is_owed].groupby(columns)
    rounds = owed.agg(newest=("match_date", "max"), n=("match_id", "size"), is_due=("is_due", "any"))
    rounds = rounds.sort_values(["is_due", "newest"], ascending=False, kind="stable")
    chosen = rounds.index[(rounds["n"].cumsum() <= PAGES_OF_A_RUN) | (np.arange(len(rounds)) == 0)]
    is_chosen: npt.NDArray[np.bool_] = pd.MultiIndex.from_frame(fixtures[columns]).isin(chosen) & is_owed
    return is_chosen


def with_rounds(fixtures: "pd.DataFrame") -> "pd.DataFrame":
    """The fixtures with ``round``: the matchday's number, a cup's stage, or where neither is known the date."""
    rounds = [
        round_name(matchday, stage, str(date))
        for matchday, stage, date in zip(
            fixtures["matchday"], fixtures["stage"], fixtures["match_date"], strict=True
        )
    ]
    return fixtures.assign(round=rounds)


def round_name(matchday: float | None, stage: str | None, match_date: str) -> str:
    """What a match's round is called: "12", "Semi-finals", "2021-07-11"."""
    has_stage = isinstance(stage, str) and bool(stage.strip())
    has_matchday = matchday is not None and matchday == matchday
    if has_stage and (not has_matchday or _KNOCK_OUT.search(str(stage))):
        return str(stage)
    return str(int(matchday)) if has_matchday and matchday is not None else match_date
