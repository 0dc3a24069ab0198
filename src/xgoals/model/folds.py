"""Which matches sister models learn from and which they predict: folds of whole matches, and of competitions.

Matches, not shots, are what is split: shots of one match share players and keeper. A match that two feeds tell of is
one match: a model that has learned from one telling has seen the other.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import GroupKFold

from xgoals.domain.errors import ModelError

IndexArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]
Folds = Sequence[tuple[IndexArray, IndexArray]]
"""``(train, test)`` row numbers: models learn from the first and predict the second."""

N_FOLDS = 5
MIN_COMPETITION_MATCHES = 20
MIN_COMPETITION_GOALS = 30
MAX_COMPETITIONS = 8
"""So many of the largest competitions are left out in turn: a fit each."""


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """Predictions by models that have not seen the match.

    Attributes
    ----------
    folds
        What each of them learned from and predicted.
    xg
        Of all shots, shape (n,); NaN for those that no fold predicts.
    """

    folds: Folds
    xg: FloatArray


def match_groups(frame: pd.DataFrame) -> IndexArray:
    """The number of every shot's real match, shape (n,); the same whatever the order of the shots.

    Matches of different providers within a day of each other are one where both teams' names have a word in common,
    or words that begin alike ("Man Utd", "Manchester United"; "PSG", "Paris Saint-Germain"). That now and then two
    matches are taken for one does no harm: they are left out together.

    Parameters
    ----------
    frame
        ``match_id`` and, where there is more than one provider, ``provider, match_date, home_team, away_team``, too.
    """
    if "provider" not in frame:
        frame = frame.assign(provider="")
    ids = frame.groupby(["provider", "match_id"], sort=True, observed=True).ngroup()
    number = np.asarray(ids, dtype=np.intp)
    if frame["provider"].nunique() < 2:
        return number
    of_match = frame.iloc[np.unique(number, return_index=True)[1]]
    told = of_match[["provider", "match_date", "home_team", "away_team"]].astype(object)
    label = np.arange(len(told))
    for one, other in _told_twice([Fixture.of(*row) for row in told.itertuples(index=False, name=None)]):
        low, high = sorted((label[one], label[other]))
        label[label == high] = low
    return np.unique(label[number], return_inverse=True)[1].astype(np.intp)


def one_id_a_match(frame: pd.DataFrame) -> pd.DataFrame:
    """The shots with a ``match_id`` that is one real match's: what statistics over matches count and draw.

    Where one provider alone tells of matches it stays as it is; else it names the provider, too, and a match that two
    tell of has the id of one of them.

    Parameters
    ----------
    frame
        As :func:`match_groups` takes it.
    """
    if "provider" not in frame or frame["provider"].nunique() < 2:
        return frame
    groups = match_groups(frame)
    first = np.unique(groups, return_index=True)[1]
    names = (frame["provider"].astype(str) + ":" + frame["match_id"].astype(str)).to_numpy()[first]
    return frame.assign(match_id=names[groups])


@dataclass(frozen=True, slots=True)
class Fixture:
    """A match as a feed tells of it.

    Attributes
    ----------
    day
        Days since 1970.
    home, away
        How the words of the teams' names begin.
    """

    provider: str
    day: int
    home: frozenset[str]
    away: frozenset[str]

    @classmethod
    def of(cls, provider: str, match_date: object, home_team: str, away_team: str) -> "Fixture":
        """The same from a date and names."""
        day = int(np.datetime64(str(match_date)[:10], "D").astype(np.int64))
        return cls(provider, day, _beginnings(home_team), _beginnings(away_team))

    def likeness(self, other: "Fixture") -> int:
        """How many words another provider's match shares with this one, 0 where it is another match.

        Some name the teams the other way round.
        """
        if self.provider == other.provider or abs(self.day - other.day) > 1:
            return 0
        as_named = len(self.home & other.home), len(self.away & other.away)
        turned = len(self.home & other.away), len(self.away & other.home)
        return max((sum(shared) for shared in (as_named, turned) if all(shared)), default=0)


def told_before(new: Sequence[Fixture], known: Sequence[Fixture]) -> list[int | None]:
    """For each match the place among the known ones of the match that it most likely is; None where it is none."""
    by_day = _by_day(known)
    found: list[int | None] = []
    for fixture in new:
        nearby = [place for day in _around(fixture.day) for place in by_day.get(day, ())]
        likeness = {place: fixture.likeness(known[place]) for place in sorted(nearby)}
        best = max(likeness, key=lambda place: likeness[place], default=None)
        found.append(best if best is not None and likeness[best] else None)
    return found


def _beginnings(name: str) -> frozenset[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = [word for word in re.findall(r"\w+", plain) if len(word) > 1]
    initials = ["".join(word[0] for word in words)] if len(words) > 2 else []  # "PSG", "QPR"
    return frozenset(word[:3] for word in (*words, *initials))


def _told_twice(fixtures: Sequence[Fixture]) -> Iterator[tuple[int, int]]:
    by_day = _by_day(fixtures)
    for place, fixture in enumerate(fixtures):
        for day in _around(fixture.day):
            for other in by_day.get(day, ()):
                if other < place and fixture.likeness(fixtures[other]):
                    yield other, place


def _by_day(fixtures: Sequence[Fixture]) -> dict[int, list[int]]:
    by_day: dict[int, list[int]] = {}
    for place, fixture in enumerate(fixtures):
        by_day.setdefault(fixture.day, []).append(place)
    return by_day


def _around(day: int) -> range:
    return range(day - 1, day + 2)


def match_folds(match_ids: "pd.Series | IndexArray") -> Folds:
    """Folds of whole matches, 5 or as many as there are matches.

    Parameters
    ----------
    match_ids
        Ids, or numbers as :func:`match_groups` gives them.

    Raises
    ------
    ModelError
        If there is one match only.
    """
    groups, matches = pd.factorize(match_ids, sort=True)
    n_matches = len(matches)
    if n_matches < 2:
        raise ModelError(
            "one match only: there is no other to learn from or to be judged on",
            advice="Give it more matches",
        )
    return list(GroupKFold(min(N_FOLDS, n_matches)).split(groups, groups=groups))


def competition_folds(frame: pd.DataFrame) -> Folds:
    """Each large competition against all others; empty where there are fewer than two.

    A match that another provider tells of under another competition's name is left out with it.

    Parameters
    ----------
    frame
        ``competition, is_goal, is_penalty``, and as :func:`match_groups` takes it.
    """
    counted = frame[~frame["is_penalty"]].groupby("competition")
    sizes = counted.agg(matches=("match_id", "nunique"), goals=("is_goal", "sum"), shots=("is_goal", "size"))
    enough = (sizes["matches"] >= MIN_COMPETITION_MATCHES) & (sizes["goals"] >= MIN_COMPETITION_GOALS)
    largest = sizes[enough].sort_values("shots", kind="stable").index[-MAX_COMPETITIONS:]
    if len(largest) < 2:
        return []
    competition = frame["competition"].to_numpy()
    groups = match_groups(frame)
    left_out = [np.flatnonzero(competition == name) for name in largest]
    return [(np.flatnonzero(~np.isin(groups, groups[test])), test) for test in left_out]
