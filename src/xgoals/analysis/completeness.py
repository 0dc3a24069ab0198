"""What the data hold and what they lack."""

from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.shots import Model, floats, n_matches, without_penalties


@dataclass(frozen=True)
class MissingValues:
    """A feature that some shots have no value of; ``share``: of the shots without penalties."""

    name: str
    label: str
    n_shots: int
    share: float


@dataclass(frozen=True)
class WithoutPositions:
    """Of how many of a provider's shots but penalties the model knows nobody's position."""

    provider: str
    n_shots: int
    n_of: int


@dataclass(frozen=True)
class DataSummary:
    """What the shots are and what they lack.

    Attributes
    ----------
    n_shots, n_penalties, n_goals, n_matches, n_without_provider_xg
        Counts over all shots.
    missing
        Features without a value for some shot, worst first. Counted over shots without penalties: their positions
        are fixed by the laws of the game.
    without_positions
        By provider; who has positions of all shots is not in it.
    """

    n_shots: int
    n_penalties: int
    n_goals: int
    n_matches: int
    n_without_provider_xg: int
    missing: tuple[MissingValues, ...]
    without_positions: tuple[WithoutPositions, ...]


def data_summary(shots: pd.DataFrame, model: Model) -> DataSummary:
    """Count the shots and what they lack."""
    cut = without_penalties(shots)
    missing = [
        MissingValues(feature["name"], feature["label"], n, n / len(cut))
        for feature in model["features"]
        if (n := int(cut[feature["name"]].isna().sum()))
    ]
    return DataSummary(
        n_shots=len(shots),
        n_penalties=int(shots["is_penalty"].astype(bool).sum()),
        n_goals=int(shots["is_goal"].astype(bool).sum()),
        n_matches=n_matches(shots),
        n_without_provider_xg=int(pd.isna(floats(shots["provider_xg"])).sum()),
        missing=tuple(sorted(missing, key=lambda row: (-row.n_shots, row.name))),
        without_positions=_without_positions(cut, model),
    )


def _without_positions(cut: pd.DataFrame, model: Model) -> tuple[WithoutPositions, ...]:
    asked = [feature["name"] for feature in model["features"] if feature["group"] in ("keeper", "opponents")]
    lacks = cut[asked].isna().all(axis="columns").groupby(cut["provider"].astype(str)).agg(["sum", "size"])
    return tuple(
        WithoutPositions(str(provider), int(n), int(of))
        for provider, n, of in lacks.itertuples(name=None)
        if n
    )


def competitions(shots: pd.DataFrame) -> list[str]:
    """The competitions of the shots, the one with the most shots first."""
    return [str(name) for name in shots["competition"].value_counts(sort=True).index]


@dataclass(frozen=True)
class CompetitionCounts:
    """What one provider's data of a competition hold; seasons by name, the first and the last of ``n_seasons``."""

    provider: str
    competition: str
    n_seasons: int
    first_season: str
    last_season: str
    n_matches: int
    n_shots: int
    n_goals: int


def counts_by_competition(shots: pd.DataFrame) -> tuple[CompetitionCounts, ...]:
    """Seasons, matches, shots and goals of every provider's competitions, those with the most shots first."""
    rows = []
    for (provider, competition), part in shots.groupby(["provider", "competition"], sort=True):
        seasons = sorted(part["season"].astype(str).unique())
        rows.append(
            CompetitionCounts(
                str(provider),
                str(competition),
                len(seasons),
                seasons[0],
                seasons[-1],
                int(part["match_id"].nunique()),
                len(part),
                int(part["is_goal"].astype(bool).sum()),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.n_shots, row.competition)))
