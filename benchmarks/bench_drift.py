"""How often drift over matchdays gives a false alarm, and how soon it finds a real one, on the champion's window.

    python benchmarks/bench_drift.py [--database main] [--seasons 200] [--to docs/drift.md]

A season without drift: 380 matches of a real competition, drawn with replacement, are the window, as many more the
season, in matchdays of ten. Both are drawn from the same matches: whatever is found is found by chance. Then the same
with a shift from matchday 20 on: how many matchdays it takes to be found, and how well its beginning is told.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from common import machine, write_section

from xgoals.analysis.drift.limits import ALARMS_BY_CHANCE
from xgoals.analysis.drift.series import Kind, Reference, Runs, series_of
from xgoals.analysis.drift.since import since
from xgoals.analysis.drift.sums import Bins, Shots, Sums, sums_of
from xgoals.cli.database import connection_to
from xgoals.features.catalogue import find_catalogue
from xgoals.model.resampling import wilson_interval
from xgoals.settings import Database
from xgoals.store import registry
from xgoals.store.drift import sums as sum_store

HEADING = "How often it is wrong, measured"
SEED, A_MATCHDAY, N_MATCHDAYS, SHIFTED_FROM = 3, 10, 38, 19
MIN_MATCHES = 300
KEEPER = ("GoalDistanceGoalkeeper", "GoalDistanceGoalkeeperClosest")


@dataclass(frozen=True)
class Shift:
    """What is changed: features times a factor, and so much more."""

    words: str
    features: tuple[str, ...]
    factor: float
    more: float


SHIFTS = (
    Shift("keepers stand 0.5 m farther out", KEEPER, 1.0, 0.5),
    Shift("keepers stand 1.8 m farther out", KEEPER, 1.0, 1.8),
    Shift("distances are measured 10 % longer", ("DistanceToGoal", "DistanceToGoalClosest"), 1.1, 0.0),
)


def totals(parts: list[Sums], drawn: np.ndarray) -> Sums:
    total = parts[drawn[0]]
    for n in drawn[1:]:
        total = total + parts[n]
    return total


def matchdays(parts: list[Sums], drawn: np.ndarray) -> list[Sums]:
    return [totals(parts, own) for own in drawn.reshape(-1, A_MATCHDAY)]


def season(rng: np.random.Generator, n_matches: int) -> np.ndarray:
    return rng.integers(0, n_matches, N_MATCHDAYS * A_MATCHDAY)


def by_match(shots: Shots, bins: Bins) -> list[Sums]:
    facets = {name: labels for name, labels in shots.facets.items() if name != "opponent"}
    own = Shots(shots.match, shots.values, shots.attributions, shots.is_goal, shots.xg, facets)
    return sums_of(own, np.arange(int(shots.match.max()) + 1), bins)


def shifted(shots: Shots, names: list[str], shift: Shift) -> Shots:
    values = shots.values.copy()
    at = [names.index(name) for name in shift.features if name in names]
    values[:, at] = values[:, at] * shift.factor + shift.more
    return replace(shots, values=values)


@dataclass(frozen=True)
class League:
    """A competition's shots, and the sums of each of its matches."""

    name: str
    shots: Shots
    kinds: dict[str, str]
    bins: Bins
    matches: list[Sums]


def leagues(database: Database) -> list[League]:
    """The competitions of which the champion has explained 300 matches."""
    with connection_to(database) as connection:
        model = registry.load_model(connection, str(registry.champion_name(connection)))
        known = {feature.name: feature.kind for feature in find_catalogue(model.catalogue).features}
        kinds = {name: known[name] for name in model.feature_names}
        matches = sum_store.read_matches(connection, model)
        found = []
        for name in sorted({match.competition for match in matches}):
            own = [match for match in matches if match.competition == name]
            if len(own) >= MIN_MATCHES:
                shots = sum_store.read_shots(connection, model, own)
                bins = Bins.of(shots.values, list(kinds.values()))
                found.append(League(name, shots, kinds, bins, by_match(shots, bins)))
    return found


def without_drift(rng: np.random.Generator, league: League, n_seasons: int) -> tuple[int, list[Kind]]:
    """In how many seasons any alarm went off, and of what."""
    wrong, kinds = 0, list[Kind]()
    for _ in range(n_seasons):
        window = totals(league.matches, season(rng, len(league.matches)))
        points = matchdays(league.matches, season(rng, len(league.matches)))
        series = series_of(
            points, Reference.of(window, window, league.kinds), is_learned=False, ndcg_below=0.9
        )
        alarms = {(value.kind, value.name) for values in series for value in values if value.alarm_over}
        wrong += bool(alarms)
        kinds += [kind for kind, _ in alarms]
    return wrong, kinds


def with_drift(rng: np.random.Generator, league: League, shift: Shift, n_seasons: int) -> str:
    """A row: in how many seasons it was found, after how many matchdays, and whether its beginning was told."""
    moved = by_match(shifted(league.shots, list(league.kinds), shift), league.bins)
    waits, near, cut = list[int](), 0, SHIFTED_FROM * A_MATCHDAY
    for _ in range(n_seasons):
        window = totals(league.matches, season(rng, len(league.matches)))
        reference, drawn = Reference.of(window, window, league.kinds), season(rng, len(league.matches))
        points = matchdays(league.matches, drawn[:cut]) + matchdays(moved, drawn[cut:])
        series = series_of(points, reference, is_learned=False, ndcg_below=0.9)
        later = list(enumerate(series))[SHIFTED_FROM:]
        alarms = ((n, v) for n, of in later for v in of if v.alarm_over and v.name in shift.features)
        if (first := next(alarms, None)) is not None:
            n, value = first
            waits.append(n - SHIFTED_FROM + 1)
            told = since(Runs(points), n, value.alarm_over, reference, "feature", value.name)
            near += abs(told.first - SHIFTED_FROM) <= 1
    soon = [f"{np.quantile(waits, share):.0f}" if waits else "–" for share in (0.5, 0.9)]
    return f"| {shift.words} | {n_seasons} | {len(waits)} | {soon[0]} | {soon[1]} | {near} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="main")
    parser.add_argument("--seasons", type=int, default=200)
    parser.add_argument("--to", type=Path)
    asked = parser.parse_args()
    rng, held = np.random.default_rng(SEED), leagues(asked.database)
    lines = [
        "| matches of | seasons without drift | with any alarm (95 % interval) | of |",
        "| --- | --- | --- | --- |",
    ]
    every = 0
    for league in held:
        wrong, kinds = without_drift(rng, league, asked.seasons)
        told = ", ".join(f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds)))
        lines.append(
            f"| {league.name} | {asked.seasons} | {share_of(wrong, asked.seasons)} | {told or 'none'} |"
        )
        every += wrong
    lines += [
        f"| all | {asked.seasons * len(held)} | {share_of(every, asked.seasons * len(held))} | |",
        f"\nPromised are {100 * ALARMS_BY_CHANCE:.0f} % at most.\n",
        f"| from matchday {SHIFTED_FROM + 1} on | seasons | found | matchdays, median | nine of ten | begin told |",
        "| --- | --- | --- | --- | --- | --- |",
        *(with_drift(rng, held[0], shift, asked.seasons // 4) for shift in SHIFTS),
        f"\n*Begin told*: to a matchday. {machine()}.",
    ]
    text = "\n".join(lines)
    if asked.to:
        write_section(asked.to, HEADING, text)
    else:
        print(text)


def share_of(n: int, of: int) -> str:
    low, high = wilson_interval(n, of)
    return f"{n} ({100 * low:.1f} % to {100 * high:.1f} %)"


if __name__ == "__main__":
    main()
